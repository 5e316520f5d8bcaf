"""What the rows of the board answer while an order is dragged: read once when it is picked up, and
once for each row that the pointer enters."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts.zone import day_bounds
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid, NotFound
from callout.orders.models import ServiceOrder, Visit
from callout.orders.policy import manager_required, orders_visible
from callout.orders.services.booking import visit_helpers
from callout.planning import loading
from callout.planning.ask import Ask, Days
from callout.planning.fit.answers import Answer, Span, answers, spans
from callout.planning.fit.question import Question
from callout.planning.selectors import ask_for_order

MOST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Picked:
    """What is dragged, over which days of the board; `minutes` where it is stretched."""

    order_id: UUID
    first: date
    days: int = 1
    visit_id: UUID | None = None
    minutes: int | None = None

    def bounds(self) -> tuple[datetime, datetime]:
        """From the first midnight to the last."""
        if not 1 <= self.days <= MOST_DAYS:
            raise Invalid({"days": [_("Ask for 1 to %(most)d days.") % {"most": MOST_DAYS}]})
        last = self.first + timedelta(days=self.days - 1)
        return day_bounds(self.first)[0], day_bounds(last)[1]


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of all rows, and for how long a visit they are."""

    minutes: int
    rows: list[Answer]


def answers_read(*, actor: Actor, picked: Picked) -> Answers:
    """The answer of every technician. For managers; NotFound for no such order or visit."""
    start, until = picked.bounds()
    asked = _question(actor, picked, start, until)
    return Answers(int(asked.job.duration.total_seconds() // 60), answers(asked, until))


def spans_read(*, actor: Actor, picked: Picked, technician_id: UUID) -> list[Span]:
    """What each quarter of an hour of one technician answers as a start."""
    start, until = picked.bounds()
    asked = _question(actor, picked, start, until, technician_id)
    person = next((one for one in asked.people if one.id == technician_id), None)
    if person is None:
        raise NotFound
    return spans(asked, person, start, until)


def _question(
    actor: Actor, picked: Picked, start: datetime, until: datetime, only: UUID | None = None
) -> Question:
    manager_required(actor)
    ask = ask_for_move(actor, picked.order_id, picked.visit_id, picked.minutes)
    end = until + timedelta(minutes=ask.duration_minutes)
    begin = max(start, clock.now())
    return loading.question(actor, ask, Days.around(start, end), not_before=begin, only=only)


def ask_for_move(actor: Actor, order_id: UUID, visit_id: UUID | None, minutes: int | None) -> Ask:
    """The question of an order, or of one visit of it, that is dragged: it lasts as long as it is
    planned to."""
    rows = orders_visible(actor).select_related("visit")
    order = rows.filter(pk=order_id).first()
    if order is None:
        raise NotFound
    return ask_of_move(order, _visit(order, visit_id), minutes)


def ask_of_move(order: ServiceOrder, visit: Visit | None, minutes: int | None) -> Ask:
    """The same of rows that are there."""
    if visit is None:
        return ask_for_order(order, minutes)
    planned = int((visit.end - visit.start).total_seconds() // 60)
    helpers = visit_helpers(visit)
    return ask_for_order(order, minutes or planned, moving=True, helper_ids=helpers, visit=visit)


def _visit(order: ServiceOrder, visit_id: UUID | None) -> Visit | None:
    if visit_id is None:
        return order.visit if order.visit and order.visit.is_open else None
    visit = order.visits.filter(pk=visit_id, is_open=True).first()
    if visit is None:
        raise NotFound
    return visit
