"""A technician's day on the board: its visits as the database has them, and what becomes of them.

Dispatchers read the same days again after each change of one of them. So what a day says is kept,
by all that it is told from: the values of its rows, where the technician starts, how one drives. A
row that differs in anything is another key; nothing is ever taken out by hand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField, F, Q, QuerySet, TextField, UUIDField
from django.db.models.functions import Cast

from callout.kernel.prepared import Given, Prepared
from callout.orders.lifecycle import Outcome
from callout.orders.models import Assignment
from callout.orders.models.order import target_left
from callout.orders.selectors.late import promise_left
from callout.planning.fit.course import LONG_AGO, Course, courses_of, steady_until
from callout.travel.areas import Paces, place_at
from callout.travel.book import Book
from callout.travel.estimate import Place, travel_leg

# Four weeks of 60 technicians: who goes to and fro between three finds each of them kept. With its
# JSON a day takes some 12 kB.
DAYS = 4 * 7 * 60
# What stood on the board and was taken off it again is history, not a day's work.
SHOWN = (Outcome.DONE, Outcome.HANDED_BACK, Outcome.CUSTOMER_ABSENT)

Read = tuple[Any, ...]  # a row of ASSIGNED
Base = tuple[float | None, float | None, str]  # latitude, longitude, postcode


class BoardVisit(NamedTuple):
    """What is read of a visit for one technician who goes."""

    technician_id: UUID
    start: datetime
    visit_id: UUID
    end: datetime
    role: str
    is_open: bool
    allow_overlap: bool
    seen_at: datetime | None
    version: int
    status: str
    outcome: str | None
    pinned: bool
    expected_end: datetime | None
    promise_from: datetime | None
    promise_to: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    closed_at: datetime | None
    vehicle_id: UUID | None
    order_id: UUID
    entered_afterwards: bool
    number: int
    order_version: int
    stage: str
    title: str
    priority_rank: int
    due_at: datetime | None
    answered_at: datetime | None
    absent: int
    customer: str
    town: str
    latitude: float | None
    longitude: float | None
    postcode: str
    type: str
    type_icon: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One visit in one technician's row, and its course. A helper's bar is the same visit in the
    helper's row."""

    visit: BoardVisit
    course: Course

    @property
    def is_helper(self) -> bool:
        """Whether the technician of this row only goes along."""
        return self.visit.role == Assignment.HELPER

    @property
    def overlaps_on_purpose(self) -> bool:
        """Whether somebody has allowed it. What was only recorded afterwards was no plan."""
        return self.visit.allow_overlap and not self.visit.entered_afterwards

    @property
    def promise_broken(self) -> bool:
        """Whether the slot of what is still open begins outside what was promised."""
        one = self.visit
        return one.is_open and promise_left(one.promise_from, one.promise_to, one.start)

    @property
    def target_at(self) -> datetime | None:
        """The order's response target that is still to be met."""
        return target_left(self.visit.due_at, self.visit.answered_at)

    @property
    def target_late(self) -> bool:
        """Whether the slot begins after the response target."""
        return self.target_at is not None and self.visit.start > self.target_at


@dataclass(frozen=True, slots=True, eq=False)
class DayBars:
    """The visits of a day in order of their slots. `is_kept`: as long as nothing about it changes,
    it is this very object again, so that others may keep by it what they say of it."""

    bars: tuple[Bar, ...]
    orders: frozenset[UUID]
    is_kept: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """A day as its rows and the roads tell it; after `until` its courses are by the clock."""

    visits: tuple[BoardVisit, ...]
    places: tuple[Place | None, ...]
    base: Place | None
    day: DayBars
    until: datetime


def day_bars(
    rows: tuple[Read, ...], base: Base, *, now: datetime, paces: Paces, book: Book | None
) -> DayBars:
    """The day of these rows of ASSIGNED, of one technician. Drives are those of the book, if there
    is one, which is open."""
    if book is not None:
        # What it knows comes and goes: nothing is kept of that.
        visits, home = _visits(rows), place_at(*base)
        return _by_the_clock(visits, _places(visits, place_at), home, now)
    known = _known(rows, base, paces)
    if now <= known.until:
        return known.day
    return _by_the_clock(known.visits, known.places, known.base, now)


def ways_of(rows: Sequence[Read], base: Base) -> list[Place | None]:
    """From the base to each of the visits: for the book."""
    return [place_at(*base), *(place_at(*row[WHERE]) for row in rows)]


