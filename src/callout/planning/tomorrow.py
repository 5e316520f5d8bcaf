"""What will fail on a day: the same rules, asked of every visit planned for it.

As many queries for a thousand visits as for one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from callout.accounts.zone import day_bounds, today
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.lifecycle import Outcome, Stage
from callout.orders.models import Assignment, ServiceOrder, Visit
from callout.orders.numbers import order_number
from callout.orders.policy import manager_required
from callout.orders.selectors.late import NOT_THERE, waits_not
from callout.orders.selectors.when import When
from callout.planning import loading, team
from callout.planning.ask import Days
from callout.planning.fit.failing import MENDS, Facts, Mend, failing, kind_label
from callout.planning.fit.person import Fit, Job
from callout.planning.fit.reason import Reason
from callout.planning.roads import roads_learn
from callout.travel.areas import place_at
from callout.travel.book import book_open
from callout.workforce.selectors import opening_hours

MOST = 1_000  # of the visits of earlier days, and of the orders to be answered
MOST_AHEAD = 60  # days that a working day is looked for


@dataclass(frozen=True, slots=True)
class Failure:
    """One line: of which order, and whose visit where there is one; in words what fails, and what
    mends it. `slot` is the visit's, or says when the order is to be answered."""

    kind: str
    words: str
    hard: bool
    mend: Mend
    order_id: UUID
    number: str
    bare_number: int
    title: str
    status: str  # of the visit, or new
    customer_id: UUID
    customer: str
    site_id: UUID
    town: str
    slot: str
    visit_id: UUID | None = None
    technician_id: UUID | None = None
    technician: str = ""
    initials: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Failures of one kind, by time."""

    kind: str
    label: str
    hard: bool
    failures: list[Failure]


@dataclass(frozen=True, slots=True)
class Check:
    """A day, how many visits were looked at, what fails of them, and the working day after now."""

    day: date
    visits: int
    groups: list[Group]
    today: date
    working_day: date

    @property
    def count(self) -> int:
        """Of all lines."""
        return sum(len(group.failures) for group in self.groups)


def day_check(*, actor: Actor, day: date | None = None) -> Check:
    """What will fail on the company's day `day` (tomorrow by default). For managers."""
    manager_required(actor)
    now = today()
    day = day or now + timedelta(days=1)
    begin, end = day_bounds(day)
    visits = list(_visits(start__gte=begin, start__lt=end, status__in=NOT_THERE))
    told = Teller()
    found = [
        told.visit(one, reason)
        for one, reasons in _judged(actor, day, visits)
        for reason in reasons
    ]
    found += [told.unanswered(one) for one in _unanswered(day, begin, end)]
    earlier = {"start__lt": min(begin, day_bounds(now)[0]), "end__lt": min(begin, clock.now())}
    found += [told.not_closed(one) for one in _visits(**earlier)[:MOST]]
    return Check(day, len(visits), _grouped(found), now, _working_day(actor, now))


def _grouped(found: Iterable[Failure]) -> list[Group]:
    groups: dict[str, list[Failure]] = {kind: [] for kind in MENDS}
    for one in found:
        groups[one.kind].append(one)
    shown = [
        Group(kind, kind_label(kind), any(one.hard for one in failures), failures)
        for kind, failures in groups.items()
        if failures
    ]
    return sorted(shown, key=lambda group: not group.hard)


def _judged(actor: Actor, day: date, visits: list[Any]) -> Iterable[tuple[Any, list[Reason]]]:
    """Each visit with what fails of it."""
    begin, end = day_bounds(day)
    days = Days.around(begin, end)
    ids = {one.technician_id for one in visits} | {pk for one in visits for pk in one.helper_ids}
    # What is planned is judged by its slots; whether somebody will be late today, the board says.
    with book_open() as book:
        people = {one.id: replace(one, idle=None) for one in team.persons(actor, ids, days)}
        spots = {one.id: place_at(one.latitude, one.longitude, one.postcode) for one in visits}
    roads_learn(book, people.values(), (), moving=True)
    rides = team.rides({one.vehicle_id for one in visits if one.vehicle_id}, days)
    skills = loading.skills_needed(one.type_id for one in visits)
    now = clock.now()
    for one in visits:
        job = Job(
            duration=one.end - one.start,
            place=spots[one.id],
            skills=skills[one.type_id],
            open=loading.opened(one.opening_hours, days),
            promise_from=one.promise_from,
            promise_to=one.promise_to,
            helpers=tuple(people[pk].without({one.id}) for pk in one.helper_ids),
        )
        driven = rides.get(one.vehicle_id, ())
        person = replace(
            people[one.technician_id].without({one.id}),
            rides=tuple(ride for driver, ride in driven if driver != one.technician_id),
        )
        fit = Fit(person, job, one.start, one.end, now, days.zone, one.allow_overlap)
        yield one, failing(fit, _facts(one))


