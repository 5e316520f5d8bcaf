"""Days and moments in the words of an answer: short, for they stand under a name. Pure."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from callout.kernel.dates import day_month


def day_words(day: date) -> str:
    """ "Thu 26 Nov": as the board and the lists write it."""
    return f"{WEEKDAYS_ABBR[day.weekday()]} {day_month(day)}"


def moment_words(moment: datetime, zone: ZoneInfo, *, seen_from: date | None = None) -> str:
    """The hour, with its day where that is not the one it is seen from."""
    there = moment.astimezone(zone)
    clock = f"{there:%H:%M}"
    return clock if there.date() == seen_from else f"{day_words(there.date())} {clock}"


def last_day(end: datetime, zone: ZoneInfo) -> date | None:
    """Of what ends at a midnight the day before it, which is what people call its last."""
    there = end.astimezone(zone)
    if (there.hour, there.minute) != (0, 0):
        return None
    return there.date() - timedelta(days=1)


def length_words(length: timedelta) -> str:
    """A length of time, as it is said: 45 min, 1 h 15."""
    whole, minutes = divmod(int(length.total_seconds() // 60), 60)
    if not whole:
        return _("%(count)d min") % {"count": minutes}
    hours = _("%(count)d h") % {"count": whole}
    return f"{hours} {minutes:02d}" if minutes else hours


def late_words(length: timedelta) -> str:
    """How late: a part of a minute is one, and of days only their hours are said: 3 d 1 h."""
    minutes = -int(-length.total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    if not days:
        return length_words(timedelta(minutes=minutes))
    words = _("%(count)d d") % {"count": days}
    hours = _("%(count)d h") % {"count": rest // 60}
    return f"{words} {hours}" if rest >= 60 else words
