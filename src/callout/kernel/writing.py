"""How a domain room writes its plain things: version, archive, journal, all in one way."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import row_lock, row_save, rows_add
from callout.kernel.checks import cleaned, id_required
from callout.kernel.errors import Invalid, NotFound, Refused

M = TypeVar("M", bound=models.Model)

# Worked out from other fields, or not for anybody to read.
SILENT = {"id", "version", "created_at", "name_sort", "reference_sort", "search"}


def state(row: models.Model) -> dict[str, Any]:
    """The row's values by column name, to be compared later. Fields not loaded are left out."""
    deferred = row.get_deferred_fields()
    names = [f.attname for f in row._meta.concrete_fields if f.attname not in deferred]
    return {name: getattr(row, name) for name in names}


def live(row: models.Model) -> None:
    """Refused for an archived row: it is history, and history is not edited."""
    if row.archived_at is not None:  # type: ignore[attr-defined]
        raise Refused(_("It is archived. Restore it before changing it."), code="archived")


def chosen(field: str, rows: QuerySet[M], value: UUID | str | None) -> M:
    """The row that a field names, locked and in use. Invalid beside the field when it cannot be."""
    pk = cleaned({field: id_required}, {field: value})[field]
    try:
        row = row_lock(rows, pk)
    except NotFound:
        raise Invalid({field: [_("Choose one of the list.")]}) from None
    if row.archived_at is not None:  # type: ignore[attr-defined]
        raise Invalid({field: [_("This one is archived. Choose another.")]})
    return row


@dataclass(frozen=True, slots=True)
class Writer:
    """One room's way: which values are codes that a journal's fact may hold (everything else is
    personal), who gets the live hint of a row, and what speaks against archiving one."""

    codes: Mapping[str, frozenset[str]]
    audience: Callable[[str, Any], Iterable[UUID]]
    archive_allowed: Callable[[str, UUID], None]

    def create(self, actor: Actor, row: models.Model, entity: str, **facts: Any) -> None:
        """Insert `row` and say so in the journal."""
        rows_add(row)
        given = [name for name, value in state(row).items() if value not in (None, "")]
        self._record(actor, row, entity, "create", given, {}, facts)

    def update(
        self,
        actor: Actor,
        row: models.Model,
        entity: str,
        before: dict[str, Any],
        **facts: Any,
    ) -> None:
        """Write what differs from `before` (see `state`), if anything does; `facts` count too."""
        changed = [name for name, value in state(row).items() if value != before.get(name)]
        if changed or facts:
            row_save(row, changed)
            self._record(actor, row, entity, "update", changed, before, facts)

    def archive(
        self, actor: Actor, rows: QuerySet[M], entity: str, pk: object, version: int | None
    ) -> M:
        """Put the row away, unless the rooms above say what still stands on it."""
        row = row_lock(rows, str(pk), version)
        if row.archived_at is not None:  # type: ignore[attr-defined]
            raise Refused(_("It is archived already."), code="archived")
        self.archive_allowed(entity, row.pk)
        row.archived_at = clock.now()  # type: ignore[attr-defined]
        row_save(row, ["archived_at"])
        self._record(actor, row, entity, "archive", [], {}, {})
        return row

    def restore(
        self, actor: Actor, rows: QuerySet[M], entity: str, pk: object, version: int | None
    ) -> M:
        """Take the row out of the archive."""
        row = row_lock(rows, str(pk), version)
        if row.archived_at is None:  # type: ignore[attr-defined]
            raise Refused(_("It is not archived."), code="not_archived")
        row.archived_at = None  # type: ignore[attr-defined]
        row_save(row, ["archived_at"])
        self._record(actor, row, entity, "restore", [], {}, {})
        return row

    def _record(
        self,
        actor: Actor,
        row: models.Model,
        entity: str,
        kind: str,
        changed: list[str],
        before: dict[str, Any],
        facts: dict[str, Any],
    ) -> None:
        names = sorted(name for name in changed if name not in SILENT)
        codes = self.codes.get(entity, frozenset())
        now = {name: _plain(getattr(row, name)) for name in names}
        personal = {
            name: [_plain(before[name]), value] if name in before else value
            for name, value in now.items()
            if name not in codes
        }
        fields = sorted({*names, *facts})
        journal.record(
            actor,
            entity=entity,
            entity_id=row.pk,
            kind=kind,
            facts={"fields": fields, **{n: v for n, v in now.items() if n in codes}, **facts},
            personal=personal,
            audience=self.audience(entity, row),
        )


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | list) else str(value)
