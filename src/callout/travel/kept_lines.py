"""Roads that a routing server has told, leg by leg, for a month: a route that changes keeps most of
its legs."""

from collections.abc import Iterable, Mapping

import numpy as np
from django.db import connection

from callout.kernel import clock
from callout.travel.kept_drives import KEPT, NO_ROAD
from callout.travel.models import LineKept
from callout.travel.osrm import Points, Road

Pair = tuple[int, int]  # cells

# A pair is in the index as it stands: thousands of them are one statement of two values.
READ = """
SELECT origin, target, seconds, metres, points FROM travel_linekept
JOIN unnest(%s::bigint[], %s::bigint[]) AS asked (a, b) ON origin = asked.a AND target = asked.b
WHERE server = %s AND kept_at > %s AND (seconds < 0 OR points <> ''::bytea)
"""


def roads_read(server: str, pairs: Iterable[Pair]) -> dict[Pair, Road | None]:
    """What is kept of these; None where there is no road."""
    asked = list(pairs)
    with connection.cursor() as cursor:
        ends = [one for one, _other in asked], [other for _one, other in asked]
        cursor.execute(READ, [*ends, server, clock.now() - KEPT])
        return {
            (origin, target): Road(seconds, metres, _unpacked(points)) if seconds >= 0 else None
            for origin, target, seconds, metres, points in cursor.fetchall()
        }


def roads_keep(server: str, roads: Mapping[Pair, Road | None]) -> None:
    """Keep them, in one statement and in one order: see `kept_drives.drives_keep`."""
    now = clock.now()
    LineKept.objects.bulk_create(
        [
            LineKept(
                server=server,
                origin=origin,
                target=target,
                seconds=round(road.seconds) if road else NO_ROAD,
                metres=round(road.metres) if road else 0,
                points=_packed(road.points) if road else b"",
                kept_at=now,
            )
            for (origin, target), road in sorted(roads.items(), key=lambda one: one[0])
        ],
        update_conflicts=True,
        unique_fields=["server", "origin", "target"],
        update_fields=["seconds", "metres", "points", "kept_at"],
    )


def legs_keep(server: str, legs: Mapping[Pair, tuple[int, int]]) -> None:
    """Keep seconds and metres of legs whose road nobody has asked for; a map asks for it."""
    now = clock.now()
    LineKept.objects.bulk_create(
        [
            LineKept(
                server=server, origin=origin, target=target,
                seconds=seconds, metres=metres, points=b"", kept_at=now,
            )
            for (origin, target), (seconds, metres) in sorted(legs.items())
        ],
        batch_size=2_000,
        ignore_conflicts=True,
    )  # fmt: skip


def _packed(points: Points) -> bytes:
    packed: bytes = np.rint(np.array(points, float) * 100_000).astype("<i4").tobytes()
    return packed  # to a metre


def _unpacked(points: bytes) -> Points:
    found: Points = (np.frombuffer(bytes(points), "<i4").reshape(-1, 2) / 100_000).tolist()
    return found
