"""Orders as the rows of a file: all that a filter finds, page by page, or those chosen.

Read while the file goes out, each page for itself: no transaction stays open for as long as
somebody downloads. What a filter finds may lag some seconds, and comes from the replica where there
is one; who chose some, has just seen or changed them. An access code is in none of the columns.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from callout.kernel.actor import Actor
from callout.kernel.lagging import lagging_read
from callout.kernel.paging import MOST as PAGE
from callout.orders import policy
from callout.orders.filters import OrderFilter
from callout.orders.selectors.lists import OrderPage, order_page
from callout.orders.selectors.rows import RowMaker, rows_read
from callout.orders.selectors.when import When
from callout.orders.words import stage_label, status_label

MOST = 50_000
Cell = Callable[[Any, Any], Any]  # of what was read, and of the row that the list shows of it


def order_table(
    *,
    actor: Actor,
    wanted: OrderFilter,
    columns: Sequence[str],
    ids: Sequence[UUID] | None = None,
) -> Iterator[list[Any]]:
    """First the heads, then a line for each order in the filter's order; of `ids` those alone,
    as they were chosen. For managers. Where there are more than MOST, the last line says so."""
    policy.manager_required(actor)
    cells = _cells(columns, When())
    yield [head for head, _cell in cells]
    make = RowMaker(further=True)
    count = 0
    for page in _chosen(actor, ids) if ids is not None else _pages(actor, wanted):
        for found in page:
            if count == MOST:
                words = _("There are more than these %(most)d orders. Narrow the filter.")
                yield [words % {"most": MOST}]
                return
            row = make.one(found)
            yield [cell(found, row) for _head, cell in cells]
            count += 1


def _pages(actor: Actor, wanted: OrderFilter) -> Iterator[list[Any]]:
    cursor: str | None = None
    while True:
        page = lagging_read(partial(_page, actor, wanted, cursor))
        yield page.items
        cursor = page.next
        if cursor is None:
            return


def _page(actor: Actor, wanted: OrderFilter, cursor: str | None) -> OrderPage[Any]:
    read = partial(rows_read, actor, further=True)
    return order_page(actor=actor, wanted=wanted, cursor=cursor, limit=PAGE, read=read)


def _chosen(actor: Actor, ids: Sequence[UUID]) -> Iterator[list[Any]]:
    rows: Any = policy.orders_visible(actor).filter(pk__in=ids)
    seen = set(rows.values_list("pk", flat=True))
    yield rows_read(actor, [one for one in ids if one in seen], further=True)


def _cells(columns: Sequence[str], when: When) -> list[tuple[str, Cell]]:
    """Heads and cells: the number, then what the list's columns say, each fact in a cell."""

    def moment(value: datetime | None) -> str:
        return f"{when.local(value):%Y-%m-%d %H:%M}" if value else ""

    made: dict[str, list[tuple[str, Cell]]] = {
        "customer": [
            (_("Customer"), lambda o, _row: o.customer__name),
            (_("Town"), lambda o, _row: o.site__town),
        ],
        "site": [
            (_("Street"), lambda o, _row: o.site__street),
            (_("Postcode"), lambda o, _row: o.site__postcode),
        ],
        "title": [(_("What is wrong"), lambda o, _row: o.title)],
        "asset": [(_("Asset"), lambda _o, row: (row.further or {})["asset"])],
        "type": [(_("Type"), lambda o, _row: o.type__name)],
        "flags": [
            (_("Priority"), lambda _o, row: row.priority_label),
            (_("Customer absent"), lambda o, _row: o.absent_count or None),
            (_("Waiting"), lambda _o, row: row.waiting),
        ],
        "status": [
            (_("Stage"), lambda o, _row: stage_label(o.stage)),
            (_("Status"), lambda o, _row: status_label(o.technician_status)),
        ],
        "slot": [
            (_("Start"), lambda o, _row: moment(o.start)),
            (pgettext("a slot", "End"), lambda o, _row: moment(o.end)),
        ],
        "technician": [(_("Technician"), lambda _o, row: row.technician)],
        "received": [(_("Received"), lambda o, _row: moment(o.received_at))],
        "due": [(_("Answer by"), lambda o, _row: moment(o.due_at))],
        "closed": [(pgettext("an order", "Ended"), lambda o, _row: moment(o.closed_at))],
        "duration": [(_("Duration, minutes"), lambda o, _row: o.duration_minutes)],
        "reference": [(_("Their reference"), lambda o, _row: o.customer_reference)],
    }
    number: Cell = lambda _o, row: row.number  # noqa: E731
    return [(_("Number"), number), *(one for name in columns for one in made[name])]
