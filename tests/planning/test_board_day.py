"""What the board keeps of a day: never anything that has changed."""

import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest

from callout.accounts.zone import today
from callout.customers.models import Customer, Site
from callout.kernel import clock
from callout.kernel.prepared import together
from callout.orders.models import Assignment, InterventionType, ServiceOrder, Visit
from callout.planning import board_day
from callout.planning.board import board_read
from callout.planning.board_day import Bar, DayBars, day_bars
from callout.planning.board_rows import ASSIGNED, BoardVisit, days_read, places_ask, visits_of
from callout.travel.areas import paces_now
from callout.workforce.models import Technician, Vehicle
from tests.orders.conftest import MORNING, Company, company_made, soon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
HOUR = timedelta(hours=1)
LATER = MORNING + timedelta(hours=40)


@pytest.fixture
def company(db: None) -> Company:
    made = company_made()
    Technician.objects.update(latitude=50.6, longitude=4.6)
    Site.objects.update(latitude=50.7, longitude=4.6)
    return made


def days(company: Company) -> list[DayBars]:
    found = board_read(actor=company.manager, first=today(), days=3)
    return next(row.days for row in found.rows if row.technician.name == "Anna")


def bars(company: Company) -> list[Bar]:
    return [bar for day in days(company) for bar in day.bars]


def test_a_day_is_told_once_and_its_neighbour_goes_on_being_told_so(company: Company) -> None:
    company.planned(hours=2)
    company.planned(hours=26)
    (monday, tuesday), again = days(company), days(company)
    assert again[0] is monday
    assert again[1] is tuesday
    assert (monday.is_kept, len(monday.bars)) == (True, 1)
    company.planned(hours=28)
    (same, other) = days(company)
    assert same is monday
    assert len(other.bars) == 2


VISIT = {
    "version": 7, "pinned": True,
    "expected_end": LATER, "promise_from": LATER, "promise_to": LATER, "departed_at": LATER,
    "arrived_at": LATER, "closed_at": LATER, "entered_afterwards": True,
}  # fmt: skip
ORDER = {
    "number": 4711, "version": 8, "description": "Leaking tap",
    "priority": 3, "due_at": LATER, "answered_at": LATER, "absent_count": 2,
}  # fmt: skip
CHANGES: dict[str, tuple[Any, dict[str, Any]]] = {
    **{f"visit {name}": (Visit, {name: value}) for name, value in VISIT.items()},
    **{f"order {name}": (ServiceOrder, {name: value}) for name, value in ORDER.items()},
    "seen": (Assignment, {"seen_at": LATER}),
    "customer": (Customer, {"name": "Another"}),
    "town": (Site, {"town": "Gent"}),
    "postcode": (Site, {"postcode": "9000"}),
    "position": (Site, {"latitude": 51.0, "longitude": 3.7}),
    "no position": (Site, {"latitude": None, "longitude": None}),
    "type": (InterventionType, {"name": "Another"}),
    "icon": (InterventionType, {"icon": "another"}),
    "base": (Technician, {"latitude": 51.0, "longitude": 3.7}),
}


@pytest.mark.wide
@pytest.mark.parametrize("change", CHANGES)
def test_what_has_changed_is_told_as_it_is_now(company: Company, change: str) -> None:
    company.planned(hours=30)
    (before,) = bars(company)
    model, values = CHANGES[change]
    model.objects.update(**values)
    (after,) = bars(company)
    assert after != before
    board_day._known.cache_clear()
    assert bars(company) == [after]


Y2K = datetime(2000, 1, 1, tzinfo=UTC)


def packed(values: Sequence[Any]) -> bytes:
    """As the database packs them."""
    made = [struct.pack("!i", len(values))]
    for value in values:
        if value is None:
            made.append(struct.pack("!ii", 0, -1))
            continue
        text = PACKED[type(value)](value)
        made += [struct.pack("!ii", 0, len(text)), text]
    return b"".join(made)


PACKED: dict[type, Callable[[Any], bytes]] = {
    UUID: lambda value: value.bytes,
    datetime: lambda value: struct.pack("!q", (value - Y2K) // timedelta(microseconds=1)),
    str: str.encode,
    int: lambda value: struct.pack("!q", value),
    bool: lambda value: struct.pack("!?", value),
    float: lambda value: struct.pack("!d", value),
}
OTHERS: dict[Any, Any] = {
    UUID: uuid4(),
    datetime: LATER,
    str: "another",
    int: 3,
    bool: True,
    float: 51.5,
}


@pytest.mark.wide
@pytest.mark.parametrize("column", BoardVisit._fields)
def test_no_value_of_a_row_is_left_out_of_what_its_day_is_known_by(
    company: Company, column: str
) -> None:
    company.planned(hours=30)
    start = clock.now()
    ids = [company.anna.technician_id]
    found = ASSIGNED.all(ids=ids, floor=start, start=start, end=start + 48 * HOUR)
    ((row,),) = days_read(found, *together(*places_ask(found))).values()
    (before,) = visits_of([row])
    kind = BoardVisit.__annotations__[column]
    other = OTHERS[(get_args(kind) or (kind,))[0]]
    if other == getattr(before, column):
        other = not other
    changed = before._replace(**{column: other})
    key = (packed(changed[:-5]), changed.customer, packed(changed[-4:]))
    told = [
        day_bars((one,), (None, None, ""), now=start, paces=paces_now(), book=None).bars[0].visit
        for one in (row, key)
    ]
    assert told == [before, changed]


def test_who_drives_what_and_where_is_read_with_it(company: Company) -> None:
    van = Vehicle.objects.create(registration="1-ABC-123")
    order = company.planned(hours=30, vehicle_id=van.pk)
    (bar,) = bars(company)
    visit = bar.visit
    assert isinstance(visit, BoardVisit)
    assert (visit.vehicle_id, visit.order_id) == (van.pk, order.pk)
    assert (visit.visit_id, visit.technician_id) == (order.visit_id, company.anna.technician_id)
    assert (visit.start, visit.end) == (soon(30), soon(31))


def test_once_something_expected_has_not_come_the_clock_says_what_will(company: Company) -> None:
    company.planned(hours=2)
    (kept,) = days(company)
    drive = kept.bars[0].course.leg
    assert drive
    begins = soon(2) - timedelta(minutes=drive.minutes)
    with clock.freeze(begins):
        assert days(company) == [kept]
    with clock.freeze(begins + HOUR):
        (day,) = days(company)
        assert (day.is_kept, day.bars[0].course.late) == (False, HOUR)
    assert days(company) == [kept]
