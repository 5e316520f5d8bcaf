"""What the actions in the field do to a visit: move its status, or end it."""

from datetime import datetime

from django.utils.translation import gettext as _

from callout.kernel import clock
from callout.kernel.change import row_save
from callout.kernel.errors import Invalid, Refused
from callout.orders.lifecycle import ACTIONS, UNDER_WAY, Action, Status, status_after
from callout.orders.models import Visit
from callout.orders.numbers import order_number
from callout.orders.services.booking import happened_check
from callout.orders.services.command import Acting, Command
from callout.orders.services.plan_effects import complete_afterwards
from callout.orders.services.times import steps_of, times_derive

FIRST_TIMES = {"depart": "departed_at", "arrive": "arrived_at", "start_work": "work_started_at"}
UNPLAN = ACTIONS["unplan"]


def move(acting: Acting) -> None:
    """Change the status of the visit: En route, On site, Working, Break, and back."""
    visit = acting.visit_there()
    _true_time(acting, visit)
    before_break = Status(visit.before_break) if visit.before_break else None
    to = status_after(acting.action, Status(visit.status), before_break=before_break)
    if to in UNDER_WAY or to is Status.BREAK:
        _order_once(acting, visit)
    if to in UNDER_WAY and visit.status not in UNDER_WAY:
        _technician_once(acting, visit)
    visit.before_break = visit.status if to is Status.BREAK else ""
    visit.status = str(to)
    first = FIRST_TIMES.get(acting.action.code)
    if first and getattr(visit, first) is None:
        setattr(visit, first, acting.at)
    row_save(visit, ["status", "before_break", *([first] if first else [])])


def close(acting: Acting) -> None:
    """End the visit with the action's outcome; in New, end the order itself."""
    visit, action = acting.visit, acting.action
    if visit is None and action.code == "complete":
        complete_afterwards(acting)
    elif visit is None:
        acting.at = happened_check(acting.command.occurred_at or clock.now(), after=None)
    else:
        if action.code != "unplan":
            _true_time(acting, visit)
        visit_close(visit, action, acting.at, acting.command)
    if isinstance(action.to, Status):
        for other in acting.visits:
            if other.is_open and other is not visit:
                begun = other.status != Status.PLANNED
                visit_close(other, UNPLAN, acting.at, Command())
                if begun:
                    times_derive(other)
    if action.code == "customer_absent":
        acting.order.absent_count += 1
        acting.changed.append("absent_count")


def reopen(acting: Acting) -> None:
    """Back to New; the visit that ended the order stays as it was."""
    acting.order.closed_at = None
    acting.changed.append("closed_at")


def visit_close(visit: Visit, action: Action, at: datetime, command: Command) -> None:
    """End a visit with the action's outcome. Its status stays unless the action ends the order."""
    if isinstance(action.to, Status):
        visit.status = str(action.to)
    visit.outcome = str(action.closes)
    visit.is_open = False
    visit.closed_at = at
    visit.reason_id = command.reason_id
    visit.closing_note = command.note
    visit.closing_latitude, visit.closing_longitude = command.latitude, command.longitude
    changed = ["status", "outcome", "is_open", "closed_at", "reason", "closing_note"]
    row_save(visit, [*changed, "closing_latitude", "closing_longitude"])


def _true_time(acting: Acting, visit: Visit) -> None:
    acting.steps = steps_of(visit, acting.entries)
    last = acting.steps[-1].at if acting.steps else None
    acting.at = happened_check(acting.command.occurred_at or clock.now(), after=last)


def _order_once(acting: Acting, visit: Visit) -> None:
    busy = {*UNDER_WAY, Status.BREAK}
    if any(v.is_open and v.status in busy for v in acting.visits if v.pk != visit.pk):
        raise Refused(_("Another visit of this order is under way."), code="order_under_way")


def _technician_once(acting: Acting, visit: Visit) -> None:
    """No hour counts twice: what the technician is still under way on ends or pauses first."""
    there = (other for other in acting.others if other.technician_id == visit.technician_id)
    other = next((other for other in there if other.pk != visit.pk), None)
    if other is None:
        return
    command = acting.command
    if command.other_action not in {"complete", "break"}:
        raise _still_under_way(other)
    at = command.other_at or acting.at
    if at > acting.at:
        raise Invalid(
            {"other_at": [_("Choose an earlier time: that one ended or paused before this began.")]}
        )
    acting.act(
        actor=acting.actor,
        order_id=other.order_id,
        action=command.other_action,
        command=Command(visit_id=other.pk, occurred_at=at),
    )


def _still_under_way(other: Visit) -> Refused:
    number = order_number(other.order.number)
    words = _(
        "%(name)s is still under way on %(number)s. Say whether that one is finished or paused."
    ) % {"name": other.technician.name, "number": number}
    return Refused(
        words,
        code="under_way_elsewhere",
        order_id=str(other.order_id),
        visit_id=str(other.pk),
        order_number=number,
        other_status=other.status,
    )
