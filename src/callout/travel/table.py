"""All drives between some places at once: by a routing server where one is set, else estimated."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from callout.travel.asking import Server, Unanswered
from callout.travel.estimate import EARTH_KM, NOISE, Place, pace_everywhere
from callout.travel.kept_drives import UNKNOWN, Cells, Grid, cell, drives_keep, drives_read
from callout.travel.osrm import SIDE, routing_server, table_ask
from callout.travel.words import estimate_words, no_road_words, unanswered_words

SECONDS = 5.0  # that a request waits for a routing server; a job may wait longer


@dataclass(frozen=True)
class Table:
    """The drives between places, [from][to]. `is_estimate`: some of them at least are estimated,
    and `estimate` says in words why.

    `seconds` are whole minutes, rounded up like every `Leg`: what is planned by this table is late
    by no rule of planning.
    """

    second_grid: Grid
    metre_grid: Grid
    is_estimate: bool
    estimate: str

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


def travel_table(places: Sequence[Place], *, seconds: float = SECONDS) -> Table:
    """All drives between these places. `seconds`: how long a routing server is waited for.

    Not in a transaction: there it is not asked, and what is not kept of it is estimated.
    """
    estimated, metres = estimate_grids(places)
    server = routing_server()
    if server is None or not places:
        return Table(estimated, metres, True, estimate_words())
    cells, each = np.unique(np.array([cell(one) for one in places], np.int64), return_inverse=True)
    told, lengths, failed = _told(server, cells, until=time.monotonic() + seconds)
    told, lengths = told[np.ix_(each, each)], lengths[np.ix_(each, each)]
    known = told >= 0
    words = unanswered_words(failed) if failed else "" if known.all() else no_road_words()
    return Table(
        np.where(known, whole_minutes(told / 60), estimated),
        np.where(known, lengths, metres),
        bool(words),
        words,
    )


def _told(server: Server, cells: Cells, *, until: float) -> tuple[Grid, Grid, str]:
    """What the server says, or said before; and why it says no more. What it did say is kept."""
    seconds, metres = drives_read(server.key, cells)
    asked = np.zeros(seconds.shape, bool)
    failed = ""
    try:
        for rows, columns in _squares(seconds == UNKNOWN):
            here = np.ix_(rows, columns)
            seconds[here], metres[here] = table_ask(
                server, cells[rows], cells[columns], until=until
            )
            asked[here] = True
    except Unanswered as error:
        failed = str(error)
    np.fill_diagonal(seconds, 0)
    np.fill_diagonal(metres, 0)
    if asked.any():
        drives_keep(server.key, cells, seconds, metres, asked)
    return seconds, metres, failed


def _squares(missing: NDArray[np.bool_]) -> Iterator[tuple[Cells, Cells]]:
    """Rows and columns to ask for at once, until all that is `missing` is asked for."""
    rows = np.flatnonzero(missing.any(axis=1))
    for first in range(0, len(rows), SIDE):
        some = rows[first : first + SIDE]
        columns = np.flatnonzero(missing[some].any(axis=0))
        for other in range(0, len(columns), SIDE):
            yield some, columns[other : other + SIDE]


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
