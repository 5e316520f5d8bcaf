"""Drives that a routing server has told before, for the rules of planning.

They are asked of pair by pair, a thousand times in a request: so what is kept of the pairs that may
come up is read at once, when people and places are read (`learn`), and a place carries the book in
which its drives stand. Nobody is asked for what is not kept: there the estimate stands in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import pairwise, permutations

import numpy as np
from django.db import connection

from callout.kernel import clock
from callout.travel.estimate import Leg, Place
from callout.travel.kept_drives import KEPT, PAIR, UNKNOWN, cell, day_oldest
from callout.travel.kept_lines import legs_keep
from callout.travel.osrm import routing_server

Pair = tuple[int, int]  # cells
Way = Sequence[Place | None]
Rows = Sequence[Sequence[int]]

# The roads that a map has asked for, and the legs that an optimiser has planned. And of a small
# company every drive there is, out of all that are kept of its origin: a row of SMALL bytes is
# searched in some microseconds, one of a large company is not. The bytes of a target may stand
# there by chance, across two drives: then the place is no multiple.
SMALL, FEW = 8_000, 5_000  # bytes, pairs
READ = """
SELECT origin, target, seconds, metres, NULL::bytea
FROM travel_linekept JOIN unnest(%(origins)s::bigint[], %(targets)s::bigint[]) AS asked (a, b)
  ON origin = asked.a AND target = asked.b
WHERE server = %(server)s AND kept_at > %(since)s
UNION ALL
SELECT kept.origin, asked.b, NULL, NULL, substring(kept.drives FROM found.place FOR 20)
FROM unnest(%(origins)s::bigint[], %(targets)s::bigint[], %(sought)s::bytea[])
     AS asked (a, b, sought)
JOIN travel_driveskept kept
  ON kept.origin = asked.a AND kept.server = %(server)s AND kept.kept_at > %(since)s
 AND octet_length(kept.drives) <= %(small)s
CROSS JOIN LATERAL (SELECT position(asked.sought IN kept.drives) AS place) found
WHERE %(few)s AND found.place %% 20 = 1
"""

_open: ContextVar["Book | None"] = ContextVar("book", default=None)


class Book:
    """What one routing server has said of some drives."""

    def __init__(self, server: str) -> None:
        self.server = server
        self._legs: dict[Pair, Leg | None] = {}  # None: nothing is kept of it
        self._cells: dict[Place, int] = {}
        self._table: tuple[Mapping[Place, int], Rows, Rows, bool] | None = None

    def leg(self, a: Place, b: Place) -> Leg | None:
        """The drive, if it is known."""
        if self._table is not None:
            rows, seconds, metres, is_estimate = self._table
            here, there = rows.get(a), rows.get(b)
            if here is not None and there is not None:
                return _leg(int(seconds[here][there]), int(metres[here][there]), is_estimate)
        pair = self._cell(a), self._cell(b)
        return _leg(0, 0) if pair[0] == pair[1] else self._legs.get(pair)

    def learn(self, ways: Iterable[Way]) -> None:
        """Read what is kept of the drives from each place of a way to the next: one statement for
        all, none where nothing is new."""
        pairs = {
            (self._cell(a), self._cell(b))
            for way in ways
            for a, b in pairwise([place for place in way if place is not None])
        }
        new = [pair for pair in pairs if pair[0] != pair[1] and pair not in self._legs]
        if not new:
            return
        self._legs |= dict.fromkeys(new)
        with connection.cursor() as cursor:
            cursor.execute(READ, {
                "origins": [origin for origin, _target in new],
                "targets": [target for _origin, target in new],
                "sought": [np.array(target, "<i8").tobytes() for _origin, target in new],
                "server": self.server,
                "since": clock.now() - KEPT,
                "few": len(new) <= FEW,
                "small": SMALL,
            })  # fmt: skip
            told = cursor.fetchall()
        for origin, target, seconds, metres, kept in told:
            drive = (seconds, metres) if kept is None else _of_table(kept)
            known = self._legs.get((origin, target))
            if drive[0] >= 0 and (known is None or kept is not None):
                self._legs[origin, target] = _leg(*drive)

    def take(
        self, places: Mapping[Place, int], seconds: Rows, metres: Rows, *, is_estimate: bool
    ) -> None:
        """All drives between some places (with their rows), as a table has told them just now."""
        self._table = places, seconds, metres, is_estimate

    def keep(self, ways: Iterable[Way]) -> None:
        """Let others know the legs of these ways, as the table has told them."""
        if self._table is None or self._table[3]:
            return
        rows, seconds, metres, _is_estimate = self._table
        legs = {}
        for way in ways:
            for a, b in pairwise([place for place in way if place is not None and place in rows]):
                pair, here, there = (self._cell(a), self._cell(b)), rows[a], rows[b]
                if pair[0] != pair[1]:
                    legs[pair] = int(seconds[here][there]), int(metres[here][there])
        if legs:
            legs_keep(self.server, legs)

    def _cell(self, place: Place) -> int:
        found = self._cells.get(place)
        if found is None:
            found = self._cells[place] = cell(place)
        return found


@contextmanager
def book_open(again: Book | None = None) -> Iterator[Book | None]:
    """Places made in it carry its book: the one that is open already, or one from before `again`,
    else a new one. None without a routing server: then all is estimated."""
    server, book = routing_server(), _open.get() or again
    if server is not None and book is None:
        book = Book(server.key)
    token = _open.set(book)
    try:
        yield book
    finally:
        _open.reset(token)


def book_now() -> Book | None:
    """The one that is open."""
    return _open.get()


def all_ways(places: Iterable[Place | None]) -> Iterator[Way]:
    """From each of these to each other one."""
    return permutations(dict.fromkeys(places), 2)


def there_and_back(place: Place | None, others: Iterable[Place | None]) -> Iterator[Way]:
    """From each of the others to this one, and on to each."""
    return ((other, place, other) for other in dict.fromkeys(others))


def _leg(seconds: int, metres: int, is_estimate: bool = False) -> Leg:
    return Leg(-(-seconds // 60), round(metres / 1000, 1), is_estimate)


def _of_table(kept: bytes) -> tuple[int, int]:
    drive = np.frombuffer(bytes(kept), PAIR)[0]
    seconds = int(drive["seconds"]) if drive["day"] > day_oldest() else UNKNOWN
    return seconds, int(drive["metres"])
