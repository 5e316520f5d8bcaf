"""A filter turned into conditions on the orders' own columns, which the indexes know.

Two halves: its `Shape` says which conditions there are, and the statement is made from that alone,
once for all filters of the same shape; its `values` are what they compare with this time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    CharField,
    DateTimeField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    UUIDField,
)

from callout.accounts.zone import day_bounds, today
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.prepared import Given
from callout.orders import policy
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import Stage, Status
from callout.orders.models import Priority, ServiceOrder
from callout.orders.selectors.late import (
    NONE,
    PROMISE_SOON,
    TODAY,
    late_of,
    promise_breaks,
    risk_of,
    target_missed,
    visit_late,
    waits_not,
)
from callout.orders.selectors.teams import area_postcodes, team_members
from callout.orders.selectors.typed import text_shape, text_values
from callout.orders.selectors.when import AT_RISK
from callout.workforce.models import Absence

RANKS = {code: rank for rank, code in Priority.CODES.items()}
RECENT = timedelta(days=30)
BEGINNING, END = date(1900, 1, 1), date(2199, 12, 31)

ALL_STAGES = tuple(str(stage) for stage in Stage)
CLOSED_STAGES = (Stage.COMPLETED, Stage.CANCELLED)

# What is compared with one value or a list, by the name of its value.
COMPARED: dict[str, tuple[str, Any]] = {
    "statuses": ("technician_status__any", CharField()),
    "types": ("type_id__any", UUIDField()),
    "priorities": ("priority_id__any", IntegerField()),
    "areas": ("site__postcode__any", CharField()),
    "towns": ("site__town__any", CharField()),
    "customer": ("customer_id", UUIDField()),
    "site": ("site_id", UUIDField()),
    "asset": ("asset_id", UUIDField()),
}
_BEGIN, _END, _SINCE = (Given(name, DateTimeField()) for name in ("begin", "end", "recent_since"))
_LATEST = Given("latest_id", UUIDField())
_NUMBER = Given("number", IntegerField())
_WHO, _ONE = (Given(name, UUIDField()) for name in ("technicians", "technician"))
_MEMBERS = Given("members", UUIDField())


@dataclass(frozen=True, slots=True)
class Shape:
    """Which conditions a filter has, without what they compare with."""

    days: str  # all, now, within (two moments), recent (the closed of 30 days)
    stages: tuple[str, ...]
    compared: tuple[str, ...]  # names of COMPARED
    technicians: int  # 0, 1, or 2 for several: one's index is sorted as the list is
    teams: bool
    nobody: bool
    waiting: str
    text: int  # words to look for; -1 for a number
    at_risk: bool = False
    late: bool = False
    absent: bool = False
    needs: str = ""

    def is_days_alone(self, technicians: int = 0) -> bool:
        """Whether nothing narrows it but its days, and so many technicians."""
        return self == Shape(
            days=self.days, stages=(), compared=(), technicians=technicians, teams=False,
            nobody=False, waiting="", text=0,
        )  # fmt: skip

    @classmethod
    def of(cls, wanted: OrderFilter) -> "Shape":
        """The shape of a filter. Invalid for a text that has no word long enough to look up."""
        days = wanted.day
        if wanted.date_from or wanted.date_to or days in ("today", "tomorrow", "week"):
            days = "within"
        overdue = days == "overdue"  # another word for late, whatever the day
        return cls(
            days="all" if overdue else days,
            stages=wanted.stages,
            compared=tuple(name for name in COMPARED if getattr(wanted, name)),
            technicians=min(len(wanted.technicians), 2),
            teams=bool(wanted.teams),
            nobody=wanted.nobody,
            waiting=wanted.waiting,
            text=text_shape(wanted.q) if wanted.q else 0,
            at_risk=wanted.at_risk,
            late=wanted.late or overdue,
            absent=wanted.absent,
            needs=wanted.needs,
        )

    @property
    def is_somebodys(self) -> bool:
        """Whether all its orders have a technician, and so a slot (order_copies_whole)."""
        return bool(self.technicians or self.teams) and not self.nobody


def values_of(actor: Actor, wanted: OrderFilter) -> dict[str, Any]:
    """The values that a statement of this filter's shape is given."""
    begin, end = _bounds(wanted)
    now = clock.now()
    return {
        "me": actor.technician_id,
        "statuses": list(wanted.statuses),
        "types": list(wanted.types),
        "priorities": [RANKS[code] for code in wanted.priorities],
        "customer": wanted.customer,
        "site": wanted.site,
        "asset": wanted.asset,
        "technicians": list(wanted.technicians),
        "technician": wanted.technicians[0] if wanted.technicians else None,
        "members": team_members(wanted.teams),
        "areas": area_postcodes(wanted.areas),
        "towns": list(wanted.towns),
        "begin": begin,
        "end": end,
        "now": now,
        "recent_since": now - RECENT,
        "risk_until": now + AT_RISK,
        "promise_until": now + PROMISE_SOON,
        "today": today(),
        # Ids grow with time, so "came in today" is looked up among the latest ones only.
        "latest_id": id_floor(begin - timedelta(days=1)) if wanted.day == "now" else None,
        **(text_values(wanted.q) if wanted.q else {}),
    }


def _bounds(wanted: OrderFilter) -> tuple[datetime, datetime]:
    """The moments between which the filter's days lie; those of today where it names none."""
    day = last = today()
    if wanted.date_from or wanted.date_to:
        day, last = wanted.date_from or BEGINNING, wanted.date_to or END
    elif wanted.day == "tomorrow":
        day = last = day + timedelta(days=1)
    elif wanted.day == "week":
        day -= timedelta(days=day.weekday())
        last = day + timedelta(days=6)
    return day_bounds(day)[0], day_bounds(last)[1]


