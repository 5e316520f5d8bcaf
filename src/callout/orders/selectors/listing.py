"""Which orders a list has and in which order they stand: parts that follow each other.

A sort is a sequence of segments: one condition and one order of columns that are never null in it,
each served by an index. So nulls have their exact place, and no page reads what came before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Q, QuerySet

from callout.kernel.actor import Actor
from callout.kernel.prepared import Given
from callout.orders import policy
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import Stage
from callout.orders.models import ServiceOrder
from callout.orders.selectors.narrow import ALL_STAGES, Shape, orders_found


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a sorted list: which orders stand in it, and by which columns; the only stages
    that they can have; and whether they all have a slot (None: some)."""

    which: Q
    order: tuple[str, ...]
    stages: tuple[str, ...] = ALL_STAGES
    has_slot: bool | None = None


def _stage(stage: str, *order: str, **more: Any) -> Segment:
    return Segment(Q(stage=stage, **more), order, (stage,))


def _never_planned(*order: str) -> Segment:
    return replace(_stage("cancelled", *order, start__isnull=True), has_slot=False)


def _started(*order: str) -> Segment:
    stages = ("planned", "completed", "cancelled")
    return Segment(Q(start__isnull=False), order, stages, has_slot=True)


_CLOSED = tuple(_stage(stage, "-closed_at", "-number") for stage in ("completed", "cancelled"))
_CLOSED_BACK = tuple(_stage(stage, "closed_at", "number") for stage in ("cancelled", "completed"))
# Who is to be planned comes first, by when it is to be answered; what was cancelled out of New
# never had a slot and comes last.
_NEW_DUE = _stage("new", "due_at", "number", due_at__isnull=False)
_NEW_UNDUE = _stage("new", "number", due_at__isnull=True)
SEGMENTS: dict[str, tuple[Segment, ...]] = {
    "number": (Segment(Q(), ("number",)),),
    "-number": (Segment(Q(), ("-number",)),),
    "start": (
        _NEW_DUE,
        _NEW_UNDUE,
        _started("start", "number"),
        _never_planned("number"),
    ),
    "-start": (
        _never_planned("-number"),
        _started("-start", "-number"),
        _stage("new", "-number", due_at__isnull=True),
        _stage("new", "-due_at", "-number", due_at__isnull=False),
    ),
    # Due and priority sort within the stage: what is open first, then what has ended.
    "due": (
        _NEW_DUE,
        _NEW_UNDUE,
        _stage("planned", "due_at", "number", due_at__isnull=False),
        _stage("planned", "number", due_at__isnull=True),
        *_CLOSED,
    ),
    "-due": (
        *_CLOSED_BACK,
        _stage("planned", "-number", due_at__isnull=True),
        _stage("planned", "-due_at", "-number", due_at__isnull=False),
        _stage("new", "-number", due_at__isnull=True),
        _stage("new", "-due_at", "-number", due_at__isnull=False),
    ),
    "priority": (
        _stage("new", "-priority_id", "number"),
        _stage("planned", "-priority_id", "number"),
        *_CLOSED,
    ),
    "-priority": (
        *_CLOSED_BACK,
        _stage("planned", "priority_id", "-number"),
        _stage("new", "priority_id", "-number"),
    ),
    # The columns of the Kanban: New by when it is to be answered, Planned by start, what has ended
    # by its end.
    "new": (_NEW_DUE, _NEW_UNDUE),
    "planned": (_stage("planned", "start", "number"),),
    "completed": _CLOSED[:1],
    "cancelled": _CLOSED[1:],
}


# The same order of what has a slot, in the words in which order_start has it: PostgreSQL takes no
# index whose nulls stand elsewhere, though there are none, and sorted all of a million (0.5 s).
BY_SLOT: dict[tuple[str, ...], tuple[Any, ...]] = {
    ("start", "number"): (F("start").asc(nulls_first=True), "number"),
    ("-start", "-number"): (F("start").desc(nulls_last=True), "-number"),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """Which orders, in which order: all that a statement is made from. A stage for `sort` is that
    column of the Kanban, whose days are a matter of its stage alone."""

    sight: policy.Sight
    shape: Shape
    sort: str

    @classmethod
    def of(cls, actor: Actor, wanted: OrderFilter) -> "Listing":
        """The list of a filter, in its order."""
        return cls(policy.sight_of(actor), Shape.of(wanted), wanted.sort)

    @property
    def is_plain_column(self) -> bool:
        """Whether it is a column that nothing narrows: one plan serves whatever today is. In a
        list over all stages it does not (300 ms instead of 2, seen)."""
        return self.sort in ALL_STAGES and self.shape.is_days_alone()

    @property
    def is_one_persons(self) -> bool:
        """Whether it is one technician's, by slot, with nothing else to look at: their index
        (order_technician) is in its order, so one plan serves all technicians and days."""
        by_slot = self.sort in ("start", "-start") and self.shape.days in ("all", "within")
        return by_slot and self.shape.is_days_alone(technicians=1)

    @property
    def is_everything(self) -> bool:
        """Whether nothing narrows it but days, for somebody who sees all orders: whatever there is
        in the order of a column is what it has. Where something does, a walk through that order
        may pass by a million others first."""
        all_slots = self.sight == "all" and self.shape.days in ("all", "within")
        return all_slots and self.shape.is_days_alone()

    @property
    def may_be_few(self) -> bool:
        """Whether it looks for a text, or in some days for things of some kind: the orders
        themselves are looked at to count them, and then mostly are few."""
        some_days = self.shape.days == "within" and bool(self.shape.compared)
        return self.shape.text > 0 or some_days

    def parts(self) -> tuple[Segment, ...]:
        """The segments, without those of stages that the filter leaves out."""
        parts, asked = SEGMENTS[self.sort], set(self.shape.stages or ALL_STAGES)
        if self.shape.is_somebodys:
            asked.discard(Stage.NEW)
            parts = tuple(part for part in parts if part.has_slot is not False) or parts
        return tuple(part for part in parts if asked & set(part.stages)) or parts[:1]

    def of_part(self, part: Segment) -> QuerySet[ServiceOrder]:
        """The orders of one segment, sorted."""
        rows = orders_found(self.sight, self.shape, part.stages, has_slot=part.has_slot)
        # A column of the Kanban has an index of its own, in its own words.
        in_words = part.has_slot and self.is_everything
        order = BY_SLOT[part.order] if in_words else part.order
        return rows.filter(part.which).order_by(*order)

    def rows(self) -> QuerySet[ServiceOrder]:
        """All of them, unsorted."""
        if self.sort not in ALL_STAGES:
            return orders_found(self.sight, self.shape)
        return orders_found(self.sight, self.shape, (self.sort,)).filter(stage=self.sort)


def after_given(order: Sequence[str]) -> Q:
    """What comes after the row whose values are given as `after_<column>`, in words that the
    planner can use an index for."""
    name = column_of(order[0])
    here = Given(f"after_{name}", ServiceOrder._meta.get_field(name))  # type: ignore[arg-type]
    beyond = "lt" if order[0].startswith("-") else "gt"
    if len(order) == 1:
        return Q(**{f"{name}__{beyond}": here})
    rest = after_given(order[1:])
    return Q(**{f"{name}__{beyond}e": here}) & (Q(**{f"{name}__{beyond}": here}) | rest)


def column_of(name: str) -> str:
    return name.removeprefix("-")
