"""A reason against a slot, and the figures that it is told with."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from callout.planning.fit.person import Fit, Ride, Stop


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason against, for people (`words`) and programs (`code`, `figures`). Hard: refused."""

    code: str
    words: str
    hard: bool = False
    figures: Mapping[str, Any] = field(default_factory=dict)


Rule = Callable[[Fit], Iterator[Reason]]


def whole_minutes(length: timedelta) -> int:
    """Rounded up: a part of a minute late is late."""
    return -int(-length.total_seconds() // 60)


def of_stop(stop: Stop | Ride) -> dict[str, Any]:
    """Which visit it is, for programs."""
    return {
        "service_order_id": stop.order_id,
        "visit_id": stop.visit_id,
        "number": stop.name,
        "start": stop.start,
        "end": stop.end,
    }
