"""Dates as each language writes them."""

from datetime import date

import pytest
from django.utils import translation

from callout.kernel.dates import day_month, day_month_long, weekday_within

DAY = date(2026, 11, 4)


@pytest.mark.parametrize(
    ("language", "short", "padded", "long", "weekday"),
    [
        ("en", "4 Nov", "04 Nov", "4 November", "Wednesday"),
        ("fr", "4 nov", "04 nov", "4 novembre", "mercredi"),
        ("nl", "4 nov", "04 nov", "4 november", "woensdag"),
        ("de", "4. Nov", "04. Nov", "4. November", "Mittwoch"),
    ],
)
def test_a_day_is_written_as_in_the_readers_language(
    language: str, short: str, padded: str, long: str, weekday: str
) -> None:
    with translation.override(language):
        assert (day_month(DAY), day_month(DAY, padded=True)) == (short, padded)
        assert (day_month_long(DAY), weekday_within(DAY)) == (long, weekday)
