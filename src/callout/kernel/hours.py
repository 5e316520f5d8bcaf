"""Hours of a week: seven lists (Monday first) of ["08:00", "12:00"] pairs in local time.

Used for the opening hours of a site and the working week of a technician.
"""

import re
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from callout.kernel.checks import Wrong

Week = list[list[list[str]]]

MOST_A_DAY = 6


def week(value: Any) -> Week:
    """`value` with every pair checked and sorted. Wrong says which day cannot be."""
    if not isinstance(value, list) or len(value) != 7:
        raise Wrong(_("A week has seven days."))
    return [_day(intervals, number) for number, intervals in enumerate(value)]


def week_or_none(value: Any) -> Week | None:
    """The same, or None where nothing is known."""
    return None if value is None else week(value)


def _day(value: Any, number: int) -> list[list[str]]:
    if not isinstance(value, list) or len(value) > MOST_A_DAY:
        raise Wrong(_wrong(number))
    pairs = [_pair(pair, number) for pair in value]
    pairs.sort()
    for (_start, end), (start, _end) in pairwise(pairs):
        if start < end:
            raise Wrong(_("%(day)s: two of the hours overlap.") % {"day": day_name(number)})
    return pairs


def _pair(value: Any, number: int) -> list[str]:
    if (
        not isinstance(value, list | tuple)
        or len(value) != 2
        or not all(
            isinstance(v, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", v) for v in value
        )
    ):
        raise Wrong(_wrong(number))
    if value[0] >= value[1]:
        raise Wrong(_("%(day)s: the end is not after the start.") % {"day": day_name(number)})
    return list(value)


def _wrong(number: int) -> str:
    return _("%(day)s: write hours like 08:00-12:00, 13:00-17:00.") % {"day": day_name(number)}


def day_typed(typed: str, number: int) -> list[list[str]]:
    """One day as a person writes it: "8-12, 13:00-16.30"; empty is no hours. Wrong otherwise."""
    parts = re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", typed.strip()))
    pairs = [[_clock(end, number) for end in part.split("-")] for part in parts if part]
    return _day(pairs, number)


def _clock(typed: str, number: int) -> str:
    found = re.fullmatch(r"(\d{1,2})(?:[:.h]?(\d\d)|h)?", typed)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 99)
    if hour * 60 + minute > 24 * 60 or minute > 59:
        raise Wrong(_wrong(number))
    return f"{hour:02}:{minute:02}"


def day_shown(intervals: list[list[str]]) -> str:
    """One day as a person writes it."""
    return ", ".join(f"{start}–{end}" for start, end in intervals)


def day_name(number: int) -> str:
    """Monday is 0."""
    return [
        _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"),
        _("Sunday"),
    ][number]  # fmt: skip
