"""A small drawing of where a site is, until there is a map. It asks nothing from outside."""

import math
from dataclasses import dataclass

KM_PER_DEGREE = 111.32
WIDTH, HEIGHT, GRID_KM = 344, 124, 1


@dataclass(frozen=True, slots=True)
class MiniMap:
    """The lines of a kilometre's grid around the pin, in the drawing's own pixels."""

    across: list[int]
    down: list[int]
    words: str
    geo: str


def minimap(latitude: float | None, longitude: float | None) -> MiniMap | None:
    """The drawing's values; None where the site has no position."""
    if latitude is None or longitude is None:
        return None
    north = latitude * KM_PER_DEGREE
    east = longitude * KM_PER_DEGREE * math.cos(math.radians(latitude))
    return MiniMap(
        across=_lines(east, WIDTH),
        down=_lines(-north, HEIGHT),
        words=f"{latitude:.4f}, {longitude:.4f}",
        geo=f"geo:{latitude:.6f},{longitude:.6f}",
    )


def _lines(kilometres: float, length: int) -> list[int]:
    """Where the whole kilometres lie when the pin stands in the middle; 62 pixels make one."""
    step = 62 * GRID_KM
    first = length / 2 - (kilometres % GRID_KM) * step
    lines = [first + step * n for n in range(-4, 5)]
    return [round(line) for line in lines if 0 < line < length]
