"""Large-neighbourhood search: take orders out of a plan, put them back better, keep what helps.

What is taken out is near each other: strings of stops in neighbouring tours (after Christiaens and
Vanden Berghe, Slack Induction by String Removals, 2020), whole tours, or stops that cost much. What
is put back is what was taken out, and orders nearby that nobody has: they may come first and take a
place, so that what is served changes, too. A worse plan is gone on from while the search is warm.
"""

import math
import random
from collections.abc import Callable

from callout.routing.engine.field import Field
from callout.routing.engine.insertion import Standing, fill
from callout.routing.engine.problem import Plan, Problem
from callout.routing.engine.tours import GAPS, NOWHERE, Tour

Score = tuple[int, int, int, int]  # must and not served, urgent and not served, not served, cost
# Seconds an order not served counts for, by its rank. With less for the last, fewer are served.
WORTH = (10_000_000, 1_000_000, 20_000)
NEIGHBOURS = 100
STRING, TAKEN = 10, 10  # longest string, orders taken out on average
ASKED = 12  # orders nobody has that are asked in at most
BLINK = 0.02  # how often a technician is overlooked
RANKED = 0.8  # how often what counts more is put back first
FEW_TOURS, FEW_ABSENT = 40, 2
# How often what is put back goes by: chance, long, short, tight, far, close first; summed up.
PACK, CHOOSE = (4, 6, 6, 8, 9, 10), (4, 4, 8, 10, 11, 12)
WARM, COLD = 150.0, 10.0  # how much worse is gone on from, about, in seconds
ENOUGH = 100  # steps for each order, for all of that warmth


def polish(
    problem: Problem,
    plan: Plan,
    *,
    seed: int,
    until: Callable[[], bool],
    on_better: Callable[[Plan], None] = lambda _: None,
    share: Callable[[], float] | None = None,
) -> Plan:
    """The best plan found from this one on until `until` says so; asked at every step.

    `share` says how much of the time is gone (0 to 1): the search cools with it; without it, it
    stays lukewarm. With an `until` and a `share` that count steps, the same seed gives the same
    plan.
    """
    field = Field(problem)
    standing = Standing(field)
    standing.take(plan)
    waiting = [n for n, who in enumerate(standing.holder) if who < 0]
    fill(standing, waiting, until)
    if any(standing.holder[one] >= 0 for one in waiting):
        on_better(standing.plan())
    return Search(standing, random.Random(seed)).run(until, on_better, share)  # noqa: S311


