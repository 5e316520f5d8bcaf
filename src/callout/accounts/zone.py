"""The company's hours. What is stored is UTC; days begin and end in the company's time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callout.accounts.company import company
from callout.kernel import clock


def company_zone() -> ZoneInfo:
    """The time zone that every slot is shown and every day is cut in."""
    return ZoneInfo(company().time_zone)


def local(moment: datetime) -> datetime:
    """`moment` (aware) by the company's clock."""
    return moment.astimezone(company_zone())


def today() -> date:
    """The date by the company's clock."""
    return local(clock.now()).date()


def at(day: date, hour: time) -> datetime:
    """The UTC moment when the company's clock shows `hour` on `day`.

    An hour that the clock skips in spring is the moment after the skip, an hour that it shows
    twice in autumn is the first.
    """
    return datetime.combine(day, hour, tzinfo=company_zone()).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The company's `day` as UTC: start, and end (exclusive); 23 or 25 hours twice a year."""
    midnight = time()
    return at(day, midnight), at(day + timedelta(days=1), midnight)
