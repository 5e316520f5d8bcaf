"""OSRM's HTTP interface: `/table` in squares, `/route` leg by leg. Every figure is looked at.

https://project-osrm.org/docs/ describes it. A server that answers nonsense once is not asked again
for a while: see `asking`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from callout.travel.asking import Server
from callout.travel.kept_drives import NO_ROAD, Cells, Grid, position

SIDE = 100  # osrm-routed allows a table of 100 x 100 unless told otherwise
LONGEST = 7 * 24 * 3600.0  # seconds, and
FURTHEST = 40_000_000.0  # metres: nothing on earth is further
MOST_POINTS = 200_000
ASIDE = 5e-5  # degrees of latitude, some five metres: what a line drawn on a map may lie beside
NONSENSE = (KeyError, IndexError, TypeError, ValueError, OverflowError)
NO_WAY = ("NoRoute", "NoSegment")

Points = list[list[float]]


@dataclass(frozen=True, slots=True)
class Road:
    """The road of one leg; None where there is none."""

    seconds: float
    metres: float
    points: Points


def routing_server() -> Server | None:
    """The one that is set, if any."""
    return Server(settings.OSRM_URL) if settings.OSRM_URL else None


def table_ask(server: Server, origins: Cells, targets: Cells, *, until: float) -> tuple[Grid, Grid]:
    """Seconds and metres from each of these cells to each of those, SIDE of each at most; NO_ROAD
    where there is none. Unanswered when anything about the answer cannot be."""
    count = len(origins)
    path = (
        f"/table/v1/driving/{_coordinates([*origins, *targets])}?annotations=duration,distance"
        f"&sources={_numbers(0, count)}&destinations={_numbers(count, count + len(targets))}"
    )
    answer = server.ask(path, until=until)
    try:
        _ok(answer)
        shape = (count, len(targets))
        seconds = _grid(answer["durations"], shape, LONGEST)
        metres = _grid(answer["distances"], shape, FURTHEST)
    except NONSENSE as error:
        raise server.failed(_("its answer makes no sense")) from error
    nowhere = np.isnan(seconds) | np.isnan(metres)
    return (
        np.where(nowhere, NO_ROAD, np.ceil(seconds)).astype(np.int32),
        np.where(nowhere, 0, np.rint(metres)).astype(np.int32),
    )


def roads_ask(server: Server, cells: Sequence[int], *, until: float) -> Iterator[Road | None]:
    """The road of each leg through these cells, as far as it is told before it is Unanswered."""
    # Whoever stops somewhere may turn there: so a leg is the same whatever comes before and after.
    path = f"/route/v1/driving/{_coordinates(cells)}?steps=true&overview=false&geometries=geojson"
    answer = server.ask(f"{path}&continue_straight=false", until=until)
    if isinstance(answer, dict) and answer.get("code") in NO_WAY:
        # It does not say which leg it is that has none.
        if len(cells) == 2:
            yield None
            return
        for leg in pairwise(cells):
            yield from roads_ask(server, leg, until=until)
        return
    try:
        _ok(answer)
        legs_told = answer["routes"][0]["legs"]
        if len(legs_told) != len(cells) - 1:
            raise ValueError("legs")
        roads = [_road(leg) for leg in legs_told]
    except NONSENSE as error:
        raise server.failed(_("its answer makes no sense")) from error
    yield from roads


def _ok(answer: Any) -> None:
    if answer["code"] != "Ok":
        raise ValueError("code")


def _grid(rows: Any, shape: tuple[int, int], most: float) -> NDArray[np.float64]:
    """NaN where it says null; ValueError for what is no table of possible numbers."""
    if [len(row) for row in rows] != [shape[1]] * shape[0]:
        raise ValueError("size")
    if not all(one is None or type(one) in (int, float) for row in rows for one in row):
        raise ValueError("number")
    grid = np.array(rows, np.float64).reshape(shape)
    if not (np.isnan(grid) | ((grid >= 0) & (grid <= most))).all():
        raise ValueError("impossible")
    return grid


def _road(leg: Any) -> Road:
    points: Points = []
    for point in _points(leg["steps"]):
        if not points or point != points[-1]:
            points.append(point)
    if not points or len(points) > MOST_POINTS:
        raise ValueError("points")
    points = _thinned(points)
    return Road(_figure(leg["duration"], LONGEST), _figure(leg["distance"], FURTHEST), points)


def _thinned(points: Points) -> Points:
    """The same line to some ten metres, with a fraction of its points: a day of a large team would
    be tens of megabytes. Where it turns back it keeps the turn."""
    if len(points) < 3:
        return points
    narrow = math.cos(math.radians(points[0][1]))
    kept, ahead = points[:1], (0.0, 0.0)
    for here, after in pairwise(points):
        step = ((after[0] - here[0]) * narrow, after[1] - here[1])
        out = ((after[0] - kept[-1][0]) * narrow, after[1] - kept[-1][1])
        aside = abs(ahead[0] * out[1] - ahead[1] * out[0])
        if ahead == (0.0, 0.0):
            pass
        elif aside > ASIDE or ahead[0] * step[0] + ahead[1] * step[1] < 0:
            kept.append(here)
            out = step
        else:
            continue
        length = math.hypot(*out)
        ahead = (out[0] / length, out[1] / length) if length else (0.0, 0.0)
    return [*kept, points[-1]]


def _points(steps: Any) -> Iterator[list[float]]:
    for step in steps:
        for longitude, latitude in step["geometry"]["coordinates"]:
            yield [_figure(longitude, 180, -180), _figure(latitude, 90, -90)]


def _figure(value: Any, most: float, least: float = 0.0) -> float:
    if type(value) not in (int, float) or not math.isfinite(value) or not least <= value <= most:
        raise ValueError("figure")
    return float(value)


def _coordinates(cells: Sequence[int]) -> str:
    places = (position(int(one)) for one in cells)
    return ";".join(f"{longitude:.4f},{latitude:.4f}" for latitude, longitude in places)


def _numbers(first: int, end: int) -> str:
    return ";".join(map(str, range(first, end)))
