"""Days, moments and lengths as an answer says them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from callout.planning.fit.words import last_day, late_words, length_words, moment_words

BRUSSELS = ZoneInfo("Europe/Brussels")


def test_a_moment_of_the_day_it_is_seen_from_is_its_hour_alone() -> None:
    moment = datetime(2026, 11, 26, 12, 45, tzinfo=BRUSSELS)
    assert moment_words(moment, BRUSSELS, seen_from=date(2026, 11, 26)) == "12:45"
    assert moment_words(moment, BRUSSELS, seen_from=date(2026, 11, 25)) == "Thu 26 Nov 12:45"


def test_what_ends_at_midnight_has_the_day_before_it_as_its_last() -> None:
    assert last_day(datetime(2026, 11, 28, tzinfo=BRUSSELS), BRUSSELS) == date(2026, 11, 27)
    assert last_day(datetime(2026, 11, 28, 13, tzinfo=BRUSSELS), BRUSSELS) is None


@pytest.mark.parametrize(
    ("minutes", "said", "late"),
    [
        (45, "45 min", "45 min"),
        (60, "1 h", "1 h"),
        (75, "1 h 15", "1 h 15"),
        (24 * 60 + 30, "24 h 30", "1 d"),
        (73 * 60 + 6, "73 h 06", "3 d 1 h"),
    ],
)
def test_lengths_are_said_in_hours_and_lateness_of_days_in_days(
    minutes: int, said: str, late: str
) -> None:
    length = timedelta(minutes=minutes)
    assert (length_words(length), late_words(length)) == (said, late)


def test_a_part_of_a_minute_late_is_a_minute() -> None:
    assert late_words(timedelta(seconds=30)) == "1 min"
