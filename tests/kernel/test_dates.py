"""Dates as each language writes them."""

from datetime import date

import pytest
from django.utils import translation

from callout.kernel.dates import day_month, day_month_long

DAY = date(2026, 11, 4)


@pytest.mark.parametrize(
    ("language", "short", "padded", "long"),
    [
        ("en", "4 Nov", "04 Nov", "4 November"),
        ("fr", "4 nov", "04 nov", "4 novembre"),
        ("nl", "4 nov", "04 nov", "4 november"),
        ("de", "4. Nov", "04. Nov", "4. November"),
    ],
)
def test_a_day_is_written_as_in_the_readers_language(
    language: str, short: str, padded: str, long: str
) -> None:
    with translation.override(language):
        assert (day_month(DAY), day_month(DAY, padded=True)) == (short, padded)
        assert day_month_long(DAY) == long
