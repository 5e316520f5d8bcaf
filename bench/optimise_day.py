"""`python -m bench.optimise_day DATABASE RESULT`: a day of 20 technicians and 160 orders.

In the morning: how long until the first useful plan of all, in this process and the engine's own.
At noon, on the real server: what was planned has become half a day's work, one technician falls
ill, two urgent orders come in. How long from the question to the result, what it changes, and what
a plan made afresh would change.
"""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from datetime import time as hour_of
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import django

if TYPE_CHECKING:
    from bench.client import Browser
    from bench.optimise import Told

ORDERS, KEPT, SECONDS = 160, 115, 10
TIMES = 5
POLL = 0.01  # seconds between two looks at a result
PASSWORD = "only to measure with"
PLACE = "/api/v1/planning/optimisations"
PATIENCE = 120.0


def main(database: str, result: Path) -> None:
    """Fill a migrated database once for this run, optimise, write down."""
    result.write_text(json.dumps({"optimise_day": measured(database)}, indent=1))


def measured(database: str) -> list[dict[str, Any]]:
    """One line for each figure."""
    from bench.auto_plan import small_company
    from bench.optimise import Told
    from callout.accounts.zone import at, today
    from callout.kernel import clock

    actor = small_company()
    lives_where_it_is_noon()
    told = Told()
    with clock.freeze(at(today(), hour_of(7))):
        _morning_planned(actor, told)
    _worked_until_now(actor)
    _noon(database, actor, told)
    return told


def lives_where_it_is_noon() -> None:
    """The real server has the real clock: so the company moves, and works on every day."""
    from callout.accounts.company import KEPT
    from callout.accounts.models import Company
    from callout.workforce.models import WorkingWeek

    east = 12 - datetime.now(UTC).hour
    Company.objects.update(time_zone=f"Etc/GMT{-east:+d}" if east else "Etc/GMT")
    KEPT.forget()
    for week in WorkingWeek.objects.all():
        week.days = [week.days[0]] * 7
        week.save()


# --- in the morning ------------------------------------------------------------------------------


def _morning_planned(actor: Any, told: "Told") -> None:
    """Everything planned, and of that as much kept as leaves a day some room."""
    from bench.auto_plan import timed
    from callout.accounts.zone import today
    from callout.orders.selectors.pile import pile_ids
    from callout.orders.services import Command, order_act
    from callout.planning.drafts.applying import draft_apply
    from callout.planning.drafts.undoing import draft_undo
    from callout.routing.asked import Asked
    from callout.routing.running import optimisation_run
    from callout.routing.starting import optimisation_start

    pile = pile_ids(actor=actor)
    for order_id in pile[ORDERS:]:
        _cancelled(actor, order_id)
    asked = Asked((today(),), moves="unplanned", order_ids=tuple(pile[:ORDERS]))
    _first_plan(actor, asked, told)
    draft = optimisation_start(actor=actor, asked=asked)
    told.add(
        f"the whole job, asked for {SECONDS} s",
        timed(lambda: optimisation_run(draft.pk, last=True)), "ms",
    )  # fmt: skip
    told.add("applied whole", timed(lambda: draft_apply(actor=actor, draft_id=draft.pk)), "ms")
    told.add("undone as one", timed(lambda: draft_undo(actor=actor, draft_id=draft.pk)), "ms")
    moves = list(draft.moves.filter(state="undone").select_related("order"))
    random.Random(5).shuffle(moves)
    for move in moves[:KEPT]:
        command = Command(technician_id=move.to_technician_id, start=move.to_start)
        order_act(actor=actor, order_id=move.order_id, action="plan", command=command)
    kept = {move.order_id for move in moves[:KEPT]}
    for order_id in pile[:ORDERS]:
        if order_id not in kept:
            _cancelled(actor, order_id)


def _cancelled(actor: Any, order_id: UUID) -> None:
    from callout.orders.services import Command, order_act

    command = Command(note="Not on this day")
    order_act(actor=actor, order_id=order_id, action="cancel", command=command)


def _first_plan(actor: Any, asked: Any, told: "Told") -> None:
    """From the question to a plan, and what is made of it."""
    from bench.auto_plan import timed
    from callout.routing.building import build
    from callout.routing.engine.process import solve_apart
    from callout.routing.loading import day_read
    from callout.routing.proposing import proposed
    from callout.routing.running import lunch_rule

    began = time.monotonic()
    read = day_read(actor, asked)
    built = build(read, asked, change_cost=0, lunch=lunch_rule())
    told.add("a day read and made a problem", (time.monotonic() - began) * 1000, "ms")
    first: list[float] = []
    found = solve_apart(
        built.problem, seconds=SECONDS,
        on_better=lambda _plan: first.append(time.monotonic() - began),
    )  # fmt: skip
    told.add("first useful plan, from the question on", first[0] * 1000, "ms")
    told.add(f"orders served of {ORDERS} after {SECONDS} s", found.verdict.served, "orders")
    told.add("a plan made a draft", timed(lambda: proposed(read, asked, built, found.plan)), "ms")


# --- until noon ----------------------------------------------------------------------------------


def _worked_until_now(actor: Any) -> None:
    """What lies before now is done, or under way."""
    from callout.kernel import clock
    from callout.orders.models import Visit
    from callout.orders.services import Command, order_act

    def act(visit: Visit, action: str) -> None:
        command = Command(visit_id=visit.pk)
        order_act(actor=actor, order_id=visit.order_id, action=action, command=command)

    now = clock.now()
    for visit in Visit.objects.filter(is_open=True, start__lt=now).order_by("start"):
        with clock.freeze(visit.start):
            act(visit, "start_work")
        if visit.end <= now:
            with clock.freeze(visit.end):
                act(visit, "complete")


