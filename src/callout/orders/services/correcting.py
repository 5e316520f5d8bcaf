"""The true time of a step, set afterwards. The first value stays; the journal has each."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts.zone import local
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.change import service, statement_add
from callout.kernel.errors import Invalid, NotFound, Refused, Stale
from callout.kernel.prepared import together
from callout.orders import policy
from callout.orders.lifecycle import ACTIONS
from callout.orders.models import TimelineEntry, Visit
from callout.orders.services.booking import LONGEST
from callout.orders.services.command import Command
from callout.orders.services.follow import visit_follow
from callout.orders.services.reading import Found, order_read
from callout.orders.services.stepping import OLDEST, correction_record, own_visit_read, still_theirs
from callout.orders.services.times import NOT_STEPS, spans, steps_of
from callout.orders.services.twice import elsewhere_ask, twice_check
from callout.orders.true_time import by_time

CORRECT = "UPDATE orders_timelineentry SET first_at = coalesce(first_at, at), at = %s WHERE id = %s"


@service
def step_correct(
    *,
    actor: Actor,
    entry_id: int,
    at: datetime,
    order_id: UUID | None = None,
    was: datetime | None = None,
) -> TimelineEntry:
    """Give a step of a visit another time: a technician their own, a manager any. With `order_id`
    it is NotFound among the steps of another order; Stale when its time is not what it `was`.

    Between the steps beside it, and for a technician within the company's day. Refused otherwise
    (other_day, order_of_entries, counts_twice, checked, not_own_entry, not_a_step, or the visit is
    theirs no more): then it is for the office to say. A manager may name another day, of the last
    month (too_old) and with no hours of more than a day (over_a_day). Invalid for a time to come.
    """
    found, entry, visit = _read(actor, entry_id, order_id)
    if was not in (None, entry.at):
        raise Stale(current={"id": entry.pk, "version": entry.at.isoformat()})
    if at > clock.now():
        raise Invalid({"at": [_("This time is still to come.")]})
    if at == entry.at:
        return entry
    other_day = local(at).date() != local(entry.at).date()
    if other_day:
        _other_day_check(actor, at)
    steps = by_time(steps_of(visit, found.steps))
    before = spans(steps, visit, found.visits)
    was, entry.at = entry.at, at
    _order_check(visit, steps)
    entry.first_at = entry.first_at or was
    statement_add(CORRECT, [at, entry.pk])
    visit_follow(found.order, found.visits, visit, steps)
    correction_record(actor, found, entry, was)
    hours = spans(steps, visit, found.visits)
    if other_day and any(
        (end or clock.now()) - start > LONGEST for _who, _kind, start, end in hours
    ):
        words = _("Some hours of the visit would be longer than a day. Choose another time.")
        raise Refused(words, code="over_a_day")
    (elsewhere,) = together(elsewhere_ask(visit, hours))
    twice_check(visit, before, hours, elsewhere)
    return entry


def _other_day_check(actor: Actor, at: datetime) -> None:
    if not actor.is_manager:
        raise Refused(_("A time is corrected within its day."), code="other_day")
    if at < clock.now() - OLDEST:
        raise Refused(_("This is more than a month ago."), code="too_old")


def _read(actor: Actor, entry_id: int, order_id: UUID | None) -> tuple[Found, TimelineEntry, Visit]:
    """The step, if it is one that `actor` may correct; its order is locked."""
    named = TimelineEntry.objects.filter(pk=entry_id, visit__isnull=False)
    if not actor.is_manager:
        own = actor.technician_id if actor.is_technician else None
        named = named.filter(visit__in=policy.visits_once(own)) if own else named.none()
    first = named.only("order_id", "visit_id", "action").first()
    if first is None or first.visit_id is None or order_id not in (None, first.order_id):
        raise NotFound
    row, visit_id = ACTIONS.get(first.action), first.visit_id
    if row is None or first.action in NOT_STEPS:
        raise _not_a_step()
    if actor.is_manager:
        found = order_read(actor, first.order_id, row, Command(), steps=True)
        visit = next(one for one in found.visits if one.pk == visit_id)
        if found.order.checked_at:
            raise Refused(_("This order is checked. Uncheck it first."), code="checked")
    else:
        found, visit = own_visit_read(actor, visit_id, row, Command())
        still_theirs(actor, found, visit)
    entry = next((step for step in found.steps if step.pk == entry_id), None)
    if entry is None:
        raise _not_a_step()
    if not actor.is_manager and entry.actor_id != actor.user_id:
        raise Refused(_("Somebody else entered this. Ask the office."), code="not_own_entry")
    return found, entry, visit


def _not_a_step() -> Refused:
    return Refused(_("Only a step that stands has a time to correct."), code="not_a_step")


def _order_check(visit: Visit, steps: list[TimelineEntry]) -> None:
    """The steps stay in their order, and the visit ends after the last one."""
    last, ends = steps[-1], visit.closed_at
    ended_otherwise = not visit.is_open and not ACTIONS[last.action].closes
    too_late = ended_otherwise and ends is not None and last.at > ends
    too_early = visit.entered_afterwards and steps[0].at <= visit.start and len(steps) == 1
    if by_time(steps) != steps or too_late or too_early:
        raise Refused(
            _("The steps of the visit stay in their order. Correct the one beside it first."),
            code="order_of_entries",
        )
