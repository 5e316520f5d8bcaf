"""What is optimised, read from the database: as many queries for two hundred people as for one."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from callout.accounts.zone import day_bounds
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.lifecycle import Stage, Status
from callout.orders.models import Assignment, ServiceOrder, Visit
from callout.orders.models.catalogue import Priority
from callout.orders.numbers import order_number
from callout.orders.policy import orders_visible
from callout.planning import team
from callout.planning.ask import Days
from callout.planning.drafts.loading import orders_of, tasks_of, tasks_of_visits
from callout.planning.fit.person import Job, Person
from callout.routing.asked import Asked
from callout.travel.book import Book, book_open


@dataclass(frozen=True, slots=True)
class Work:
    """A visit that is planned, or (without `visit`) an order that waits to be. `key` is what the
    engine calls it; `target` by when it is to be answered."""

    key: str
    order: ServiceOrder
    job: Job
    visit: Visit | None = None
    helped: bool = False

    @property
    def name(self) -> str:
        """SO-000123."""
        return order_number(self.order.number)

    @property
    def urgent(self) -> bool:
        """Whether it counts before everything else."""
        return self.order.priority_id == Priority.URGENT

    @property
    def target(self) -> datetime | None:
        """The response target as it was set, also of what is late already; none once answered."""
        return self.order.target_at


@dataclass(frozen=True, slots=True)
class Read:
    """The people chosen with their days, and by `key` all that may be on them. `people` are
    everybody's, for planning's rules; in `book` stand the drives that these judge by."""

    now: datetime
    days: Days
    people: list[Person]
    works: dict[str, Work]
    book: Book | None = None


def day_read(actor: Actor, asked: Asked) -> Read:
    """The days as they are now."""
    with book_open() as book:
        return replace(_read(actor, asked), book=book)


def _read(actor: Actor, asked: Asked) -> Read:
    days = Days.around(day_bounds(asked.days[0])[0], day_bounds(asked.days[-1])[1])
    people = [
        one
        for one in team.everybody(actor, days)
        if not asked.technician_ids or one.id in asked.technician_ids or one.id in asked.out
    ]
    visits = visits_on(actor, [one.id for one in people], asked.days)
    works = visits_works(visits, days)
    if asked.moves == "unplanned":
        new = [one for one in orders_of(actor, asked.order_ids) if one.stage == Stage.NEW.value]
        works |= {
            str(task.key): Work(str(task.key), order, task.job)
            for task, order in zip(tasks_of(new, days), new, strict=True)
        }
    return Read(clock.now(), days, people, works)


def visits_count(actor: Actor, ids: list[UUID], days: tuple[date, ...]) -> int:
    """How many `visits_on` would read."""
    return _visits(actor, ids, days).count()


def visits_on(actor: Actor, ids: list[UUID], days: tuple[date, ...]) -> list[Visit]:
    """The open visits of these technicians that begin on one of the days, with who goes along."""
    helpers = Prefetch("assignments", Assignment.objects.filter(role=Assignment.HELPER))
    rows = _visits(actor, ids, days).select_related("order__site", "order__visit")
    return list(rows.prefetch_related(helpers).order_by("start", "pk"))


def _visits(actor: Actor, ids: list[UUID], days: tuple[date, ...]) -> QuerySet[Visit]:
    on_days = Q(pk__in=[])
    for day in days:
        begin, end = day_bounds(day)
        on_days |= Q(start__gte=begin, start__lt=end)
    return Visit.objects.filter(
        on_days, is_open=True, technician__in=ids, order__in=orders_visible(actor)
    )


def visits_works(visits: list[Visit], days: Days) -> dict[str, Work]:
    """The visits as what may be moved. What is under way is said to have begun."""
    tasks = tasks_of_visits(visits, days)
    return {
        str(visit.pk): Work(
            str(visit.pk),
            visit.order,
            replace(
                tasks[visit.pk].job,
                pinned=visit.pinned,
                begun=visit.status != Status.PLANNED,
            ),
            visit,
            helped=bool(visit.assignments.all()),
        )
        for visit in visits
    }
