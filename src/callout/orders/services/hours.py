"""Hours entered by hand, with or without a visit. Those that follow what was tapped: times.py."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from callout.accounts.zone import day_bounds, local
from callout.kernel import checks, clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import constraint_means, fields_set, row_lock, row_save, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused
from callout.orders import policy
from callout.orders.models import ServiceOrder, TimeEntry, Visit
from callout.orders.services.twice import LONGEST
from callout.orders.words import id_taken, time_kinds
from callout.workforce.models import Technician

NOTE = {"note": checks.text(200)}
OLDEST = timedelta(days=31)  # as of a step
DAYS_BACK = 1  # yesterday's are entered in the morning; what is older is for the office to say
COUNT = (TimeEntry.TRAVEL, TimeEntry.WORK, TimeEntry.OTHER)  # a break lies within what it breaks
constraint_means("orders_timeentry_pkey", id_taken)
KINDS = {TimeEntry.TRAVEL, TimeEntry.WORK, TimeEntry.BREAK, TimeEntry.OTHER}


@service
def time_entry_add(
    *,
    actor: Actor,
    kind: str,
    start: datetime,
    end: datetime,
    technician_id: UUID | None = None,
    visit_id: UUID | None = None,
    note: str = "",
    time_entry_id: UUID | None = None,
    at: datetime | None = None,
) -> TimeEntry:
    """Hours entered by hand: a technician's own (a helper's too), or by a manager for anybody.

    A technician's are of the day on which they say so, or of the one before (earlier_day), not
    over a month old (too_old), and no hour counts twice (counts_twice); a manager, who is warned,
    may say otherwise. `time_entry_id`: as a phone has made it; `at`: when it was said there.
    """
    technician_id = technician_id or actor.technician_id
    if technician_id is None and actor.is_manager:
        raise Invalid({"technician_id": [_("Choose a technician.")]})
    if technician_id is None or not (actor.is_manager or technician_id == actor.technician_id):
        raise Forbidden
    note = _checked(kind, start, end, note)
    if not Technician.objects.filter(pk=technician_id).exists():
        raise Invalid({"technician_id": [_("There is no such technician.")]})
    if time_entry_id is not None and TimeEntry.objects.filter(pk=time_entry_id).exists():
        raise id_taken()
    if not actor.is_manager:
        _earlier_check(start, at or clock.now())
        row_lock(Technician.objects.all(), technician_id)  # two of their phones say it at once
    visit = None
    if visit_id is not None:
        own = policy.own_assignments(technician_id).filter(visit=visit_id)
        visit = Visit.objects.filter(pk=visit_id).first() if own.exists() else None
        if visit is None:
            raise NotFound
        _unchecked_hold(visit)
    if not actor.is_manager:
        _twice_check(technician_id, kind, start, end)
    entry = TimeEntry(
        technician_id=technician_id, visit=visit, kind=kind, start=start, end=end, note=note
    )
    if time_entry_id is not None:
        entry.pk = time_entry_id
    entry.save(force_insert=True)
    _record(actor, entry, "time_add")
    return entry


@service
def time_entry_update(
    *,
    actor: Actor,
    time_entry_id: UUID,
    version: int,
    kind: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    note: str | None = None,
) -> TimeEntry:
    """Correct hours that were entered by hand: the office's. Whose they are and of which visit
    stays; the journal keeps what stood there."""
    entry = _by_hand(actor, time_entry_id, version)
    before, said = _facts(entry), entry.note
    given = {"kind": kind, "start": start, "end": end, "note": note}
    wanted = {name: value for name, value in given.items() if value is not None}
    now: dict[str, Any] = {name: getattr(entry, name) for name in given} | wanted
    now["note"] = _checked(**now)
    changed = fields_set(entry, now)
    if changed:
        row_save(entry, changed)
        _record(actor, entry, "time_update", said, before=before)
    return entry


@service
def time_entry_remove(*, actor: Actor, time_entry_id: UUID, version: int | None = None) -> None:
    """Take hours back that were entered by hand: the office's. The journal keeps them."""
    entry = _by_hand(actor, time_entry_id, version)
    _record(actor, entry, "time_remove")
    entry.delete()


def _earlier_check(start: datetime, said: datetime) -> None:
    if start < clock.now() - OLDEST:  # whatever a phone says of when it was said
        raise Refused(_("This is more than a month ago."), code="too_old")
    first = local(said).date() - timedelta(days=DAYS_BACK)
    if start < day_bounds(first)[0]:
        words = _("Hours of an earlier day than yesterday are for the office to enter.")
        raise Refused(words, code="earlier_day")


def _twice_check(technician_id: UUID, kind: str, start: datetime, end: datetime) -> None:
    if kind not in COUNT:
        return
    rows = TimeEntry.objects.filter(technician=technician_id, kind__in=COUNT, start__lt=end)
    # As where steps are counted: not through all their past.
    rows = rows.filter(start__gt=start - LONGEST).filter(Q(end__isnull=True) | Q(end__gt=start))
    other = rows.order_by("start").first()
    if other is not None:
        words = _(
            "These hours lie over others of yours (%(kind)s from %(start)s): none count twice."
        )
        kinds = {"kind": time_kinds()[other.kind], "start": f"{local(other.start):%H:%M}"}
        raise Refused(words % kinds, code="counts_twice")


def _by_hand(actor: Actor, time_entry_id: UUID, version: int | None) -> TimeEntry:
    policy.manager_required(actor)
    entry = row_lock(policy.times_visible(actor), time_entry_id, version)
    if entry.derived:
        words = _("These hours follow what was tapped. Enter others by hand, or undo the step.")
        raise Refused(words, code="derived")
    if entry.visit is not None:
        _unchecked_hold(entry.visit)
    return entry


def _unchecked_hold(visit: Visit) -> None:
    """Lock the visit's order. Refused once it is checked: what is invoiced from stays as it is."""
    order = row_lock(ServiceOrder.objects.all(), visit.order_id)
    if order.checked_at:
        words = _("This order is checked. Uncheck it before changing its hours.")
        raise Refused(words, code="checked")


def _checked(kind: str, start: datetime, end: datetime, note: str) -> str:
    """The note as it is kept. Invalid for what cannot be."""
    if kind not in KINDS:
        raise Invalid({"kind": [_("Choose travel, work, break or other.")]})
    if not start < end or end > clock.now() or (end - start).days >= 1:
        raise Invalid({"end": [_("Hours end after they start, within a day, not in the future.")]})
    kept: str = cleaned(NOTE, {"note": note})["note"]
    return kept


def _facts(entry: TimeEntry) -> dict[str, Any]:
    return {
        "time_kind": entry.kind,
        "start": entry.start.isoformat(),
        "end": entry.end.isoformat() if entry.end else None,
    }


def _record(actor: Actor, entry: TimeEntry, kind: str, said_before: str = "", **more: Any) -> None:
    visit = entry.visit
    notes = {"note": entry.note, "note_before": said_before}
    journal.record(
        actor,
        entity="service_order" if visit else "technician",
        entity_id=visit.order_id if visit else entry.technician_id,
        kind=kind,
        facts={
            "time_entry": str(entry.pk),
            "technician": str(entry.technician_id),
            "visit": str(visit.pk) if visit else None,
            **_facts(entry),
            **more,
        },
        personal={name: text for name, text in notes.items() if text},
        audience=[entry.technician_id],
    )
