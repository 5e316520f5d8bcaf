"""A technician's undo of one step of theirs, named, by the time it was truly undone."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.errors import NotFound, Refused
from callout.kernel.prepared import together
from callout.orders import policy
from callout.orders.lifecycle import ACTIONS, To
from callout.orders.models import ServiceOrder, TimelineEntry
from callout.orders.services import undo
from callout.orders.services.command import Command
from callout.orders.services.follow import visit_follow
from callout.orders.services.plan_facts import plans_of
from callout.orders.services.reading import LAST
from callout.orders.services.settle import audience
from callout.orders.services.stepping import Placed, own_visit_read, still_theirs
from callout.orders.services.times import spans, steps_of
from callout.orders.services.twice import elsewhere_ask, twice_check
from callout.orders.true_time import by_time


@service
def step_undo(*, actor: Actor, entry_id: int, at: datetime | None = None) -> Placed:
    """Take back the technician's own step within ten minutes of it by true time, however late both
    arrive. `same` when it is taken back already.

    Refused as in step_place when the visit is theirs no more, and with nothing_to_undo, in words,
    when it is not their own, too long ago, or something was built on it.
    """
    at = min(at or clock.now(), clock.now())
    own = policy.visits_once(actor.technician_id) if actor.technician_id else None
    named = TimelineEntry.objects.filter(pk=entry_id)
    named = named.filter(visit__in=own) if own is not None else named.none()
    visit_id = named.values_list("visit_id", flat=True).first()
    if visit_id is None:
        raise NotFound
    found, visit = own_visit_read(actor, visit_id, ACTIONS["undo"], Command())
    still_theirs(actor, found, visit)
    order, entry = found.order, named.get()
    if entry.undone_at is not None and entry.actor_id == actor.user_id:
        return Placed(True, entry)
    if entry.actor_id != actor.user_id or entry.undone_at is not None:
        raise _nothing(_("Only your own last step can be undone."))
    if refusal := undo.undo_refusal(actor, entry, order, at) or _built_on(order, entry, found.last):
        raise _nothing(refusal)
    steps = steps_of(visit, found.steps)
    before = spans(by_time(steps), visit, found.visits)
    left = [step for step in steps if step.pk != entry.pk]
    if _stands_alone(entry):
        was = order.technician_status
        visit_follow(order, found.visits, visit, left)
        undo.undone_write(actor, order, [entry], at)
        seen, plans = audience(found.visits), plans_of(found.visits)
        undo.undone_record(actor, found, entry, was, seen, plans, at)
    else:
        undo.order_undo(actor, found, at=at)
    hours = spans(by_time(left), visit, found.visits)
    made, elsewhere = together(LAST.ask(order=order.pk), elsewhere_ask(visit, hours))
    twice_check(visit, before, hours, elsewhere)
    return Placed(False, made[0])


def _stands_alone(entry: TimelineEntry) -> bool:
    """Whether all that the step did follows from the visit's steps: it is enough to leave it out.
    A closing gave up a slot, and an Extend set an end: that is put back as it was kept."""
    row = ACTIONS[entry.action]
    return not row.closes and row.to is not To.SAME


def _built_on(order: ServiceOrder, entry: TimelineEntry, last: TimelineEntry | None) -> str:
    """By true time: what happened after it, whenever that was told."""
    later = Q(at__gt=entry.at) | Q(at=entry.at, pk__gt=entry.pk)
    standing = TimelineEntry.objects.filter(later, order=order, undone_at=None)
    since = standing.exclude(action="undo").exists()
    if since or not (_stands_alone(entry) or (last is not None and last.pk == entry.pk)):
        return _("Something else was done on the order since.")
    return ""


def _nothing(words: str) -> Refused:
    return Refused(words, code="nothing_to_undo")
