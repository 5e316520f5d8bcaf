"""What is asked before planning: the first free slot, who fits best, what speaks against, why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts.zone import local
from callout.customers.models import Site
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound, Refused
from callout.orders.lifecycle import Status
from callout.orders.models import ServiceOrder, Visit
from callout.orders.policy import manager_required, orders_visible
from callout.orders.services.booking import visit_helpers
from callout.planning import loading, team
from callout.planning.ask import Ask, Days
from callout.planning.fit.cost import Option
from callout.planning.fit.explain import Explanation, explained, first_or_now, judged
from callout.planning.fit.person import Interval, Person
from callout.planning.fit.question import Question, no_such_technician
from callout.planning.fit.reason import Reason
from callout.planning.fit.rules import FURTHEST as FURTHEST_AHEAD
from callout.planning.fit.slots import Search
from callout.planning.fit.soonest import Dash, soonest
from callout.planning.fit.suggest import best, option
from callout.planning.roads import roads_learn
from callout.travel.book import book_open
from callout.workforce.models import Technician

FURTHEST = 60  # days that a first free slot is looked for
NEAR = 14  # days that suggestions look at
MOST_SKIPPED = 200


def ask_for_order(
    order: ServiceOrder,
    minutes: int | None = None,
    *,
    moving: bool = False,
    helper_ids: Iterable[UUID] = (),
    visit: Visit | None = None,
) -> Ask:
    """The question that an existing order asks: for another visit, or `moving` one of its own.

    `visit` is its current one by default.
    """
    last = visit or order.visit
    visit = last if moving else None
    return Ask(
        site_id=order.site_id,
        duration_minutes=minutes or order.duration_minutes,
        type_id=order.type_id,
        wish_not_before=order.wish_not_before,
        wish_due=order.wish_due,
        wish_from=order.wish_from,
        wish_to=order.wish_to,
        due_at=order.target_at,
        promise_from=last.promise_from if last else None,
        promise_to=last.promise_to if last else None,
        moving=visit.pk if visit else None,
        helper_ids=tuple(helper_ids),
        # As planning does: a proposal for whoever goes; a visit keeps its vehicle and its driver.
        vehicle_id=None if visit else order.proposed_vehicle_id,
        keeps={visit.technician_id: visit.vehicle_id} if visit else {},
        pinned=visit is not None and visit.pinned,
        begun=visit is not None and visit.is_open and visit.status != Status.PLANNED,
    )


def ask_for_order_id(
    *,
    actor: Actor,
    order_id: UUID,
    minutes: int | None = None,
    not_before: datetime | None = None,
    helper_ids: Iterable[UUID] | None = None,
) -> Ask:
    """The same of an order that is to be planned, or moved where it is: with these helpers, or
    with those that go on its visit."""
    manager_required(actor)
    order = orders_visible(actor).select_related("visit").filter(pk=order_id).first()
    if order is None:
        raise NotFound
    if helper_ids is None:
        helper_ids = visit_helpers(order.visit) if order.visit else ()
    ask = ask_for_order(order, minutes, moving=True, helper_ids=helper_ids)
    return replace(ask, not_before=not_before)


def slot_first(*, actor: Actor, technician_id: UUID, ask: Ask, skip: int = 0) -> Option:
    """The technician's first free slot for the job, or the one `skip` further on.

    Refused ("no_free_slot") when there is none within 60 days.
    """
    asked = _question(actor, ask, FURTHEST, technician_id)
    search = asked.search(asked.named(technician_id))
    return option(search, _start(search, skip), asked.now)


def slot_next(
    *,
    actor: Actor,
    technician: Technician | None,
    ask: Ask,
    site: Site,
    helpers: Iterable[Technician] = (),
) -> Interval:
    """The same slot with nothing to be weighed, for a change that takes it: fewer questions."""
    manager_required(actor)
    if technician is None or technician.archived_at is not None:
        raise no_such_technician()
    begin, days = _ahead(ask, FURTHEST)
    with book_open() as book:
        going = [team.person_of(one) for one in (technician, *helpers)]
        person, *others = team.with_days(actor, going, days)
        job = replace(loading.job_at(ask, days, site), helpers=tuple(others))
    roads_learn(book, [person], [job.place])
    start = _start(Search.of(person, job, not_before=begin, zone=days.zone))
    return start, start + job.duration


def slot_suggestions(*, actor: Actor, ask: Ask, limit: int = 3) -> list[Option]:
    """The best technician-and-slot pairs of the next 14 days, by `cost.rank`."""
    asked = _question(actor, ask, NEAR)
    return best(asked.searches(), asked.now, limit)


@dataclass(frozen=True, slots=True)
class Choice:
    """The best pairs, and how many of the team have the skill and a free slot today."""

    options: list[Option]
    today: int
    everybody: int
    skills: list[str]


def slot_choice(*, actor: Actor, ask: Ask, limit: int = 3) -> Choice:
    """`slot_suggestions` with what the New order form says beside them."""
    asked = _question(actor, ask, NEAR)
    searches = asked.searches()
    today = local(asked.now).date()
    able = [one for one in searches if asked.job.skills.keys() <= one.person.skills]
    firsts = [next(one.starts(), None) for one in able]
    return Choice(
        options=best(searches, asked.now, limit),
        today=sum(start is not None and local(start).date() == today for start in firsts),
        everybody=len(asked.people),
        skills=list(asked.job.skills.values()),
    )


def slot_reasons(
    *, actor: Actor, technician_id: UUID, start: datetime, end: datetime, ask: Ask
) -> list[Reason]:
    """What speaks against a slot chosen by hand, hard reasons first; empty when nothing does."""
    asked = _question(actor, ask, 0, technician_id, around=start)
    return judged(asked.fit(asked.named(technician_id), start, end)).reasons


def slot_explained(
    *,
    actor: Actor,
    technician_id: UUID,
    ask: Ask,
    start: datetime | None = None,
    change: Callable[[Person], Person] = lambda person: person,
) -> Explanation:
    """Why not this technician at `start` (or at their first free slot), and what would help.

    `change` makes everybody as they would be once other visits have moved.
    """
    asked = _question(actor, ask, NEAR, also=technician_id, around=start).changed(change)
    searches = {one.person.id: one for one in asked.searches()}
    own = searches.pop(technician_id, None)
    if own is None:
        raise NotFound
    begin = start or first_or_now(own, asked.now)
    fit = asked.fit(own.person, begin, begin + asked.job.duration)
    return explained(fit, own, list(searches.values()))


def slot_soonest(*, actor: Actor, ask: Ask, limit: int = 3) -> list[Dash]:
    """Who is nearest and free soonest, whatever is planned, and which visits would have to move."""
    asked = _question(actor, ask, NEAR)
    return soonest(asked.people, asked.job, now=asked.now, zone=asked.zone, limit=limit)


def _question(
    actor: Actor,
    ask: Ask,
    length: int,
    only: UUID | None = None,
    *,
    also: UUID | None = None,
    around: datetime | None = None,
) -> Question:
    """The question with the days of the next `length`, or of so many at either side of `around`."""
    begin, days = _ahead(ask, length)
    if around is not None:
        # What is past, or years away, is refused for that alone: its days need not be known.
        now, reach = clock.now(), timedelta(days=length)
        around = min(max(around, now), now + FURTHEST_AHEAD)
        begin = max(now, around - reach)
        days = Days.around(begin, around + timedelta(minutes=ask.duration_minutes) + reach)
    return loading.question(actor, ask, days, not_before=begin, only=only, also=also)


def _ahead(ask: Ask, length: int) -> tuple[datetime, Days]:
    moments = [clock.now(), ask.not_before, ask.wish_not_before]
    begin = max(moment for moment in moments if moment is not None)
    return begin, Days.around(begin, begin + timedelta(days=length))


def _start(search: Search, skip: int = 0) -> datetime:
    found = next(islice(search.starts(), min(skip, MOST_SKIPPED), None), None)
    if found is None:
        raise Refused(
            _("%(name)s has no free slot of this length within 60 days. Choose a time yourself.")
            % {"name": search.person.name},
            code="no_free_slot",
        )
    return found
