"""One way alone, as tests ask for it; the code asks for those of a day at once."""

from collections.abc import Sequence

from callout.travel.estimate import Place
from callout.travel.line import Line, travel_lines
from callout.travel.table import SECONDS


def travel_line(places: Sequence[Place], *, seconds: float = SECONDS) -> Line:
    """The way from the first of these places through the others, in their order."""
    return travel_lines([places], seconds=seconds)[0]
