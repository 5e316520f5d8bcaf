"""The response target: around the clock, or in working hours of the company's calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.accounts import company as company_of_process
from callout.accounts.models import Company as CompanyRow
from callout.kernel.hours import Week
from callout.orders import services
from callout.orders.models import Priority, ServiceOrder
from callout.orders.selectors.catalogue import target_of
from callout.workforce import services as workforce
from callout.workforce.hours import after, worked
from callout.workforce.models import WorkingCalendar
from tests.orders.conftest import Company

OFFICE: Week = [[["08:00", "18:00"]]] * 5 + [[], []]
ALWAYS: Week = [[["00:00", "24:00"]]] * 7
FREE = frozenset({date(2026, 12, 25), date(2026, 4, 6)})
WEEKS: dict[str, Week] = {
    "office": OFFICE,
    "lunch": [[["08:00", "12:00"], ["12:30", "16:30"]]] * 5 + [[["09:00", "12:00"]], []],
    "night": [[]] * 5 + [[["00:00", "03:30"], ["22:00", "24:00"]], [["00:00", "24:00"]]],
    "short": [[["09:00", "09:30"]]] + [[]] * 6,
}  # fmt: skip

moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
lengths = st.integers(1, 200).map(lambda hours: timedelta(hours=hours))


@pytest.fixture(autouse=True)
def in_brussels(monkeypatch: pytest.MonkeyPatch) -> None:
    """The company's clock without a database: hypothesis asks often."""
    row = CompanyRow(time_zone="Europe/Brussels")
    monkeypatch.setattr(company_of_process, "company", lambda: row)
    monkeypatch.setattr("callout.accounts.zone.company", lambda: row)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "hours", "due"),
    [
        ("2026-11-23T09:00", 4, "2026-11-23T13:00"),  # a Monday at ten
        ("2026-11-23T15:00", 4, "2026-11-24T09:00"),  # 2 h that day, 2 h from eight
        ("2026-11-23T07:00", 10, "2026-11-23T17:00"),  # a whole day ends with the day
        ("2026-11-27T16:00", 2, "2026-11-30T08:00"),  # over the weekend
        ("2026-11-28T11:00", 1, "2026-11-30T08:00"),  # on Saturday: from Monday on
        ("2026-11-23T02:00", 1, "2026-11-23T08:00"),  # before opening
        ("2026-12-24T16:00", 2, "2026-12-28T08:00"),  # Christmas is on a Friday
        ("2026-03-27T16:00", 2, "2026-03-30T07:00"),  # the clock goes forward on Sunday
        ("2026-10-23T15:00", 2, "2026-10-26T08:00"),  # and back
    ],
)
def test_hours_count_while_the_company_is_open(received: str, hours: int, due: str) -> None:
    assert after(utc(received), timedelta(hours=hours), OFFICE, FREE) == utc(due)


@given(moments, lengths)
def test_around_the_clock_it_is_plain_addition(received: datetime, length: timedelta) -> None:
    assert after(received, length, ALWAYS, frozenset()) == received + length


@pytest.mark.wide
@pytest.mark.parametrize("name", WEEKS)
@given(data=st.data())
def test_later_or_longer_is_never_due_earlier(name: str, data: st.DataObject) -> None:
    received, later = sorted(data.draw(st.tuples(moments, moments)))
    length, longer = sorted(data.draw(st.tuples(lengths, lengths)))
    due = after(received, length, WEEKS[name], FREE)
    assert due is not None
    assert due > received
    for other in (
        after(later, length, WEEKS[name], FREE),
        after(received, longer, WEEKS[name], FREE),
    ):
        assert other is not None
        assert other >= due


@pytest.mark.wide
@pytest.mark.parametrize("name", WEEKS)
@given(received=moments, length=lengths)
def test_it_is_never_due_in_closed_time(name: str, received: datetime, length: timedelta) -> None:
    due = after(received, length, WEEKS[name], FREE)
    assert due is not None
    around = due.date() - timedelta(days=1), due.date() + timedelta(days=1)
    open_then = worked([(date.min, WEEKS[name])], *around, FREE)
    assert any(start < due <= end for start, end in open_then)


@pytest.mark.parametrize("name", WEEKS)
@given(received=moments, length=lengths)
def test_as_much_open_time_lies_between(name: str, received: datetime, length: timedelta) -> None:
    due = after(received, length, WEEKS[name], FREE)
    assert due is not None
    span = worked([(date.min, WEEKS[name])], received.date(), due.date() + timedelta(1), FREE)
    parts = [min(end, due) - max(start, received) for start, end in span]
    assert sum((max(one, timedelta()) for one in parts), timedelta()) == length


def test_what_no_hour_brings_nearer_has_no_target() -> None:
    assert after(utc("2026-01-01T00:00"), timedelta(hours=1), [[]] * 7, FREE) is None


# --- orders ------------------------------------------------------------------------------------


def monday(hours: int) -> datetime:
    """A Monday long past, by the company's clock in winter."""
    return utc("2026-01-05T00:00") + timedelta(hours=hours - 1)


def working_hours(company: Company, code: str = "high") -> None:
    services.priority_update(
        actor=company.manager,
        code=code,
        values={"working_hours_only": True, "response_hours": 8},
    )


def test_a_priority_counts_around_the_clock_until_it_is_said_otherwise(company: Company) -> None:
    assert not Priority.objects.filter(working_hours_only=True).exists()
    order = company.order(priority="high", received_at=monday(16))
    assert order.due_at == monday(24)
    working_hours(company)
    order = company.order(priority="high", received_at=monday(16))
    assert order.due_at == monday(24 + 14)


def test_holidays_of_the_default_calendar_count_and_those_of_another_do_not(
    company: Company,
) -> None:
    working_hours(company)
    default = WorkingCalendar.objects.get(is_default=True)
    other = workforce.calendar_create(actor=company.manager, name="Other")
    for calendar, day in ((default, "2026-01-06"), (other, "2026-01-05")):
        workforce.holiday_add(actor=company.manager, calendar_id=calendar.pk, date=day, name="Free")
    order = company.order(priority="high", received_at=monday(16))
    assert order.due_at == monday(48 + 14)
    asked = {"code": "high", "received_at": monday(16)}
    assert target_of(actor=company.manager, **asked) == order.due_at  # type: ignore[arg-type]


def test_a_change_of_the_calendar_moves_no_order_that_is_there_until_it_is_edited(
    company: Company,
) -> None:
    working_hours(company)
    order = company.order(priority="high", received_at=monday(16))
    default = WorkingCalendar.objects.get(is_default=True)
    workforce.holiday_add(
        actor=company.manager, calendar_id=default.pk, date="2026-01-06", name="Free"
    )
    there = ServiceOrder.objects.get(pk=order.pk)
    assert there.due_at == monday(24 + 14)
    same = services.order_update(
        actor=company.manager, order_id=order.pk, version=there.version, description="More"
    )
    assert same.due_at == monday(24 + 14)
    edited = services.order_update(
        actor=company.manager, order_id=order.pk, version=same.version, received_at=monday(17)
    )
    assert edited.due_at == monday(48 + 15)
