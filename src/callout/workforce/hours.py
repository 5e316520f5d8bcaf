"""From working weeks (local hours) to the moments when somebody works (UTC)."""

from collections.abc import Container, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from callout.accounts.zone import at, company_zone, local
from callout.kernel.hours import Week

Interval = tuple[datetime, datetime]
MINUTE = timedelta(minutes=1)
LONGEST_WAIT = 3660  # days


def worked(
    weeks: Sequence[tuple[date, Week]], first: date, last: date, holidays: Container[date] = ()
) -> list[Interval]:
    """The intervals worked on the company's days `first` to `last`, in order, in UTC; none on
    `holidays`.

    `weeks` are (valid from, days), sorted. What begins on `last` may end at the next midnight. On
    the night that the clock is changed an interval has an hour more or less, as the people have.
    """
    zone = company_zone()  # once: a board asks for ten thousand moments
    return [
        (start, end)
        for day in _days(first, last)
        if day not in holidays
        for start, end in _day_worked(_week_of(weeks, day), day, zone)
        if start < end  # hours that the clock skips in spring are nobody's
    ]


def after(
    moment: datetime, length: timedelta, week: Week, holidays: Container[date]
) -> datetime | None:
    """The moment when `length` of open time has passed since `moment`: within the week's hours and
    outside holidays, by the company's clock. None where ten years do not bring it.
    """
    day, left, weeks = local(moment).date(), length, [(date.min, week)]
    for _number in range(LONGEST_WAIT):
        for start, end in worked(weeks, day, day, holidays) if week[day.weekday()] else ():
            begin = max(start, moment)
            if begin < end and left <= end - begin:
                return begin + left
            left -= max(end - begin, timedelta())
        day += timedelta(days=1)
    return None


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _week_of(weeks: Sequence[tuple[date, Week]], day: date) -> Week | None:
    begun = [days for valid_from, days in weeks if valid_from <= day]
    return begun[-1] if begun else None


def _day_worked(week: Week | None, day: date, zone: ZoneInfo) -> Iterator[Interval]:
    for start, end in week[day.weekday()] if week else []:
        yield _moment(zone, day, start), _moment(zone, day, end)


@lru_cache(maxsize=20_000)  # a team has the same few hours, and a board asks for all of them
def _moment(_zone: ZoneInfo, day: date, clock: str) -> datetime:
    """By the company's clock, which is `_zone`."""
    if clock == "24:00":
        return at(day + timedelta(days=1), time())
    hour = time.fromisoformat(clock)
    moment = at(day, hour)
    shown = local(moment)
    if shown.time() == hour:
        return moment
    # The clock skips this hour in spring: whatever begins or ends in the skip does so at its end.
    while local(moment - MINUTE).utcoffset() == shown.utcoffset():
        moment -= MINUTE
    return moment
