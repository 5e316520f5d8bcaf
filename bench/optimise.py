"""`python -m bench.optimise DATABASE RESULT`: routes of 20 technicians and 160 orders, from the
database, in this process and the engine's own.

How long until the first useful plan, how long the engine takes in the middle of the day for one
urgent order more, how many it changes against a fresh plan, and what a dispatcher's board costs
while an optimisation runs beside it.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from datetime import time as hour_of
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import UUID

import django

ORDERS, SECONDS = 160, 10
READS = 60
URGENT_SECONDS = 0.8


def main(result: Path) -> None:
    """Fill a migrated database once for this run, optimise, write down."""
    result.write_text(json.dumps({"optimise": measured()}, indent=1))


Told = Callable[[str, float, str], None]


def measured() -> list[dict[str, Any]]:
    """One line for each figure."""
    from bench.auto_plan import small_company, timed
    from callout.accounts.zone import today
    from callout.orders.selectors.pile import pile_ids
    from callout.planning.drafts.applying import draft_apply, draft_undo
    from callout.routing.asked import Asked
    from callout.routing.running import optimisation_run
    from callout.routing.starting import optimisation_start

    actor = small_company()
    day = _working_day(today())
    asked = Asked((day,), moves="unplanned", order_ids=tuple(pile_ids(actor=actor)[:ORDERS]))
    lines: list[dict[str, Any]] = []

    def told(words: str, value: float, unit: str) -> None:
        lines.append({"words": words, "value": value, "unit": unit})
        print(f"  {words}: {value:.4g} {unit}", flush=True)

    problem = _first_plan(actor, asked, told)
    draft = optimisation_start(actor=actor, asked=asked)
    told(
        "the whole job, asked for 10 s", timed(lambda: optimisation_run(draft.pk, last=True)), "ms"
    )
    told("applied whole", timed(lambda: draft_apply(actor=actor, draft_id=draft.pk)), "ms")
    _midday(actor, asked, told)
    _beside(actor, day, problem, told)
    told("undone as one", timed(lambda: draft_undo(actor=actor, draft_id=draft.pk)), "ms")
    return lines


def _first_plan(actor: Any, asked: Any, told: Told) -> Any:
    """From the question to a plan, and what is made of it; the problem."""
    from bench.auto_plan import timed
    from callout.routing.building import build
    from callout.routing.engine.process import solve_apart
    from callout.routing.loading import day_read
    from callout.routing.proposing import proposed
    from callout.routing.running import lunch_rule

    began = time.monotonic()
    read = day_read(actor, asked)
    built = build(read, asked, change_cost=0, lunch=lunch_rule())
    told("a day read and made a problem", (time.monotonic() - began) * 1000, "ms")
    first: list[float] = []
    found = solve_apart(
        built.problem, seconds=SECONDS,
        on_better=lambda _plan: first.append(time.monotonic() - began),
    )  # fmt: skip
    told("first useful plan, from the question on", first[0] * 1000, "ms")
    told("orders served of 160 after 10 s", found.verdict.served, "orders")
    told("a plan made a draft", timed(lambda: proposed(read, asked, built, found.plan)), "ms")
    return built.problem


def _midday(actor: Any, asked: Any, told: Told) -> None:
    """An urgent order at eleven: with few changes, and anew."""
    from callout.accounts.zone import at
    from callout.kernel import clock
    from callout.routing.building import build
    from callout.routing.engine.process import solve_apart
    from callout.routing.loading import day_read
    from callout.routing.running import lunch_rule

    noon = at(asked.days[0], hour_of(11))
    _morning(actor, noon)
    with clock.freeze(noon):
        now = replace(asked, objective="least_change", from_now=True)
        now = replace(now, order_ids=(_urgent(actor),))
        midday = day_read(actor, now)
        few = build(midday, now, change_cost=900, lunch=lunch_rule())
        engine = time.monotonic()
        least = solve_apart(few.problem, seconds=URGENT_SECONDS)
        told("re-optimised at 11:00 for an urgent order: the engine",
             (time.monotonic() - engine) * 1000, "ms")  # fmt: skip
        urgent = str(now.order_ids[0]) not in least.verdict.unserved
        told("urgent orders more that it serves", int(urgent), "of 1")
        told("technicians changed", least.verdict.changes, "visits")
        fresh = build(midday, now, change_cost=0, lunch=lunch_rule())
        free = solve_apart(fresh.problem, seconds=URGENT_SECONDS)
        told("technicians changed by a fresh plan", free.verdict.changes, "visits")


def _beside(actor: Any, day: Any, problem: Any, told: Told) -> None:
    """What the board costs alone, and while an optimisation runs."""
    from callout.planning.board import board_read
    from callout.routing.engine.process import solve_apart

    def board() -> None:
        board_read(actor=actor, first=day, days=1)

    alone = _p95(board)
    runs = threading.Thread(target=solve_apart, args=(problem,), kwargs={"seconds": SECONDS})
    runs.start()
    beside = _p95(board)
    runs.join()
    told("the board's p95, alone", alone, "ms")
    told("the board's p95 while an optimisation runs", beside, "ms")


def _p95(work: Callable[[], Any]) -> float:
    from bench.auto_plan import timed

    times = [timed(work) for _ in range(READS)]
    return quantiles(times, n=20)[-1]


def _working_day(day: Any) -> Any:
    day += timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def _morning(actor: Any, noon: datetime) -> None:
    """What lies before noon is done, or under way."""
    from callout.kernel import clock
    from callout.orders.models import Visit
    from callout.orders.services import Command, order_act

    def act(visit: Visit, action: str) -> None:
        command = Command(visit_id=visit.pk)
        order_act(actor=actor, order_id=visit.order_id, action=action, command=command)

    begun = Visit.objects.filter(is_open=True, start__gt=noon - timedelta(hours=8), start__lt=noon)
    for visit in begun.order_by("start"):
        with clock.freeze(visit.start):
            act(visit, "start_work")
        if visit.end <= noon:
            with clock.freeze(visit.end):
                act(visit, "complete")


def _urgent(actor: Any) -> UUID:
    """One more, at one of the sites."""
    from callout.customers.models import SiteLink
    from callout.orders import services as orders
    from callout.orders.models import InterventionType

    site_id, customer_id = SiteLink.objects.values_list("site_id", "customer_id")[0]
    order = orders.order_create(
        actor=actor, customer_id=customer_id, site_id=site_id, priority="urgent",
        type_id=InterventionType.objects.order_by("-pk")[0].pk, duration_minutes=45,
    )  # fmt: skip
    return order.pk


if __name__ == "__main__":
    django.setup()
    main(Path(sys.argv[2]))
