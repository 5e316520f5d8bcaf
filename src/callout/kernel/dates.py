"""A day and its month as each language writes them: "24 Nov", "24 nov.", "24. Nov"."""

from datetime import date

from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS
from django.utils.translation import get_language, pgettext


def day_month(day: date, *, padded: bool = False) -> str:
    """Short, without the year; `padded` for a column: "04 Nov"."""
    month = str(MONTHS_3[day.month])
    if (get_language() or "en").startswith("en"):
        month = month.capitalize()  # Django has it in small letters
    return _together(f"{day.day:02d}" if padded else day.day, month)


def day_month_long(day: date) -> str:
    """ "24 November": without the year."""
    return _together(day.day, str(MONTHS[day.month]))


def weekday_within(day: date) -> str:
    """The weekday inside a sentence: small where the language writes it so."""
    weekday = str(WEEKDAYS[day.weekday()])
    return weekday if (get_language() or "en")[:2] in {"en", "de"} else weekday.lower()


def _together(day: int | str, month: str) -> str:
    return pgettext("a date", "%(day)s %(month)s") % {"day": day, "month": month}
