"""The one wrapper of every change: transaction, locks, retry, and the wake-up of whoever reads.

A public write function carries `@service`. The outermost one opens the transaction; services that
it calls join it. So a change has one actor, one transaction, and leaves at least one journal entry.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import DatabaseError, IntegrityError, connection, models, transaction

from callout.kernel import rows, wake
from callout.kernel.actor import actor_required
from callout.kernel.errors import CalloutError, NotFound, Stale
from callout.kernel.prepared import Asked
from callout.kernel.wire import FORGOTTEN

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)

# Deadlock, serialisation failure: the loser may simply try again. So may whose plans were made
# before a migration: they are made anew.
RETRIED = {"40P01", "40001", *FORGOTTEN}


CONSTRAINTS_NOW: list[rows.Written] = [
    ("SET CONSTRAINTS ALL IMMEDIATE", ()),
    ("SET CONSTRAINTS ALL DEFERRED", ()),
]


@dataclass(slots=True)
class Change:
    """One that is under way."""

    entries: int = 0
    stands: bool = False  # committed

    def stand(self) -> None:
        self.stands = True


@dataclass(slots=True)
class Waiting:
    """What is written and not yet sent: see rows.py."""

    statements: list[rows.Written] = field(default_factory=list)

    def send(self, asked: Sequence[Asked] = (), *, commit: bool = False) -> list[list[Any]]:
        """All of it in one message, with what is `asked` of it and the end of the transaction."""
        statements, self.statements = self.statements, []
        if not (statements or asked):
            return []  # nothing was written since the last message, or nothing at all
        return rows.send(statements, asked, commit=commit)

    def before(self, execute: Callable[..., Any], *asked: Any) -> Any:
        """Whatever is asked of the database finds there what was written before."""
        self.send()
        return execute(*asked)


@dataclass(slots=True)
class _Asking:
    """What whoever calls a service wants to know of what it leaves behind."""

    of: Callable[[Any], Sequence[Asked]]
    found: list[list[Any]] | None = None


_current: ContextVar[Change | None] = ContextVar("change", default=None)
_asking: ContextVar[_Asking | None] = ContextVar("asking", default=None)
_waiting: ContextVar[Waiting | None] = ContextVar("waiting", default=None)
_constraints: dict[str, Callable[[], CalloutError]] = {}


def constraint_means(name: str, error: Callable[[], CalloutError]) -> None:
    """Say, once at import, which words a broken database constraint has for the reader."""
    _constraints[name] = error


def demand() -> None:
    """RuntimeError unless a service is running, and its transaction with it."""
    if _current.get() is None:
        raise RuntimeError("a change outside a service")
    if _waiting.get() is None:
        raise RuntimeError("a change after the commit of another one: let a job do it")


def running() -> Change | None:
    """The change under way, if there is one."""
    return _current.get()


def recorded() -> None:
    """Count a journal entry of the running change."""
    current = _current.get()
    if current is not None:
        current.entries += 1


def service(function: Callable[P, R]) -> Callable[P, R]:
    """Make `function` (keyword `actor` required) a door-facing change."""

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        actor_required(kwargs.get("actor"))
        if _current.get() is not None:
            demand()
            return function(*args, **kwargs)
        begun = Change()
        try:
            return _run(begun, function, *args, **kwargs)
        except DatabaseError as error:
            # Inside an outer transaction (an idempotent door) nothing can be tried again here; nor
            # where what waited for the commit has failed.
            if sqlstate(error) not in RETRIED or connection.in_atomic_block or begun.stands:
                raise
            return _run(Change(), function, *args, **kwargs)

    return wrapped


def and_read(
    change: Callable[[], R], asked: Callable[[R], Sequence[Asked]]
) -> tuple[R, list[list[Any]]]:
    """What one service (`change`) gives, and the rows that are `asked` of what it leaves behind: in
    the message that ends it, so that nobody's later change is among them."""
    asking = _Asking(asked)
    token = _asking.set(asking)
    try:
        result = change()
    finally:
        _asking.reset(token)
    if asking.found is None:
        raise RuntimeError("nothing can be read with a change that is no service of its own")
    return result, asking.found


def _run(begun: Change, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    asking = _asking.get()
    token = _current.set(begun)
    try:
        waiting = _waiting.get()
        if waiting is None:
            inside = connection.in_atomic_block
            with worded(), transaction.atomic(), written_together() as waiting:
                if not inside:
                    transaction.on_commit(begun.stand)
                result = function(*args, **kwargs)
                if inside:
                    # Deferred guards speak at the commit, here somebody else's: ask them now.
                    waiting.statements += CONSTRAINTS_NOW
                _end(waiting, asking, result, commit=not inside)
        else:
            result = function(*args, **kwargs)
            if asking is not None:
                _end(waiting, asking, result, commit=False)
        if begun.entries:
            transaction.on_commit(wake.wake)
        return result
    finally:
        _current.reset(token)


def _end(waiting: Waiting, asking: _Asking | None, result: Any, *, commit: bool) -> None:
    if asking is None:
        waiting.send(commit=commit)
    else:
        asking.found = waiting.send(asking.of(result), commit=commit)


@contextmanager
def written_together() -> Iterator[Waiting]:
    """What is written in it waits for each other."""
    waiting = Waiting()
    token = _waiting.set(waiting)
    try:
        with connection.execute_wrapper(waiting.before):
            yield waiting
            waiting.send()
    finally:
        _waiting.reset(token)


@contextmanager
def worded() -> Iterator[None]:
    """A broken guard of the database, in words: when it is written, or at the commit."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        told = _constraints.get(getattr(diagnosis, "constraint_name", None) or "")
        if told is None:
            raise
        raise told() from error


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
    _write(rows.updated(row, [*changed, "version"]))


def rows_add(*added: models.Model) -> None:
    """Insert new rows of one kind. What the database makes (keys, defaults) they do not learn."""
    if added:
        _write(rows.inserted(added))


def statement_add(text: str, values: Sequence[Any]) -> None:
    """A statement that writes any number of rows, in its turn among the others."""
    _write((text, values))


def _write(statement: rows.Written) -> None:
    waiting = _waiting.get()
    if waiting is None:
        rows.send([statement])
    else:
        waiting.statements.append(statement)
