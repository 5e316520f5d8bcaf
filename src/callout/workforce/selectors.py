"""What is read of the team, always for an actor."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from callout.accounts.models import User
from callout.accounts.zone import today
from callout.kernel.actor import Actor, actor_required
from callout.kernel.errors import Forbidden, Invalid, NotFound
from callout.kernel.hours import Week
from callout.kernel.paging import Page, page
from callout.kernel.prepared import Asked, Given, Prepared, together
from callout.kernel.searching import Choice, matching, ranked, typed
from callout.workforce import policy
from callout.workforce.calendars import (
    IDS,
    Opening,
    calendar_detail,
    calendar_list,
    holiday_detail,
    holiday_list,
    holidays_ask,
    names_of,
    opening_hours,
    technician_holidays,
)
from callout.workforce.hours import Interval, worked
from callout.workforce.models import (
    Absence,
    AbsenceKind,
    Holiday,
    Skill,
    Team,
    Technician,
    Vehicle,
    WorkingWeek,
)

__all__ = [
    "Away",
    "Opening",
    "TechnicianDetail",
    "Workdays",
    "absence_detail",
    "absence_list",
    "calendar_detail",
    "calendar_list",
    "holiday_detail",
    "holiday_list",
    "kind_label",
    "opening_hours",
    "skill_detail",
    "skill_list",
    "team_detail",
    "team_list",
    "technician_absences",
    "technician_days",
    "technician_detail",
    "technician_holidays",
    "technician_hours",
    "technician_list",
    "technician_search",
    "users_to_link",
    "vehicle_detail",
    "vehicle_list",
    "vehicle_search",
]

M = TypeVar("M", bound=models.Model)

SKILLS = models.Prefetch("skills", Skill.objects.order_by("name_sort"))
MEMBERS = models.Prefetch(
    "technicians", Technician.objects.filter(archived_at=None).order_by("name_sort", "id")
)
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


class Workdays(NamedTuple):
    """When technicians work, are away, and have a holiday of their calendar: by their ids."""

    hours: dict[UUID, list[Interval]]
    absences: dict[UUID, list[Away]]
    holidays: dict[UUID, dict[date, str]]


@dataclass(frozen=True, slots=True)
class TechnicianDetail:
    """All that a technician's page shows."""

    technician: Technician
    skills: list[Skill]
    weeks: list[WorkingWeek]
    week_now: WorkingWeek | None
    absences: list[Away]


def kind_label(kind: str) -> str:
    """The word of an absence's kind."""
    return {
        AbsenceKind.HOLIDAY: _("Holiday"),
        AbsenceKind.SICKNESS: _("Sickness"),
        AbsenceKind.TRAINING: _("Training"),
        AbsenceKind.MEETING: _("Meeting"),
        AbsenceKind.OTHER: _("Other"),
    }.get(AbsenceKind(kind), kind)


# --- lists ---------------------------------------------------------------------------------------


def technician_list(
    *,
    actor: Actor,
    q: str = "",
    archived: bool = False,
    skill_id: UUID | None = None,
    team_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Technician]:
    """Technicians by name, with their skills, team and own vehicle."""
    rows = _of(policy.visible_technicians(actor), archived)
    rows = rows.select_related("vehicle", "team", "calendar", "user").prefetch_related(SKILLS)
    if skill_id is not None:
        rows = rows.filter(skills=skill_id)
    if team_id is not None:
        rows = rows.filter(team=team_id)
    return page(matching(rows, q), ["name_sort", "id"], cursor=cursor, limit=limit)


def vehicle_list(
    *,
    actor: Actor,
    q: str = "",
    archived: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Vehicle]:
    """Vehicles by name, with the technicians whose own they are."""
    rows = _of(policy.visible_vehicles(actor), archived).prefetch_related("technicians")
    return page(matching(rows, q), ["name_sort", "id"], cursor=cursor, limit=limit)


def skill_list(
    *,
    actor: Actor,
    q: str = "",
    archived: bool = False,
    cursor: str | None = None,
    limit: int = 200,
) -> Page[Skill]:
    """Skills by name."""
    rows = _of(policy.visible_skills(actor), archived).filter(name_sort__contains=typed(q))
    return page(rows, ["name_sort", "id"], cursor=cursor, limit=limit)


