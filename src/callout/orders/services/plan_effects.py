"""What the planning actions do: open a visit, move it, say it takes longer, enter it afterwards."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import row_save
from callout.kernel.errors import Invalid
from callout.orders.lifecycle import Outcome, Status
from callout.orders.models import ServiceOrder, Visit
from callout.orders.services.booking import (
    LONGEST,
    assignments_clear,
    assignments_set,
    happened_check,
    slot_check,
    technicians_check,
    visit_helpers,
    visit_open,
)
from callout.orders.services.command import PROMISE_FIELDS, Acting, Plan, as_json
from callout.workforce.models import Vehicle


def plan(acting: Acting) -> None:
    """Open a planned visit (the first, or another beside it). Needs technician and start."""
    command, wanted = acting.command, acting.plan or plan_check(acting)
    acting.created = visit_open(
        acting.order,
        acting.visits,
        technician_id=wanted.technician_id,
        helper_ids=wanted.helper_ids,
        vehicle_id=wanted.vehicle_id,
        start=wanted.start,
        end=wanted.end,
        allow_overlap=command.allow_overlap,
    )
    if command.promise_from and command.promise_to:
        promise_set(acting.created, command.promise_from, command.promise_to, acting.actor.user_id)


def plan_check(acting: Acting, *, found_free: bool = False) -> Plan:
    """What a visit as commanded would be; refused when it cannot. Asks, and writes nothing.

    `found_free`: this change has found the slot among what the technician, who is locked, has
    to do; then that is not asked again.
    """
    command = acting.command
    technician_id, start, end = _who_and_when(acting, acting.order.duration_minutes)
    slot_check(start, end, now=clock.now())
    helpers = _helpers(acting, command.helper_ids or (), technician_id)
    technicians_check(
        acting.technicians,
        helpers if found_free else [technician_id, *helpers],
        start,
        end,
        allow_overlap=command.allow_overlap,
        ignoring=command.leaving,
    )
    vehicle_id = _vehicle(command.vehicle_id) or _proposed(acting.order)
    vehicle_id = vehicle_id or acting.technicians[technician_id].vehicle_id
    return Plan(technician_id, helpers, vehicle_id, start, end)


def replan(acting: Acting) -> None:
    """Move the planned visit: technicians, slot, vehicle. The promise stays, or is made anew."""
    visit, command = acting.visit_there(), acting.command
    kept = int((visit.end - visit.start).total_seconds() // 60)
    technician_id, start, end = _who_and_when(acting, kept, visit)
    if (start, end) != (visit.start, visit.end):
        slot_check(start, end, now=clock.now())
    helpers = visit_helpers(visit) if command.helper_ids is None else command.helper_ids
    helpers = _helpers(acting, helpers, technician_id)
    technicians_check(
        acting.technicians,
        [technician_id, *helpers],
        start,
        end,
        allow_overlap=command.allow_overlap,
        ignoring=[visit.pk, *command.leaving],
    )
    if command.vehicle_id:
        visit.vehicle_id = _vehicle(command.vehicle_id)
    elif technician_id != visit.technician_id:
        visit.vehicle_id = acting.technicians[technician_id].vehicle_id
    visit.technician_id, visit.start, visit.end = technician_id, start, end
    visit.allow_overlap = command.allow_overlap
    visit.expected_end = None
    assignments_clear(visit)
    row_save(visit, ["technician", "vehicle", "start", "end", "allow_overlap", "expected_end"])
    assignments_set(visit, helpers)
    if command.promise_from and command.promise_to:
        acting.promise = {name: as_json(getattr(visit, name)) for name in PROMISE_FIELDS}
        promise_set(visit, command.promise_from, command.promise_to, acting.actor.user_id)


def extend(acting: Acting) -> None:
    """Say when it will truly end. Slot and promise stay; the next visit shows late, no refusal."""
    visit, command = acting.visit_there(), acting.command
    if command.occurred_at is not None:
        acting.at = happened_check(command.occurred_at, after=None)
    base = max(visit.expected_end or visit.end, acting.at)
    expected = command.expected_end
    if expected is None:
        if not command.duration_minutes or not 1 <= command.duration_minutes <= 1440:
            raise Invalid({"duration_minutes": [_("Say how many minutes longer: 1 to 1,440.")]})
        expected = base + timedelta(minutes=command.duration_minutes)
    if not visit.start < expected <= max(visit.end, acting.at) + LONGEST:
        raise Invalid({"expected_end": [_("The end must lie within a day after the slot.")]})
    visit.expected_end = expected
    acting.minutes = max(round((expected - base).total_seconds() / 60), 0)
    row_save(visit, ["expected_end"])


def complete_afterwards(acting: Acting) -> None:
    """Complete from New: record the visit that nobody planned, with who and when."""
    technician_id, start, end = _who_and_when(acting, acting.order.duration_minutes)
    if end <= start or end - start > LONGEST:
        slot_check(start, end, now=start)
    acting.at = happened_check(end, after=None)
    if technician_id not in acting.technicians:
        raise Invalid({"technician_id": [_("There is no such technician.")]})
    visit = visit_open(
        acting.order,
        acting.visits,
        technician_id=technician_id,
        helper_ids=_helpers(acting, acting.command.helper_ids or (), technician_id),
        vehicle_id=_vehicle(acting.command.vehicle_id),
        start=start,
        end=end,
        allow_overlap=True,  # what has happened is no booking
    )
    visit.status, visit.outcome, visit.is_open = Status.DONE, Outcome.DONE, False
    visit.entered_afterwards, visit.closed_at = True, end
    visit.work_started_at = start
    visit.closing_note = acting.command.note
    row_save(
        visit,
        [
            "status",
            "outcome",
            "is_open",
            "entered_afterwards",
            "closed_at",
            "work_started_at",
            "closing_note",
        ],
    )
    acting.created = visit


def promise_set(
    visit: Visit, promise_from: datetime, promise_to: datetime, by: UUID | None
) -> list[str]:
    """Write what was promised to the customer: arrival from-to, when and by whom."""
    promise_check("promise_to", promise_from, promise_to)
    visit.promise_from, visit.promise_to = promise_from, promise_to
    visit.promised_at, visit.promised_by_id = clock.now(), by
    changed = ["promise_from", "promise_to", "promised_at", "promised_by"]
    row_save(visit, changed)
    return changed


def promise_check(field: str, promise_from: datetime, promise_to: datetime) -> None:
    """Invalid, said of `field`, for an arrival that nobody can promise."""
    if not promise_from <= promise_to <= promise_from + LONGEST:
        raise Invalid({field: [_("A promise ends after it begins, within a day.")]})


def promise_record(
    actor: Actor, order: ServiceOrder, visit: Visit, audience: Collection[UUID]
) -> None:
    """The journal's entry of a promise that was set."""
    facts = {name: as_json(getattr(visit, name)) for name in ("promise_from", "promise_to")}
    journal.record(
        actor,
        entity="service_order",
        entity_id=order.pk,
        kind="promise",
        facts={"visit": str(visit.pk), **facts, "version": order.version},
        audience=audience,
    )


