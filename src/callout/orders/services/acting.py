"""The actions of the lifecycle table on a real order: lock, check, do, write down."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel import change, clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import row_save, rows_add, service
from callout.kernel.errors import Invalid, NotFound, Refused
from callout.kernel.text import first_drawn
from callout.orders import guards, policy
from callout.orders.lifecycle import ACTIONS, Action, Status, To
from callout.orders.models import Reason, ServiceOrder, TimelineEntry, Visit
from callout.orders.services import keeping, plan_effects, step_effects, undo
from callout.orders.services.booking import technicians_lock
from callout.orders.services.command import Acting, Command, as_json
from callout.orders.services.intake import Draft, order_write
from callout.orders.services.plan_facts import Plans, plans_changed, plans_of
from callout.orders.services.reading import Found, order_read
from callout.orders.services.settle import answer_follow, audience, current_visit, point_at
from callout.orders.services.times import times_derive
from callout.orders.words import action_label, not_open_words
from callout.workforce.models import Technician


@service
def order_act(
    *,
    actor: Actor,
    order_id: UUID,
    action: str,
    command: Command | None = None,
    version: int | None = None,
) -> ServiceOrder:
    """Do one `action` of the lifecycle table; the order as it stands afterwards.

    NotFound for an order or visit that is not the actor's, Forbidden for a role that never may,
    Refused when the state or another booking forbids it, Stale when `version` is old, Invalid for
    a wrong value. Plan and Plan another need technician and start: planning/ fills in the first
    free slot before it calls this.
    """
    command = command or Command()
    row = ACTIONS.get(action)
    if row is None:
        raise NotFound
    named = [one for one in (command.technician_id, *(command.helper_ids or ())) if one]
    locked = technicians_lock(named, going_on=[order_id]) if named else {}
    steps = _effect(row) in (step_effects.move, step_effects.close) and row.code != "undo"
    found = order_read(actor, order_id, row, command, steps=steps)
    change.check_version(found.order, version)
    if row.code == "undo":
        return undo.order_undo(actor, found, command.leaving)
    return act_on(actor, row, command, found, locked)


def act_on(
    actor: Actor,
    row: Action,
    command: Command,
    found: Found,
    locked: dict[UUID, Technician] | None = None,
) -> ServiceOrder:
    """The same within a change, on an order that was read and locked; not for Undo."""
    order, visits = found.order, found.visits
    visit = _visit_acted_on(actor, order, visits, command)
    acting = Acting(
        actor=actor,
        action=row,
        command=command,
        order=order,
        visits=visits,
        visit=visit,
        status=_status_acted_on(order, visit),
        at=clock.now(),
        technicians=_all_locked((locked or {}) | found.technicians, visits),
        act=order_act,
        entries=found.steps,
        hours=found.hours,
        others=found.others,
        reason=found.reason,
    )
    return _done(acting)


def _all_locked(locked: dict[UUID, Technician], visits: list[Visit]) -> dict[UUID, Technician]:
    """With those who were put on the order while the change waited for its row. They are locked
    later than the row, so two may wait for each other; the loser is tried once again."""
    came = audience([visit for visit in visits if visit.is_open]) - locked.keys()
    return locked | technicians_lock(came) if came else locked


def order_create_planned(
    draft: Draft, command: Command, technicians: dict[UUID, Technician], *, found_free: bool
) -> ServiceOrder:
    """Write a new order and its plan: all that is asked is asked first, so that it is one message.

    Called within a change, by planning/. `technicians` are those of the command, locked by
    `technicians_lock`; `found_free` as in plan_check.
    """
    change.demand()
    acting = Acting(
        actor=draft.actor,
        action=ACTIONS["plan"],
        command=command,
        order=draft.order,
        visits=[],
        visit=None,
        status=None,
        at=clock.now(),
        technicians=technicians,
        act=order_act,
    )
    acting.plan = plan_effects.plan_check(acting, found_free=found_free)
    order_write(draft)
    acting.at = clock.now()  # an order is recorded before it is planned, in its journal too
    return _done(acting)


def _visit_acted_on(
    actor: Actor, order: ServiceOrder, visits: list[Visit], command: Command
) -> Visit | None:
    if command.visit_id is None:
        return next((visit for visit in visits if visit.pk == order.visit_id), None)
    named = next((visit for visit in visits if visit.pk == command.visit_id), None)
    if named is None or not (actor.is_manager or named.technician_id == actor.technician_id):
        raise NotFound
    return named


def _status_acted_on(order: ServiceOrder, visit: Visit | None) -> Status | None:
    if visit is None:
        return Status(order.technician_status) if order.technician_status else None
    if visit.is_open or visit.pk == order.visit_id:
        return Status(visit.status)
    raise Refused(_("This visit has ended."), code="visit_ended")


def _done(acting: Acting) -> ServiceOrder:
    _allowed(acting)
    seen_before, plans = audience(acting.visits), plans_of(acting.visits)
    before = keeping.kept(acting.order, acting.visits)
    _effect(acting.action)(acting)
    _order_follow(acting)
    entry = _timeline_write(acting, before)
    seen = seen_before | audience(acting.visits)
    act_record(acting, entry, seen, plans)
    if acting.promise is not None and entry.visit is not None:
        plan_effects.promise_record(acting.actor, acting.order, entry.visit, seen)
    return acting.order


def _allowed(acting: Acting) -> None:
    order, visit, action = acting.order, acting.visit, acting.action
    responsible = visit.technician_id if visit else None
    if not policy.action_allowed(acting.actor, action, acting.status, responsible):
        raise _not_open(order, action)
    if order.checked_at and action.code == "reopen":
        raise Refused(_("This order is checked. Uncheck it first."), code="checked")
    _reason_check(action, acting.command, acting.reason)
    _ready_check(acting)


def _ready_check(acting: Acting) -> None:
    """Upper rooms guard a technician's Complete; the office's word is enough without."""
    actor = acting.actor
    in_the_field = actor.door == "technician" or not actor.is_manager
    if acting.action.code == "complete" and acting.visit is not None and in_the_field:
        words = guards.not_ready(acting.visit)
        if words:
            raise Refused(words, code="not_ready")


def _not_open(order: ServiceOrder, action: Action) -> Refused:
    return Refused(
        not_open_words(action_label(action.code), order.technician_status),
        code="action_not_open",
        version=order.version,
        stage=order.stage,
        technician_status=order.technician_status,
    )


def _reason_check(action: Action, command: Command, reason: Reason | None) -> None:
    if command.reason_id is not None:
        if reason is None:
            raise Invalid({"reason_id": [_("Choose one of the reasons offered.")]})
    elif action.wants_reason and not first_drawn(command.note):
        raise Invalid({"reason_id": [_("Say why: choose a reason or write a note.")]})


Effect = Callable[[Acting], None]
EFFECTS: dict[str, Effect] = {
    "plan": plan_effects.plan,
    "plan_another": plan_effects.plan,
    "replan": plan_effects.replan,
    "extend": plan_effects.extend,
    "reopen": step_effects.reopen,
}


def _effect(action: Action) -> Effect:
    return EFFECTS.get(action.code) or (step_effects.close if action.closes else step_effects.move)


def _order_follow(acting: Acting) -> None:
    """The status drives the stage: point the order at the visit that now counts, and save."""
    order, to = acting.order, acting.action.to
    if acting.created is not None:
        acting.visits.append(acting.created)
    if to is To.NONE:
        acting.changed += point_at(order, None, None)
    elif to in (Status.DONE, Status.CANCELLED):
        order.closed_at = acting.at
        ended = acting.visit or acting.created
        acting.changed += [*point_at(order, ended, str(to)), "closed_at"]
    else:
        current = current_visit(acting.visits)
        acting.changed += point_at(order, current, current.status if current else None)
    if order.waiting_for and order.technician_status:
        order.waiting_for, order.waiting_until, order.waiting_note = "", None, ""
        acting.changed += ["waiting_for", "waiting_until", "waiting_note"]
    acting.changed += answer_follow(order, acting.visits)
    row_save(order, acting.changed)


def _timeline_write(acting: Acting, before: dict[str, Any]) -> TimelineEntry:
    visit = acting.created or acting.visit
    if acting.created is not None:
        before["created"] = str(acting.created.pk)
    if acting.promise is not None and visit is not None:
        made = {"promise_made": as_json(visit.promised_at)}
        before["visits"][str(visit.pk)] |= acting.promise | made
    last = undo.last_entry(acting.order) if acting.command.with_last else None
    if last is not None:
        before["with"] = last.pk
    entry = TimelineEntry(
        order=acting.order,
        visit=visit,
        technician_id=visit.technician_id if visit else None,
        action=acting.action.code,
        status=visit.status if visit else acting.order.technician_status,
        at=acting.at,
        recorded_at=clock.now(),
        actor_id=acting.actor.user_id,
        door=acting.actor.door,
        before=before,
        minutes=acting.minutes,
    )
    rows_add(entry)
    if visit is not None and visit.entered_afterwards:
        times_derive(visit, [])
    elif visit is not None and acting.steps is not None:
        times_derive(visit, [*acting.steps, entry], there=acting.hours)
    return entry


def act_record(
    acting: Acting,
    entry: TimelineEntry,
    audience: set[UUID],
    plans: Plans,
    *,
    between: bool = False,
) -> None:
    """The journal's entry of an action that made `entry`. `plans` are those before it; `between`:
    other steps followed it already."""
    visit, command = entry.visit, acting.command
    facts: dict[str, Any] = {
        "from": acting.status,
        "to": entry.status if between else acting.order.technician_status,
        "version": acting.order.version,
        "visit": str(visit.pk) if visit else None,
        "technician": str(entry.technician_id) if entry.technician_id else None,
    }
    if acting.action.plans and visit:
        facts |= {"start": visit.start.isoformat(), "end": visit.end.isoformat()}
    if acting.action.code == "extend" and visit and visit.expected_end:
        facts |= {"expected_end": visit.expected_end.isoformat(), "minutes": entry.minutes}
    if command.reason_id:
        facts["reason"] = str(command.reason_id)
    if changed := plans_changed(plans, acting.visits):
        facts["plans"] = changed
    if command.said_at is not None:
        facts["said_at"] = command.said_at.isoformat()
    personal: dict[str, Any] = {"note": command.note} if command.note else {}
    if command.latitude is not None and command.longitude is not None:
        personal |= {"latitude": command.latitude, "longitude": command.longitude}
    journal.record(
        acting.actor,
        entity="service_order",
        entity_id=acting.order.pk,
        kind=acting.action.code,
        facts=facts,
        personal=personal,
        at=acting.at,
        audience=audience,
    )
