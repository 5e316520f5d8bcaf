"""What becomes late soon, of what a list of late orders will find: nobody does anything for it, and
no hint tells of it. A screen that stays open knows beforehand what to ask for, and when.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q

from callout.accounts.zone import day_bounds, today
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.prepared import Statement, statement_of
from callout.orders import policy
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import Stage
from callout.orders.selectors.late import late_soon, visit_late_since
from callout.orders.selectors.narrow import Shape, orders_found, values_of

SPAN = timedelta(minutes=30)
SHORTEST = timedelta(minutes=1)
MOST = 200
COLUMNS = (
    *("pk", "stage", "due_at", "technician_status", "start", "end"),
    *("visit__expected_end", "visit__promise_to", "waiting_for", "waiting_until"),
)


@dataclass(frozen=True, slots=True)
class Coming:
    """Orders, each with the moment from which on it is late if nothing happens; all there are
    until `until`."""

    orders: list[tuple[UUID, datetime]]
    until: datetime


def orders_coming(*, actor: Actor, wanted: OrderFilter) -> Coming | None:
    """What a filter will find that asks for what is late; None for one that does not. For managers;
    one query, and a few more where very much comes at once."""
    policy.manager_required(actor)
    shape = Shape.of(wanted)
    if not shape.late and shape.needs not in ("target", "visit"):
        return None
    sight, rest = policy.sight_of(actor), replace(shape, late=False, needs="")
    now, span = clock.now(), SPAN
    tomorrow = today() + timedelta(days=1)
    overnight = day_bounds(tomorrow)[0] < now + span
    statement = _statement(sight, rest, overnight=overnight)
    values = values_of(actor, wanted) | {"now": now, "tomorrow": tomorrow}
    found = statement.ask(values | {"soon": now + span}) if statement else []
    while statement and len(found) > MOST and span > SHORTEST:
        span = max(span / 4, SHORTEST)
        found = statement.ask(values | {"soon": now + span})
    if len(found) > MOST and (whole := _statement(sight, rest, overnight=overnight, whole=True)):
        found = whole.ask(values | {"soon": now + span})  # at eight, where everybody begins
    until = now + span
    orders = [(row[0], since) for row in found if (since := _since(*row[1:]))]
    return Coming([(pk, since) for pk, since in orders if now <= since < until], until)


def _since(
    stage: str, due_at: datetime, status: str, start: datetime, end: datetime,
    expected: datetime, promise_to: datetime, waiting_for: str, waiting_until: date | None,
) -> datetime | None:  # fmt: skip
    if stage == Stage.NEW:
        if waiting_for and waiting_until:
            return max(due_at, day_bounds(waiting_until)[0])
        return due_at
    return visit_late_since(status, start, end, expected, promise_to)


@lru_cache(maxsize=256)
def _statement(
    sight: policy.Sight, shape: Shape, *, overnight: bool, whole: bool = False
) -> Statement | None:
    parts: list[Any] = [
        orders_found(sight, shape, (stage.value,))
        .filter(Q(stage=stage.value) & late_soon(stage, overnight=overnight))
        .order_by()
        .values_list(*COLUMNS)
        for stage in (Stage.NEW, Stage.PLANNED)
        if not shape.stages or stage.value in shape.stages
    ]
    if not parts:
        return None
    found = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    return statement_of(found if whole else found[: MOST + 1])
