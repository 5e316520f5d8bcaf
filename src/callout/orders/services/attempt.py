"""A late report that happened: the attempt becomes a past visit with its true times."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel import checks, clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import row_save, rows_add, service
from callout.kernel.errors import Invalid, Refused
from callout.kernel.prepared import together
from callout.orders import policy
from callout.orders.lifecycle import ACTIONS, TABLE, Outcome, Status, Verdict, allows, fold
from callout.orders.models import ServiceOrder, TimelineEntry, Visit
from callout.orders.services import keeping
from callout.orders.services.booking import LONGEST, visit_open
from callout.orders.services.command import NOTE, Command
from callout.orders.services.follow import visit_follow
from callout.orders.services.plan_facts import plans_changed, plans_of
from callout.orders.services.reading import Found, order_read
from callout.orders.services.settle import audience, point_at
from callout.orders.services.step_effects import UNPLAN, visit_close
from callout.orders.services.times import spans, steps_of, times_derive
from callout.orders.services.twice import elsewhere_ask, twice_check
from callout.orders.words import status_label

APPLY = next(action for action in TABLE if action.code == "apply_late_report")
Steps = Sequence[tuple[str, datetime]]


@service
def attempt_record(
    *,
    actor: Actor,
    order_id: UUID,
    technician_id: UUID,
    steps: Steps,
    finish: bool,
    note: str = "",
) -> Visit:
    """Record what a technician did, by its true times, as a past visit; `finish` ends the order.

    `steps` are actions of a technician; what makes no sense among them is passed over, as
    everywhere. Without `finish` the order stays where it is. The visit of an open one then ends as
    the customer absent, if that is what was tapped, else as handed back; of an order that has ended
    as was tapped: the work was done, whatever the office had decided meanwhile. Refused for a
    checked order (checked), one that has ended (action_not_open, if it is to be finished), and
    hours that count twice already (counts_twice).
    """
    policy.manager_required(actor)
    note = checks.checked("note", NOTE, note)
    sensible = _sensible(steps)
    found = order_read(actor, order_id, APPLY, Command(), steps=True, also=technician_id)
    order = found.order
    if technician_id not in found.technicians:
        raise Invalid({"technician_id": [_("There is no such technician.")]})
    _allowed(order, finish=finish)
    happened = _ended(order, sensible, finish=finish)
    before, plans = keeping.kept(order, found.visits), plans_of(found.visits)
    seen_before, was = audience(found.visits), order.technician_status
    visit = _visit(found, technician_id, happened, note)
    before["created"] = str(visit.pk)
    entries = _timeline(actor, found, visit, happened, before)
    _order_follow(found, visit, finish=finish)
    _hours_follow(found, visit, entries)
    journal.record(
        actor,
        entity="service_order",
        entity_id=order.pk,
        kind=APPLY.code,
        facts={
            "from": was,
            "to": order.technician_status,
            "version": order.version,
            **_told(visit, happened, finish=finish),
            "plans": plans_changed(plans, found.visits),
        },
        personal={"note": note} if note else None,
        audience=seen_before | audience(found.visits),
    )
    return visit


def _told(visit: Visit, happened: list[tuple[str, datetime]], *, finish: bool) -> dict[str, Any]:
    """For the journal: who was there, from when to when, and what came of it."""
    return {
        "visit": str(visit.pk),
        "technician": str(visit.technician_id),
        "start": happened[0][1].isoformat(),
        "end": happened[-1][1].isoformat(),
        "outcome": visit.outcome,
        "finish": finish,
    }


def _timeline(
    actor: Actor,
    found: Found,
    visit: Visit,
    happened: list[tuple[str, datetime]],
    before: dict[str, Any],
) -> list[TimelineEntry]:
    """The entries of what happened, which the visit follows, and after them that of the decision,
    which keeps all as it was `before`."""
    steps = [
        TimelineEntry(action=code, at=at, before={"order": {}, "visits": {}})
        for code, at in happened
    ]
    decision = TimelineEntry(action=APPLY.code, at=clock.now(), before=before)
    for entry in (*steps, decision):
        entry.order, entry.visit, entry.technician_id = found.order, visit, visit.technician_id
        entry.actor_id, entry.door, entry.recorded_at = actor.user_id, actor.door, clock.now()
        entry.status = Status.PLANNED.value
    visit_follow(found.order, found.visits, visit, steps)
    decision.status = visit.status
    rows_add(*steps)
    rows_add(decision)
    return steps


def _hours_follow(found: Found, visit: Visit, steps: list[TimelineEntry]) -> None:
    """The technician's other hours on this order give way to these; none may count twice."""
    for other in found.visits:
        if other is not visit and other.technician_id == visit.technician_id and not other.is_open:
            times_derive(other, steps_of(other, found.steps), found.visits)
    hours = spans(steps, visit, found.visits)
    (elsewhere,) = together(elsewhere_ask(visit, hours))
    twice_check(visit, [], hours, elsewhere)