@lru_cache(maxsize=DAYS)
def _known(rows: tuple[Read, ...], base: Base, paces: Paces) -> _Known:
    visits, home = _visits(rows), paces.place(*base)
    places = _places(visits, paces.place)
    courses = courses_of(visits, places, base=home, now=LONG_AGO, travel=travel_leg)
    return _Known(
        visits, places, home, _bars(visits, courses, is_kept=True), steady_until(visits, courses)
    )


def _by_the_clock(
    visits: tuple[BoardVisit, ...],
    places: tuple[Place | None, ...],
    base: Place | None,
    now: datetime,
) -> DayBars:
    courses = courses_of(visits, places, base=base, now=now, travel=travel_leg)
    return _bars(visits, courses, is_kept=False)


def _bars(visits: tuple[BoardVisit, ...], courses: Sequence[Course], *, is_kept: bool) -> DayBars:
    orders = frozenset([one.order_id for one in visits])
    return DayBars(tuple(map(Bar, visits, courses)), orders, is_kept)


def _places(
    visits: Sequence[BoardVisit], place: Callable[[float | None, float | None, str], Place | None]
) -> tuple[Place | None, ...]:
    return tuple([place(one.latitude, one.longitude, one.postcode) for one in visits])


# --- reading -------------------------------------------------------------------------------------


@lru_cache(maxsize=16_384)  # a team begins at the same hours
def moment(text: str) -> datetime:
    """What PostgreSQL writes for a moment, in UTC."""
    return datetime.fromisoformat(text)


@lru_cache(maxsize=16_384)
def day_in(zone: ZoneInfo, text: str) -> date:
    """The day of a moment by the clocks of a zone."""
    return moment(text).astimezone(zone).date()


ORDER = "visit__order__"
_SAME = (
    "version", "status", "outcome", "pinned", "expected_end", "promise_from", "promise_to",
    "departed_at", "arrived_at", "closed_at", "vehicle_id", "order_id", "entered_afterwards",
)  # fmt: skip
# Where what is no column of the assignment is found.
PATHS = {
    **{name: f"visit__{name}" for name in _SAME},
    "number": f"{ORDER}number",
    "order_version": f"{ORDER}version",
    "stage": f"{ORDER}stage",
    "title": f"{ORDER}title",
    "priority_rank": f"{ORDER}priority_id",
    "due_at": f"{ORDER}due_at",
    "answered_at": f"{ORDER}answered_at",
    "absent": f"{ORDER}absent_count",
    "customer": f"{ORDER}customer__name",
    "town": f"{ORDER}site__town",
    "latitude": f"{ORDER}site__latitude",
    "longitude": f"{ORDER}site__longitude",
    "postcode": f"{ORDER}site__postcode",
    "type": f"{ORDER}type__name",
    "type_icon": f"{ORDER}type__icon",
}
# By technician and slot, of what is sorted here: PostgreSQL would copy each wide row for it, at a
# seventh of what the statement costs. Moments of one time zone are sorted as their text is.
IN_ORDER = itemgetter(*map(BoardVisit._fields.index, ("technician_id", "start", "visit_id")))
# What comes as text and is read when it is new: as a key a text costs a fiftieth of an UUID.
READERS: dict[Any, Callable[[str], Any]] = {
    UUID: UUID,
    UUID | None: UUID,
    datetime: moment,
    datetime | None: moment,
}
_READ = [READERS.get(kind) for kind in BoardVisit.__annotations__.values()]
WHERE = slice(BoardVisit._fields.index("latitude"), BoardVisit._fields.index("postcode") + 1)


def _visits(rows: Sequence[Read]) -> tuple[BoardVisit, ...]:
    return tuple([BoardVisit(*map(_value, _READ, row)) for row in rows])


def _value(read: Callable[[str], Any] | None, value: Any) -> Any:
    return value if read is None or value is None else read(value)


def in_range() -> QuerySet[Assignment]:
    """Whatever of the technicians `ids` touches the time from `start` to `end`. A visit lasts a day
    at most: what starts before `floor` has ended."""
    shown = Q(is_open=True) | Q(visit__outcome__in=[str(one) for one in SHOWN])
    return Assignment.objects.filter(
        shown,
        technician_id__any=Given("ids", UUIDField()),
        start__gt=Given("floor", DateTimeField()),
        start__lt=Given("end", DateTimeField()),
        end__gt=Given("start", DateTimeField()),
    )


def _assigned() -> QuerySet[Assignment, Any]:
    """In no order: see IN_ORDER."""
    columns = [
        F(path) if read is None else Cast(F(path), TextField())
        for path, read in zip(
            (PATHS.get(name, name) for name in BoardVisit._fields), _READ, strict=True
        )
    ]
    return in_range().order_by().values_list(*columns)


ASSIGNED: Prepared[Read] = Prepared(_assigned)
