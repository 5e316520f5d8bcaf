"""Slots of technicians: what refuses a plan, and the visits and assignments that hold it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from callout.accounts.zone import local
from callout.kernel import clock
from callout.kernel.change import rows_lock
from callout.kernel.errors import Invalid, Refused
from callout.orders.models import Assignment, ServiceOrder, Visit
from callout.orders.numbers import order_number
from callout.orders.services.settle import CACHE
from callout.workforce.models import Absence, Technician

LONGEST = timedelta(hours=24)
NOBODY = UUID(int=0)
GRACE = timedelta(minutes=15)  # a slot that begins "now" is still typed a few minutes later


def technicians_lock(
    ids: Iterable[UUID | None], *, going_on: UUID | None = None
) -> dict[UUID, Technician]:
    """Lock technicians' rows in the order of their ids, before anything of theirs is read.

    Those of `ids` (None and unknown ones are left out), and whoever goes on an open visit of the
    order `going_on`. Every service that plans or moves a status takes these locks first, so that
    two of them never wait for each other, and what is read afterwards cannot change.
    """
    wanted = Q(pk__in={one for one in ids if one is not None})
    if going_on is not None:
        going = Assignment.objects.filter(visit__order=going_on, is_open=True)
        wanted |= Q(pk__in=going.values("technician_id"))
    return {row.pk: row for row in rows_lock(Technician.objects.filter(wanted))}


def slot_check(start: datetime, end: datetime, *, now: datetime) -> None:
    """Refuse a slot that cannot be planned by itself: backwards, over 24 h, in the past."""
    if end <= start:
        raise Invalid({"duration_minutes": [_("A visit ends after it starts.")]})
    if end - start > LONGEST:
        raise Invalid(
            {
                "duration_minutes": [
                    _("A visit lasts 24 hours at most. Plan another visit for the rest.")
                ]
            }
        )
    if start < now - GRACE:
        raise Invalid({"start": [_("This time is in the past. Choose a later one.")]})
    if start > now + timedelta(days=3660):
        raise Invalid({"start": [_("This is more than ten years ahead.")]})


def technicians_check(
    technicians: dict[UUID, Technician],
    ids: Iterable[UUID],
    start: datetime,
    end: datetime,
    *,
    allow_overlap: bool,
    ignoring: UUID | None = None,
) -> None:
    """Refuse when one of the (locked) technicians is archived, absent, or busy in the slot.

    `ignoring` is the visit being moved. An overlap is refused against allowed overlaps too: the
    database forbids plain against plain, this the rest.
    """
    for technician_id in ids:
        technician = technicians.get(technician_id)
        if technician is None:
            raise Invalid({"technician_id": [_("There is no such technician.")]})
        if technician.archived_at:
            raise Refused(
                _("%(name)s is archived and takes no more work.") % {"name": technician.name},
                code="technician_archived",
            )
        _absence_check(technician, start, end)
        if not allow_overlap:
            overlap_check(technician, start, end, ignoring)


def _absence_check(technician: Technician, start: datetime, end: datetime) -> None:
    absence = (
        Absence.objects.filter(
            technician=technician, archived_at__isnull=True, start__lt=end, end__gt=start
        )
        .order_by("start")
        .first()
    )
    if absence is None:
        return
    words = {
        "name": technician.name,
        "start": local(absence.start).strftime("%d/%m %H:%M"),
        "end": local(absence.end).strftime("%d/%m %H:%M"),
    }
    raise Refused(
        _("%(name)s is absent from %(start)s to %(end)s.") % words, code="technician_absent"
    )


def overlap_check(
    technician: Technician, start: datetime, end: datetime, ignoring: UUID | None
) -> None:
    """Refuse when the (locked) technician has an open visit in the slot, other than `ignoring`."""
    # A visit lasts a day at most, so nothing that starts earlier than that can reach the slot:
    # the b-tree on (technician, start) answers.
    other = (
        Assignment.objects.filter(
            technician=technician,
            is_open=True,
            start__gt=start - LONGEST,
            start__lt=end,
            end__gt=start,
        )
        .exclude(visit_id=ignoring or NOBODY)
        .select_related("visit__order")
        .order_by("start")
        .first()
    )
    if other is None:
        return
    number = order_number(other.visit.order.number)
    words = {
        "name": technician.name,
        "number": number,
        "start": local(other.start).strftime("%H:%M"),
        "end": local(other.end).strftime("%H:%M"),
    }
    raise Refused(
        _("%(name)s already has %(number)s from %(start)s to %(end)s.") % words,
        code="overlap",
        order_id=str(other.visit.order_id),
        order_number=number,
    )


def visit_open(
    order: ServiceOrder,
    *,
    technician_id: UUID,
    helper_ids: Iterable[UUID],
    vehicle_id: UUID | None,
    start: datetime,
    end: datetime,
    allow_overlap: bool,
) -> Visit:
    """A further planned visit of the (locked) order, with its assignments. Checks nothing."""
    last = order.visits.aggregate(last=Max("sequence"))["last"] or 0
    visit = Visit.objects.create(
        order=order,
        sequence=last + 1,
        technician_id=technician_id,
        vehicle_id=vehicle_id,
        start=start,
        end=end,
        allow_overlap=allow_overlap,
    )
    assignments_set(visit, helper_ids)
    return visit


def assignments_set(visit: Visit, helper_ids: Iterable[UUID]) -> None:
    """Write who goes, where nobody is yet: the visit's technician, and helpers. Slot as its own."""
    helpers = {helper for helper in helper_ids if helper != visit.technician_id}
    wanted = {visit.technician_id: Assignment.RESPONSIBLE}
    wanted |= dict.fromkeys(helpers, Assignment.HELPER)
    rows = [
        Assignment(
            visit=visit,
            technician_id=technician_id,
            role=role,
            start=visit.start,
            end=visit.end,
            is_open=visit.is_open,
            allow_overlap=visit.allow_overlap,
        )
        for technician_id, role in wanted.items()
    ]
    visit.__dict__[CACHE] = {"assignments": Assignment.objects.bulk_create(rows)}


def assignments_clear(visit: Visit) -> None:
    """Take everybody off. Before a slot moves: under it they would be checked too soon."""
    visit.__dict__.pop(CACHE, None)
    visit.assignments.all().delete()


def visit_helpers(visit: Visit) -> list[UUID]:
    """The technicians who go along without answering for the visit."""
    return [row.technician_id for row in visit.assignments.all() if row.role == Assignment.HELPER]


def happened_check(at: datetime, *, after: datetime | None) -> datetime:
    """`at` if it can be when something truly happened: not to come, and after the entry before."""
    now = clock.now()
    if at > now + timedelta(minutes=1):
        raise Invalid({"occurred_at": [_("This time is still to come.")]})
    if at < now - timedelta(days=31):
        raise Invalid({"occurred_at": [_("This is more than a month ago.")]})
    at = min(at, now)
    if after is not None and at < after:
        words = {"time": local(after).strftime("%d/%m %H:%M")}
        raise Invalid(
            {"occurred_at": [_("The step before was at %(time)s. Choose a later time.") % words]}
        )
    return at