def team_list(
    *,
    actor: Actor,
    q: str = "",
    archived: bool = False,
    cursor: str | None = None,
    limit: int = 200,
) -> Page[Team]:
    """Teams by name, with the technicians who are in them (those archived left out)."""
    rows = _of(policy.visible_teams(actor), archived).filter(name_sort__contains=typed(q))
    rows = rows.prefetch_related(MEMBERS)
    return page(rows, ["name_sort", "id"], cursor=cursor, limit=limit)


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
    return Page([_away(actor, row) for row in found.items], found.next)


# --- single things -------------------------------------------------------------------------------


def technician_detail(*, actor: Actor, technician_id: UUID) -> TechnicianDetail:
    """One technician with skills, weeks and the absences that are not long past."""
    rows = policy.visible_technicians(actor).select_related("vehicle", "team", "calendar", "user")
    technician = rows.filter(pk=technician_id).first()
    if technician is None:
        raise NotFound
    weeks = list(policy.visible_weeks(actor).filter(technician=technician).order_by("-valid_from"))
    begun = [week for week in weeks if week.valid_from <= today()]
    absences = policy.visible_absences(actor).filter(technician=technician, archived_at=None)
    return TechnicianDetail(
        technician=technician,
        skills=list(technician.skills.order_by("name_sort")),
        weeks=weeks,
        week_now=begun[0] if begun else None,
        absences=[_away(actor, row) for row in absences.order_by("-start")[:100]],
    )


def vehicle_detail(*, actor: Actor, vehicle_id: UUID) -> Vehicle:
    """One vehicle."""
    rows = policy.visible_vehicles(actor).prefetch_related("technicians")
    return _one(rows, vehicle_id)


def skill_detail(*, actor: Actor, skill_id: UUID) -> Skill:
    """One skill."""
    return _one(policy.visible_skills(actor), skill_id)


def team_detail(*, actor: Actor, team_id: UUID) -> Team:
    """One team with its technicians."""
    return _one(policy.visible_teams(actor).prefetch_related(MEMBERS), team_id)


def absence_detail(*, actor: Actor, absence_id: UUID) -> Away:
    """One absence."""
    return _away(actor, _one(policy.visible_absences(actor).filter(archived_at=None), absence_id))


def users_to_link(*, actor: Actor, keep: UUID | None = None) -> list[tuple[UUID, str]]:
    """Users with the role technician whom no technician is yet (or `keep`): id and name."""
    policy.manage(actor)
    taken = Technician.objects.exclude(user=None).exclude(user=keep).values("user_id")
    rows = User.objects.filter(is_active=True, is_technician=True).exclude(pk__in=taken)
    return [(user.pk, f"{user.name} ({user.email})") for user in rows.order_by("name")]


# --- choices -------------------------------------------------------------------------------------


def technician_search(*, actor: Actor, q: str = "", limit: int = 8) -> list[Choice]:
    """Technicians to choose from, by typing."""
    rows = _of(policy.visible_technicians(actor), archived=False).prefetch_related(SKILLS)
    return [
        Choice(
            id=row.pk,
            label=row.name,
            detail=_technician_line(row),
            initials=row.initials,
        )
        for row in ranked(rows, q, "name_sort", limit)
    ]


def vehicle_search(*, actor: Actor, q: str = "", limit: int = 8) -> list[Choice]:
    """Vehicles to choose from, by typing."""
    rows = _of(policy.visible_vehicles(actor), archived=False).prefetch_related("technicians")
    return [
        Choice(
            id=row.pk,
            label=str(row),
            detail=", ".join(owner.name for owner in row.technicians.all()),
            icon="truck",
        )
        for row in ranked(rows, q, "name_sort", limit)
    ]


def _technician_line(row: Technician) -> str:
    parts = [_("Subcontractor")] if row.is_subcontractor else []
    parts += [skill.name for skill in row.skills.all()][:4]
    return " · ".join(parts)


# --- when somebody works -------------------------------------------------------------------------


