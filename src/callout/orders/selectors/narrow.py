"""A filter turned into conditions on the orders' own columns, which the indexes know."""

import re
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from callout.accounts.zone import day_bounds, today
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid
from callout.kernel.text import normalise
from callout.orders import policy
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import Stage
from callout.orders.models import Priority, ServiceOrder
from callout.orders.numbers import number_in

RANKS = {code: rank for rank, code in Priority.CODES.items()}
NUMBER_DIGITS = 8  # a longer run of digits is a phone or a serial number
SHORTEST_WORD = 3  # a trigram
BEGINNING, END = date(1900, 1, 1), date(2199, 12, 31)

OPEN_STAGES = (Stage.NEW, Stage.PLANNED)
CLOSED_STAGES = (Stage.COMPLETED, Stage.CANCELLED)


def orders_found(actor: Actor, wanted: OrderFilter) -> QuerySet[ServiceOrder]:
    """The orders that `actor` may see and `wanted` asks for, in every stage, unsorted."""
    rows = narrowed(policy.orders_visible(actor), wanted)
    if wanted.day == "all" and not (wanted.date_from or wanted.date_to):
        return rows.filter(stage__in=wanted.stages) if wanted.stages else rows
    in_days = Q()
    for stage in wanted.stages or tuple(Stage):
        in_days |= Q(stage=str(stage)) & days_of(wanted, Stage(stage))
    return rows.filter(in_days)


def narrowed(rows: QuerySet[ServiceOrder], wanted: OrderFilter) -> QuerySet[ServiceOrder]:
    """`rows` narrowed by all of `wanted` but its days and stages."""
    exact = {
        "technician_status__in": wanted.statuses,
        "type_id__in": wanted.types,
        "priority_id__in": [RANKS[code] for code in wanted.priorities],
        "customer_id": wanted.customer,
        "site_id": wanted.site,
        "asset_id": wanted.asset,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.technicians or wanted.nobody:
        who = Q(technician_id__in=wanted.technicians) if wanted.technicians else Q()
        rows = rows.filter(who | Q(technician__isnull=True) if wanted.nobody else who)
    if wanted.waiting:
        rows = rows.filter(_waits() if wanted.waiting == "yes" else _waits_not())
    return rows.filter(text_is(wanted.q)) if wanted.q else rows


def days_of(wanted: OrderFilter, stage: Stage) -> Q:
    """What the filter's days mean for the orders of one stage.

    A planned order's day is its slot's; one to plan has the day it is to be answered by; a closed
    one that of its slot, and where it had none, of its end.
    """
    if wanted.date_from or wanted.date_to:
        begin = day_bounds(wanted.date_from or BEGINNING)[0]
        return _within(stage, begin, day_bounds(wanted.date_to or END)[1])
    if wanted.day == "all":
        return Q()
    begin, end = day_bounds(today())
    if wanted.day == "now":
        return _now(stage, begin, end)
    if wanted.day == "overdue":
        return _overdue(stage, clock.now())
    if wanted.day == "tomorrow":
        begin, end = day_bounds(today() + timedelta(days=1))
    if wanted.day == "week":
        monday = today() - timedelta(days=today().weekday())
        begin, end = day_bounds(monday)[0], day_bounds(monday + timedelta(days=6))[1]
    return _within(stage, begin, end)


def _within(stage: Stage, begin: datetime, end: datetime) -> Q:
    slot = Q(start__gte=begin, start__lt=end)
    if stage is Stage.NEW:
        return Q(due_at__gte=begin, due_at__lt=end)
    if stage is Stage.CANCELLED:
        return slot | Q(start__isnull=True, closed_at__gte=begin, closed_at__lt=end)
    return slot


def _now(stage: Stage, begin: datetime, end: datetime) -> Q:
    """To plan; today's and overdue; ended today; and whatever came in today, wherever it went."""
    if stage is Stage.NEW:
        return _waits_not()
    if stage is Stage.PLANNED:
        # Ids grow with time, so "came in today" is looked up among the latest ones only.
        latest = Q(pk__gte=id_floor(begin - timedelta(days=1)))
        return Q(start__lt=end) | (latest & Q(received_at__gte=begin))
    return Q(closed_at__gte=begin)


def id_floor(moment: datetime) -> UUID:
    """The least id that could have been made at `moment` (see kernel.ids.uuid7)."""
    return UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62)


def _overdue(stage: Stage, now: datetime) -> Q:
    if stage is Stage.NEW:
        return Q(due_at__lt=now)
    if stage is Stage.PLANNED:
        not_there = Q(technician_status__in=["planned", "en_route"], start__lt=now)
        return Q(start__lt=now) & (not_there | Q(end__lt=now))
    return Q(pk__isnull=True)  # what has ended is not late any more


def _waits() -> Q:
    """In New and waiting for something; on the date given it comes back by itself."""
    return Q(stage=str(Stage.NEW), waiting_until__gt=today()) & ~Q(waiting_for="")


def _waits_not() -> Q:
    return Q(waiting_for="") | Q(waiting_until__isnull=True) | Q(waiting_until__lte=today())


def text_is(typed: str) -> Q:
    """The order of that number, else those in which every word stands.

    Invalid when no word is long enough to look up without reading everything.
    """
    number = number_typed(typed)
    if number is not None:
        return Q(number=number)
    words = words_typed(typed)
    if not words:
        raise Invalid({"q": [_("Type three letters or more, or an order number.")]})
    found = Q()
    for word in words:
        found &= Q(search__contains=word)
    return found


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
    return sorted(words, key=lambda word: (-len(word), word))[:8]


def phone_typed(typed: str) -> str:
    """The digits that end a telephone number however it was typed; "" if it is none."""
    if not re.fullmatch(r"[+0][\d\s./()-]{6,24}", typed.strip()):
        return ""
    digits = re.sub(r"\D", "", typed)
    return digits.lstrip("0") if len(digits) >= 8 else ""