def _sensible(steps: Steps) -> list[tuple[str, datetime]]:
    """The steps that make sense, by true time."""
    now = clock.now()
    if any(at > now for _code, at in steps):
        raise Invalid({"steps": [_("This time is still to come.")]})
    ordered = sorted(steps, key=lambda step: step[1])
    verdicts = fold(code for code, _at in ordered).verdicts
    found = [
        step
        for step, verdict in zip(ordered, verdicts, strict=True)
        if verdict is Verdict.MOVES and step[0] != "extend"
    ]
    if not found:
        raise Invalid({"steps": [_("Nothing of it says when somebody was there.")]})
    return found


def _ended(
    order: ServiceOrder, steps: list[tuple[str, datetime]], *, finish: bool
) -> list[tuple[str, datetime]]:
    """With the ending that the visit has now: what was tapped ends an open order only if it may."""
    code, at = steps[-1]
    moves = [step for step in steps if not ACTIONS[step[0]].closes]
    if finish:
        return [*moves, ("complete", at)]
    kept = "customer_absent" if order.closed_at is None else code
    return [*moves, (code if code == kept and ACTIONS[code].closes else "hand_back", at)]


def _allowed(order: ServiceOrder, *, finish: bool) -> None:
    if order.checked_at:
        raise Refused(_("This order is checked. Uncheck it first."), code="checked")
    status = Status(order.technician_status) if order.technician_status else None
    if finish and not allows(ACTIONS["complete"], status, {"manager"}):
        words = _("The order is “%(state)s”: the attempt can be recorded, but finishes nothing.")
        raise Refused(words % {"state": status_label(status)}, code="action_not_open")


def _visit(
    found: Found, technician_id: UUID, happened: list[tuple[str, datetime]], note: str
) -> Visit:
    """The past visit. Its slot is when they were there: what has happened is no booking."""
    (_first, start), (last, end) = happened[0], happened[-1]
    visit = visit_open(
        found.order,
        found.visits,
        technician_id=technician_id,
        helper_ids=(),
        vehicle_id=found.technicians[technician_id].vehicle_id,
        start=start,
        end=min(max(end, start + timedelta(minutes=1)), start + LONGEST),
        allow_overlap=True,
    )
    visit.is_open, visit.entered_afterwards = False, True
    visit.outcome = str(ACTIONS[last].closes)
    visit.closed_at, visit.closing_note = end, note
    row_save(visit, ["is_open", "entered_afterwards", "outcome", "closed_at", "closing_note"])
    found.visits.append(visit)
    return visit


def _order_follow(found: Found, visit: Visit, *, finish: bool) -> None:
    order, changed = found.order, []
    if finish:
        for other in found.visits:
            if other.is_open:
                visit_close(other, UNPLAN, clock.now(), Command())
                times_derive(other, steps_of(other, found.steps), found.visits)
        order.closed_at = visit.closed_at
        changed += [*point_at(order, visit, Status.DONE.value), "closed_at"]
        if order.waiting_for:
            order.waiting_for, order.waiting_until, order.waiting_note = "", None, ""
            changed += ["waiting_for", "waiting_until", "waiting_note"]
    elif visit.outcome == Outcome.CUSTOMER_ABSENT and order.closed_at is None:
        order.absent_count += 1
        changed.append("absent_count")
    if changed:
        row_save(order, changed)
