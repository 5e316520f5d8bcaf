"""Row of an order in the list, with the columns that its reader has chosen."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from django.utils.safestring import SafeString

from callout.orders.columns import USUAL
from callout.web.ui import marks
from callout.web.ui.markup import NOTHING, joined, piece
from callout.web.ui.orders import (
    BOX,
    KEPT,
    CountdownView,
    OrderView,
    Reader,
    Shown,
    countdown_shown,
    late_since,
    promise,
    reader,
    shown,
    slot_class,
)

# As of a card: its colour, and how the scripts find, sort and compare it.
ROW = piece("""
    <tr class="{struck} co-k-{status}" id="order-{key}"
      data-live-item="service_order:{key}" data-sort="{sort}" data-version="{version}"{late_since}>
      {box}
      <td class="co-c-number"><a class="co-num co-row-link" href="{url}">{number}</a></td>
      {cells}
    </tr>
""")
CHOOSE = piece('<td class="co-c-check">' + BOX + "</td>")
CUSTOMER = piece("""
    <td class="co-line">
      <span class="co-who"><b class="co-ell">{customer}</b><small>{town}</small></span>
    </td>
""")
TITLE = piece('<td class="co-line co-t2">{title}</td>')
TYPE = piece('<td class="co-hide-s">{type}</td>')
FLAGS = piece('<td class="co-c-flags"><span class="co-flags">{flags}</span></td>')
STATUS = piece('<td class="co-c-status">{pill}</td>')
FURTHER = piece('<td class="co-hide-s co-t2">{words}</td>')

SLOT = piece('<td class="co-c-slot"><span class="{kind}">{slot}</span></td>')
SLOT_AND_LEFT = piece("""
    <td class="co-c-slot">
      <span class="co-slot-due{either}"><span class="{kind}">{slot}</span>{left}</span>
    </td>
""")
SLOT_LATE = piece("""
    <td class="co-c-slot">
      <span class="co-person co-late" title="{late}">
        {icon}{slot}<span class="co-vh"> (<span data-late>{late}</span>)</span>
      </span>
    </td>
""")
MISSES_TARGET = piece("""
    <span class="co-due co-soon" title="{words}">{icon}<span class="co-vh">{words}</span></span>
""")
PERSON = piece("""
    <td class="co-c-person">
      <span class="co-person">{avatar}<span class="co-ell{quiet}">{name}</span></span>
    </td>
""")
NOBODY = SafeString('<td class="co-c-person"></td>')

Cell = Callable[[Shown, Reader], SafeString]


def order_rows(
    rows: Iterable[OrderView], *, boxes: bool = False, columns: Sequence[str] = USUAL
) -> SafeString:
    """Rows of the list with these columns; with `boxes` each can be chosen."""
    known, names = reader(), tuple(columns)
    made = [_row(shown(row), boxes, names, known) for row in rows]
    return joined([*made, NOTHING], "\n")


@lru_cache(maxsize=KEPT)
def _row(row: Shown, boxes: bool, columns: tuple[str, ...], reader: Reader) -> SafeString:
    key, choose = str(row.id), reader.choose % {"number": row.number}
    return ROW(
        struck="co-row-cancelled" if row.status == "cancelled" else "",
        status=row.status,
        key=key,
        sort=row.sort,
        version=row.version,
        late_since=late_since(row),
        box=CHOOSE(key=key, choose=choose) if boxes else NOTHING,
        url=row.url,
        number=row.number,
        cells=joined([cell(row, reader) for cell in _cells(columns)]),
    )


@lru_cache(maxsize=64)
def _cells(columns: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(CELLS.get(name) or _further(name) for name in columns)


def _further(name: str) -> Cell:
    return lambda row, _reader: FURTHER(words=dict(row.further).get(name, ""))


@lru_cache(maxsize=256)
def _pill(status: str, _language: str | None, _sprite: str) -> SafeString:
    """As marks.pill, without asking again for each row which build and language it is."""
    return marks.pill(status)


def _flags(row: Shown) -> SafeString:
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
        found.append(promise(row, short=True))
    return joined(found)


def _slot(row: Shown) -> SafeString:
    """Of what is to plan either when it is to be answered, or, when little is left, how much."""
    if row.late:
        return SLOT_LATE(late=row.late, icon=marks.icon("clock-exclamation"), slot=row.slot)
    planned = row.countdown is not None and row.countdown.planned
    left = _misses_target(row.countdown) if planned else countdown_shown(row.countdown)
    kind = slot_class(row)
    if not left:
        return SLOT(kind=kind, slot=row.slot)
    either = "" if planned else " co-either"
    return SLOT_AND_LEFT(either=either, kind=kind, slot=row.slot, left=left)


def _misses_target(found: CountdownView | None) -> SafeString:
    """Beside a slot there is place for a sign alone."""
    if found is None:
        return NOTHING
    return MISSES_TARGET(words=f"{found.full}, {found.words}", icon=marks.icon("clock"))


def _person(row: Shown, reader: Reader) -> SafeString:
    if row.technician:
        return PERSON(avatar=marks.avatar(row.initials), quiet="", name=row.technician)
    if row.status == "new":
        return PERSON(avatar=marks.avatar(row.initials), quiet=" co-t2", name=reader.to_plan)
    return NOBODY


# What makes the cell of each column but the further ones.
CELLS: dict[str, Cell] = {
    "customer": lambda row, _reader: CUSTOMER(customer=row.customer, town=row.town),
    "title": lambda row, _reader: TITLE(title=row.title),
    "type": lambda row, _reader: TYPE(type=row.type),
    "flags": lambda row, _reader: FLAGS(flags=_flags(row)),
    "status": lambda row, reader: STATUS(pill=_pill(row.status, reader.language, reader.sprite)),
    "slot": lambda row, _reader: _slot(row),
    "technician": _person,
}
