"""The to-plan pile: every New order by urgency, in two tabs, with what planning one needs.

As many queries for an empty pile as for a full one: which orders and how many, then what is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet, UUIDField
from django.utils.translation import gettext as _

from callout.customers.policy import visible_areas
from callout.customers.postcodes import covers
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid
from callout.kernel.prepared import Given, Prepared, Statement
from callout.orders import policy
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import Stage
from callout.orders.models import InterventionType, Priority, ServiceOrder
from callout.orders.numbers import order_number
from callout.orders.selectors.countdown import countdown
from callout.orders.selectors.list_sql import IDS, count_words, ids_and_counts_statement
from callout.orders.selectors.narrow import Shape, orders_found, values_of
from callout.orders.selectors.rows import Waiting
from callout.orders.selectors.when import When

Tab = Literal["to_plan", "waiting"]
WAITS: Mapping[Tab, str] = {"to_plan": "no", "waiting": "yes"}
MOST = 500


@dataclass(frozen=True, slots=True)
class PileOrder:
    """One order to plan. `due_at` is its response target, None once that was answered; `left` says
    how it stands unless the order waits, `wish` and `waiting` what the customer wishes and what it
    waits for: in words, "" where there is none."""

    id: UUID
    number: str
    bare_number: int
    version: int
    title: str
    customer: str
    town: str
    postcode: str
    latitude: float | None
    longitude: float | None
    type_id: UUID
    type: str
    type_icon: str
    skill_ids: tuple[UUID, ...]
    priority: str  # its code
    absent: int
    duration_minutes: int
    received_at: datetime
    due_at: datetime | None
    left: str
    at_risk: bool
    wish: str
    wish_not_before: datetime | None
    wish_due: datetime | None
    wish_from: time | None
    wish_to: time | None
    wish_start: datetime | None
    waiting: str
    waiting_for: str
    waiting_until: date | None
    vehicle_id: UUID | None
    vehicle: str


@dataclass(frozen=True, slots=True)
class Pile:
    """The orders of one tab, 500 at most, and how many each tab has with these filters."""

    tab: Tab
    orders: list[PileOrder]
    counts: dict[Tab, str]


def pile_read(
    *,
    actor: Actor,
    tab: Tab = "to_plan",
    skill_id: UUID | None = None,
    area_id: UUID | None = None,
    type_id: UUID | None = None,
    search: str = "",
    at_risk: bool = False,
    limit: int = MOST,
) -> Pile:
    """The most urgent first, then what is to be answered first. For managers.

    `skill_id`: those whose type needs it. Invalid for an area that is not there, and for a text
    that has no word long enough to look up.
    """
    wanted = OrderFilter(types=(type_id,) if type_id else (), q=search, at_risk=at_risk)
    return pile_found(
        actor=actor, wanted=wanted, tab=tab, skill_id=skill_id, area_id=area_id, limit=limit
    )


def pile_found(
    *,
    actor: Actor,
    wanted: OrderFilter,
    tab: Tab = "to_plan",
    skill_id: UUID | None = None,
    area_id: UUID | None = None,
    limit: int = MOST,
) -> Pile:
    """The same of a filter as the list has it; what it says of `waiting` is the tab's to say."""
    policy.manager_required(actor)
    values = values_of(actor, wanted)
    if area_id is not None:
        values["postcodes"] = _postcodes(actor, area_id)
    values["skill"] = skill_id
    statement = _statement(Shape.of(wanted), tab, skill_id is not None, area_id is not None, limit)
    ((ids, *counts),) = statement.ask(values)
    found = {row.id: row for row in _ROWS.all(ids=ids)}
    return Pile(
        tab=tab,
        orders=Maker().all([found[one] for one in ids if one in found]),
        counts=dict(zip(WAITS, map(count_words, counts), strict=True)),
    )


def pile_ids(*, actor: Actor, area_id: UUID | None = None) -> list[UUID]:
    """All that is to plan, in the pile's order and without its limit. For managers.

    Invalid for an area that is not there.
    """
    policy.manager_required(actor)
    wanted = OrderFilter()
    values = values_of(actor, wanted)
    if area_id is not None:
        values["postcodes"] = _postcodes(actor, area_id)
    statement = _statement(Shape.of(wanted), "to_plan", False, area_id is not None, None)
    ((ids, *_counts),) = statement.ask(values)
    return list(ids)


