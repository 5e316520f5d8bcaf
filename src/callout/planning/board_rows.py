"""What is read for the board: the visits of some days, as bytes that stay so while nothing changes.

A day is kept by them (board_day.py), so a visit is told from its bytes only when they are new.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField, Q, QuerySet, UUIDField

from callout.accounts.zone import company_zone
from callout.customers.models import Customer, Site
from callout.kernel.packed import Packed, Sent, moment, readers_of, unpacked
from callout.kernel.prepared import Asked, Given, Prepared
from callout.orders.lifecycle import Outcome
from callout.orders.models import Assignment

# What stood on the board and was taken off it again is history, not a day's work.
SHOWN = (Outcome.DONE, Outcome.HANDED_BACK, Outcome.CUSTOMER_ABSENT)

Read = tuple[bytes, str, bytes]  # what is read of a visit: its own, the customer, the site
Found = tuple[bytes, bytes, bytes, bytes, bytes, bytes]  # a row of ASSIGNED


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
    type: str
    type_icon: str
    customer: str
    town: str
    latitude: float | None
    longitude: float | None
    postcode: str


@lru_cache(maxsize=16_384)  # a team begins at the same hours
def day_in(zone: ZoneInfo, start: bytes) -> date:
    """The day of a moment by the clocks of a zone."""
    return moment(start).astimezone(zone).date()


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
    "type": f"{ORDER}type__name",
    "type_icon": f"{ORDER}type__icon",
}
# The last ones are those of the customer and of the site.
_KINDS = list(BoardVisit.__annotations__.values())
_SITE = ("town", "latitude", "longitude", "postcode")
_OWN = BoardVisit._fields[: -len(_SITE) - 1]
_OWN_READ, _SITE_READ = readers_of(_KINDS[: len(_OWN)]), readers_of(_KINDS[-len(_SITE) :])


def visits_of(rows: Sequence[Read]) -> tuple[BoardVisit, ...]:
    return tuple(
        [
            BoardVisit._make([*unpacked(own, _OWN_READ), customer, *site_of(site)])
            for own, customer, site in rows
        ]
    )


@lru_cache(maxsize=4_096)  # with a book days are read anew each time
def site_of(site: bytes) -> tuple[Any, ...]:
    return tuple(unpacked(site, _SITE_READ))


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
    """In no order: PostgreSQL would copy each wide row to sort it, at a seventh of what the
    statement costs. Here the first three columns sort it."""
    return (
        in_range()
        .order_by()
        .values_list(
            Sent("technician_id", kind="uuid"),
            Sent("start", kind="timestamptz"),
            Sent("visit_id", kind="uuid"),
            Packed(*(PATHS.get(name, name) for name in _OWN)),
            Sent(f"{ORDER}customer_id", kind="uuid"),
            Sent(f"{ORDER}site_id", kind="uuid"),
        )
    )


ASSIGNED: Prepared[Found] = Prepared(_assigned, binary=True)
# The customers and sites of a week are all over their tables. Asked for together, in the order of
# their ids, they cost half of what they cost looked up for each visit (9 ms, were 17, of 1,900
# visits among a million).
_ID, _IDS = Sent("pk", kind="uuid"), Given("ids", UUIDField())
_NAMED: Prepared[Any] = Prepared(
    lambda: Customer.objects.filter(pk__any=_IDS).order_by().values_list(_ID, "name"), binary=True
)
_PLACED: Prepared[Any] = Prepared(
    lambda: Site.objects.filter(pk__any=_IDS).order_by().values_list(_ID, Packed(*_SITE)),
    binary=True,
)


def places_ask(found: Iterable[Found]) -> tuple[Asked, Asked]:
    """Asks for the customers and sites of these."""
    who, where = {row[4] for row in found}, {row[5] for row in found}
    return _NAMED.ask(ids=_list(who)), _PLACED.ask(ids=_list(where))


def _list(ids: Iterable[bytes]) -> str:
    """As PostgreSQL reads a list, without an UUID for each."""
    return f"{{{b''.join(ids).hex(',', 16)}}}"


def days_read(
    found: list[Found],
    customers: Iterable[tuple[bytes, str]],
    sites: Iterable[tuple[bytes, bytes]],
) -> dict[tuple[bytes, date], list[Read]]:
    """The visits of each technician and day in order of their slots, with what was found for
    `places_ask`."""
    zone, names, places = company_zone(), dict(customers), dict(sites)
    days: dict[tuple[bytes, date], list[Read]] = defaultdict(list)
    for who, start, _visit, own, customer, site in sorted(found):
        days[who, day_in(zone, start)].append((own, names[customer], places[site]))
    return days
