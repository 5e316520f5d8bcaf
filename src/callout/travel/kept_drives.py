"""Drives that a routing server has told, by places rounded to some 11 m, for a month.

One row for each origin, all its drives in one value: read in one statement, written in one. Two
who write the same row at once lose what one of them added, which is asked again.
"""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from callout.kernel import clock
from callout.travel.estimate import Place
from callout.travel.models import DrivesKept

KEPT = timedelta(days=30)
MOST = 4_000  # drives of one origin: the newest stay
UNKNOWN, NO_ROAD = -2, -1  # in the place of seconds
PAIR = np.dtype([("target", "<i8"), ("seconds", "<i4"), ("metres", "<i4"), ("day", "<i4")])

Cells = NDArray[np.int64]
Grid = NDArray[np.int32]


def cell(place: Place) -> int:
    """The number of the place's rounded position (four decimals)."""
    latitude, longitude = round(place.latitude * 10_000), round(place.longitude * 10_000)
    return (latitude + 900_000) * 3_600_001 + longitude + 1_800_000


def position(number: int) -> tuple[float, float]:
    """Latitude and longitude of a cell: what the server is asked, whoever's place it was."""
    latitude, longitude = divmod(number, 3_600_001)
    return (latitude - 900_000) / 10_000, (longitude - 1_800_000) / 10_000


def drives_read(server: str, cells: Cells) -> tuple[Grid, Grid]:
    """Seconds and metres between these cells (sorted, each once), UNKNOWN where none is kept."""
    seconds = np.full((len(cells), len(cells)), UNKNOWN, np.int32)
    metres = np.zeros_like(seconds)
    np.fill_diagonal(seconds, 0)
    for origin, pairs in _rows(server, cells).items():
        row = np.searchsorted(cells, origin)
        at = np.searchsorted(cells, pairs["target"])
        here = at < len(cells)
        here[here] = cells[at[here]] == pairs["target"][here]
        seconds[row, at[here]] = pairs["seconds"][here]
        metres[row, at[here]] = pairs["metres"][here]
    return seconds, metres


def drives_keep(
    server: str, cells: Cells, seconds: Grid, metres: Grid, told: NDArray[np.bool_]
) -> None:
    """Keep the drives where `told`."""
    origins = np.flatnonzero(told.any(axis=1))
    before = _rows(server, cells[origins])
    rows = []
    for row in origins:
        origin, new = int(cells[row]), told[row]
        pairs = np.zeros(int(new.sum()), PAIR)
        pairs["target"], pairs["day"] = cells[new], _day()
        pairs["seconds"], pairs["metres"] = seconds[row, new], metres[row, new]
        if origin in before:
            old = before[origin]
            pairs = np.concatenate([pairs, old[~np.isin(old["target"], pairs["target"])]])
        drives = pairs[:MOST].tobytes()
        rows.append(DrivesKept(server=server, origin=origin, drives=drives, kept_at=clock.now()))
    # In the order of the cells, so that two who write at once never wait for each other crosswise.
    DrivesKept.objects.bulk_create(
        rows,
        batch_size=500,  # a day of 1,600 orders is more than one message should carry
        update_conflicts=True,
        unique_fields=["server", "origin"],
        update_fields=["drives", "kept_at"],
    )


def _rows(server: str, cells: Sequence[int] | Cells) -> dict[int, NDArray[np.void]]:
    rows = DrivesKept.objects.filter(
        server=server, origin__in=[int(one) for one in cells], kept_at__gt=clock.now() - KEPT
    )
    oldest = day_oldest()
    found = {}
    for origin, drives in rows.values_list("origin", "drives"):
        pairs = np.frombuffer(bytes(drives), PAIR)
        found[origin] = pairs[pairs["day"] > oldest]
    return found


def day_oldest() -> int:
    """What is of that day, or before it, counts no more."""
    return _day() - KEPT.days


def _day() -> int:
    return clock.now().date().toordinal()
