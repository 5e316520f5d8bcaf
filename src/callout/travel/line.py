"""The way through some places, leg by leg, as it is drawn on a map."""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from callout.travel.asking import Server, Unanswered
from callout.travel.estimate import Leg, Place, travel_estimate
from callout.travel.kept_drives import cell
from callout.travel.kept_lines import Pair, roads_keep, roads_read
from callout.travel.osrm import Points, Road, roads_ask, routing_server
from callout.travel.table import SECONDS
from callout.travel.words import estimate_words, no_road_words, unanswered_words

TOGETHER = 80  # places of one question


@dataclass(frozen=True, slots=True)
class Line:
    """A way. `parts` are the points of each leg ([longitude, latitude], as GeoJSON has them), from
    its first place to its last; `is_estimate`: some legs at least are, `estimate` says why.
    `is_new`: some were told just now, and are known from here on (`book.py`)."""

    legs: list[Leg]
    parts: list[Points]
    is_estimate: bool
    estimate: str
    is_new: bool = field(default=False, compare=False)

    @property
    def coordinates(self) -> Points:
        """The points of the whole way; where two legs meet, once."""
        return [point for part in self.parts[:1] for point in part] + [
            point for part in self.parts[1:] for point in part[1:]
        ]


def travel_lines(ways: Sequence[Sequence[Place]], *, seconds: float = SECONDS) -> list[Line]:
    """Several ways at once, such as the routes of a day: what is kept is read in one statement, and
    what the routing server adds in `seconds` is written in one. In a transaction it is not asked.
    """
    server = routing_server()
    if server is None:
        return [_line(way, {}, estimate_words(), next_door=False) for way in ways]
    cells = [[cell(place) for place in way] for way in ways]
    roads = roads_read(server.key, {pair for way in cells for pair in _moves(way)})
    known = set(roads)
    failed = _ask_for_the_rest(server, cells, roads, until=time.monotonic() + seconds)
    told, words = roads.keys() - known, unanswered_words(failed)
    return [
        replace(_line(way, roads, words, next_door=True), is_new=not told.isdisjoint(_moves(here)))
        for way, here in zip(ways, cells, strict=True)
    ]


def _ask_for_the_rest(
    server: Server, ways: Sequence[Sequence[int]], roads: dict[Pair, Road | None], *, until: float
) -> str:
    """Add to `roads` what is missing; why it says no more. What it did say is kept."""
    told: dict[Pair, Road | None] = {}
    failed = ""
    try:
        for way in ways:
            for run in _runs(way, {**roads, **told}):
                # One after the other: what was told before it fell silent is kept.
                for pair, road in zip(
                    pairwise(run), roads_ask(server, run, until=until), strict=True
                ):
                    told[pair] = road
    except Unanswered as error:
        failed = str(error)
    if told:
        roads_keep(server.key, told)
        roads |= told
    return failed


def _runs(way: Sequence[int], known: Mapping[Pair, Road | None]) -> Iterator[list[int]]:
    """The stretches of a way of which no leg is known, TOGETHER places at most each."""
    run: list[int] = []
    for pair in _moves(way):
        if pair in known or (run and run[-1] != pair[0]) or len(run) == TOGETHER:
            if run:
                yield run
            run = []
        if pair not in known:
            run = [*(run or pair[:1]), pair[1]]
    if run:
        yield run


def _moves(way: Sequence[int]) -> Iterator[Pair]:
    return ((a, b) for a, b in pairwise(way) if a != b)


def _line(
    way: Sequence[Place], roads: Mapping[Pair, Road | None], unknown: str, *, next_door: bool
) -> Line:
    """`unknown` says why what is not among `roads` is not; `next_door` whether a drive within one
    cell is known without it."""
    legs, parts, words = [], [], ""
    for a, b in pairwise(way):
        pair = cell(a), cell(b)
        if road := roads.get(pair):
            minutes = math.ceil(road.seconds / 60)
            legs.append(Leg(minutes, round(road.metres / 1000, 1), is_estimate=False))
            parts.append(road.points)
            continue
        leg = travel_estimate(a, b)
        # Next door no server is needed: that is no estimate of the road.
        legs.append(replace(leg, is_estimate=False) if next_door and pair[0] == pair[1] else leg)
        parts.append(straight(a, b))
        if pair not in roads and pair[0] != pair[1]:
            words = unknown
        elif pair in roads:
            words = words or no_road_words()
    return Line(legs, parts, bool(words), words)


def straight(a: Place, b: Place) -> Points:
    """The line of an estimate."""
    return [[a.longitude, a.latitude], [b.longitude, b.latitude]]
