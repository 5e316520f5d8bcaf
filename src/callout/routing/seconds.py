"""The engine's count of time: whole seconds from the first midnight."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callout.planning.fit.person import Interval
from callout.routing.engine.problem import Window


@dataclass(frozen=True, slots=True)
class Seconds:
    """From `zero` on, by the company's clock of `zone`."""

    zone: ZoneInfo
    zero: datetime

    def at(self, moment: datetime) -> int:
        """So many."""
        return int((moment - self.zero).total_seconds())

    def span(self, span: Interval) -> Window:
        """Both ends."""
        return self.at(span[0]), self.at(span[1])

    def moment(self, seconds: int) -> datetime:
        """When that is, by the company's clock."""
        return (self.zero + timedelta(seconds=seconds)).astimezone(self.zone)


def moment_of(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """In UTC: lengths between moments are then those that pass, whatever the clocks do."""
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