def technician_hours(
    *, actor: Actor, technician_ids: Sequence[UUID], first: date, last: date
) -> dict[UUID, list[Interval]]:
    """When each technician works on the company's days `first` to `last`: UTC, in order.

    Absences are not taken off; on a holiday of their calendar nobody works. One message. Whom the
    actor may not see (a technician sees own hours only) is not in the answer.
    """
    weeks, holidays = together(
        _weeks(actor, technician_ids, first, last), holidays_ask(first, last)
    )
    return _hours_of(weeks, _holidays_of(weeks, holidays), first, last)


def _weeks(actor: Actor, technician_ids: Sequence[UUID], first: date, last: date) -> Asked:
    _span_checked(timedelta(days=(last - first).days))
    return WEEKS.ask(ids=[one for one in technician_ids if policy.sees_all_fields(actor, one)])


def _holidays_of(
    rows: Iterable[WorkingWeek], holidays: Sequence[Holiday]
) -> dict[UUID, dict[date, str]]:
    """The holidays of each technician who has a week."""
    calendars = {row.technician_id: row.technician.calendar_id for row in rows}
    free = {one: names_of(holidays, one) for one in set(calendars.values())}
    return {one: free[calendar_id] for one, calendar_id in calendars.items()}


def _hours_of(
    rows: Iterable[WorkingWeek], free: Mapping[UUID, dict[date, str]], first: date, last: date
) -> dict[UUID, list[Interval]]:
    weeks: dict[UUID, list[tuple[date, Week]]] = {}
    for row in rows:
        if row.valid_from <= last:
            weeks.setdefault(row.technician_id, []).append((row.valid_from, row.days))
    return {one: worked(found, first, last, free[one]) for one, found in weeks.items()}


WEEKS = Prepared(
    lambda: (
        WorkingWeek.objects.filter(technician__any=IDS)
        .select_related("technician")
        .only("technician_id", "valid_from", "days", "technician__calendar_id")
        .order_by("valid_from")
    )
)


def technician_absences(
    *, actor: Actor, technician_ids: Sequence[UUID], start: datetime, end: datetime
) -> dict[UUID, list[Away]]:
    """The absences of each technician between two moments, in order. One query.

    Everybody in the office or the field learns that a colleague is absent; only managers, and the
    colleague, why.
    """
    (rows,) = together(_away_ask(actor, technician_ids, start, end))
    return _absences_of(actor, rows)


def _away_ask(
    actor: Actor, technician_ids: Sequence[UUID], start: datetime, end: datetime
) -> Asked:
    _span_checked(end - start)
    if not (actor_required(actor).is_manager or actor.technician_id):
        raise Forbidden
    return ABSENCES.ask(ids=list(technician_ids), start=start, end=end)


def _absences_of(actor: Actor, rows: Iterable[Absence]) -> dict[UUID, list[Away]]:
    absences: dict[UUID, list[Away]] = {}
    for row in rows:
        absences.setdefault(row.technician_id, []).append(_away(actor, row))
    return absences


def technician_days(
    *,
    actor: Actor,
    technician_ids: Sequence[UUID],
    days: tuple[date, date],
    span: tuple[datetime, datetime],
) -> Workdays:
    """`technician_hours` of these days, `technician_absences` of this span, and the holidays on
    which who has hours does not work: in one message."""
    weeks, holidays, away = together(
        _weeks(actor, technician_ids, *days),
        holidays_ask(*days),
        _away_ask(actor, technician_ids, *span),
    )
    free = _holidays_of(weeks, holidays)
    return Workdays(_hours_of(weeks, free, *days), _absences_of(actor, away), free)


ABSENCES = Prepared(
    lambda: Absence.objects.filter(
        technician__any=IDS,
        archived_at=None,
        start__lt=Given("end", models.DateTimeField()),
        end__gt=Given("start", models.DateTimeField()),
    ).order_by("start")
)


def _span_checked(span: timedelta) -> None:
    if not timedelta() <= span <= LONGEST_SPAN:
        raise Invalid(_("Ask for 400 days at most, the first one first."))


def _away(actor: Actor, row: Absence) -> Away:
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


def _of(rows: QuerySet[M], archived: bool) -> QuerySet[M]:
    return rows.filter(archived_at__isnull=not archived)


def _one(rows: QuerySet[M], pk: UUID) -> M:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row
