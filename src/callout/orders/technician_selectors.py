"""What a technician reads on the phone: own work only, prepared for the page.

The actor may be a manager too; here they read as the technician they are and no more. The number
of queries does not grow with the work.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import dateformat
from django.utils.translation import gettext as _

from callout.accounts.zone import day_bounds, local, today
from callout.kernel import clock
from callout.kernel.actor import Actor, actor_required
from callout.kernel.errors import NotFound
from callout.orders import policy
from callout.orders.lifecycle import UNDER_WAY, Outcome, Status
from callout.orders.models import Assignment, Attachment, Note, Reason, ServiceOrder, Visit
from callout.orders.numbers import order_number
from callout.orders.words import outcome_label
from callout.travel.estimate import Leg, Place, place, travel_estimate

DAYS_SHOWN = 6
DAYS_AHEAD = 21  # how far the strip looks for days with work
BUSY = frozenset({*UNDER_WAY, Status.BREAK})
PAST = (Outcome.DONE, Outcome.HANDED_BACK, Outcome.CUSTOMER_ABSENT)


@dataclass(frozen=True, slots=True)
class DayLink:
    """One day of the strip."""

    day: date
    name: str
    number: int
    full: str
    chosen: bool
    visits: int


@dataclass(frozen=True, slots=True)
class Row:
    """A visit on the day's list. `status` is "" once it ended otherwise than Done or Cancelled."""

    id: UUID
    order_id: UUID
    number: str
    start: str
    end: str
    day: str  # when it is not the day asked for: an open visit of an earlier day
    status: str
    ended: str
    customer: str
    title: str
    address: str
    priority: str
    absent: int
    now: bool
    old: bool
    helper: bool
    leg: str  # the drive from the visit before


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the technician's work, and the days around it."""

    day: date
    title: str
    links: list[DayLink]
    rows: list[Row]
    next_day: DayLink | None  # with work, for a day without any


def as_technician(actor: Actor) -> Actor:
    """The actor with a technician's rights only, whatever else they may be."""
    return replace(actor_required(actor), is_manager=False, is_admin=False)


def day_read(*, actor: Actor, day: date | None = None) -> Day:
    """The visits of one day (today by default), those still open from before, and the day strip."""
    actor, now_day = as_technician(actor), today()
    day = day or now_day
    rows = _of_day(actor, day)
    links = _strip(actor, now_day, day)
    later = [link for link in links if link.day > day and link.visits]
    return Day(
        day=day,
        title=day_words(day),
        links=links,
        rows=_rows(rows, day),
        next_day=later[0] if later and not rows else None,
    )


def _own(actor: Actor) -> QuerySet[Assignment]:
    if not actor.is_technician or actor.technician_id is None:
        return Assignment.objects.none()
    return policy.own_assignments(actor.technician_id)


def _of_day(actor: Actor, day: date) -> list[Assignment]:
    start, end = day_bounds(day)
    of_day = Q(start__gte=start, start__lt=end)
    if day == today():
        of_day |= Q(is_open=True, start__lt=start)  # work that was not closed is still today's
    order = "visit__order__"
    rows = _own(actor).filter(of_day).defer(f"{order}site__access_code_encrypted")
    rows = rows.select_related(*(order + one for one in ("customer", "site", "type", "priority")))
    return list(rows.order_by("start", "id"))


def _rows(assignments: list[Assignment], day: date) -> list[Row]:
    found: list[Row] = []
    before: Place | None = None
    for assignment in assignments:
        site = assignment.visit.order.site
        here = place(site.latitude, site.longitude)
        leg = travel_estimate(before, here) if before and here and assignment.is_open else None
        found.append(_row(assignment, day, leg))
        before = here
    return found


def _row(assignment: Assignment, day: date, leg: Leg | None) -> Row:
    visit = assignment.visit
    order, begins = visit.order, local(visit.start)
    status, ended = status_shown(visit)
    return Row(
        id=visit.pk,
        order_id=order.pk,
        number=order_number(order.number),
        start=hour(visit.start),
        end=hour(visit.expected_end or visit.end),
        day="" if begins.date() == day else day_words(begins.date()),
        status=status,
        ended=ended,
        customer=order.customer.name,
        title=order.title or order.type.name,
        address=", ".join(part for part in (order.site.street, order.site.town) if part),
        priority=order.priority.code,
        absent=order.absent_count,
        now=visit.is_open and visit.status in BUSY,
        old=not visit.is_open,
        helper=assignment.role == Assignment.HELPER,
        leg=_leg_words(leg),
    )


def _strip(actor: Actor, first: date, chosen: date) -> list[DayLink]:
    """Today and the next days; a weekend day shows only when there is work on it."""
    start, _end = day_bounds(first)
    _start, end = day_bounds(first + timedelta(days=DAYS_AHEAD))
    own = _own(actor).filter(start__gte=start, start__lt=end)
    count: dict[date, int] = {}
    for moment in own.values_list("start", flat=True):
        count[local(moment).date()] = count.get(local(moment).date(), 0) + 1
    ahead = (first + timedelta(days=n) for n in range(DAYS_AHEAD))
    days = [d for d in ahead if d in (first, chosen) or count.get(d) or d.weekday() < 5]
    if chosen in days[DAYS_SHOWN:]:
        days[DAYS_SHOWN - 1 :] = [chosen]
    return [
        DayLink(
            day=one,
            name=dateformat.format(one, "D"),
            number=one.day,
            full=day_words(one),
            chosen=one == chosen,
            visits=count.get(one, 0),
        )
        for one in days[:DAYS_SHOWN]
    ]


