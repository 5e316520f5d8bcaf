"""A company whose drafts are made, and how they are read in a test."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from callout.accounts.zone import at, today
from callout.kernel.actor import Actor
from callout.orders.models import ServiceOrder
from callout.planning.drafts.filling import draft_fill
from callout.planning.drafts.making import draft_absence, draft_auto_plan
from callout.planning.models import PlanDraft, PlanMove
from callout.workforce import services as workforce
from tests.orders.conftest import Around, Company

DAY = timedelta(days=1)
WORKED = [[["08:00", "12:00"], ["13:00", "17:00"]]] * 7


@dataclass
class Office(Around):
    """The company with hours for everybody, and a second manager."""

    company: Company
    els: Actor
    colleague: Actor

    def __getattr__(self, name: str) -> Any:
        return getattr(self.company, name)

    def planned_at(self, hour: int, who: Actor | None = None, **more: Any) -> ServiceOrder:
        return self.company.planned(who, **({"start": on(hour)} | more))

    def auto_planned(self, **asked: Any) -> PlanDraft:
        given: dict[str, Any] = {"first": today() + DAY, "days": 2}
        return filled(draft_auto_plan(actor=self.els, **(given | asked)))

    def replanned(self, *orders: ServiceOrder, **asked: Any) -> PlanDraft:
        """Those that were chosen, planned anew."""
        chosen = [order.pk for order in orders]
        return self.auto_planned(**({"order_ids": chosen, "replan": True} | asked))

    def ill(self, days: int = 1) -> PlanDraft:
        """Anna is absent tomorrow, and all of what she has then is proposed otherwise."""
        day = today() + DAY
        away = workforce.absence_create(
            actor=self.els, technician_id=self.anna_id, kind="sickness",
            start=at(day, time()), end=at(day + days * DAY, time()),
        )  # fmt: skip
        return filled(draft_absence(actor=self.els, absence_id=away.pk))


def on(hour: int, day: date | None = None) -> datetime:
    return at(day or today() + DAY, time(hour))


def filled(draft: PlanDraft) -> PlanDraft:
    draft_fill(draft.pk)
    draft.refresh_from_db()
    return draft


def moves(draft: PlanDraft) -> list[PlanMove]:
    return list(draft.moves.order_by("position"))


def states(draft: PlanDraft) -> list[str]:
    return [move.state for move in moves(draft)]


def plan_of(order: ServiceOrder) -> tuple[str, UUID | None, datetime | None]:
    order.refresh_from_db()
    return order.stage, order.technician_id, order.start
