"""A small company with positions: technicians at home, sites around, visits on tomorrow's board."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from callout.accounts.zone import at, today
from callout.customers.models import Site
from callout.customers.services import site_create, site_link
from callout.kernel.actor import Actor
from callout.orders.models import ServiceOrder, Visit
from callout.planning.models import PlanDraft, PlanMove
from callout.routing import running
from callout.routing.asked import Asked
from callout.routing.engine.problem import Problem
from callout.routing.engine.solving import Solved, solve
from callout.routing.running import optimisation_run
from callout.routing.starting import optimisation_start
from callout.workforce import services as workforce
from callout.workforce.models import Technician
from tests.harness.kept import kept
from tests.orders.conftest import Around, Company, actor_made, company_made

DAY = timedelta(days=1)
HOURS = [[["08:00", "12:00"], ["13:00", "17:00"]]] * 7
HOME = (50.70, 4.60)


@dataclass
class Town(Around):
    """The company and its places; `east` of home in steps of about 5 minutes' drive."""

    company: Company
    els: Actor
    ria: Actor  # a colleague
    sites: dict[tuple[float, float], Site] = field(default_factory=dict)

    def site(self, east: float, north: float = 0, **more: Any) -> Site:
        """The site there: one of each."""
        if (east, north) not in self.sites or more:
            row = site_create(
                actor=self.els, name=f"At {east}, {north}", town="Wavre",
                latitude=HOME[0] + 0.03 * north, longitude=HOME[1] + 0.045 * east, **more,
            )  # fmt: skip
            site_link(actor=self.els, site_id=row.pk, customer_id=self.company.customer.pk)
            self.sites[east, north] = row
        return self.sites[east, north]

    def order(self, east: float = 1, north: float = 0, **values: Any) -> ServiceOrder:
        """Without a response target, unless it is `due`: the company's are counted from now."""
        due = values.pop("due", None)
        order = self.company.order(**({"site_id": self.site(east, north).pk} | values))
        ServiceOrder.objects.filter(pk=order.pk).update(due_at=due)
        order.due_at = due
        return order

    def planned(
        self, hour: float, east: float = 1, north: float = 0, who: Actor | None = None, **more: Any
    ) -> ServiceOrder:
        """A visit of an hour tomorrow, Anna's unless said otherwise."""
        command: dict[str, Any] = {"start": on(hour), "duration_minutes": 60} | {
            name: more.pop(name)
            for name in ("start", "duration_minutes", "allow_overlap", "helper_ids")
            if name in more
        }
        order = self.order(east, north, **more)
        return self.company.plan(order, who, **command)

    def begun(self, order: ServiceOrder) -> None:
        """Anna drives there and begins, now."""
        for action in ("depart", "arrive", "start_work"):
            self.company.act(self.company.anna, order, action, visit_id=order.visit_id)

    def asked(self, **more: Any) -> Asked:
        given: dict[str, Any] = {"days": (today() + DAY,), "seconds": 1}
        return Asked(**(given | more))


@kept
def town_made() -> Town:
    company = company_made()
    for one in (company.anna, company.bert):
        assert one.technician_id
        workforce.working_week_set(
            actor=company.manager, technician_id=one.technician_id,
            valid_from=today() - 400 * DAY, days=HOURS,
        )  # fmt: skip
    Technician.objects.update(latitude=HOME[0], longitude=HOME[1])
    return Town(company, company.manager, actor_made("Ria", technician=False))


def on(hour: float, day: date | None = None) -> datetime:
    """So much of tomorrow."""
    whole, part = divmod(round(hour * 60), 60)
    return at(day or today() + DAY, time(whole, part))


def optimised(town: Town, **more: Any) -> PlanDraft:
    """A draft of tomorrow's routes, worked out."""
    return worked(optimisation_start(actor=town.els, asked=town.asked(**more)))


def worked(draft: PlanDraft) -> PlanDraft:
    optimisation_run(draft.pk, last=True)
    draft.refresh_from_db()
    return draft


def moves(draft: PlanDraft) -> list[PlanMove]:
    return list(draft.moves.order_by("position"))


def plan() -> dict[UUID, tuple[UUID, datetime]]:
    """Whose each visit is and when it begins."""
    return {
        one.order_id: (one.technician_id, one.start) for one in Visit.objects.filter(is_open=True)
    }


def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine in this process, and soon done."""

    def solved(problem: Problem, *, seed: int, **more: Any) -> Solved:
        del more["seconds"]
        return solve(problem, seconds=1, seed=seed, iterations=50, **more)

    monkeypatch.setattr(running, "solve_apart", solved)