class Search:
    def __init__(self, standing: Standing, chance: random.Random) -> None:
        self.field, self.standing = standing.field, standing
        self.tours, self.holder = standing.tours, standing.holder
        self.chance = chance
        self.near = self.field.neighbours(NEIGHBOURS)
        self.movable = [n for n in range(len(self.holder)) if self.field.may[n]]
        self.absent = {n for n in self.movable if self.holder[n] < 0}
        self.few = len(self.tours) <= FEW_TOURS
        field = self.field
        # To be late is never worth not to be served.
        self.worth = tuple(one + field.problem.lateness_most for one in WORTH)
        self.keys: list[Callable[[int], float]] = [
            lambda _: chance.random(),
            lambda one: -field.duration[one] * (0.7 + 0.6 * chance.random()),
            lambda one: field.duration[one] * (0.7 + 0.6 * chance.random()),
            lambda one: field.closes[one] - field.opens[one],
            lambda one: -self._reach(one),
            self._reach,
        ]

    def _reach(self, order: int) -> float:
        """How far it is from its nearest technicians."""
        field = self.field
        row = field.to[field.place[order]]
        return min((row[field.hours[who].place] for who in field.nearest(order, 3)), default=0)

    def score(self) -> Score:
        out = [0, 0, 0]
        for one in self.absent:
            out[self.field.rank[one]] += 1
        return out[0], out[1], sum(out), sum(tour.cost for tour in self.tours)

    def run(
        self,
        until: Callable[[], bool],
        on_better: Callable[[Plan], None],
        share: Callable[[], float] | None,
    ) -> Plan:
        best, kept = self.score(), list(self.tours)
        now, steps = best, 0
        warmth, warm = math.sqrt(WARM * COLD), None
        while self.movable and not until():
            if share is not None and steps % 16 == 15:
                gone = max(1e-9, min(1.0, share()))
                if warm is None:  # a search too short for all the orders is cold from the start
                    enough = steps / gone / (ENOUGH * len(self.movable))
                    warm = max(COLD, WARM * min(1.0, enough))
                warmth = warm * (COLD / warm) ** gone
            steps += 1
            if self.step(warmth):
                now = self.score()
                if now < best:
                    best, kept = now, list(self.tours)
                    on_better(self.standing.plan())
        for who, tour in enumerate(kept):
            self.standing.put(who, tour)
        return self.standing.plan()

    def step(self, warmth: float) -> bool:
        """One try; True if the plan is another one now."""
        tours, absent = self.tours, self.absent
        taken, asked = self.ruin()
        if not taken and not asked:
            return False
        fresh = {
            who: self.field.tour(who, tuple(one for one in tours[who].stops if one not in gone))
            for who, gone in taken.items()
        }
        out = [one for gone in taken.values() for one in gone]
        lost = self.recreate(out, asked, fresh, -warmth * math.log(1.0 - self.chance.random()))
        if lost is None:
            return False
        for one in out:
            if one in lost:
                absent.add(one)
                self.holder[one] = -1
        for one in asked:
            if one not in lost:
                absent.discard(one)
        changed = False
        for who, tour in fresh.items():
            changed = changed or tour is not tours[who]
            tours[who] = tour
            for one in tour.stops:
                self.holder[one] = who
        return changed

    # --- taking out -------------------------------------------------------------------------------

    def ruin(self) -> tuple[dict[int, set[int]], list[int]]:
        """What is taken out of which tour, and who is asked in besides."""
        chance = self.chance
        seed = self.movable[int(chance.random() * len(self.movable))]
        if self.absent and chance.random() < 0.3:
            seed = chance.choice(tuple(self.absent))
        near = self.near[seed]
        taken = self._strings(seed, near)
        absent = self.absent
        asked = [one for one in near if one in absent][: 1 + int(chance.random() * ASKED)]
        if seed in absent:
            asked.append(seed)
        return taken, asked

    def _strings(self, seed: int, near: list[int]) -> dict[int, set[int]]:
        chance, holder, tours = self.chance, self.holder, self.tours
        served = len(holder) - len(self.absent)
        longest = min(STRING, max(1.0, served / max(1, len(self.field.open))))
        strings = int(chance.random() * (4 * TAKEN / (1 + longest) - 1) + 1)
        taken: dict[int, set[int]] = {}
        for one in (seed, *near):
            who = holder[one]
            if who < 0 or who in taken:
                continue
            stops = tours[who].stops
            length = int(chance.random() * min(len(stops), longest) + 1)
            taken[who] = self._string(stops, stops.index(one), length)
            if len(taken) >= strings:
                break
        return {who: gone for who, gone in taken.items() if gone}

    def _string(self, stops: tuple[int, ...], at: int, length: int) -> set[int]:
        """A string of stops around one, now and then with a few in its middle spared."""
        chance = self.chance
        spared = 0
        if chance.random() < 0.5:
            while length + spared < len(stops) and chance.random() < 0.5:
                spared += 1
        whole = length + spared
        low, high = max(0, at - whole + 1), min(at, len(stops) - whole)
        begin = low + int(chance.random() * (high - low + 1))
        string = stops[begin : begin + whole]
        if spared:
            gap = int(chance.random() * (length + 1))
            string = string[:gap] + string[gap + spared :]
        fixed = self.field.fixed
        return {one for one in string if one not in fixed}

    # --- putting back -----------------------------------------------------------------------------

    def recreate(
        self, out: list[int], asked: list[int], fresh: dict[int, Tour], limit: float
    ) -> set[int] | None:
        """Each where it costs least, one after the other; returns who is left over.

        None: it has become worse than the limit, whatever becomes of the rest.
        """
        chance, field, rank, worth = self.chance.random, self.field, self.field.rank, self.worth
        now = list(self.tours)
        loss = -sum(worth[rank[one]] for one in asked)  # what it costs if all the rest cost nothing
        for who, tour in fresh.items():
            loss += tour.cost - now[who].cost
            now[who] = tour
        lost = set()
        for one in self._in_turn(out, asked):
            best, chosen = NOWHERE, -1
            for who in self._candidates(one, fresh):
                tour = now[who]
                try:
                    found = tour.fits[one]
                except KeyError:
                    found = field.fit(who, tour, one)
                if found < best and chance() >= BLINK:
                    best, chosen = found, who
            if chosen < 0:
                lost.add(one)
                loss += worth[rank[one]]
            else:
                stops, at = now[chosen].stops, best & GAPS
                tour = field.tour(chosen, (*stops[:at], one, *stops[at:]))
                loss += tour.cost - now[chosen].cost
                now[chosen] = fresh[chosen] = tour
            if loss > limit:
                return None
        return lost

    def _in_turn(self, out: list[int], asked: list[int]) -> list[int]:
        """Who counts more first; now and then not: the first are put without regard to the rest."""
        chance = self.chance
        rank = self.field.rank if chance.random() < RANKED else [0] * len(self.holder)
        weights = CHOOSE if len(self.absent) > FEW_ABSENT else PACK
        key = chance.choices(self.keys, cum_weights=weights)[0]
        return [one for _, _, one in sorted((rank[one], key(one), one) for one in (*out, *asked))]

    def _candidates(self, order: int, fresh: dict[int, Tour]) -> list[int]:
        field = self.field
        if self.few:
            return field.may[order]
        may, holder = field.may_set[order], self.holder
        them = {holder[one] for one in self.near[order][:30]}
        them.update(field.nearest(order, 8))
        them.update(fresh)
        return [who for who in sorted(them) if who in may]
