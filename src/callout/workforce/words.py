"""How long an absence lasts, in the words that people entered it with."""

from datetime import datetime, time, timedelta

from django.utils.formats import date_format

from callout.accounts.zone import local


def absence_words(start: datetime, end: datetime) -> str:
    """From when to when; whole days as they were entered, the last one in it; of hours of one day
    the day once."""
    begin, finish, form = local(start), local(end), "j M Y, H:i"
    if begin.date() == finish.date():
        return f"{date_format(begin, form)}–{finish:%H:%M}"
    if begin.time() == finish.time() == time():
        finish, form = finish - timedelta(days=1), "j M Y"
    words = [date_format(begin, form), date_format(finish, form)]
    return " – ".join(dict.fromkeys(words))
