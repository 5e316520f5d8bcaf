"""What happened in the field, told with its true time, perhaps hours late: put where it belongs.

The rule is in orders/true_time.py. What cannot be placed is refused with a stable code, and whoever
calls hands it to a dispatcher; nothing is bent to make it fit.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts.zone import day_bounds, local
from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import rows_add, service, statement_add
from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused
from callout.kernel.prepared import together
from callout.orders import policy
from callout.orders.lifecycle import ACTIONS, Action, Outcome, Status, To, fold
from callout.orders.models import ServiceOrder, TimelineEntry, Visit
from callout.orders.services import keeping, undo
from callout.orders.services.acting import act_on, act_record, order_act
from callout.orders.services.command import Acting, Command
from callout.orders.services.follow import visit_follow
from callout.orders.services.plan_facts import plans_of
from callout.orders.services.reading import LAST, Found, order_read
from callout.orders.services.settle import audience
from callout.orders.services.times import spans, steps_of
from callout.orders.services.twice import elsewhere_ask, twice_check
from callout.orders.true_time import Where, by_time, closing_of, place
from callout.orders.words import action_label

OLDEST = timedelta(days=31)
INSTEAD = (
    "UPDATE orders_timelineentry SET first_at = coalesce(first_at, at), at = %s, actor_id = %s,"
    " door = %s WHERE id = %s"
)


@dataclass(frozen=True, slots=True)
class Placed:
    """`same`: it was so already. `entry` is the timeline's that says it; none where nothing does
    (a plan, or an Extend of what has ended since)."""

    same: bool
    entry: TimelineEntry | None


@service
def step_place(*, actor: Actor, visit_id: UUID, action: str, command: Command) -> Placed:
    """Put a technician's `action` where `command.occurred_at` says that it truly happened.

    NotFound for a visit that never was theirs, Forbidden for a helper. Refused, whatever its time,
    once somebody else has closed, unplanned or taken the visit (visit_taken, visit_unplanned,
    visit_closed_by_other, order_cancelled) or the order is checked; and where it makes no sense
    among what stands (action_not_open), an hour would count twice (counts_twice,
    under_way_elsewhere), it is over a month old (too_old) or of a day before the visit was made
    (before_visit).
    """
    row = ACTIONS.get(action)
    if row is None or "technician" not in row.roles or row.to is To.BEFORE:
        raise NotFound
    now = clock.now()
    at = min(command.occurred_at or now, now)
    command = replace(command, visit_id=visit_id, occurred_at=at)
    found, visit = own_visit_read(actor, visit_id, row, command)
    still_theirs(actor, found, visit)
    if at < now - OLDEST:
        raise Refused(_("This is more than a month ago."), code="too_old")
    # The day, not the minute: clocks differ, and the office writes down what was agreed by phone.
    if at < day_bounds(local(visit.created_at).date())[0]:
        raise Refused(_("There was no such visit on that day."), code="before_visit")
    if row.to is To.SAME:
        return _extended(actor, row, command, found, visit)
    return _placed(actor, row, command, found, visit, at)


def own_visit_read(
    actor: Actor, visit_id: UUID, row: Action, command: Command
) -> tuple[Found, Visit]:
    """The visit, its order and technicians locked, whatever became of it since it was theirs."""
    own = actor.technician_id if actor.is_technician else None
    if own is None:
        raise NotFound
    order_id = policy.visits_once(own).filter(pk=visit_id).values_list("order_id", flat=True)
    first = order_id.first()
    if first is None:
        raise NotFound
    found = order_read(actor, first, row, command, steps=True, sight="all", also=own)
    return found, next(visit for visit in found.visits if visit.pk == visit_id)


def still_theirs(actor: Actor, found: Found, visit: Visit) -> None:
    """Refused once somebody else has decided what becomes of the visit, or checked the order."""
    if visit.technician_id != actor.technician_id:
        answered = TimelineEntry.objects.filter(visit=visit, technician=actor.technician_id)
        if not answered.exists():
            raise Forbidden
        raise Refused(_("This visit was given to another technician."), code="visit_taken")
    if found.order.checked_at:
        raise Refused(_("This order is checked: nothing of it changes."), code="checked")
    closing = closing_of(steps_of(visit, found.steps))
    if visit.is_open or (closing is not None and closing.actor_id == actor.user_id):
        return
    if Status.CANCELLED in (visit.status, found.order.technician_status):
        raise Refused(_("The order was cancelled."), code="order_cancelled")
    if visit.outcome == Outcome.UNPLANNED:
        raise Refused(_("This visit was unplanned."), code="visit_unplanned")
    raise Refused(_("Somebody else has closed this visit."), code="visit_closed_by_other")


def _extended(actor: Actor, row: Action, command: Command, found: Found, visit: Visit) -> Placed:
    """When it will end matters only until it has ended."""
    if not visit.is_open:
        return Placed(True, None)
    act_on(actor, row, command, found)
    return Placed(False, undo.last_entry(found.order))


def _placed(
    actor: Actor, row: Action, command: Command, found: Found, visit: Visit, at: datetime
) -> Placed:
    steps = steps_of(visit, found.steps)
    new = TimelineEntry(
        order=found.order,
        visit=visit,
        technician_id=visit.technician_id,
        action=row.code,
        at=at,
        recorded_at=clock.now(),
        actor_id=actor.user_id,
        door=actor.door,
    )
    belongs = place(steps, new, _stood_in(actor))
    if belongs.where is Where.SAME:
        return Placed(True, belongs.entry)
    if belongs.where is Where.NOWHERE:
        raise _no_sense(found.order, row)
    before = spans(steps, visit, found.visits)
    if belongs.entry is not None:
        after = _instead(actor, found, visit, belongs.entry, at)
    elif visit.is_open and by_time([*steps, new])[-1] is new:
        after = [*steps, _newest(actor, row, command, found, visit, new)]
    else:
        after = _between(actor, row, command, found, visit, new)
    # What was written is right only if no hour counts twice now.
    hours = spans(by_time(after), visit, found.visits)
    last, elsewhere = together(LAST.ask(order=found.order.pk), elsewhere_ask(visit, hours))
    twice_check(visit, before, hours, elsewhere)
    return Placed(False, belongs.entry or last[0])


def _stood_in(actor: Actor) -> Callable[[TimelineEntry], bool]:
    def by_the_office(step: TimelineEntry) -> bool:
        own = step.technician_id == actor.technician_id
        return own and step.actor_id != actor.user_id and not ACTIONS[step.action].closes

    return by_the_office


def _newest(
    actor: Actor, row: Action, command: Command, found: Found, visit: Visit, new: TimelineEntry
) -> TimelineEntry:
    """The ordinary action. A time that cannot be is not the technician's to mend hours later."""
    try:
        act_on(actor, row, command, found)
    except Invalid as wrong:
        if set(wrong.fields) <= {"occurred_at", "other_at"}:
            raise Refused(wrong.message, code="time_cannot_be") from wrong
        raise
    new.status = visit.status
    return new