def orders_found(
    sight: policy.Sight,
    shape: Shape,
    among: tuple[str, ...] = ALL_STAGES,
    *,
    has_slot: bool | None = None,
) -> QuerySet[ServiceOrder]:
    """The orders that are seen with `sight` and that a filter asks for, unsorted.

    To be given `values_of` the filter when it is asked. `among`: the only stages that they can
    have, by a condition that the caller adds; `has_slot`: whether they have one, by the same.
    """
    rows = narrowed(sight, shape)
    if shape.is_somebodys:
        among, has_slot = tuple(stage for stage in among if stage != Stage.NEW), True
    stages = [stage for stage in among if not shape.stages or stage in shape.stages]
    groups: list[tuple[Q, list[str]]] = []
    for stage in stages:
        which = days_of(shape.days, Stage(stage), has_slot=has_slot)
        if shape.at_risk:
            which &= risk_of(Stage(stage))
        if shape.late:
            which &= late_of(Stage(stage))
        if shape.absent:
            which &= _absent(Stage(stage))
        if shape.needs:
            which &= NEEDED[shape.needs](Stage(stage))
        alike = next((group for days, group in groups if days == which), None)
        if alike is None:
            groups.append((which, [stage]))
        else:
            alike.append(stage)
    if len(groups) == 1 and len(stages) == len(among):
        return rows.filter(groups[0][0])
    in_days = Q()
    for which, group in groups:
        in_days |= Q(stage__in=group) & which
    return rows.filter(in_days if groups else NONE)


def narrowed(sight: policy.Sight, shape: Shape) -> QuerySet[ServiceOrder]:
    """The visible orders narrowed by all but days and stages."""
    rows = policy.orders_listed(sight, Given("me", UUIDField()))
    for name in shape.compared:
        lookup, field = COMPARED[name]
        rows = rows.filter(**{lookup: Given(name, field)})
    if shape.technicians or shape.teams or shape.nobody:
        who = Q()
        if shape.technicians:
            who = Q(technician_id=_ONE) if shape.technicians == 1 else Q(technician_id__any=_WHO)
        who &= Q(technician_id__any=_MEMBERS) if shape.teams else Q()
        rows = rows.filter(who | Q(technician__isnull=True) if shape.nobody else who)
    if shape.waiting:
        rows = rows.filter(WAITS[shape.waiting]())
    if shape.text < 0:
        rows = rows.filter(number=_NUMBER)
    for index in range(shape.text):
        rows = rows.filter(search__like=Given(f"word{index}", TextField()))
    return rows


def days_of(days: str, stage: Stage, *, has_slot: bool | None = None) -> Q:
    """What the filter's days mean for the orders of one stage, or those of it with or without a
    slot.

    A planned order's day is its slot's; one to plan has the day it is to be answered by; a closed
    one that of its slot, and where it had none, of its end.
    """
    if days == "recent":
        return Q(closed_at__gte=_SINCE) if stage in CLOSED_STAGES else Q()
    if days == "now":
        return _now(stage)
    return _within(stage, has_slot=has_slot) if days == "within" else Q()


def _within(stage: Stage, *, has_slot: bool | None) -> Q:
    if stage is Stage.NEW:
        return Q(due_at__gte=_BEGIN, due_at__lt=_END)
    slot = Q(start__gte=_BEGIN, start__lt=_END)
    if stage is not Stage.CANCELLED or has_slot:
        return slot
    ended = Q(closed_at__gte=_BEGIN, closed_at__lt=_END)
    return ended if has_slot is False else slot | (Q(start__isnull=True) & ended)


def _now(stage: Stage) -> Q:
    """To plan; today's and overdue; ended today; and whatever came in today, wherever it went."""
    if stage is Stage.NEW:
        return waits_not(TODAY)
    if stage is Stage.PLANNED:
        return Q(start__lt=_END) | (Q(pk__gte=_LATEST) & Q(received_at__gte=_BEGIN))
    return Q(closed_at__gte=_BEGIN)


def id_floor(moment: datetime) -> UUID:
    """The least id that could have been made at `moment` (see kernel.ids.uuid7)."""
    return UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62)


def _absent(stage: Stage) -> Q:
    """Back in the pile because nobody was there."""
    return Q(absent_count__gt=0) if stage is Stage.NEW else NONE


def _planned_on_absence(stage: Stage) -> Q:
    """Whoever answers for it is away at that time, and has not left yet."""
    if stage is not Stage.PLANNED:
        return NONE
    away = Absence.objects.filter(
        technician=OuterRef("technician_id"),
        archived_at=None,
        start__lt=OuterRef("end"),
        end__gt=OuterRef("start"),
    )
    return Q(Exists(away), technician_status=Status.PLANNED)


# By the names of filters.NEEDS.
NEEDED: dict[str, Callable[[Stage], Q]] = {
    "promise": promise_breaks,
    "absence": _planned_on_absence,
    "target": target_missed,
    "visit": visit_late,
}


def _waits() -> Q:
    """In New and waiting for something; on the date given it comes back by itself."""
    return Q(stage=str(Stage.NEW), waiting_until__gt=TODAY) & ~Q(waiting_for="")


def _back() -> Q:
    """It waited for something, and has come back by itself."""
    return Q(stage=str(Stage.NEW), waiting_until__lte=TODAY) & ~Q(waiting_for="")


WAITS: dict[str, Callable[[], Q]] = {"yes": _waits, "no": lambda: waits_not(TODAY), "back": _back}
