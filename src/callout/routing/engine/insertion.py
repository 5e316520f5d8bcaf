"""Plans by insertion: what is there is kept, what is missing goes where it costs least.

`Standing` is a plan on its way, as tours. Orders that count more come first, always; among equals
the one that would lose most by waiting (regret).
"""

from collections.abc import Callable, Iterable

from callout.routing.engine.field import Field
from callout.routing.engine.problem import Plan, Problem
from callout.routing.engine.tours import GAP_BITS, GAPS, NOWHERE, Tour

FEW = 400  # orders up to which every order is asked for its regret after every insertion
NEAR = 40


class Standing:
    """A plan by numbers: a tour for each technician, and who has each order (-1: nobody)."""

    def __init__(self, field: Field) -> None:
        self.field = field
        count = len(field.problem.technicians)
        self.tours: list[Tour] = [field.tour(who, ()) for who in range(count)]
        self.holder = [-1] * len(field.problem.orders)

    def put(self, who: int, tour: Tour) -> None:
        for one in self.tours[who].stops:
            self.holder[one] = -1
        self.tours[who] = tour
        for one in tour.stops:
            self.holder[one] = who

    def take(self, plan: Plan) -> None:
        """The plan's routes, as far as they can be driven: fixed orders first, then the rest."""
        field = self.field
        for name, order_ids in field.day.fixed.items():
            if name in field.technician:
                who = field.technician[name]
                self.put(who, field.tour(who, tuple(field.order[one] for one in order_ids)))
        for name, order_ids in plan.routes.items():
            who = field.technician.get(name, -1)
            if who in field.open_set:
                self._take(who, [field.order[one] for one in order_ids if one in field.order])

    def _take(self, who: int, stops: list[int]) -> None:
        field = self.field
        stands = self.tours[who].stops
        allowed = [
            one
            for one in dict.fromkeys(stops)
            if one in stands or (self.holder[one] < 0 and who in field.may_set[one])
        ]
        tour = field.tour(who, tuple(allowed))
        if tour.ok and set(stands) <= set(allowed):
            self.put(who, tour)
            return
        for one in allowed:
            if one not in stands:
                insert(self, who, one)

    def plan(self) -> Plan:
        them, orders = self.field.problem.technicians, self.field.problem.orders
        return Plan(
            {
                them[who].id: tuple(orders[one].id for one in tour.stops)
                for who, tour in enumerate(self.tours)
            }
        )


def insert(standing: Standing, who: int, order: int) -> bool:
    """The order into that technician's tour at its cheapest place, if there is one."""
    tour = standing.tours[who]
    found = standing.field.fit(who, tour, order)
    if found == NOWHERE:
        return False
    at = found & GAPS
    grown = (*tour.stops[:at], order, *tour.stops[at:])
    standing.put(who, standing.field.tour(who, grown))
    return True


def fill(standing: Standing, orders: Iterable[int], stopped: Callable[[], bool]) -> None:
    """Insert what fits of these orders: by regret when they are few, else one after the other."""
    field = standing.field
    rest = sorted(orders, key=lambda one: (field.rank[one], field.duration[one], one))
    if len(rest) > FEW:
        _one_after_the_other(standing, rest, stopped)
        return
    for rank in sorted({field.rank[one] for one in rest}):
        _by_regret(standing, [one for one in rest if field.rank[one] == rank], stopped)


def _one_after_the_other(
    standing: Standing, orders: list[int], stopped: Callable[[], bool]
) -> None:
    field = standing.field
    for n, one in enumerate(orders):
        if n % 16 == 0 and stopped():
            return
        best, chosen = NOWHERE, -1
        for who in field.nearest(one, NEAR):
            found = field.fit(who, standing.tours[who], one)
            if found < best:
                best, chosen = found, who
        if chosen >= 0:
            insert(standing, chosen, one)


def _by_regret(standing: Standing, orders: list[int], stopped: Callable[[], bool]) -> None:
    field, rest = standing.field, list(orders)
    while rest and not stopped():
        choice: tuple[int, int, int] | None = None
        lost: list[int] = []
        for one in rest:
            best, second, chosen = NOWHERE, NOWHERE, -1
            for who in field.may[one]:
                found = field.fit(who, standing.tours[who], one)
                if found < best:
                    best, second, chosen = found, best, who
                elif found < second:
                    second = found
            if chosen < 0:
                lost.append(one)
                continue
            # Dear orders wait: what they take is missing to the others.
            regret = min((second - best) >> GAP_BITS, 3600)
            worth = 2 * (best >> GAP_BITS) + field.duration[one] - regret
            if choice is None or worth < choice[0]:
                choice = worth, one, chosen
        rest = [one for one in rest if one not in set(lost)]
        if choice is not None:
            insert(standing, choice[2], choice[1])
            rest.remove(choice[1])


def build(
    problem: Problem, plan: Plan | None = None, stopped: Callable[[], bool] = lambda: False
) -> Plan:
    """The plan with what is missing inserted; without one, a first plan from nothing."""
    standing = Standing(Field(problem))
    standing.take(plan or Plan({}))
    fill(standing, (n for n, who in enumerate(standing.holder) if who < 0), stopped)
    return standing.plan()