def status_shown(visit: Visit) -> tuple[str, str]:
    """The visit's status mark, or how it ended where no status says that."""
    if visit.outcome in (None, Outcome.DONE, Outcome.CANCELLED):
        return visit.status, ""
    return "", outcome_label(visit.outcome or "")


def own_order(actor: Actor, order_id: UUID) -> ServiceOrder:
    """The order, if it is the technician's own work; NotFound otherwise."""
    order = policy.orders_visible(as_technician(actor)).filter(pk=order_id).first()
    if order is None:
        raise NotFound
    return order


@dataclass(frozen=True, slots=True)
class Past:
    """A past intervention: when, what, by whom. Nothing else of it is a technician's business."""

    day: str
    what: str
    who: str
    outcome: str
    done: bool


def earlier_list(*, actor: Actor, order_id: UUID, limit: int = 50) -> list[Past]:
    """Past interventions of other orders at the order's site or on its asset, newest first."""
    return earlier_of(own_order(actor, order_id), limit)


def earlier_of(order: ServiceOrder, limit: int) -> list[Past]:
    """The same for an order that is known to be the technician's own."""
    there = Q(order__site_id=order.site_id)
    if order.asset_id:
        there |= Q(order__asset_id=order.asset_id)
    rows = Visit.objects.filter(there, is_open=False, outcome__in=PAST).exclude(order=order.pk)
    rows = rows.select_related("order__type", "technician").order_by("-closed_at", "-id")
    return [past_of(visit) for visit in rows[:limit]]


def past_of(visit: Visit) -> Past:
    """One past visit in words."""
    order = visit.order
    return past_told(
        *(visit.closed_at, visit.start),
        *(order.type.name, order.title, visit.technician.name, visit.outcome or ""),
    )


def past_told(
    closed_at: datetime | None, start: datetime, kind: str, title: str, who: str, outcome: str
) -> Past:
    """The same of what was read of it."""
    return Past(
        day=day_words(local(closed_at or start).date(), year=True),
        what=" · ".join(part for part in (kind, title) if part),
        who=who,
        outcome=outcome_label(outcome),
        done=outcome == Outcome.DONE,
    )


def reasons_list(*, actor: Actor, kind: str) -> list[Reason]:
    """The reasons offered for cancelling, handing back or an absent customer."""
    actor_required(actor)
    return list(Reason.objects.filter(kind=kind, archived_at__isnull=True))


def attachment_own(*, actor: Actor, order_id: UUID, attachment_id: UUID) -> Attachment:
    """A file of the technician's own order that is for technicians; NotFound otherwise."""
    order = own_order(actor, order_id)
    row = files_of(order).filter(pk=attachment_id).first()
    if row is None:
        raise NotFound
    return row


def attachment_of_own_work(*, actor: Actor, attachment_id: UUID, photo: bool = False) -> Attachment:
    """The same by the file alone; with `photo` only one that has a small picture."""
    rows = Attachment.objects.filter(for_technician=True, archived_at__isnull=True)
    rows = rows.filter(order__in=policy.orders_visible(as_technician(actor)))
    if photo:
        rows = rows.filter(kind="photo")
    row = rows.filter(pk=attachment_id).first()
    if row is None:
        raise NotFound
    return row


def order_id_of_visit(*, actor: Actor, visit_id: UUID) -> UUID:
    """The order of a visit that the technician goes on, a helper's too; NotFound for any other."""
    own = _own(as_technician(actor)).filter(visit=visit_id)
    order_id: UUID | None = own.values_list("visit__order_id", flat=True).first()
    if order_id is None:
        raise NotFound
    return order_id


def files_of(order: ServiceOrder) -> QuerySet[Attachment]:
    """The order's files that a technician sees."""
    return order.attachments.filter(for_technician=True, archived_at__isnull=True)


def notes_of(order: ServiceOrder) -> QuerySet[Note]:
    """The order's notes that a technician sees."""
    return order.notes.filter(kind=Note.TECHNICIAN).select_related("author")


def under_way_of(*, actor: Actor) -> Visit | None:
    """The visit that the technician is under way on now, if any."""
    if actor_required(actor).technician_id is None:
        return None
    rows = Visit.objects.filter(is_open=True, status__in=[str(s) for s in UNDER_WAY])
    mine = rows.filter(technician=actor.technician_id)
    return mine.select_related("order__customer").first()


def hour(moment: datetime) -> str:
    return f"{local(moment):%H:%M}"


def day_words(day: date, *, year: bool = False) -> str:
    this_year = local(clock.now()).year
    return dateformat.format(day, "D j M Y" if year and day.year != this_year else "D j M")


def _leg_words(leg: Leg | None) -> str:
    if leg is None:
        return ""
    words = {"km": round(leg.kilometres), "minutes": leg.minutes}
    return _("%(km)d km · %(minutes)d min, estimate") % words
