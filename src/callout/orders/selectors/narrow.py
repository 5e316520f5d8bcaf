"""A filter turned into conditions on the orders' own columns, which the indexes know.

Two halves: its `Shape` says which conditions there are, and the statement is made from that alone,
once for all filters of the same shape; its `values` are what they compare with this time.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    UUIDField,
)
from django.utils.translation import gettext as _

from callout.accounts.zone import day_bounds, today
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid
from callout.kernel.prepared import Given, pattern
from callout.kernel.text import normalise
from callout.orders import policy
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import Stage, Status
from callout.orders.models import Priority, ServiceOrder
from callout.orders.numbers import number_in
from callout.orders.selectors.teams import area_postcodes, team_members
from callout.orders.selectors.when import AT_RISK
from callout.workforce.models import Absence

RANKS = {code: rank for rank, code in Priority.CODES.items()}
NUMBER_DIGITS = 8  # a longer run of digits is a phone or a serial number
SHORTEST_WORD = 3  # a trigram
MOST_WORDS = 8
RECENT = timedelta(days=30)
PROMISE_SOON = timedelta(minutes=30)  # until the promised arrival ends, and nobody has left
BEGINNING, END = date(1900, 1, 1), date(2199, 12, 31)

ALL_STAGES = tuple(str(stage) for stage in Stage)
CLOSED_STAGES = (Stage.COMPLETED, Stage.CANCELLED)
NOT_THERE = [Status.PLANNED.value, Status.EN_ROUTE.value]

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
_BEGIN, _END, _NOW, _SINCE, _RISK, _PROMISE = (
    Given(name, DateTimeField())
    for name in ("begin", "end", "now", "recent_since", "risk_until", "promise_until")
)
_TODAY = Given("today", DateField())
_LATEST = Given("latest_id", UUIDField())
_NUMBER = Given("number", IntegerField())
_WHO = Given("technicians", UUIDField())
_MEMBERS = Given("members", UUIDField())


@dataclass(frozen=True, slots=True)
class Shape:
    """Which conditions a filter has, without what they compare with."""

    days: str  # all, now, overdue, within (two moments), recent (the closed of 30 days)
    stages: tuple[str, ...]
    compared: tuple[str, ...]  # names of COMPARED
    technicians: bool
    teams: bool
    nobody: bool
    waiting: str
    text: int  # words to look for; -1 for a number
    at_risk: bool = False
    late: bool = False
    absent: bool = False
    needs: str = ""

    @classmethod
    def of(cls, wanted: OrderFilter) -> "Shape":
        """The shape of a filter. Invalid for a text that has no word long enough to look up."""
        days = wanted.day
        if wanted.date_from or wanted.date_to or days in ("today", "tomorrow", "week"):
            days = "within"
        return cls(
            days=days,
            stages=wanted.stages,
            compared=tuple(name for name in COMPARED if getattr(wanted, name)),
            technicians=bool(wanted.technicians),
            teams=bool(wanted.teams),
            nobody=wanted.nobody,
            waiting=wanted.waiting,
            text=_text_shape(wanted.q) if wanted.q else 0,
            at_risk=wanted.at_risk,
            late=wanted.late,
            absent=wanted.absent,
            needs=wanted.needs,
        )


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
        **(_text_values(wanted.q) if wanted.q else {}),
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
    started: bool = False,
) -> QuerySet[ServiceOrder]:
    """The orders that are seen with `sight` and that a filter asks for, unsorted.

    To be given `values_of` the filter when it is asked. `among`: the only stages that they can
    have, by a condition that the caller adds; `started`: they have a slot, by the same.
    """
    rows = narrowed(sight, shape)
    stages = [stage for stage in among if not shape.stages or stage in shape.stages]
    groups: list[tuple[Q, list[str]]] = []
    for stage in stages:
        which = days_of(shape.days, Stage(stage), started=started)
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
    in_days = Q(pk__isnull=True)
    for which, group in groups:
        in_days |= Q(stage__in=group) & which
    return rows.filter(in_days)


def narrowed(sight: policy.Sight, shape: Shape) -> QuerySet[ServiceOrder]:
    """The visible orders narrowed by all but days and stages."""
    rows = policy.orders_listed(sight, Given("me", UUIDField()))
    for name in shape.compared:
        lookup, field = COMPARED[name]
        rows = rows.filter(**{lookup: Given(name, field)})
    if shape.technicians or shape.teams or shape.nobody:
        who = Q(technician_id__any=_WHO) if shape.technicians else Q()
        who &= Q(technician_id__any=_MEMBERS) if shape.teams else Q()
        rows = rows.filter(who | Q(technician__isnull=True) if shape.nobody else who)
    if shape.waiting:
        rows = rows.filter(WAITS[shape.waiting]())
    if shape.text < 0:
        rows = rows.filter(number=_NUMBER)
    for index in range(shape.text):
        rows = rows.filter(search__like=Given(f"word{index}", TextField()))
    return rows


def days_of(days: str, stage: Stage, *, started: bool = False) -> Q:
    """What the filter's days mean for the orders of one stage, or those of it with a slot.

    A planned order's day is its slot's; one to plan has the day it is to be answered by; a closed
    one that of its slot, and where it had none, of its end.
    """
    if days == "recent":
        return Q(closed_at__gte=_SINCE) if stage in CLOSED_STAGES else Q()
    if days == "now":
        return _now(stage)
    if days == "overdue":
        return _overdue(stage)
    return _within(stage, started=started) if days == "within" else Q()


def _within(stage: Stage, *, started: bool) -> Q:
    slot = Q(start__gte=_BEGIN, start__lt=_END)
    if stage is Stage.NEW:
        return Q(due_at__gte=_BEGIN, due_at__lt=_END)
    if stage is Stage.CANCELLED and not started:
        return slot | Q(start__isnull=True, closed_at__gte=_BEGIN, closed_at__lt=_END)
    return slot


def _now(stage: Stage) -> Q:
    """To plan; today's and overdue; ended today; and whatever came in today, wherever it went."""
    if stage is Stage.NEW:
        return waits_not(_TODAY)
    if stage is Stage.PLANNED:
        return Q(start__lt=_END) | (Q(pk__gte=_LATEST) & Q(received_at__gte=_BEGIN))
    return Q(closed_at__gte=_BEGIN)