def _between(
    actor: Actor, row: Action, command: Command, found: Found, visit: Visit, new: TimelineEntry
) -> list[TimelineEntry]:
    """A step that others follow already: those stay, and what they lead to is reckoned anew."""
    order, steps = found.order, steps_of(visit, found.steps)
    after = by_time([*steps, new])
    statuses = fold(step.action for step in after).statuses
    nth = next(n for n, step in enumerate(after) if step is new)
    new.status = statuses[nth].value
    new.before = keeping.kept(order, found.visits)
    acting = Acting(
        actor=actor,
        action=row,
        command=command,
        order=order,
        visits=found.visits,
        visit=visit,
        status=statuses[nth - 1] if nth else Status.PLANNED,
        at=new.at,
        technicians=found.technicians,
        act=order_act,
    )
    rows_add(new)
    visit_follow(order, found.visits, visit, after)
    act_record(acting, new, audience(found.visits), plans_of(found.visits), between=True)
    return after


def _instead(
    actor: Actor, found: Found, visit: Visit, stand_in: TimelineEntry, at: datetime
) -> list[TimelineEntry]:
    """The technician's own tap takes the place of what the office pressed for them."""
    statement_add(INSTEAD, [at, actor.user_id, actor.door, stand_in.pk])
    was = stand_in.at
    stand_in.first_at, stand_in.at = stand_in.first_at or was, at
    stand_in.actor_id, stand_in.door = actor.user_id, actor.door
    steps = steps_of(visit, found.steps)
    visit_follow(found.order, found.visits, visit, steps)
    correction_record(actor, found, stand_in, was, happened=at, own_tap=True)
    return steps


def correction_record(
    actor: Actor,
    found: Found,
    entry: TimelineEntry,
    was: datetime,
    *,
    happened: datetime | None = None,
    own_tap: bool = False,
) -> None:
    """The journal's entry of a step that has another time now. `own_tap`: the technician's own
    took the place of the office's."""
    journal.record(
        actor,
        entity="service_order",
        entity_id=found.order.pk,
        kind="correct",
        facts={
            "entry": entry.pk,
            "action": entry.action,
            "was": was.isoformat(),
            "now": entry.at.isoformat(),
            "visit": str(entry.visit_id),
            "technician": str(entry.technician_id) if entry.technician_id else None,
            "own_tap": own_tap,
        },
        at=happened,
        audience=audience(found.visits),
    )


def _no_sense(order: ServiceOrder, row: Action) -> Refused:
    return Refused(
        _("“%(action)s” makes no sense there, with what stands on the visit.")
        % {"action": action_label(row.code)},
        code="action_not_open",
        version=order.version,
    )