def _who_and_when(
    acting: Acting, minutes: int, visit: Visit | None = None
) -> tuple[UUID, datetime, datetime]:
    command = acting.command
    technician_id = command.technician_id or (visit.technician_id if visit else None)
    start = command.start or (visit.start if visit else None)
    missing = {}
    if technician_id is None:
        missing["technician_id"] = [_("Choose a technician.")]
    if start is None:
        missing["start"] = [_("Choose when.")]
    if technician_id is None or start is None:
        raise Invalid(missing)
    minutes = minutes if command.duration_minutes is None else command.duration_minutes
    if not 1 <= minutes <= 1440:
        wrong = {"duration_minutes": [_("A visit lasts from 1 minute to 24 hours.")]}
        raise Invalid(wrong, code="slot_backwards" if minutes < 1 else "slot_too_long")
    return technician_id, start, start + timedelta(minutes=minutes)


def _helpers(acting: Acting, ids: list[UUID] | tuple[UUID, ...], responsible: UUID) -> list[UUID]:
    helpers = sorted({one for one in ids if one != responsible})
    if any(one not in acting.technicians for one in helpers):
        raise Invalid({"helper_ids": [_("There is no such technician.")]})
    return helpers


def _vehicle(vehicle_id: UUID | None) -> UUID | None:
    if vehicle_id is not None and not _in_use(vehicle_id):
        raise Invalid({"vehicle_id": [_("There is no such vehicle.")]})
    return vehicle_id


def _proposed(order: ServiceOrder) -> UUID | None:
    """The order's proposal, while the vehicle is in use: one put away since stops no plan."""
    proposed = order.proposed_vehicle_id
    return proposed if proposed is not None and _in_use(proposed) else None


def _in_use(vehicle_id: UUID) -> bool:
    return Vehicle.objects.filter(pk=vehicle_id, archived_at__isnull=True).exists()