def id_floor(moment: datetime) -> UUID:
    """The least id that could have been made at `moment` (see kernel.ids.uuid7)."""
    return UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62)


def _overdue(stage: Stage) -> Q:
    if stage is Stage.NEW:
        return Q(due_at__lt=_NOW)
    if stage is Stage.PLANNED:
        not_there = Q(technician_status__in=NOT_THERE, start__lt=_NOW)
        return Q(start__lt=_NOW) & (not_there | Q(end__lt=_NOW))
    return Q(pk__isnull=True)  # what has ended is not late any more


def risk_of(stage: Stage) -> Q:
    """What may miss its response target, or has: to plan with little time left, unless it waits;
    or planned for later than that, or late for a slot that would have met it."""
    if stage is Stage.NEW:
        return Q(due_at__lt=_RISK) & waits_not(_TODAY)
    if stage is Stage.PLANNED:
        late = Q(start__gt=F("due_at")) | Q(start__lt=_NOW, due_at__lt=_NOW)
        return Q(technician_status__in=NOT_THERE) & late
    return Q(pk__isnull=True)


def late_of(stage: Stage) -> Q:
    """Past what was said: to plan and not answered in time, unless it waits; or planned and not
    there when its slot began or its promise ended, or running over its end and what was told of
    it."""
    if stage is Stage.NEW:
        return Q(due_at__lt=_NOW) & waits_not(_TODAY)
    if stage is not Stage.PLANNED:
        return Q(pk__isnull=True)
    not_there = Q(technician_status__in=NOT_THERE)
    told = Q(visit__expected_end__isnull=True) | Q(visit__expected_end__lt=_NOW)
    over = Q(end__lt=_NOW) & told
    return Q(start__lt=_NOW) & (not_there | over) | not_there & Q(visit__promise_to__lt=_NOW)


