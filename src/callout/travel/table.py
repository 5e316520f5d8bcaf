"""All drives between some places at once: by the estimate."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from callout.travel.estimate import EARTH_KM, NOISE, Place, pace_everywhere
from callout.travel.words import estimate_words

Grid = NDArray[np.int32]


@dataclass(frozen=True)
class Table:
    """The drives between places, [from][to]. `is_estimate`: some of them at least are estimated,
    and `estimate` says in words why.

    `seconds` are whole minutes, rounded up like every `Leg`: what is planned by this table is late
    by no rule of planning.
    """

    second_grid: Grid
    metre_grid: Grid
    is_estimate: bool = True
    estimate: str = ""

    @cached_property
    def seconds(self) -> list[list[int]]:
        """As plain lists, for who knows no numpy."""
        rows: list[list[int]] = self.second_grid.tolist()
        return rows

    @cached_property
    def metres(self) -> list[list[int]]:
        """The same of the lengths."""
        rows: list[list[int]] = self.metre_grid.tolist()
        return rows


def travel_table(places: Sequence[Place]) -> Table:
    """All drives between these places."""
    seconds, metres = estimate_grids(places)
    return Table(seconds, metres, True, estimate_words())


def estimate_grids(places: Sequence[Place]) -> tuple[Grid, Grid]:
    """Seconds and metres by the estimate: what `travel_estimate` says of each pair.

    Row by row: 1,800 places at once would be eight tables of 26 MB on the way.
    """
    number = len(places)
    seconds, metres = np.zeros((2, number, number), np.int32)
    lat = np.radians(np.array([one.latitude for one in places], float))
    lng = np.array([one.longitude for one in places], float)
    cos, usual = np.cos(lat), pace_everywhere()
    for nth, one in enumerate(places):
        pace = one.pace or usual
        half = np.sin((lat - lat[nth]) / 2) ** 2
        half += cos[nth] * cos * np.sin(np.radians(lng - lng[nth]) / 2) ** 2
        kilometres = 2 * EARTH_KM * pace.detour * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
        metres[nth] = np.rint(kilometres * 1000)
        seconds[nth] = whole_minutes(kilometres / pace.kmh * 60 - NOISE)
    return seconds, metres


def whole_minutes(minutes: NDArray[np.float64]) -> Grid:
    """Rounded up, in seconds."""
    return (np.maximum(np.ceil(minutes), 0) * 60).astype(np.int32)