def _facts(one: Any) -> Facts:
    phones = (one.phone, one.contact_phone, one.mobile, one.caller_phone)
    needs = None if one.several else timedelta(minutes=one.duration_minutes)
    return Facts(phone=any(phones), needs=needs)


def _working_day(actor: Actor, after: date) -> date:
    """The company's next working day: by its calendar, or the next day where it has none."""
    opening = opening_hours(actor=actor, first=after)
    ahead = [after + timedelta(days=number) for number in range(1, MOST_AHEAD)]
    if opening is None:
        return ahead[0]
    works = (day for day in ahead if opening.week[day.weekday()] and day not in opening.holidays)
    return next(works, ahead[0])


# --- what is read --------------------------------------------------------------------------------

ORDER = {
    "number": "number", "title": "title", "type_id": "type_id", "type": "type__name",
    "duration_minutes": "duration_minutes", "caller_phone": "caller_phone",
    "customer_id": "customer_id", "customer": "customer__name", "phone": "customer__phone",
    "contact_phone": "contact__phone", "mobile": "contact__mobile", "site_id": "site_id",
    "town": "site__town", "latitude": "site__latitude", "longitude": "site__longitude",
    "postcode": "site__postcode",
    "opening_hours": "site__opening_hours",
}  # fmt: skip
VISIT = (
    "id", "order_id", "start", "end", "status", "technician_id", "vehicle_id", "allow_overlap",
    "promise_from", "promise_to",
)  # fmt: skip
WORKED = (Outcome.DONE.value, Outcome.HANDED_BACK.value)


def _visits(**which: Any) -> QuerySet[Visit, Any]:
    """Open visits with all that is asked of them, by time."""
    helping = Assignment.objects.filter(visit=OuterRef("pk"), role=Assignment.HELPER)
    beside = Visit.objects.filter(order=OuterRef("order")).exclude(pk=OuterRef("pk"))
    beside = beside.filter(Q(is_open=True) | Q(outcome__in=WORKED))
    return (
        Visit.objects.filter(is_open=True, **which)
        .annotate(
            helper_ids=ArraySubquery(helping.order_by("technician_id").values("technician_id")),
            several=Exists(beside),
            who=F("technician__name"),
            initials=F("technician__initials"),
            **{name: F(f"order__{path}") for name, path in ORDER.items()},
        )
        .order_by("start", "id")
        .values_list(*VISIT, "helper_ids", "several", "who", "initials", *ORDER, named=True)
    )


def _unanswered(day: date, begin: datetime, end: datetime) -> QuerySet[ServiceOrder, Any]:
    """Those to plan that are to be answered on the day; not what still waits for something then."""
    rows = ServiceOrder.objects.filter(
        waits_not(day),
        stage=Stage.NEW.value,
        due_at__gte=begin,
        due_at__lt=end,
        answered_at=None,
    ).annotate(customer_name=F("customer__name"), town=F("site__town"), kind=F("type__name"))
    columns = ("id", "number", "title", "kind", "due_at", "customer_id", "customer_name")
    return rows.order_by("due_at", "number").values_list(*columns, "site_id", "town", named=True)[
        :MOST
    ]


class Teller:
    """Makes lines of what was found."""

    def __init__(self) -> None:
        self.when = When()

    def visit(self, one: Any, reason: Reason) -> Failure:
        """A visit, and one thing that fails of it."""
        return Failure(
            kind=reason.code,
            words=reason.words,
            hard=reason.hard,
            mend=MENDS[reason.code],
            order_id=one.order_id,
            number=order_number(one.number),
            bare_number=one.number,
            title=one.title or one.type,
            status=one.status,
            customer_id=one.customer_id,
            customer=one.customer,
            site_id=one.site_id,
            town=one.town,
            slot=self.when.slot_full(one.start, one.end),
            visit_id=one.id,
            technician_id=one.technician_id,
            technician=one.who,
            initials=one.initials,
            start=one.start,
            end=one.end,
        )

    def not_closed(self, one: Any) -> Failure:
        """A visit of an earlier day that nobody has ended."""
        ago = {"time": self.when.span(self.when.now - one.end)}
        return self.visit(one, Reason("not_closed", _("should have ended %(time)s ago") % ago))

    def unanswered(self, one: Any) -> Failure:
        """An order that nobody is planned for."""
        return Failure(
            kind="unanswered",
            words=_("nobody is planned"),
            hard=False,
            mend=MENDS["unanswered"],
            order_id=one.id,
            number=order_number(one.number),
            bare_number=one.number,
            title=one.title or one.kind,
            status="new",
            customer_id=one.customer_id,
            customer=one.customer_name,
            site_id=one.site_id,
            town=one.town,
            slot=self.when.answer_by(one.due_at),
        )
