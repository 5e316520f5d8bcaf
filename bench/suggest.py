"""`python -m bench.suggest DATABASE RESULT`: what is asked of a full board, in this process.

200 technicians with 4,000 open visits in two weeks (`BOARD`), each question another site and
length; median and p95 of what the selectors take, the database's part included.
"""

import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django

TECHNICIANS, VISITS, DAYS, ASKED = 200, 4_000, 14, 60
LENGTHS = [30, 60, 90, 240]


def main(result: Path) -> None:
    """Fill a migrated database once for this run, ask, write down."""
    result.write_text(json.dumps({"questions": measured()}, indent=1))


def measured() -> list[dict[str, Any]]:
    """Fill the board, then one line for each question."""
    from callout.accounts.models import User
    from callout.accounts.selectors import actor_for_user
    from callout.config.demo.scale.company import Size, company_fill
    from callout.customers.models import Site
    from callout.planning import selectors
    from callout.planning.ask import Ask

    class Board(Size):
        """A larger team than the bench's other companies."""

        technicians = TECHNICIANS

    company_fill(Board(orders=VISITS))
    actor = actor_for_user(User.objects.get(is_manager=True), "api")
    print(f"{board_fill(actor):,} open visits of {TECHNICIANS} technicians in {DAYS} days")
    pick = random.Random(5)
    sites = list(Site.objects.values_list("pk", flat=True))
    kind = needing_a_skill()
    asks = [
        Ask(site_id=pick.choice(sites), duration_minutes=pick.choice(LENGTHS), type_id=kind)
        for _ in range(ASKED)
    ]
    team = selectors.slot_suggestions(actor=actor, ask=asks[0], limit=TECHNICIANS)
    someone = [one.fit.person.id for one in team]
    questions: dict[str, Callable[[Ask], Any]] = {
        "suggest": lambda ask: selectors.slot_suggestions(actor=actor, ask=ask),
        "suggest, with who is free today": lambda ask: selectors.slot_choice(actor=actor, ask=ask),
        "explain": lambda ask: selectors.slot_explained(
            actor=actor, technician_id=pick.choice(someone), ask=ask
        ),
        "explain a slot that is taken": lambda ask: selectors.slot_explained(
            actor=actor, technician_id=pick.choice(someone), ask=ask, start=tomorrow_at_ten()
        ),
        "soonest": lambda ask: selectors.slot_soonest(actor=actor, ask=ask),
    }
    gc.collect()
    gc.freeze()  # as each served process does (config/child.py)
    found = [told(words, question, asks) for words, question in questions.items()]
    return [*found, *picked_up(actor, someone)]


def picked_up(actor: Any, someone: list[Any]) -> list[dict[str, Any]]:
    """What is asked while an order is dragged: of every row, and of every quarter of one."""
    from callout.accounts.zone import today
    from callout.orders.models import ServiceOrder
    from callout.planning.answer_selectors import Picked, answers_read, spans_read

    pick = random.Random(6)
    orders = list(ServiceOrder.objects.filter(stage="planned").order_by("number")[:ASKED])
    found = []
    for days in (1, 3, 7):
        asks = [Picked(one.pk, first=today() + timedelta(days=1), days=days) for one in orders]
        found += [
            told(
                f"answers of every row, {days} days",
                lambda asked: answers_read(actor=actor, picked=asked),
                asks,
            ),
            told(
                f"answers of one row's quarters, {days} days",
                lambda asked: spans_read(
                    actor=actor, picked=asked, technician_id=pick.choice(someone)
                ),
                asks,
            ),
        ]
    return found


def told(words: str, question: "Callable[[Any], Any]", asks: list[Any]) -> dict[str, Any]:
    """Median and p95 of one question, also in a line."""
    for ask in asks[:5]:
        question(ask)
    times = sorted(timed(question, ask) for ask in asks)
    median, p95 = statistics.median(times), times[int(len(times) * 0.95)]
    print(f"  {words}: median {median:.0f} ms, p95 {p95:.0f} ms", flush=True)
    return {"words": words, "median": median, "p95": p95}


def timed(question: "Callable[[Any], Any]", ask: Any) -> float:
    """Milliseconds of one."""
    started = time.perf_counter()
    question(ask)
    return (time.perf_counter() - started) * 1000


def tomorrow_at_ten() -> datetime:
    """A time at which most have something to do."""
    from callout.kernel import clock

    return (clock.now() + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)


def needing_a_skill() -> Any:
    """A type that two technicians in three can do."""
    from callout.orders.models import InterventionType
    from callout.workforce.models import Skill, Technician

    skill = Skill.objects.create(name="Gas", name_sort="gas")
    for number, row in enumerate(Technician.objects.order_by("pk")):
        if number % 3:
            row.skills.add(skill)
    kind = InterventionType.objects.order_by("pk")[0]
    kind.skills.add(skill)
    return kind.pk


def board_fill(actor: Any) -> int:
    """Open visits of every technician on the working days to come, two to four a day."""
    from callout.customers.models import SiteLink
    from callout.kernel import clock
    from callout.orders import services as orders
    from callout.orders.models import Assignment, InterventionType
    from callout.workforce.models import Technician

    pick = random.Random(3)
    links = list(SiteLink.objects.values_list("site_id", "customer_id"))
    kind = InterventionType.objects.order_by("-pk")[0].pk
    team = list(Technician.objects.order_by("pk"))
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    hours = [7, 9.25, 12, 14]
    made = 0
    while made < VISITS:
        for row in team:
            day, hour = divmod(made // TECHNICIANS, 2)
            start = midnight + timedelta(
                days=day + 1, hours=pick.choice(hours[hour * 2 : hour * 2 + 2])
            )
            site_id, customer_id = pick.choice(links)
            order = orders.order_create(
                actor=actor, customer_id=customer_id, site_id=site_id, type_id=kind
            )
            orders.order_act(
                actor=actor, order_id=order.pk, action="plan",
                command=orders.Command(technician_id=row.pk, start=start, duration_minutes=90),
            )  # fmt: skip
            made += 1
    return Assignment.objects.filter(is_open=True).count()


if __name__ == "__main__":
    django.setup()
    main(Path(sys.argv[2]))
