"""Kanban card and list row of an order.

A board shows a hundred of them at once, so they are written here and not in a template: a fifth
of the time (measured). And since every open screen asks for nearly the same ones after each
change, each is kept as long as nothing that it shows is another. Every value is escaped; nothing
else may reach the page.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from html import escape as e
from operator import attrgetter
from typing import NamedTuple, Protocol
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callout.accounts.zone import company_zone, today
from callout.orders.columns import USUAL
from callout.web.ui import assets, marks

KEPT = 1024  # of each kind, some 2 kB each


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


def _reader() -> Reader:
    language, sprite = get_language(), assets.icons().sprite
    said = e(_("Choose %(number)s")), e(_("Actions of %(number)s")), e(_("To plan"))
    return Reader(language, company_zone().key, today(), sprite, *said)


def order_cards(cards: Iterable[OrderView], column: str = "") -> SafeString:
    """Cards one after the other, each to be chosen; in the column of their stage, unless another
    one is named."""
    reader = _reader()
    return mark_safe("".join([_card(shown(card), column or card.stage, reader) for card in cards]))  # noqa: S308


def countdown_shown(found: CountdownView | None) -> SafeString:
    """What is left to answer an order; it counts on by itself (shared/tick.ts), unless the order is
    planned. "" for None."""
    if found is None:
        return SafeString("")
    tone = f" co-{found.tone}" if found.tone else ""
    full = e(found.full)
    ticks = "" if found.planned else f' data-due="{found.due.isoformat()}"'
    return mark_safe(  # noqa: S308
        f'<span class="co-due{tone}" title="{full}"><span class="co-vh">{full}: </span>'
        f"<span{ticks}>{e(found.words)}</span></span>"
    )


def order_rows(
    rows: Iterable[OrderView], *, boxes: bool = False, columns: Sequence[str] = USUAL
) -> SafeString:
    """Rows of the list with these columns; with `boxes` each can be chosen."""
    reader, names = _reader(), tuple(columns)
    return mark_safe("".join([_row(shown(row), boxes, names, reader) for row in rows]))  # noqa: S308


@lru_cache(maxsize=KEPT)
def _card(card: Shown, column: str, reader: Reader) -> str:
    menu = reader.actions
    number, key = e(card.number), str(card.id)
    late = f'<span class="co-late">{marks.icon("clock-exclamation", "14")}{e(card.late)}</span>'
    # One of them: the foot of a card has no place for both. Nor for when a New one is to be
    # answered and how much of that is left.
    mark = late if card.late else countdown_shown(card.countdown)
    either = " co-either" if card.countdown and not card.countdown.planned else ""
    return (
        f'<article class="co-card {_names(card, key)}" data-column="{e(column)}"'
        f' data-move-url="{e(card.move_url)}">'
        f'<div class="co-card-top"><a class="co-num co-card-link" draggable="false"'
        f' href="{e(card.url)}">{number}</a>{_card_marks(card, column)}</div>'
        f'<div class="co-card-who"><b class="co-ell">{e(card.customer)}</b>'
        f"<small>{e(card.town)}</small></div>"
        f'<div class="co-card-fault co-ell">{e(card.title)}</div>'
        f'<div class="co-card-foot{either}">{marks.icon(card.type_icon)}'
        f'<span class="co-type">{e(card.type)}</span><span aria-hidden="true">·</span>'
        f'<span class="{_slot_class(card)}">{e(card.slot)}</span>{mark}'
        f"{marks.avatar(card.initials, card.technician) if card.initials else ''}</div>"
        f"{_box(key, number, reader)}"
        f'<button class="co-card-menu" type="button" data-card-menu aria-haspopup="menu"'
        f' aria-label="{menu % {"number": number}}">{marks.icon("dots")}</button></article>\n'
    )


def _names(order: Shown, key: str) -> str:
    """Its colour, and how the scripts find, sort and compare it. `key` is its id as text, which
    takes a microsecond to write."""
    return (
        f'co-k-{e(order.status)}" id="order-{key}"'
        f' data-live-item="service_order:{key}" data-sort="{e(order.sort)}"'
        f' data-version="{order.version}'
    )


def _slot_class(order: Shown) -> str:
    return "co-late" if order.late or order.promise_broken else "co-slot"


def _card_marks(card: Shown, column: str) -> str:
    """Priority and flags, shortened to an icon where there are several; the pill in Planned, and
    where the column does not say the stage."""
    planned = card.stage == "planned" or column != card.stage
    crowded = sum(map(bool, (card.absent, card.waiting, card.promised))) + planned > 1
    found = [marks.priority(card.priority, card.priority_label, short=crowded and planned)]
    found.append(marks.absent(card.absent, short=crowded))
    if card.waiting:
        found.append(marks.flag("hourglass", "" if crowded else card.waiting, "", card.waiting))
    if card.promised:
        found.append(_promise(card, short=crowded or planned))
    if planned:
        found.append(marks.pill(card.status))
    return "".join(found)


def _promise(order: Shown, *, short: bool) -> SafeString:
    tone = "danger" if order.promise_broken else "plain"
    return marks.flag("clock-check", "" if short else order.promised, tone, order.promised)


def _box(key: str, number: str, reader: Reader) -> str:
    label = reader.choose % {"number": number}
    return (
        f'<input class="co-checkbox" type="checkbox" name="order" value="{key}"'
        f' aria-label="{label}">'
    )


Cell = Callable[[Shown, Reader], str]


@lru_cache(maxsize=KEPT)
def _row(row: Shown, boxes: bool, columns: tuple[str, ...], reader: Reader) -> str:
    number, key = e(row.number), str(row.id)
    struck = "co-row-cancelled" if row.status == "cancelled" else ""
    box = f'<td class="co-c-check">{_box(key, number, reader)}</td>' if boxes else ""
    return (
        f'<tr class="{struck} {_names(row, key)}">{box}'
        f'<td class="co-c-number"><a class="co-num co-row-link" href="{e(row.url)}">'
        f"{number}</a></td>{''.join([cell(row, reader) for cell in _cells(columns)])}</tr>\n"
    )


@lru_cache(maxsize=64)
def _cells(columns: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(CELLS.get(name) or _further(name) for name in columns)


@lru_cache(maxsize=256)
def _pill(status: str, _language: str | None, _sprite: str) -> SafeString:
    """As marks.pill, without asking again for each row which build and language it is."""
    return marks.pill(status)


def _further(name: str) -> Cell:
    return lambda row, _reader: (
        f'<td class="co-hide-s co-t2">{e(dict(row.further).get(name, ""))}</td>'
    )


def _row_marks(row: Shown) -> str:
    """The column holds a mark and a flag: two flags, and each is only its icon. What was promised
    is wider than the column, and always one."""
    if not (row.absent or row.waiting or row.promised):
        return marks.priority(row.priority, row.priority_label)
    count = sum(map(bool, (row.absent, row.waiting, row.promised)))
    found = [marks.priority(row.priority, row.priority_label, short=True)]
    found.append(marks.absent(row.absent, short=count > 1))
    if row.waiting:
        found.append(marks.flag("hourglass", "" if count > 1 else row.waiting, "", row.waiting))
    if row.promised:
        found.append(_promise(row, short=True))
    return "".join(found)


def _row_slot(row: Shown) -> str:
    """Of what is to plan either when it is to be answered, or, when little is left, how much."""
    planned = row.countdown is not None and row.countdown.planned
    left = _misses_target(row.countdown) if planned else countdown_shown(row.countdown)
    either = "" if planned else " co-either"
    if not row.late:
        slot = f'<span class="{_slot_class(row)}">{e(row.slot)}</span>'
        return f'<span class="co-slot-due{either}">{slot}{left}</span>' if left else slot
    return (
        f'<span class="co-person co-late" title="{e(row.late)}">{marks.icon("clock-exclamation")}'
        f'{e(row.slot)}<span class="co-vh"> ({e(row.late)})</span></span>'
    )


def _misses_target(found: CountdownView | None) -> str:
    """Beside a slot there is place for a sign alone."""
    if found is None:
        return ""
    words = e(f"{found.full}, {found.words}")
    return (
        f'<span class="co-due co-soon" title="{words}">{marks.icon("clock")}'
        f'<span class="co-vh">{words}</span></span>'
    )


def _person(row: Shown, reader: Reader) -> str:
    if row.technician:
        name = f'<span class="co-ell">{e(row.technician)}</span>'
    elif row.status == "new":
        name = f'<span class="co-ell co-t2">{reader.to_plan}</span>'
    else:
        return ""
    return f'<span class="co-person">{marks.avatar(row.initials)}{name}</span>'


# What makes the cell of each column but the further ones.
CELLS: dict[str, Cell] = {
    "customer": lambda row, _reader: (
        f'<td class="co-line"><span class="co-who"><b class="co-ell">{e(row.customer)}</b>'
        f"<small>{e(row.town)}</small></span></td>"
    ),
    "title": lambda row, _reader: f'<td class="co-line co-t2">{e(row.title)}</td>',
    "type": lambda row, _reader: f'<td class="co-hide-s">{e(row.type)}</td>',
    "flags": lambda row, _reader: (
        f'<td class="co-c-flags"><span class="co-flags">{_row_marks(row)}</span></td>'
    ),
    "status": lambda row, reader: (
        f'<td class="co-c-status">{_pill(row.status, reader.language, reader.sprite)}</td>'
    ),
    "slot": lambda row, _reader: f'<td class="co-c-slot">{_row_slot(row)}</td>',
    "technician": lambda row, reader: f'<td class="co-c-person">{_person(row, reader)}</td>',
}