def _urgent(actor: Any, nth: int) -> None:
    """One more, at one of the sites."""
    from callout.customers.models import SiteLink
    from callout.orders import services as orders
    from callout.orders.models import InterventionType

    links = SiteLink.objects.order_by("pk").values_list("site_id", "customer_id")
    site_id, customer_id = links[nth * 11]
    orders.order_create(
        actor=actor, customer_id=customer_id, site_id=site_id, priority="urgent",
        type_id=InterventionType.objects.order_by("-pk")[0].pk, duration_minutes=45,
    )  # fmt: skip


def _sick(now: datetime) -> UUID:
    """Somebody with much left to do."""
    from django.db.models import Count

    from callout.orders.models import Visit

    left = Visit.objects.filter(is_open=True, start__gt=now).values("technician_id")
    busiest = left.annotate(count=Count("pk")).order_by("-count", "technician_id")[0]
    found: UUID = busiest["technician_id"]
    return found


# --- at noon -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Result:
    """What came, after how long."""

    seconds: float
    served: bool  # all urgent ones
    changed: int  # visits that change their technician, but for the sick one's
    given_away: int  # of the sick one's
    id: str


def _noon(database: str, actor: Any, told: "Told") -> None:
    from bench import place, serving
    from bench.client import Browser
    from callout.accounts.zone import today
    from callout.kernel import clock

    for nth in (1, 2):
        _urgent(actor, nth)
    sick = _sick(clock.now())
    token = serving.manager_made(PASSWORD)
    least = {
        "days": [today().isoformat()], "moves": "unplanned",
        "out": [str(sick)], "seconds": 1,
    }  # fmt: skip
    fresh = least | {"objective": "served", "seconds": SECONDS}
    _parts(actor, least, told)
    with serving.served(place.environment(database)) as server:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        browser = Browser(server.port, headers)
        asked_for(browser, least, sick)  # the worker has come up when this is answered
        found = [asked_for(browser, least, sick) for _ in range(TIMES)]
        anew = asked_for(browser, fresh, sick)
    times = [one.seconds * 1000 for one in found]
    told.add(
        "at noon, one sick and two urgent: from POST to result", statistics.median(times), "ms"
    )
    told.add("the slowest of five", max(times), "ms")
    told.add("urgent orders served, both", sum(one.served for one in found), f"of {TIMES} times")
    told.add("visits of the sick technician that others take", found[-1].given_away, "visits")
    told.add("other visits that change their technician", found[-1].changed, "visits")
    told.add("the same in a plan made afresh", anew.changed, "visits")


def asked_for(browser: "Browser", asked: dict[str, Any], sick: UUID) -> Result:
    """One optimisation over HTTP, as the map asks for it; dropped afterwards."""
    began = time.monotonic()
    draft_id = posted(browser, PLACE, asked)["id"]
    one = ready(browser, draft_id)
    taken = time.monotonic() - began
    held, then = (_whose(one["routes"][name]) for name in ("before", "after"))
    moved = [order for order, who in then.items() if held.get(order, who) != who]
    given = [order for order in moved if held[order] == str(sick)]
    figures = one["figures"]
    posted(browser, f"/api/v1/planning/drafts/{draft_id}/drop", {})
    return Result(
        seconds=taken,
        served=figures["after"]["urgent_served"] >= figures["before"]["urgent_served"] + 2,
        changed=len(moved) - len(given),
        given_away=len(given),
        id=draft_id,
    )


def posted(browser: "Browser", path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The answer to a POST that must succeed."""
    sent = json.dumps(body).encode()
    found: dict[str, Any] = json.loads(
        browser.timed("POST", path, sent, Content_Type="application/json")[1]
    )
    return found


def ready(browser: "Browser", draft_id: str) -> dict[str, Any]:
    """The optimisation once it is made."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        one: dict[str, Any] = json.loads(browser.timed("GET", f"{PLACE}/{draft_id}")[1])
        if one["state"] == "failed":
            raise RuntimeError(one["failure"])
        if one["state"] != "making":
            return one
        time.sleep(POLL)
    raise RuntimeError("no result came")


def _whose(routes: list[dict[str, Any]]) -> dict[str, str]:
    return {stop["order_id"]: one["technician_id"] for one in routes for stop in one["stops"]}


def _parts(actor: Any, asked: dict[str, Any], told: "Told") -> None:
    """Where the time goes, in this process."""
    from callout.orders.selectors.pile import pile_ids
    from callout.routing.asked import Asked
    from callout.routing.building import build
    from callout.routing.engine.process import solve_apart
    from callout.routing.loading import day_read
    from callout.routing.proposing import proposed
    from callout.routing.running import lunch_rule

    def taken(words: str, work: Callable[[], Any]) -> Any:
        began = time.monotonic()
        found = work()
        told.add(words, (time.monotonic() - began) * 1000, "ms")
        return found

    now = Asked(
        tuple(map(date.fromisoformat, asked["days"])), moves="unplanned",
        objective="least_change", out=frozenset(map(UUID, asked["out"])),
        order_ids=tuple(pile_ids(actor=actor)),
    )  # fmt: skip
    read = taken("at noon: the day read", lambda: day_read(actor, now))
    built = taken(
        "at noon: made a problem",
        lambda: build(read, now, change_cost=900, lunch=lunch_rule()),
    )
    idle = replace(built.problem, orders=[], fixed={})
    taken(
        "at noon: a solver's process that has nothing to do", lambda: solve_apart(idle, seconds=0)
    )
    plan = taken("at noon: solved in 0.3 s", lambda: solve_apart(built.problem, seconds=0.3)).plan
    taken("at noon: made a draft", lambda: proposed(read, now, built, plan))


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1], Path(sys.argv[2]))
