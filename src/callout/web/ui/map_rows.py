"""Rows of the map's table: a stop of a route, an order to plan.

A day has two thousand of them, so they are written in Python (markup.py), as the orders' are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from callout.orders.priorities import priority_labels
from callout.web.ui import marks
from callout.web.ui.addresses import address
from callout.web.ui.markup import NOTHING, joined, piece

TABLE = piece("""
    <table class="co-table">
      <thead><tr>{heads}</tr></thead>
      <tbody>{rows}</tbody>
    </table>
""")
HEAD = piece('<th class="{name}" scope="col">{words}</th>')
UNSEEN = piece('<span class="co-vh">{words}</span>')
NTH = SafeString('<span aria-hidden="true">#</span>')
STOP = piece("""
    <tr>
      <td class="co-c-nth">{nth}</td>
      <td class="co-c-number">
        <a class="co-num co-row-link" href="{url}" id="s{order_id}-{technician_id}">{number}</a>
        {priority}
      </td>
      {who}
      <td class="co-c-part{broken}" data-label="{promised_head}">{promised}</td>
      <td class="co-c-part"><span class="co-slot">{slot}</span></td>
      <td class="co-c-part" data-label="{drive_head}">{drive}</td>
      <td class="co-c-part co-late">{late}</td>
      <td class="co-c-status">{status}</td>
      {menu}
    </tr>
""")
HELPER = piece(' <small class="co-t2">{words}</small>')
NO_PLACE = piece('<span class="co-t3">{words}</span>')
ENDING = piece('<span class="co-t2">{words}</span>')
UNPLANNED = piece("""
    <tr>
      <td class="co-c-number">
        <a class="co-num co-row-link" href="{url}" id="u{order_id}">{number}</a>{priority}
      </td>
      {who}
      <td class="co-line co-t2 co-hide-s">{title}</td>
      <td class="co-hide-s">{type}</td>
      <td class="co-c-part"><span class="{left_class}">{left}</span></td>
      <td class="co-c-menu">
        <a class="co-btn co-btn-quiet co-btn-icon co-btn-sm" href="{soonest_url}"
          hx-get="{soonest_url}" hx-target="#co-side" aria-label="{soonest}"
          title="{soonest}">{icon}</a>
      </td>
      {menu}
    </tr>
""")
WHO = piece("""
    <td class="co-line">
      <span class="co-who"><b class="co-ell">{customer}</b><small>{town}</small>{more}</span>
    </td>
""")
MENU = piece("""
    <td class="co-c-menu">
      <button class="co-btn co-btn-quiet co-btn-icon co-btn-sm" type="button" id="{name}"
        data-row-menu="{url}" aria-haspopup="menu" aria-label="{label}">{icon}</button>
    </td>
""")


@dataclass(frozen=True, slots=True)
class StopRow:
    """A visit, in words. `placed`: its site has a position."""

    order_id: UUID
    nth: int
    number: str
    url: str
    customer: str
    town: str
    promised: str
    promise_broken: bool
    slot: str
    drive: str
    late: str
    status: str
    status_label: str
    priority: str
    helper: bool
    placed: bool


@dataclass(frozen=True, slots=True)
class UnplannedRow:
    """An order to plan, in words."""

    order_id: UUID
    number: str
    url: str
    customer: str
    town: str
    title: str
    type: str
    priority: str
    left: str
    at_risk: bool
    soonest_url: str


class StopTable:
    """The tables of a day's routes: all that is the same in each is said once."""

    def __init__(self) -> None:
        self._says = _Says()
        self._heads = joined([
            HEAD(name="co-w-nth", words=joined([NTH, UNSEEN(words=_("Place in the route"))])),
            HEAD(name="co-w-number", words=_("Number")),
            HEAD(name="", words=_("Customer, town")),
            HEAD(name="co-w-m", words=_("Promised")),
            HEAD(name="co-w-m", words=_("Slot")),
            HEAD(name="co-w-m", words=_("Drive there")),
            HEAD(name="co-w-late", words=_("Late")),
            HEAD(name="co-w-status", words=_("Status")),
            HEAD(name="co-w-menu", words=UNSEEN(words=_("Actions"))),
        ])  # fmt: skip

    def of(self, stops: Iterable[StopRow], technician_id: UUID) -> SafeString:
        """That of one technician."""
        rows = joined([_stop(stop, technician_id, self._says) for stop in stops])
        return TABLE(heads=self._heads, rows=rows)


def unplanned_rows(orders: Iterable[UnplannedRow]) -> SafeString:
    """What is to plan."""
    says = _Says()
    return joined([_unplanned(order, says) for order in orders])


class _Says:
    """What is the same in each row."""

    def __init__(self) -> None:
        self.priorities = priority_labels()
        self.menu = _("Actions of %(number)s")
        self.helper = HELPER(words=_("goes along"))
        self.no_place = NO_PLACE(words=_("no position"))
        # On a narrow screen the cells say their head themselves: there is no row of heads.
        self.promised, self.drive = _("Promised"), _("Drive there")
        self.soonest = _("Nearest and free soonest for %(number)s")


def _stop(stop: StopRow, technician_id: UUID, says: _Says) -> SafeString:
    return STOP(
        nth=stop.nth,
        url=stop.url,
        order_id=stop.order_id,
        technician_id=technician_id,
        number=stop.number,
        priority=marks.priority(stop.priority, says.priorities[stop.priority], short=True),
        who=_who(stop.customer, stop.town, says.helper if stop.helper else NOTHING),
        broken=" co-late" if stop.promise_broken else "",
        promised_head=says.promised,
        promised=stop.promised,
        slot=stop.slot,
        drive_head=says.drive,
        drive=stop.drive if stop.placed else says.no_place,
        late=stop.late,
        status=_status(stop),
        menu=_menu(stop.order_id, stop.number, f"m{stop.order_id}-{technician_id}", says),
    )


def _status(stop: StopRow) -> SafeString:
    """The mark of a status; of an ending that is none, the word alone."""
    if stop.status in marks.STATUS_ICONS:
        return marks.pill(stop.status, stop.status_label)
    return ENDING(words=stop.status_label)


def _unplanned(order: UnplannedRow, says: _Says) -> SafeString:
    return UNPLANNED(
        url=order.url,
        order_id=order.order_id,
        number=order.number,
        priority=marks.priority(order.priority, says.priorities[order.priority], short=True),
        who=_who(order.customer, order.town, NOTHING),
        title=order.title,
        type=order.type,
        left_class="co-late" if order.at_risk else "co-slot",
        left=order.left,
        soonest_url=order.soonest_url,
        soonest=says.soonest % {"number": order.number},
        icon=marks.icon("user-bolt"),
        menu=_menu(order.order_id, order.number, f"n{order.order_id}", says),
    )


def _who(customer: str, town: str, more: SafeString) -> SafeString:
    return WHO(customer=customer, town=town, more=more)


def _menu(order_id: UUID, number: str, name: str, says: _Says) -> SafeString:
    return MENU(
        name=name,
        url=address("office:order_menu", order_id=order_id),
        label=says.menu % {"number": number},
        icon=marks.icon("dots"),
    )
