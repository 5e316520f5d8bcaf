"""Rows of the map's table: a stop of a route, an order to plan.

A day has two thousand of them, so they are written here as the orders' are (orders.py): every value
is escaped, nothing else may reach the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape as e
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from callout.web.ui import marks
from callout.web.ui.addresses import address


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
        place = _("Place in the route")
        heads = "".join([
            _head("co-w-nth", f'<span aria-hidden="true">#</span>{_unseen(place)}'),
            _head("co-w-number", e(_("Number"))),
            _head("", e(_("Customer, town"))),
            _head("co-w-m", e(_("Promised"))),
            _head("co-w-m", e(_("Slot"))),
            _head("co-w-m", e(_("Drive there"))),
            _head("co-w-late", e(_("Late"))),
            _head("co-w-status", e(_("Status"))),
            _head("co-w-menu", _unseen(_("Actions"))),
        ])  # fmt: skip
        self._head = f'<table class="co-table"><thead><tr>{heads}</tr></thead>\n<tbody>'

    def of(self, stops: Iterable[StopRow], technician_id: UUID) -> SafeString:
        """That of one technician."""
        rows = "".join([_stop(stop, technician_id, self._says) for stop in stops])
        return mark_safe(f"{self._head}{rows}</tbody></table>")  # noqa: S308


def _head(name: str, words: str) -> str:
    return f'<th class="{name}" scope="col">{words}</th>'


def _unseen(words: str) -> str:
    return f'<span class="co-vh">{e(words)}</span>'


def unplanned_rows(orders: Iterable[UnplannedRow]) -> SafeString:
    """What is to plan."""
    says = _Says()
    return mark_safe("".join([_unplanned(order, says) for order in orders]))  # noqa: S308


class _Says:
    """What is the same in each row."""

    def __init__(self) -> None:
        self.menu = e(_("Actions of %(number)s"))
        self.helper, self.no_place = e(_("goes along")), e(_("no position"))
        # On a narrow screen the cells say their head themselves: there is no row of heads.
        self.promised, self.drive = e(_("Promised")), e(_("Drive there"))
        self.soonest = e(_("Nearest and free soonest for %(number)s"))
        nobody = UUID(int=0)
        found = f"{address('office:order_menu', order_id=nobody)}"
        self.menu_before, self.menu_after = found.split(str(nobody))


def _stop(stop: StopRow, technician_id: UUID, says: _Says) -> str:
    drive = e(stop.drive) if stop.placed else f'<span class="co-t3">{says.no_place}</span>'
    helper = f' <small class="co-t2">{says.helper}</small>' if stop.helper else ""
    broken = " co-late" if stop.promise_broken else ""
    return (
        f'<tr><td class="co-c-nth">{stop.nth}</td>'
        f'<td class="co-c-number"><a class="co-num co-row-link" href="{e(stop.url)}"'
        f' id="s{stop.order_id}-{technician_id}">{e(stop.number)}</a>'
        f"{marks.priority(stop.priority, short=True)}</td>"
        f"{_who(stop.customer, stop.town, helper)}"
        f'<td class="co-c-part{broken}" data-label="{says.promised}">{e(stop.promised)}</td>'
        f'<td class="co-c-part"><span class="co-slot">{e(stop.slot)}</span></td>'
        f'<td class="co-c-part" data-label="{says.drive}">{drive}</td>'
        f'<td class="co-c-part co-late">{e(stop.late)}</td>'
        f'<td class="co-c-status">{_status(stop)}</td>'
        f"{_menu(stop.order_id, stop.number, f'm{stop.order_id}-{technician_id}', says)}</tr>\n"
    )


def _status(stop: StopRow) -> str:
    """The mark of a status; of an ending that is none, the word alone."""
    if stop.status in marks.STATUS_ICONS:
        return marks.pill(stop.status, stop.status_label)
    return f'<span class="co-t2">{e(stop.status_label)}</span>'


def _unplanned(order: UnplannedRow, says: _Says) -> str:
    number = e(order.number)
    left = "co-late" if order.at_risk else "co-slot"
    return (
        f'<tr><td class="co-c-number"><a class="co-num co-row-link" href="{e(order.url)}"'
        f' id="u{order.order_id}">{number}</a>{marks.priority(order.priority, short=True)}</td>'
        f"{_who(order.customer, order.town)}"
        f'<td class="co-line co-t2 co-hide-s">{e(order.title)}</td>'
        f'<td class="co-hide-s">{e(order.type)}</td>'
        f'<td class="co-c-part"><span class="{left}">{e(order.left)}</span></td>'
        f'<td class="co-c-menu"><a class="co-btn co-btn-quiet co-btn-icon co-btn-sm"'
        f' href="{e(order.soonest_url)}" hx-get="{e(order.soonest_url)}" hx-target="#co-side"'
        f' aria-label="{says.soonest % {"number": number}}"'
        f' title="{says.soonest % {"number": number}}">{marks.icon("user-bolt")}</a></td>'
        f"{_menu(order.order_id, order.number, f'n{order.order_id}', says)}</tr>\n"
    )


def _who(customer: str, town: str, more: str = "") -> str:
    return (
        f'<td class="co-line"><span class="co-who"><b class="co-ell">{e(customer)}</b>'
        f"<small>{e(town)}</small>{more}</span></td>"
    )


def _menu(order_id: UUID, number: str, name: str, says: _Says) -> str:
    url = f"{says.menu_before}{order_id}{says.menu_after}"
    return (
        f'<td class="co-c-menu"><button class="co-btn co-btn-quiet co-btn-icon co-btn-sm"'
        f' type="button" id="{name}" data-row-menu="{e(url)}" aria-haspopup="menu"'
        f' aria-label="{says.menu % {"number": e(number)}}">{marks.icon("dots")}</button></td>'
    )
