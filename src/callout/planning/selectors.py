"""What is asked before planning: the first free slot, who fits best, what speaks against."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import islice
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from callout.accounts.zone import local
from callout.customers.models import Site
from callout.customers.policy import visible_sites
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid, NotFound, Refused
from callout.orders.models import InterventionType, ServiceOrder
from callout.orders.policy import manager_required
from callout.planning.agenda import Agenda, Wish, agendas
from callout.planning.cautions import Caution, Fit, Job, cautions_for
from callout.planning.slots import Slot, slots_free
from callout.travel.estimate import Place, place
from callout.workforce.models import Technician

FURTHEST = 60  # days that a first free slot is looked for
NEAR = 14  # days that suggestions look at
MOST_SKIPPED = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """A technician and a free slot, with what a dispatcher weighs.

    `minutes` and `kilometres` are the drive from the stop before, or from the home base
    (`from_base`); None where a position is missing.
    """

    technician: Technician
    start: datetime
    end: datetime
    minutes: int | None
    kilometres: float | None
    from_base: bool
    cautions: list[Caution] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ask:
    """The job to find a slot for, before or after there is an order."""

    site_id: UUID
    duration_minutes: int
    type_id: UUID | None = None
    not_before: datetime | None = None
    wish_not_before: datetime | None = None
    wish_due: datetime | None = None
    wish_from: time | None = None
    wish_to: time | None = None
    due_at: datetime | None = None
    promise_from: datetime | None = None
    promise_to: datetime | None = None


def ask_for_order(order: ServiceOrder, minutes: int | None = None) -> Ask:
    """The question that an existing order asks."""
    return Ask(
        site_id=order.site_id,
        duration_minutes=minutes or order.duration_minutes,
        type_id=order.type_id,
        wish_not_before=order.wish_not_before,
        wish_due=order.wish_due,
        wish_from=order.wish_from,
        wish_to=order.wish_to,
        due_at=order.due_at,
        promise_from=order.visit.promise_from if order.visit else None,
        promise_to=order.visit.promise_to if order.visit else None,
    )


def slot_first(*, actor: Actor, technician_id: UUID, ask: Ask, skip: int = 0) -> Proposal:
    """The technician's first free slot for the job, or the one `skip` further on.

    Refused ("no_free_slot") when there is none within 60 days.
    """
    manager_required(actor)
    technician = _technicians().filter(pk=technician_id).first()
    if technician is None:
        raise _no_such_technician()
    job = _job(actor, ask)
    agenda = _agendas(actor, [technician], ask, FURTHEST)[0]
    return _proposal(agenda, _slot(agenda, ask, job.where, skip), job)


def slot_next(*, actor: Actor, technician: Technician | None, ask: Ask, site: Site) -> Slot:
    """The same slot with nothing to be weighed, for a change that takes it: fewer questions."""
    manager_required(actor)
    if technician is None or technician.archived_at is not None:
        raise _no_such_technician()
    agenda = _agendas(actor, [technician], ask, FURTHEST)[0]
    return _slot(agenda, ask, place(site.latitude, site.longitude))


def _no_such_technician() -> Invalid:
    return Invalid({"technician_id": [_("There is no such technician.")]})


def _slot(agenda: Agenda, ask: Ask, where: Place | None, skip: int = 0) -> Slot:
    found = next(islice(_slots(agenda, ask, where), min(skip, MOST_SKIPPED), None), None)
    if found is None:
        raise Refused(
            _("%(name)s has no free slot of this length within 60 days. Choose a time yourself.")
            % {"name": agenda.technician.name},
            code="no_free_slot",
        )
    return found


def slot_suggestions(*, actor: Actor, ask: Ask, limit: int = 3) -> list[Proposal]:
    """The best technicians and their first free slots in the next 14 days, best first.

    Fewest cautions count first, then what begins soonest to the half hour, then the least travel.
    """
    manager_required(actor)
    job = _job(actor, ask)
    found = []
    for agenda in _agendas(actor, _technicians(), ask, NEAR):
        slot = next(_slots(agenda, ask, job.where), None)
        if slot is not None:
            found.append(_proposal(agenda, slot, job))
    return sorted(found, key=_rank)[:limit]


def slot_cautions(
    *, actor: Actor, technician_id: UUID, start: datetime, end: datetime, ask: Ask
) -> list[Caution]:
    """What speaks against a slot chosen by hand, in words; empty when nothing does."""
    manager_required(actor)
    technician = _technicians().filter(pk=technician_id).first()
    if technician is None:
        raise NotFound
    job = _job(actor, ask)
    day = local(start).date()
    agenda = agendas(actor, [technician], day, local(end).date())[technician.pk]
    return cautions_for(Fit(agenda, start, end, job))


def _technicians() -> QuerySet[Technician]:
    live = Technician.objects.filter(archived_at__isnull=True)
    return live.prefetch_related("skills").order_by("name_sort", "id")


def _job(actor: Actor, ask: Ask) -> Job:
    site: Site | None = visible_sites(actor).filter(pk=ask.site_id).first()
    if site is None:
        raise Invalid({"site_id": [_("Choose a site or an asset.")]})
    kinds = InterventionType.objects.prefetch_related("skills").filter(
        pk=ask.type_id or UUID(int=0)
    )
    kind = kinds.first()
    return Job(
        where=place(site.latitude, site.longitude),
        skills={skill.pk: skill.name for skill in kind.skills.all()} if kind else {},
        opening_hours=site.opening_hours,
        wish_not_before=ask.wish_not_before,
        wish_due=ask.wish_due,
        wish_from=ask.wish_from,
        wish_to=ask.wish_to,
        due_at=ask.due_at,
        promise_from=ask.promise_from,
        promise_to=ask.promise_to,
    )


def _agendas(actor: Actor, technicians: Iterable[Technician], ask: Ask, days: int) -> list[Agenda]:
    first = local(_from(ask)).date()
    loaded = agendas(actor, technicians, first, first + timedelta(days=days))
    return list(loaded.values())


def _from(ask: Ask) -> datetime:
    moments = [clock.now(), ask.not_before, ask.wish_not_before]
    return max(moment for moment in moments if moment is not None)


def _slots(agenda: Agenda, ask: Ask, where: Place | None) -> Iterator[Slot]:
    wish = Wish(ask.wish_not_before, ask.wish_from, ask.wish_to)
    question = agenda.question(
        minutes=ask.duration_minutes, not_before=_from(ask), where=where, wish=wish
    )
    return slots_free(question)


def _proposal(agenda: Agenda, slot: Slot, job: Job) -> Proposal:
    return Proposal(
        technician=agenda.technician,
        start=slot.start,
        end=slot.end,
        minutes=slot.leg.minutes if slot.leg else None,
        kilometres=slot.leg.kilometres if slot.leg else None,
        from_base=slot.from_base,
        cautions=cautions_for(Fit(agenda, slot.start, slot.end, job)),
    )


def _rank(proposal: Proposal) -> tuple[int, datetime, int]:
    half_hour = proposal.start.replace(minute=proposal.start.minute // 30 * 30)
    return len(proposal.cautions), half_hour, proposal.minutes or 0
