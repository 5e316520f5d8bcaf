"""Undo: the last action taken back, if nothing was built on it (keeping.py has what was there)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import row_save, rows_add, statement_add
from callout.kernel.errors import Forbidden, Refused
from callout.kernel.prepared import together
from callout.orders import guards
from callout.orders.lifecycle import ACTIONS, UNDO_MINUTES, Outcome, Status, stage_of
from callout.orders.models import ServiceOrder, TimelineEntry, Visit
from callout.orders.moves import REOPEN_AND_PLAN
from callout.orders.services.booking import (
    assignments_clear,
    assignments_set,
    overlap_check,
    taken_ask,
    technicians_lock,
    visit_helpers,
)
from callout.orders.services.command import PROMISE_FIELDS, as_json
from callout.orders.services.follow import visit_follow
from callout.orders.services.keeping import ORDER_FIELDS, VISIT_FIELDS, going_before, kept_read
from callout.orders.services.plan_facts import Plans, plans_changed, plans_of
from callout.orders.services.reading import Found
from callout.orders.services.settle import audience
from callout.orders.services.times import steps_of
from callout.workforce.models import Technician


class Checked(Protocol):
    """What is asked of an order, wherever it was read."""

    @property
    def checked_at(self) -> datetime | None: ...


class Done(Protocol):
    """What is asked of a step, wherever it was read."""

    @property
    def action(self) -> str: ...
    @property
    def visit_id(self) -> UUID | None: ...
    @property
    def at(self) -> datetime: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def actor_id(self) -> UUID | None: ...


def undo_refusal(
    actor: Actor,
    entry: Done | None,
    order: Checked,
    at: datetime | None = None,
    *,
    built_on: bool = True,
) -> str:
    """Why `actor` cannot undo `entry`, the order's last, in words; "" when they can.

    `at`: when it was truly undone, which may arrive here hours later; then true times count.
    `built_on`: False where the entry was read with the answer that nothing is.
    """
    if entry is None:
        return _("There is nothing to undo.")
    if entry.action == "undo":
        return _("An undo is not undone.")
    if order.checked_at:
        return _("This order is checked. Uncheck it first.")
    built = guards.built_on(entry.visit_id, entry.at) if built_on and entry.visit_id else ""
    if actor.is_manager or built:
        return built
    if entry.actor_id is None or entry.actor_id != actor.user_id:
        return _("Somebody else has acted since.")
    row = ACTIONS.get(entry.action)
    if row is None or "technician" not in row.roles:  # done while they were a manager too
        return _("Only your own last step can be undone.")
    age = at - entry.at if at else clock.now() - entry.recorded_at
    if age > timedelta(minutes=UNDO_MINUTES):
        return _("More than ten minutes have passed. Ask the office.")
    return ""


def last_entry(order: ServiceOrder) -> TimelineEntry | None:
    """The order's newest entry that still stands, or the undo that took back the one before."""
    return order.timeline.order_by("-id").first()


UNDONE = "UPDATE orders_timelineentry SET undone_at = %s WHERE id = ANY (%s)"


def action_meant(entry: TimelineEntry) -> str:
    """What Undo takes back with this entry: its action, or the gesture that it is the end of."""
    return action_of(entry.action, "with" in entry.before)


def action_of(action: str, follows: bool) -> str:
    """The same, of an entry that follows another one of its gesture or does not."""
    return REOPEN_AND_PLAN if follows and action == "plan" else action


def _one_gesture(entry: TimelineEntry) -> list[TimelineEntry]:
    """The entry, and those made in the same breath before it: the newest first."""
    found = [entry]
    while earlier := found[-1].before.get("with"):
        found.append(TimelineEntry.objects.get(pk=earlier))
    return found


def _told_late(found: Found, entry: TimelineEntry) -> list[TimelineEntry]:
    """The steps of the past visit that a late report became: they go with it."""
    if entry.action != "apply_late_report":
        return []
    return [step for step in found.steps if step.visit_id == entry.visit_id]


def order_undo(
    actor: Actor, found: Found, leaving: Collection[UUID] = (), at: datetime | None = None
) -> ServiceOrder:
    """Take back the last action of the order found (and locked), within a change.

    `leaving` are visits of other orders that the same change takes away or back too; `at` is when
    it was truly done (now).
    """
    order, visits, entry = found.order, found.visits, found.last
    if not (actor.is_manager or (entry and entry.actor_id == actor.user_id)):
        raise Forbidden(_("Only your own last step can be undone."))
    refusal = undo_refusal(actor, entry, order, at)
    if refusal or entry is None:
        raise Refused(refusal, code="nothing_to_undo")
    seen_before, plans = audience(visits), plans_of(visits)
    was = order.technician_status
    entries = _one_gesture(entry)
    _slots_check(visits, entries, _technicians_lock(entries), leaving)
    for one in entries:
        _restore(order, visits, one)
    undone = [*entries, *_told_late(found, entry)]
    _visits_follow(found, undone)
    undone_write(actor, order, undone, at)
    undone_record(actor, found, entry, was, seen_before | audience(visits), plans, at)
    return order