def _absent(stage: Stage) -> Q:
    """Back in the pile because nobody was there."""
    return Q(absent_count__gt=0) if stage is Stage.NEW else Q(pk__isnull=True)


def _promise_breaks(stage: Stage) -> Q:
    """Planned to begin outside what was promised; or nobody is there, and the promise has passed,
    or ends soon while nobody has left."""
    if stage is not Stage.PLANNED:
        return Q(pk__isnull=True)
    outside = Q(start__gt=F("visit__promise_to")) | Q(start__lt=F("visit__promise_from"))
    soon = Q(technician_status=Status.PLANNED, visit__promise_to__lt=_PROMISE)
    return Q(technician_status__in=NOT_THERE, visit__promise_to__isnull=False) & (
        outside | soon | Q(visit__promise_to__lt=_NOW)
    )


def _planned_on_absence(stage: Stage) -> Q:
    """Whoever answers for it is away at that time, and has not left yet."""
    if stage is not Stage.PLANNED:
        return Q(pk__isnull=True)
    away = Absence.objects.filter(
        technician=OuterRef("technician_id"),
        archived_at=None,
        start__lt=OuterRef("end"),
        end__gt=OuterRef("start"),
    )
    return Q(Exists(away), technician_status=Status.PLANNED)


# By the names of filters.NEEDS.
NEEDED: dict[str, Callable[[Stage], Q]] = {
    "promise": _promise_breaks,
    "absence": _planned_on_absence,
}


def _waits() -> Q:
    """In New and waiting for something; on the date given it comes back by itself."""
    return Q(stage=str(Stage.NEW), waiting_until__gt=_TODAY) & ~Q(waiting_for="")


def waits_not(day: Given | date) -> Q:
    """Waiting for nothing, or back on this day."""
    return Q(waiting_for="") | Q(waiting_until__isnull=True) | Q(waiting_until__lte=day)


def _back() -> Q:
    """It waited for something, and has come back by itself."""
    return Q(stage=str(Stage.NEW), waiting_until__lte=_TODAY) & ~Q(waiting_for="")


WAITS: dict[str, Callable[[], Q]] = {"yes": _waits, "no": lambda: waits_not(_TODAY), "back": _back}


def _text_shape(typed: str) -> int:
    """The order of that number, else those in which every word stands.

    Invalid when no word is long enough to look up without reading everything.
    """
    if number_typed(typed) is not None:
        return -1
    words = words_typed(typed)
    if not words:
        raise Invalid({"q": [_("Type three letters or more, or an order number.")]})
    return len(words)


def _text_values(typed: str) -> dict[str, Any]:
    words = words_typed(typed)
    return {
        "number": number_typed(typed),
        **{f"word{index}": pattern(word) for index, word in enumerate(words)},
    }


def number_typed(typed: str) -> int | None:
    """The number that the text means: digits are a number unless they are too many for one."""
    digits = typed.strip().lstrip("0")
    if (digits.isdigit() and len(digits) > NUMBER_DIGITS) or typed.strip().startswith("00"):
        return None
    return number_in(typed)


def words_typed(typed: str) -> list[str]:
    """The words to look for, longest first; a phone number as it stands in the column."""
    phone = phone_typed(typed)
    if phone:
        return [phone]
    words = {word for word in normalise(typed).split(" ") if len(word) >= SHORTEST_WORD}
    return sorted(words, key=lambda word: (-len(word), word))[:MOST_WORDS]


def phone_typed(typed: str) -> str:
    """The digits that end a telephone number however it was typed; "" if it is none."""
    if not re.fullmatch(r"[+0][\d\s./()-]{6,24}", typed.strip()):
        return ""
    digits = re.sub(r"\D", "", typed)
    return digits.lstrip("0") if len(digits) >= 8 else ""
