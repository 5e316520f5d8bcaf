from datetime import UTC, date, datetime, time

import pytest

from callout.accounts import services, zone
from callout.accounts.company import company
from callout.accounts.models import Company
from tests.accounts.conftest import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 23), 24)],
)
def test_a_day_has_the_hours_that_the_companys_clock_shows(day: date, hours: int) -> None:
    start, end = zone.day_bounds(day)
    assert (end - start).total_seconds() == hours * 3600
    assert zone.local(start).time() == time()
    assert zone.local(start).date() == day


def test_an_hour_shown_twice_is_the_first_and_a_skipped_one_comes_after_the_skip() -> None:
    assert zone.at(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert zone.at(date(2026, 3, 29), time(2, 30)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_another_time_zone_counts_from_the_next_question_on() -> None:
    assert str(zone.company_zone()) == "Europe/Brussels"
    services.company_update(actor=SYSTEM, time_zone="America/Montreal")
    assert str(zone.company_zone()) == "America/Montreal"


def test_what_another_process_changed_is_seen_after_a_few_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert company().number_prefix == "SO-"
    Company.objects.create(number_prefix="X-")
    assert company().number_prefix == "SO-"
    monkeypatch.setattr("callout.kernel.kept.TTL", 0)
    assert company().number_prefix == "X-"
