"""The one wrapper of every change: transaction, locks, retry, and the wake-up of whoever reads.

A public write function carries `@service`. The outermost one opens the transaction; services that
it calls join it. So a change has one actor, one transaction, and leaves at least one journal entry.
"""

import functools
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, models, transaction

from callout.kernel import wake
from callout.kernel.actor import actor_required
from callout.kernel.errors import CalloutError, NotFound, Stale

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)

RETRIED = {"40P01", "40001"}  # deadlock, serialisation failure: the loser may simply try again


@dataclass(slots=True)
class _Change:
    entries: int = 0


_current: ContextVar[_Change | None] = ContextVar("change", default=None)
_constraints: dict[str, Callable[[], CalloutError]] = {}


def constraint_means(name: str, error: Callable[[], CalloutError]) -> None:
    """Say, once at import, which words a broken database constraint has for the reader."""
    _constraints[name] = error


def demand() -> None:
    """RuntimeError unless a service is running."""
    if _current.get() is None:
        raise RuntimeError("a change outside a service")


def recorded() -> None:
    """Count a journal entry of the running change."""
    running = _current.get()
    if running is not None:
        running.entries += 1


def service(function: Callable[P, R]) -> Callable[P, R]:
    """Make `function` (keyword `actor` required) a door-facing change."""

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        actor_required(kwargs.get("actor"))
        if _current.get() is not None:
            return function(*args, **kwargs)
        try:
            return _run(function, *args, **kwargs)
        except OperationalError as error:
            # Inside an outer transaction (an idempotent door) nothing can be tried again here.
            if sqlstate(error) not in RETRIED or connection.in_atomic_block:
                raise
            return _run(function, *args, **kwargs)

    return wrapped


def _run(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    running = _Change()
    token = _current.set(running)
    inside = connection.in_atomic_block
    try:
        with transaction.atomic():
            result = function(*args, **kwargs)
            if inside:
                # Deferred guards speak at the commit, which here is somebody else's: ask them now.
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            if running.entries:
                transaction.on_commit(wake.wake)
        return result
    except IntegrityError as error:
        raise _words_for(error) from error
    finally:
        _current.reset(token)


def _words_for(error: IntegrityError) -> Exception:
    diagnosis = getattr(error.__cause__, "diag", None)
    make = _constraints.get(getattr(diagnosis, "constraint_name", None) or "")
    return make() if make else error


def sqlstate(error: Exception) -> str:
    """The five-character SQLSTATE behind a Django database error, "" if there is none."""
    return getattr(error.__cause__, "sqlstate", None) or ""


def row_lock(rows: models.QuerySet[M], pk: UUID | str, version: int | None = None) -> M:
    """The row, locked `for no key update` until the change ends.

    NotFound if `rows` does not hold it; Stale if `version` is given and is not the row's.
    Pass `rows` narrowed to what the actor may see.
    """
    demand()
    row = rows.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFound
    check_version(row, version)
    return row


def check_version(row: models.Model, version: int | None) -> None:
    """Stale when the reader's `version` is not the row's any more."""
    current: int = row.version  # type: ignore[attr-defined]
    if version is not None and version != current:
        raise Stale(current={"id": str(row.pk), "version": current})


def rows_lock(rows: models.QuerySet[M]) -> list[M]:
    """All `rows`, locked in the order of their ids: the one order that cannot deadlock."""
    demand()
    return list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)))


def fields_set(row: models.Model, values: dict[str, Any]) -> list[str]:
    """Put `values` on `row`; the names of those that really changed, sorted."""
    changed = []
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed.append(name)
    return sorted(changed)


def row_save(row: models.Model, changed: list[str]) -> None:
    """Write the `changed` fields and raise the version by one."""
    row.version += 1  # type: ignore[attr-defined]
    row.save(update_fields=[*changed, "version"])
