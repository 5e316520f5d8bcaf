"""What a draft is worked out from: as many queries for five hundred orders as for one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q

from callout.kernel.actor import Actor
from callout.orders.lifecycle import Outcome
from callout.orders.models import Assignment, ServiceOrder, Visit
from callout.orders.numbers import order_number
from callout.orders.policy import orders_visible
from callout.planning import loading
from callout.planning.ask import Days
from callout.planning.fit.autoplan import Task
from callout.planning.fit.person import Interval, Job
from callout.planning.selectors import ask_for_order


def orders_of(actor: Actor, ids: Sequence[UUID]) -> list[ServiceOrder]:
    """These orders with their sites, the most pressing first."""
    rows = orders_visible(actor).select_related("site", "visit").filter(pk__in=ids)
    return list(rows.order_by("-priority_id", "due_at", "number"))


def visits_of(actor: Actor, technician_id: UUID, span: Interval) -> list[Visit]:
    """The open visits on which the technician goes in this time, with who else goes."""
    going = Assignment.objects.filter(technician=technician_id, is_open=True)
    return _with_who_goes(
        Q(pk__in=going.values("visit")),
        start__lt=span[1],
        end__gt=span[0],
        order__in=orders_visible(actor),
    )


def visits_of_orders(orders: Iterable[ServiceOrder]) -> list[Visit]:
    """The open visits of these orders (which the reader may see), with who goes."""
    return _with_who_goes(order__in=[order.pk for order in orders])


def _with_who_goes(*which: Q, **where: Any) -> list[Visit]:
    assigned = Prefetch("assignments", Assignment.objects.order_by("id"))
    rows = Visit.objects.filter(*which, is_open=True, **where)
    rows = rows.select_related("order__site", "order__visit").prefetch_related(assigned)
    return list(rows.order_by("start", "pk"))


def tasks_of(orders: Iterable[ServiceOrder], days: Days) -> list[Task]:
    """The task that each New order is."""
    orders = list(orders)
    jobs = _jobs(orders, days)
    return [
        Task(
            key=order.pk,
            job=jobs[order.pk],
            name=order_number(order.number),
            urgency=order.priority_id or 0,
            order_id=order.pk,
        )
        for order in orders
    ]


def tasks_of_visits(visits: Iterable[Visit], days: Days) -> dict[UUID, Task]:
    """The task that each visit is: as long as it is planned, within what was promised."""
    visits = list(visits)
    jobs = _jobs([visit.order for visit in visits], days)
    return {
        visit.pk: Task(
            key=visit.pk,
            job=replace(
                jobs[visit.order_id],
                duration=visit.end - visit.start,
                promise_from=visit.promise_from,
                promise_to=visit.promise_to,
                # What is late already is not made late by moving it.
                target=_kept(jobs[visit.order_id].target, visit.start),
            ),
            name=order_number(visit.order.number),
            urgency=visit.order.priority_id or 0,
            order_id=visit.order_id,
            visit_id=visit.pk,
        )
        for visit in visits
    }


def _kept(target: datetime | None, start: datetime) -> datetime | None:
    return target if target is not None and start <= target else None


def _jobs(orders: Sequence[ServiceOrder], days: Days) -> dict[UUID, Job]:
    needed = loading.skills_needed(order.type_id for order in orders)
    known: dict[UUID, set[UUID]] = defaultdict(set)
    done = Visit.objects.filter(
        order__site__in={order.site_id for order in orders}, outcome=Outcome.DONE.value
    )
    for site_id, technician_id in (
        done.order_by().values_list("order__site_id", "technician_id").distinct()
    ):
        known[site_id].add(technician_id)
    return {
        order.pk: replace(
            loading.job_at(ask_for_order(order), days, order.site),
            skills=needed[order.type_id],
            known=frozenset(known[order.site_id]),
        )
        for order in orders
    }
