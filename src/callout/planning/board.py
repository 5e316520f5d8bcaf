"""The board: technicians as rows, their time across, and every visit with its course.

As many queries for two hundred technicians and a month as for one and a day: who there is, then
all that is theirs.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Q, UUIDField
from django.utils.translation import gettext as _

from callout.accounts.zone import day_bounds
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid
from callout.kernel.prepared import Given, Prepared, together
from callout.orders.policy import manager_required
from callout.orders.services.booking import LONGEST
from callout.planning.board_day import Bar, Base, DayBars, day_bars, ways_of
from callout.planning.board_rows import ASSIGNED, Read, days_read, places_ask
from callout.travel.areas import paces_now
from callout.travel.book import book_open
from callout.workforce.hours import Interval
from callout.workforce.models import Technician
from callout.workforce.selectors import Away, days_ask, days_told

MOST_DAYS = 31
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Named:
    """A skill, or a team."""

    pk: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """A technician in use, as a row is headed."""

    pk: UUID
    name: str
    initials: str
    team: Named | None
    skills: tuple[Named, ...]
    base: Base

    @property
    def team_id(self) -> UUID | None:
        """Of the team, if there is one."""
        return self.team.pk if self.team else None


@dataclass(frozen=True, slots=True)
class Row:
    """A technician's hours, absences, holidays and days with visits in the range, in order of
    time."""

    technician: Member
    hours: list[Interval]
    absences: list[Away]
    holidays: Mapping[date, str]
    days: list[DayBars]

    @property
    def bars(self) -> list[Bar]:
        """The visits of all days."""
        return [bar for day in self.days for bar in day.bars]


@dataclass(frozen=True, slots=True)
class Board:
    """The company's days `first` to `last`, as they are `now`."""

    first: date
    last: date
    now: datetime
    rows: list[Row]


def board_read(
    *,
    actor: Actor,
    first: date,
    days: int = 1,
    technician_ids: Sequence[UUID] = (),
    skill_id: UUID | None = None,
) -> Board:
    """The board of some days: of all technicians, or of these, or of those with a skill.

    For managers. Invalid for more than 31 days.
    """
    manager_required(actor)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid({"days": [_("Ask for 1 to %(most)d days.") % {"most": MOST_DAYS}]})
    last = first + timedelta(days=days - 1)
    start, end = day_bounds(first)[0], day_bounds(last)[1]
    team = _team(technician_ids, skill_id)
    ids = [one.pk for one in team]
    span = first, last
    *told, found = together(
        *days_ask(actor=actor, technician_ids=ids, days=span, span=(start, end)),
        ASSIGNED.ask(ids=ids, start=start, end=end, floor=start - LONGEST),
    )
    times = days_told(actor, told, span)
    now = clock.now()
    bars = _bars(team, days_read(found, *together(*places_ask(found))), now)
    rows = [
        Row(
            technician=one,
            hours=times.hours.get(one.pk, []),
            absences=times.absences.get(one.pk, []),
            holidays=times.holidays.get(one.pk, {}),
            days=bars[one.pk.bytes],
        )
        for one in team
    ]
    return Board(first, last, now, rows)


def _bars(
    team: Iterable[Member], days: Mapping[tuple[bytes, date], list[Read]], now: datetime
) -> dict[bytes, list[DayBars]]:
    """The days with visits, by the technician's id."""
    bases = {one.pk.bytes: one.base for one in team}
    bars: dict[bytes, list[DayBars]] = defaultdict(list)
    with book_open() as book:
        if book:
            book.learn(ways_of(rows, bases[who]) for (who, _day), rows in days.items())
        paces = paces_now()
        for (who, _day), rows in days.items():
            bars[who].append(day_bars(tuple(rows), bases[who], now=now, paces=paces, book=book))
    return bars


# --- who there is --------------------------------------------------------------------------------


def _team(ids: Sequence[UUID], skill_id: UUID | None) -> list[Member]:
    """All in use by name; or these, or those with the skill."""
    wanted = {"all": not ids, "ids": list(ids)}
    rows, had = together(MEMBERS.ask(**wanted), SKILLS.ask(**wanted))
    skills: dict[UUID, list[Named]] = defaultdict(list)
    for who, *skill in had:
        skills[who].append(Named(*skill))
    team = [
        Member(pk, name, initials, Named(*team) if team[0] else None, tuple(skills[pk]), place)
        for pk, name, initials, *team, place in ((*row[:5], row[5:]) for row in rows)
        if skill_id is None or any(skill.pk == skill_id for skill in skills[pk])
    ]
    return team[:MOST_ROWS]


WANTED = Q(Given("all", BooleanField())) | Q(pk__any=Given("ids", UUIDField()))
MEMBERS: Prepared[Any] = Prepared(
    lambda: (
        Technician.objects.filter(WANTED, archived_at=None)
        .order_by("name_sort", "id")
        .values_list(
            *("id", "name", "initials", "team_id", "team__name"),
            *("latitude", "longitude", "postcode"),
        )
    )
)
SKILLS: Prepared[Any] = Prepared(
    lambda: (
        Technician.skills.through.objects.filter(
            technician__in=Technician.objects.filter(WANTED, archived_at=None)
        )
        .order_by("skill__name_sort")
        .values_list("technician_id", "skill_id", "skill__name")
    )
)