def undone_record(
    actor: Actor,
    found: Found,
    entry: TimelineEntry,
    was: str | None,
    seen: set[UUID],
    plans: Plans,
    at: datetime | None = None,
) -> None:
    """The journal's entry of an undo; `was` and `plans` are the order's before it."""
    order = found.order
    journal.record(
        actor,
        entity="service_order",
        entity_id=order.pk,
        kind="undo",
        facts={
            "undone": action_meant(entry),
            "from": was,
            "to": order.technician_status,
            "version": order.version,
            "visit": str(entry.visit_id) if entry.visit_id else None,
            "plans": plans_changed(plans, found.visits),
        },
        at=at,
        audience=seen,
    )


def _technicians_lock(entries: Iterable[TimelineEntry]) -> dict[UUID, Technician]:
    """Those who went before. Whoever takes back several orders has locked them before these."""
    return technicians_lock(going_before(entry.before for entry in entries))


def undone_write(
    actor: Actor, order: ServiceOrder, entries: list[TimelineEntry], at: datetime | None = None
) -> None:
    """Mark the entries (the newest first) as undone; the undo is an entry too."""
    now, last = clock.now(), entries[0]
    statement_add(UNDONE, [now, [one.pk for one in entries]])
    rows_add(
        TimelineEntry(
            order=order,
            visit_id=last.visit_id,
            technician_id=last.technician_id,
            action="undo",
            status=order.technician_status,
            at=at or now,
            recorded_at=now,
            actor_id=actor.user_id,
            door=actor.door,
        )
    )


def _visits_follow(found: Found, entries: list[TimelineEntry]) -> None:
    """The visits touched, by the steps that are left: some may have come, or changed their time,
    after what was kept with the entry. Hours that gave way to a late report come back."""
    undone = {one.pk for one in entries}
    touched = {str(one.visit_id) for one in entries}.union(*(e.before["visits"] for e in entries))
    late = {one.technician_id for one in entries if one.action == "apply_late_report"}
    for visit in found.visits:
        if str(visit.pk) in touched or (visit.technician_id in late and not visit.is_open):
            left = [one for one in steps_of(visit, found.steps) if one.pk not in undone]
            visit_follow(found.order, found.visits, visit, left)


def _restore(order: ServiceOrder, visits: list[Visit], entry: TimelineEntry) -> None:
    now_there = {str(visit.pk): visit for visit in visits}
    before: dict[str, Any] = entry.before
    created = now_there.get(before.get("created", ""))
    if created is not None:
        _take_away(created)
    for visit_id, values in before["visits"].items():
        _visit_restore(now_there[visit_id], values)
    for name, value in before["order"].items():
        setattr(order, name, kept_read(name, value))
    status = order.technician_status
    order.stage = stage_of(Status(status) if status else None).value
    row_save(order, [name.removesuffix("_id") for name in ORDER_FIELDS])


def _take_away(created: Visit) -> None:
    created.is_open, created.outcome, created.closed_at = False, Outcome.UNPLANNED, clock.now()
    row_save(created, ["is_open", "outcome", "closed_at"])


def _slots_check(
    visits: list[Visit],
    entries: Iterable[TimelineEntry],
    technicians: dict[UUID, Technician],
    leaving: Collection[UUID],
) -> None:
    """Refused where a slot that a visit goes back to has been taken since: by an overlap on
    purpose too, of which the database knows nothing."""
    then: dict[str, dict[str, Any]] = {}
    for entry in entries:  # the oldest says last how it was
        then |= entry.before["visits"]
    created = {entry.before.get("created") for entry in entries}
    back = [
        (visit, values)
        for visit in visits
        if str(visit.pk) not in created
        and (values := then.get(str(visit.pk))) is not None
        and _goes_back(visit, values)
    ]
    ignoring = [*leaving, *(visit.pk for visit, _values in back), *map(UUID, filter(None, created))]
    for visit, values in back:
        if values["allow_overlap"]:
            continue
        ids = [UUID(one) for one in (values["technician_id"], *values["helpers"])]
        names = {one: technicians[one].name for one in ids}
        start, end = (kept_read(name, values[name]) for name in ("start", "end"))
        (taken,) = together(taken_ask(names, start, end, ignoring))
        # The re-plan made the visit's assignments anew, so what took the slot since has later
        # numbers. An overlap on purpose that was there before is none of this.
        since = min((one.pk for one in visit.assignments.all()), default=0) if visit.is_open else 0
        overlap_check(names, [one for one in taken if one.pk > since])


def _goes_back(visit: Visit, values: Mapping[str, Any]) -> bool:
    """Whether a slot is taken again: of a visit that had ended, or that stood elsewhere."""
    if not values["is_open"] or not visit.is_open:
        return bool(values["is_open"])
    names = ("technician_id", "start", "end")
    helpers = sorted(str(one) for one in visit_helpers(visit))
    return helpers != sorted(values["helpers"]) or any(
        kept_read(name, values[name]) != getattr(visit, name) for name in names
    )


def _visit_restore(visit: Visit, values: dict[str, Any]) -> None:
    promised = "promise_made" in values and values["promise_made"] == as_json(visit.promised_at)
    names = [*VISIT_FIELDS, *(PROMISE_FIELDS if promised else ())]
    for name in names:
        setattr(visit, name, kept_read(name, values[name]))
    assignments_clear(visit)
    row_save(visit, [name.removesuffix("_id") for name in names])
    assignments_set(visit, [UUID(helper) for helper in values["helpers"]])
