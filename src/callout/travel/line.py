"""The way through some places, leg by leg, as it is drawn on a map."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from callout.travel.estimate import Leg, Place, travel_estimate
from callout.travel.words import estimate_words

Points = list[list[float]]  # [longitude, latitude], as GeoJSON has them


@dataclass(frozen=True, slots=True)
class Line:
    """A way. `parts` are the points of each leg, from its first place to its last."""

    legs: list[Leg]
    parts: list[Points]
    is_estimate: bool = True
    estimate: str = ""

    @property
    def coordinates(self) -> Points:
        """The points of the whole way; where two legs meet, once."""
        return [point for part in self.parts[:1] for point in part] + [
            point for part in self.parts[1:] for point in part[1:]
        ]


def travel_line(places: Sequence[Place]) -> Line:
    """The way from the first of these places through the others, in their order."""
    return travel_lines([places])[0]


def travel_lines(ways: Sequence[Sequence[Place]]) -> list[Line]:
    """Several ways at once: the routes of a day."""
    return [
        Line(
            [travel_estimate(*pair) for pair in pairwise(way)],
            [straight(*pair) for pair in pairwise(way)],
            True,
            estimate_words(),
        )
        for way in ways
    ]


def straight(a: Place, b: Place) -> Points:
    """The line of an estimate."""
    return [[a.longitude, a.latitude], [b.longitude, b.latitude]]
