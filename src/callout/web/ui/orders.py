"""An order as its card and its row show it, and what both say alike.

A board shows a hundred cards (order_cards.py), a list a hundred rows (order_rows.py), so both are
written in pieces (markup.py) and not in a template: a fifth of the time (measured). And since every
open screen asks for nearly the same ones after each change, each is kept as long as nothing that it
shows is another.
"""

from collections.abc import Mapping
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple, Protocol
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callout.accounts.zone import company_zone, today
from callout.web.ui import assets, marks
from callout.web.ui.markup import NOTHING, piece

KEPT = 1024  # of each kind, some 2 kB each

COUNTDOWN = piece("""
    <span class="co-due{tone}" title="{full}">
      <span class="co-vh">{full}: </span><span{ticks}>{words}</span>
    </span>
""")
TICKS = piece(' data-due="{due}"')
LATE_SINCE = piece(' data-late-since="{since}"')
# What chooses it, within a card and a row: a part of their templates.
BOX = '<input class="co-checkbox" type="checkbox" name="order" value="{key}" aria-label="{choose}">'


class CountdownView(Protocol):
    """How a response target stands."""

    @property
    def words(self) -> str: ...
    @property
    def full(self) -> str: ...
    @property
    def due(self) -> datetime: ...
    @property
    def tone(self) -> str: ...
    @property
    def planned(self) -> bool: ...


class OrderView(Protocol):
    """What a card and a row show: strings ready to print, made by the selector."""

    @property
    def id(self) -> UUID | str: ...
    @property
    def number(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def move_url(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def stage(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def customer(self) -> str: ...
    @property
    def town(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def type_icon(self) -> str: ...
    @property
    def priority(self) -> str: ...
    @property
    def priority_label(self) -> str: ...
    @property
    def slot(self) -> str: ...
    @property
    def late(self) -> str: ...
    @property
    def late_since(self) -> datetime | None: ...
    @property
    def countdown(self) -> CountdownView | None: ...
    @property
    def absent(self) -> int: ...
    @property
    def waiting(self) -> str: ...
    @property
    def promised(self) -> str: ...
    @property
    def promise_broken(self) -> bool: ...
    @property
    def technician(self) -> str: ...
    @property
    def initials(self) -> str: ...
    @property
    def sort(self) -> str: ...
    @property
    def further(self) -> Mapping[str, str] | None: ...


class Shown(NamedTuple):
    """An OrderView as a value: of equal ones the same is shown."""

    id: UUID | str
    number: str
    url: str
    move_url: str
    version: int
    stage: str
    status: str
    customer: str
    town: str
    title: str
    type: str
    type_icon: str
    priority: str
    priority_label: str
    slot: str
    late: str
    late_since: datetime | None
    countdown: CountdownView | None
    absent: int
    waiting: str
    promised: str
    promise_broken: bool
    technician: str
    initials: str
    sort: str
    further: tuple[tuple[str, str], ...]


_values = attrgetter(*Shown._fields[:-1])


def shown(order: OrderView) -> Shown:
    """All that a card or a row says of this order."""
    further = tuple(order.further.items()) if order.further else ()
    return Shown._make((*_values(order), further))


class Reader(NamedTuple):
    """For whom, when and of which build: what else the words and icons of an order depend on."""

    language: str | None
    zone: str
    today: date
    sprite: str
    choose: str
    actions: str
    to_plan: str


def reader() -> Reader:
    """Whoever this request answers."""
    language, sprite = get_language(), assets.icons().sprite
    said = _("Choose %(number)s"), _("Actions of %(number)s"), _("To plan")
    return Reader(language, company_zone().key, today(), sprite, *said)


def countdown_shown(found: CountdownView | None) -> SafeString:
    """What is left to answer an order; it counts on by itself (shared/tick.ts), unless the order is
    planned. "" for None."""
    if found is None:
        return NOTHING
    return COUNTDOWN(
        tone=f" co-{found.tone}" if found.tone else "",
        full=found.full,
        ticks=NOTHING if found.planned else TICKS(due=found.due.isoformat()),
        words=found.words,
    )


def late_since(order: Shown) -> SafeString:
    """From when on it runs late: a screen that stays open asks for it again then, and its words
    count on (shared/live-list.ts, shared/tick.ts)."""
    return LATE_SINCE(since=order.late_since.isoformat()) if order.late_since else NOTHING


def slot_class(order: Shown) -> str:
    """How the slot looks: a broken promise is late too."""
    return "co-late" if order.late or order.promise_broken else "co-slot"


def promise(order: Shown, *, short: bool) -> SafeString:
    """What the customer was promised, as a flag."""
    tone = "danger" if order.promise_broken else "plain"
    return marks.flag("clock-check", "" if short else order.promised, tone, order.promised)
