"""Slots of technicians: what refuses a plan, and the visits and assignments that hold it."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateTimeField, Func, Q, QuerySet, UUIDField
from django.utils.translation import gettext as _

from callout.accounts.zone import local
from callout.kernel import clock
from callout.kernel.change import demand, rows_add, statement_add
from callout.kernel.errors import Invalid, Refused
from callout.kernel.prepared import Asked, Given, Prepared, together
from callout.orders.models import Assignment, ServiceOrder, Visit
from callout.orders.numbers import order_number
from callout.orders.services.settle import CACHE, ORDER
from callout.workforce.models import Absence, Technician
from callout.workforce.words import absence_words

LONGEST = timedelta(hours=24)
GRACE = timedelta(minutes=15)  # a slot that begins "now" is still typed a few minutes later


def technicians_lock(
    ids: Iterable[UUID | None], *, going_on: Collection[UUID] = ()
) -> dict[UUID, Technician]:
    """Lock technicians' rows in the order of their ids, before anything of theirs is read.

    Those of `ids` (None and unknown ones are left out), and whoever goes on an open visit of the
    orders `going_on`. Every service that plans or moves a status takes these locks first, so that
    two of them never wait for each other, and what is read afterwards cannot change.
    """
    demand()
    wanted = [one for one in set(ids) if one is not None]
    found = LOCKED.all(ids=wanted, orders=list(going_on))
    return {row.pk: row for row in found}


def going_ask(order_id: UUID, also: UUID | None = None) -> Asked:
    """Asks for the same of one order, and of one technician more: what every tap does, so in words
    that PostgreSQL plans once. A plan for lists it makes anew each time, as it cannot know how long
    they are."""
    return GOING.ask(order=order_id, also=also)


def _locked(wanted: Q) -> QuerySet[Technician]:
    # In the order of their ids: the one order that cannot deadlock.
    rows = Technician.objects.filter(wanted).order_by("pk")
    return rows.select_for_update(no_key=True, of=("self",))


def _going(of: Q) -> QuerySet[Assignment, UUID]:
    return Assignment.objects.filter(of, is_open=True).values_list("technician_id", flat=True)


ID, IDS, ORDERS = (Given(name, UUIDField()) for name in ("also", "ids", "orders"))
LOCKED = Prepared(lambda: _locked(Q(pk__any=IDS) | Q(pk__in=_going(Q(visit__order__any=ORDERS)))))
GOING = Prepared(
    lambda: _locked(
        Q(pk__any=Func(ArraySubquery(_going(Q(visit__order=ORDER))), ID, function="array_append"))
    )
)


def slots_together() -> None:
    """In this change visits change places: overlaps count when all are where they shall be."""
    statement_add("SET CONSTRAINTS no_double_booking DEFERRED", [])


def slot_check(start: datetime, end: datetime, *, now: datetime) -> None:
    """Refuse a slot that cannot be planned by itself: backwards, over 24 h, in the past."""
    if end <= start:
        wrong = {"duration_minutes": [_("A visit ends after it starts.")]}
        raise Invalid(wrong, code="slot_backwards")
    if end - start > LONGEST:
        words = _("A visit lasts 24 hours at most. Plan another visit for the rest.")
        raise Invalid({"duration_minutes": [words]}, code="slot_too_long")
    if start < now - GRACE:
        wrong = {"start": [_("This time is in the past. Choose a later one.")]}
        raise Invalid(wrong, code="slot_past")
    if start > now + timedelta(days=3660):
        wrong = {"start": [_("This is more than ten years ahead.")]}
        raise Invalid(wrong, code="slot_too_far")


def technicians_check(
    technicians: dict[UUID, Technician],
    ids: Iterable[UUID],
    start: datetime,
    end: datetime,
    *,
    allow_overlap: bool,
    ignoring: Collection[UUID] = (),
) -> None:
    """Refuse when one of the (locked) technicians is archived, absent, or busy in the slot.

    `ignoring` are the visits being moved. An overlap is refused against allowed overlaps too: the
    database forbids plain against plain, this the rest.
    """
    names = {}
    for technician_id in ids:
        technician = technicians.get(technician_id)
        if technician is None:
            raise Invalid({"technician_id": [_("There is no such technician.")]})
        if technician.archived_at:
            raise Refused(
                _("%(name)s is archived and takes no more work.") % {"name": technician.name},
                code="technician_archived",
            )
        names[technician_id] = technician.name
    if not names:
        return
    asked = [ABSENCES.ask(ids=list(names), start=start, end=end)]
    if not allow_overlap:
        asked.append(taken_ask(names, start, end, ignoring))
    absences, *taken = together(*asked)
    absence_check(names, absences)
    if taken:
        overlap_check(names, taken[0])


def absence_check(names: dict[UUID, str], absences: list[Absence]) -> None:
    """Refuse when one of the technicians is not there in the slot."""
    if not absences:
        return
    absence = absences[0]
    words = {
        "name": names[absence.technician_id],
        "span": absence_words(absence.start, absence.end),
    }
    raise Refused(_("%(name)s is absent: %(span)s.") % words, code="technician_absent")


def overlap_check(names: dict[UUID, str], taken: list[Assignment]) -> None:
    """Refuse when one of the (locked) technicians has another open visit in the slot."""
    if not taken:
        return
    other = taken[0]
    number = order_number(other.visit.order.number)
    words = {
        "name": names[other.technician_id],
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


def taken_ask(
    technicians: Collection[UUID], start: datetime, end: datetime, ignoring: Collection[UUID]
) -> Asked:
    """Asks for the open visits of these technicians in a slot, other than those of `ignoring`."""
    # A visit lasts a day at most, so nothing that starts earlier than that can reach the slot:
    # the b-tree on (technician, start) answers.
    return TAKEN.ask(
        ids=list(technicians),
        earliest=start - LONGEST,
        start=start,
        end=end,
        ignoring=list(ignoring),
    )


START, END = Given("start", DateTimeField()), Given("end", DateTimeField())
ABSENCES = Prepared(
    lambda: Absence.objects.filter(
        technician__any=IDS, archived_at__isnull=True, start__lt=END, end__gt=START
    ).order_by("start")
)
TAKEN = Prepared(
    lambda: (
        Assignment.objects.filter(
            technician__any=IDS,
            is_open=True,
            start__gt=Given("earliest", DateTimeField()),
            start__lt=END,
            end__gt=START,
        )
        .exclude(visit__any=Given("ignoring", UUIDField()))
        .select_related("visit__order")
        .only("start", "end", "technician_id", "visit__order_id", "visit__order__number")
        .order_by("start")
    )
)


def visit_open(
    order: ServiceOrder,
    visits: Iterable[Visit],
    *,
    technician_id: UUID,
    helper_ids: Iterable[UUID],
    vehicle_id: UUID | None,
    start: datetime,
    end: datetime,
    allow_overlap: bool,
) -> Visit:
    """A further planned visit of the (locked) order beside all its `visits`. Checks nothing."""
    last = max((visit.sequence for visit in visits), default=0)
    visit = Visit(
        order=order,
        sequence=last + 1,
        technician_id=technician_id,
        vehicle_id=vehicle_id,
        start=start,
        end=end,
        allow_overlap=allow_overlap,
    )
    rows_add(visit)
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
    rows_add(*rows)
    visit.__dict__[CACHE] = {"assignments": rows}


def assignments_clear(visit: Visit) -> None:
    """Take everybody off. Before a slot moves: under it they would be checked too soon."""
    visit.__dict__.pop(CACHE, None)
    statement_add("DELETE FROM orders_assignment WHERE visit_id = %s", [visit.pk])


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
