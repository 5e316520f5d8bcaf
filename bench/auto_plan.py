"""`python -m bench.auto_plan DATABASE RESULT`: 200 orders on 20 technicians, in this process.

How long the worker's job takes, the database's part included, and then the two presses: the draft
applied whole, and undone. The same pile several times.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import django

TECHNICIANS, ORDERS, DAYS, TIMES = 20, 200, 7, 5
LENGTHS = [30, 60, 60, 90, 120]
PRIORITIES = ["low", "normal", "normal", "normal", "high", "urgent"]


def main(result: Path) -> None:
    """Fill a migrated database once for this run, plan, write down."""
    result.write_text(json.dumps({"auto_plan": measured()}, indent=1))


def measured() -> list[dict[str, Any]]:
    """Drafts of the same pile, each applied and undone: one line for each step."""
    from callout.accounts.zone import today
    from callout.planning.drafts.applying import draft_apply
    from callout.planning.drafts.filling import draft_fill
    from callout.planning.drafts.making import draft_auto_plan
    from callout.planning.drafts.selectors import draft_detail
    from callout.planning.drafts.undoing import draft_undo

    actor = small_company()
    times: dict[str, list[float]] = {"the job": [], "applied whole": [], "undone as one": []}
    for _ in range(TIMES):
        first = today() + timedelta(days=1)
        draft = draft_auto_plan(actor=actor, first=first, days=DAYS)
        times["the job"].append(timed(partial(draft_fill, draft.pk)))
        detail = draft_detail(actor=actor, draft_id=draft.pk)
        proposed, driving = detail.counts["proposed"], detail.after - detail.before
        apply = partial(draft_apply, actor=actor, draft_id=draft.pk)
        times["applied whole"].append(timed(apply))
        times["undone as one"].append(timed(partial(draft_undo, actor=actor, draft_id=draft.pk)))
        print(f"  {proposed} of {ORDERS} orders proposed, {driving} min of driving", flush=True)
    for words, taken in times.items():
        print(f"  {words}: {', '.join(f'{one:.0f}' for one in taken)} ms", flush=True)
    return [
        {"words": words, "best": min(taken), "worst": max(taken)} for words, taken in times.items()
    ]


def timed(work: Callable[[], Any]) -> float:
    """Milliseconds of one."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def small_company() -> Any:
    """A team of 20 with a pile to plan; its manager."""
    from bench.suggest import needing_a_skill
    from callout.accounts.models import User
    from callout.accounts.selectors import actor_for_user
    from callout.config.demo.scale.company import Size, company_fill

    class Team(Size):
        """A small team."""

        technicians = TECHNICIANS

    company_fill(Team(orders=1_000))
    actor = actor_for_user(User.objects.get(is_manager=True), "api")
    pile_fill(actor, needing_a_skill())
    return actor


def pile_fill(actor: Any, kind: Any, count: int = ORDERS) -> None:
    """The orders to be planned, half of them needing a skill that two technicians in three have."""
    from callout.customers.models import SiteLink
    from callout.orders import services as orders
    from callout.orders.models import InterventionType

    pick = random.Random(7)
    links = list(SiteLink.objects.values_list("site_id", "customer_id"))
    plain = InterventionType.objects.order_by("-pk")[0].pk
    for number in range(count):
        site_id, customer_id = pick.choice(links)
        orders.order_create(
            actor=actor, customer_id=customer_id, site_id=site_id,
            type_id=kind if number % 2 else plain, priority=pick.choice(PRIORITIES),
            duration_minutes=pick.choice(LENGTHS),
        )  # fmt: skip


if __name__ == "__main__":
    django.setup()
    main(Path(sys.argv[2]))
