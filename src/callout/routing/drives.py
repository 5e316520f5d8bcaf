"""All drives between the places of a problem, and of a day as it is or would be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from callout.routing.engine.parts import compact
from callout.travel.estimate import Place
from callout.travel.table import travel_table

MINUTE = 60
PATIENCE = 30.0  # seconds, in a job: 1,800 places that were never asked of are 324 questions


@dataclass(frozen=True, slots=True)
class Way:
    """How long and how far."""

    minutes: int = 0
    metres: int = 0

    def __add__(self, other: "Way") -> "Way":
        return Way(self.minutes + other.minutes, self.metres + other.metres)


@dataclass(frozen=True, slots=True)
class Drives:
    """Seconds (whole minutes, as planning counts a drive) and metres, by rows of `places`: four
    bytes a number, where lists of them would take nine times that."""

    places: dict[Place, int]
    seconds: Sequence[Sequence[int]]
    metres: Sequence[Sequence[int]]
    is_estimate: bool

    def way(self, places: Sequence[Place]) -> Way:
        """Along these places."""
        legs = [(self.places[a], self.places[b]) for a, b in pairwise(places)]
        return Way(
            sum(int(self.seconds[a][b]) for a, b in legs) // MINUTE,
            sum(int(self.metres[a][b]) for a, b in legs),
        )


def drives(places: Iterable[Place]) -> Drives:
    """Between each two of them."""
    known = {one: row for row, one in enumerate(dict.fromkeys(places))}
    table = travel_table(list(known), seconds=PATIENCE)
    grids = compact(table.second_grid), compact(table.metre_grid)
    return Drives(known, *grids, table.is_estimate)
