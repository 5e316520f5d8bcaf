"""Kanban card of an order."""

from collections.abc import Iterable
from functools import lru_cache

from django.utils.safestring import SafeString

from callout.web.ui import marks
from callout.web.ui.markup import NOTHING, joined, piece
from callout.web.ui.orders import (
    BOX,
    KEPT,
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

# Its class is its colour; by id, data-live-item, data-sort and data-version the scripts find, sort
# and compare it.
CARD = piece(
    """
    <article class="co-card co-k-{status}" id="order-{key}"
      data-live-item="service_order:{key}" data-sort="{sort}" data-version="{version}"
      data-column="{column}" data-move-url="{move_url}"{late_since}>
      <div class="co-card-top">
        <a class="co-num co-card-link" draggable="false" href="{url}">{number}</a>{flags}
      </div>
      <div class="co-card-who"><b class="co-ell">{customer}</b><small>{town}</small></div>
      <div class="co-card-fault co-ell">{title}</div>
      <div class="co-card-foot{either}">
        {icon}<span class="co-type">{type}</span><span aria-hidden="true">·</span>
        <span class="{slot_class}">{slot}</span>{mark}{avatar}
      </div>
      """
    + BOX
    + """
      <button class="co-card-menu" type="button" data-card-menu aria-haspopup="menu"
        aria-label="{actions}">{dots}</button>
    </article>
    """
)
LATE = piece('<span class="co-late">{icon}<span data-late>{words}</span></span>')


def order_cards(cards: Iterable[OrderView], column: str = "") -> SafeString:
    """Cards one after the other, each to be chosen; in the column of their stage, unless another
    one is named."""
    known = reader()
    made = [_card(shown(card), column or card.stage, known) for card in cards]
    return joined([*made, NOTHING], "\n")


@lru_cache(maxsize=KEPT)
def _card(card: Shown, column: str, reader: Reader) -> SafeString:
    return CARD(
        status=card.status,
        key=str(card.id),
        sort=card.sort,
        version=card.version,
        late_since=late_since(card),
        column=column,
        move_url=card.move_url,
        url=card.url,
        number=card.number,
        flags=_flags(card, column),
        customer=card.customer,
        town=card.town,
        title=card.title,
        either=" co-either" if card.countdown and not card.countdown.planned else "",
        icon=marks.icon(card.type_icon),
        type=card.type,
        slot_class=slot_class(card),
        slot=card.slot,
        mark=_mark(card),
        avatar=marks.avatar(card.initials, card.technician) if card.initials else NOTHING,
        choose=reader.choose % {"number": card.number},
        actions=reader.actions % {"number": card.number},
        dots=marks.icon("dots"),
    )


def _mark(card: Shown) -> SafeString:
    """Late, or what is left to answer: the foot of a card has no place for both. Nor for when a New
    one is to be answered and how much of that is left."""
    if card.late:
        return LATE(icon=marks.icon("clock-exclamation", "14"), words=card.late)
    return countdown_shown(card.countdown)


def _flags(card: Shown, column: str) -> SafeString:
    """Priority and flags, shortened to an icon where there are several; the pill in Planned, and
    where the column does not say the stage."""
    planned = card.stage == "planned" or column != card.stage
    crowded = sum(map(bool, (card.absent, card.waiting, card.promised))) + planned > 1
    found = [marks.priority(card.priority, card.priority_label, short=crowded and planned)]
    found.append(marks.absent(card.absent, short=crowded))
    if card.waiting:
        found.append(marks.flag("hourglass", "" if crowded else card.waiting, "", card.waiting))
    if card.promised:
        found.append(promise(card, short=crowded or planned))
    if planned:
        found.append(marks.pill(card.status))
    return joined(found)