@lru_cache
def _statement(
    shape: Shape, tab: Tab, by_skill: bool, by_area: bool, limit: int | None
) -> Statement:
    tabs = {one: _rows(replace(shape, waiting=waits), by_skill, by_area)
            for one, waits in WAITS.items()}  # fmt: skip
    shown = tabs[tab].order_by(F("priority").desc(), F("due_at").asc(nulls_last=True), "number")
    return ids_and_counts_statement(shown[:limit], list(tabs.values()))


def _rows(shape: Shape, by_skill: bool, by_area: bool) -> QuerySet[ServiceOrder]:
    rows = orders_found("all", shape, (Stage.NEW.value,)).filter(stage=Stage.NEW.value)
    if by_skill:
        needing = InterventionType.skills.through.objects.filter(skill=Given("skill", UUIDField()))
        rows = rows.filter(type__in=needing.values("interventiontype_id"))
    if by_area:
        rows = rows.filter(site__postcode__any=Given("postcodes", CharField()))
    return rows


def _postcodes(actor: Actor, area_id: UUID) -> list[str]:
    """The postcodes of the area that there is anything to plan in."""
    area = visible_areas(actor).filter(pk=area_id, archived_at__isnull=True).first()
    if area is None:
        raise Invalid({"area_id": [_("There is no such area.")]})
    return [postcode for (postcode,) in _POSTCODES.all() if covers(area.postcodes, postcode)]


class Maker:
    """Says orders of the pile, with all that is the same for each at hand."""

    def __init__(self) -> None:
        self.when = When()
        self.waiting = Waiting(self.when).words

    def all(self, found: list[Any]) -> list[PileOrder]:
        return [self.one(values) for values in found]

    def one(self, o: Any) -> PileOrder:
        waiting = self.waiting(o)
        target = o.due_at if o.answered_at is None else None
        left = countdown(
            self.when, target, stage=Stage.NEW, status=None, start=None, waits=bool(waiting)
        )
        return PileOrder(
            **{name: getattr(o, name) for name in SAME},
            due_at=target,
            number=order_number(o.number),
            bare_number=o.number,
            title=o.title or o.type__name,
            customer=o.customer__name,
            town=o.site__town,
            postcode=o.site__postcode,
            latitude=o.site__latitude,
            longitude=o.site__longitude,
            type=o.type__name,
            type_icon=o.type__icon,
            skill_ids=tuple(o.needs),
            priority=Priority.CODES[o.priority_id],
            absent=o.absent_count,
            left=left.words if left else "",
            at_risk=left is not None and left.tone != "",
            wish=self.when.wish(o),
            waiting=waiting,
            vehicle_id=o.proposed_vehicle_id,
            vehicle=_vehicle(o),
        )


def _vehicle(o: Any) -> str:
    return " ".join(filter(None, (o.proposed_vehicle__registration, o.proposed_vehicle__name)))


# Read and passed on as they are.
SAME = (
    *("id", "version", "type_id", "duration_minutes", "received_at"),
    *("wish_not_before", "wish_due", "wish_from", "wish_to", "wish_start"),
    *("waiting_for", "waiting_until"),
)
COLUMNS = (
    *SAME, "due_at", "answered_at", "number", "title",
    "priority_id", "absent_count",
    "customer__name", "site__town", "site__postcode", "site__latitude", "site__longitude",
    "type__name", "type__icon", "proposed_vehicle_id",
    "proposed_vehicle__registration", "proposed_vehicle__name",
)  # fmt: skip


def _shown() -> QuerySet[ServiceOrder, Any]:
    needed = InterventionType.skills.through.objects.filter(interventiontype=OuterRef("type"))
    rows = ServiceOrder.objects.filter(pk__any=IDS)
    needs = ArraySubquery(needed.order_by("skill_id").values("skill_id"))
    return rows.annotate(needs=needs).values_list(*COLUMNS, "needs", named=True)


_ROWS: Prepared[Any] = Prepared(_shown)
_POSTCODES: Prepared[Any] = Prepared(
    lambda: (
        ServiceOrder.objects.filter(stage=Stage.NEW.value)
        .order_by()
        .values_list("site__postcode")
        .distinct()
    )
)
