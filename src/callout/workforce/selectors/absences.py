"""Absences: everybody learns that a colleague is away, few why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from callout.accounts.zone import day_bounds
from callout.kernel.actor import Actor, actor_required
from callout.kernel.errors import Forbidden, Invalid
from callout.kernel.paging import Page, page
from callout.kernel.prepared import Asked, Given, Prepared, together
from callout.workforce import policy
from callout.workforce.calendars import IDS
from callout.workforce.models import Absence, AbsenceKind
from callout.workforce.selectors.reading import one_of

LONGEST_SPAN = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Away:
    """An absence as its reader may know it: `kind` and `note` are "" where not theirs."""

    id: UUID
    technician_id: UUID
    start: datetime
    end: datetime
    kind: str
    note: str
    label: str
    version: int


def kind_label(kind: str) -> str:
    """The word of an absence's kind."""
    return {
        AbsenceKind.HOLIDAY: _("Holiday"),
        AbsenceKind.SICKNESS: _("Sickness"),
        AbsenceKind.TRAINING: _("Training"),
        AbsenceKind.MEETING: _("Meeting"),
        AbsenceKind.OTHER: _("Other"),
    }.get(AbsenceKind(kind), kind)


def absence_list(
    *,
    actor: Actor,
    technician_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Away]:
    """Absences, the latest first: all for a manager, own ones for a technician."""
    rows = policy.visible_absences(actor).filter(archived_at=None)
    if technician_id is not None:
        rows = rows.filter(technician=technician_id)
    found = page(rows, ["-start", "id"], cursor=cursor, limit=limit)
    return Page([away_of(actor, row) for row in found.items], found.next)


def absence_detail(*, actor: Actor, absence_id: UUID) -> Away:
    """One absence."""
    return away_of(
        actor, one_of(policy.visible_absences(actor).filter(archived_at=None), absence_id)
    )


def technician_absences(
    *, actor: Actor, technician_ids: Sequence[UUID], start: datetime, end: datetime
) -> dict[UUID, list[Away]]:
    """The absences of each technician between two moments, in order. One query.

    Everybody in the office or the field learns that a colleague is absent; only managers, and the
    colleague, why.
    """
    (rows,) = together(away_ask(actor, technician_ids, start, end))
    return absences_of(actor, rows)


def absent_count(*, actor: Actor, day: date) -> int:
    """How many of the technicians in use are away on some part of the company's day. For managers:
    others have no list of it."""
    policy.manage(actor)
    start, end = day_bounds(day)
    away = Absence.objects.filter(
        archived_at=None, technician__archived_at=None, start__lt=end, end__gt=start
    )
    return away.values("technician").distinct().count()


def away_ask(actor: Actor, technician_ids: Sequence[UUID], start: datetime, end: datetime) -> Asked:
    """Asks for the absences between two moments, in a message with others."""
    span_checked(end - start)
    if not (actor_required(actor).is_manager or actor.technician_id):
        raise Forbidden
    return ABSENCES.ask(ids=list(technician_ids), start=start, end=end)


def absences_of(actor: Actor, rows: Iterable[Absence]) -> dict[UUID, list[Away]]:
    """What was found for away_ask, by technician, as the reader may know it."""
    absences: dict[UUID, list[Away]] = {}
    for row in rows:
        absences.setdefault(row.technician_id, []).append(away_of(actor, row))
    return absences


ABSENCES = Prepared(
    lambda: Absence.objects.filter(
        technician__any=IDS,
        archived_at=None,
        start__lt=Given("end", models.DateTimeField()),
        end__gt=Given("start", models.DateTimeField()),
    ).order_by("start")
)


def away_of(actor: Actor, row: Absence) -> Away:
    """An absence as the reader may know it."""
    known = policy.sees_absence_kind(actor, row.technician_id)
    return Away(
        id=row.pk,
        technician_id=row.technician_id,
        start=row.start,
        end=row.end,
        kind=row.kind if known else "",
        note=row.note if known else "",
        label=kind_label(row.kind) if known else _("Absent"),
        version=row.version,
    )


def span_checked(span: timedelta) -> None:
    """Invalid for more days than anybody looks at."""
    if not timedelta() <= span <= LONGEST_SPAN:
        raise Invalid(_("Ask for 400 days at most, the first one first."))
