"""One order's page, and the parts of it that follow changes by themselves."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from callout.fieldwork.selectors.beside import FIELD, OrderField, order_field, position_words
from callout.kernel.errors import NotFound
from callout.kernel.paging import MOST, Page
from callout.orders import selectors
from callout.orders.filters import OrderFilter
from callout.orders.selectors import OrderDetail
from callout.orders.selectors.beside import attachment_list, note_list
from callout.orders.selectors.neighbours import neighbours_of
from callout.orders.selectors.steps import steps_shown
from callout.orders.selectors.times import order_times
from callout.travel.estimate import place
from callout.web.access import ActorRequest, manager_page
from callout.web.office.orders import facts
from callout.web.office.orders.filters import day_label
from callout.web.office.orders.page_head import head
from callout.web.office.orders.page_right import right
from callout.web.office.orders.page_visits import tab_row, visits
from callout.web.office.orders.record import Shown, record_shown
from callout.web.ui.addresses import address

SHOWN, MOST_SHOWN = 50, 1_000  # notes or files: at once, and when all are asked for
TABS = ("journal", "record", "notes", "files", "time")


@manager_page
def order_page(request: ActorRequest, number: int) -> HttpResponseBase:
    """The page of one order, by its number."""
    wanted = OrderFilter.parse(request.GET)
    detail = _detail(request, number)
    context = {
        **whole(request, detail),
        "back": address("office:orders") + wanted.query(),
        "filter_label": f"“{wanted.q}”" if wanted.q else day_label(wanted),
        "beside_url": _at("order_beside", detail) + wanted.query(),
    }
    return render(request, "office/orders/order.html", context)


@manager_page
def order_by_id(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """The same page found by id: what hints, notes and programs know."""
    order = selectors.order_plain(actor=request.actor, order_id=order_id)
    return redirect("office:order", number=order.number)


@manager_page
def order_live(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """The parts of the page as they are now, each put in its place."""
    return live_answer(request, order_id)


def live_answer(request: ActorRequest, order_id: UUID, **more: Any) -> HttpResponse:
    """All parts of an open order's page, and perhaps a toast."""
    detail = _detail(request, order_id)
    context = {**whole(request, detail), **more}
    return render(request, "office/orders/live.html", context)


@manager_page
def order_tab(request: ActorRequest, order_id: UUID, tab: str) -> HttpResponseBase:
    """One tab under the visit."""
    if tab not in TABS:
        raise NotFound
    detail = _detail(request, order_id)
    field = order_field(actor=request.actor, order_id=order_id, read=detail.beside)
    records = record_shown(detail, field.records)
    context = {
        "d": detail,
        "order": detail.order,
        "records": records,
        **tab_context(request, detail, tab, records),
    }
    return render(request, "office/orders/tabs.html", context)


@manager_page
def order_beside(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """Where the order stands in the filtered list, with the ones before and after it."""
    wanted = OrderFilter.parse(request.GET)
    found = neighbours_of(actor=request.actor, wanted=wanted, order_id=order_id)
    query = wanted.query()
    return render(request, "office/orders/beside.html", {"beside": found, "query": query})


def _at(name: str, detail: OrderDetail, **more: str) -> str:
    return address(f"office:{name}", order_id=detail.order.pk, **more)


def _detail(request: ActorRequest, order: UUID | int) -> OrderDetail:
    """By its id or number, with what the field says of it."""
    return selectors.order_detail(actor=request.actor, order=order, beside=FIELD)


def whole(request: ActorRequest, detail: OrderDetail) -> dict[str, Any]:
    """All parts, with the tab that the address names."""
    found = parts(request, detail)
    return found | tab_context(request, detail, request.GET.get("tab", ""), found["records"])


def parts(request: ActorRequest, detail: OrderDetail) -> dict[str, Any]:
    """What head, visits and right column show."""
    order, waiting = detail.order, facts.waiting(detail)
    field = order_field(actor=request.actor, order_id=order.pk, read=detail.beside)
    records = record_shown(detail, field.records)
    return {
        "nav": "orders",
        "order": order,
        "d": detail,
        "head": head(detail, waiting, has_late_report=field.has_late_report),
        "visits": visits(request.actor, detail, waiting, _visit_facts(detail, field), records),
        "right": right(detail, may_look=request.actor.technician_id is not None),
        "records": records,
    }


def _visit_facts(detail: OrderDetail, field: OrderField) -> list[dict[str, str]]:
    """Those of the visit, and where its technician is while it is under way."""
    current, site = detail.current, detail.order.site
    if current is None:
        return []
    shown = facts.visit_facts(current)
    there = place(site.latitude, site.longitude)
    words = position_words(field.position, there, detail.when)
    if words:
        shown.append({"label": _("Last position"), "value": words, "icon": "map-pin"})
    return shown


def tab_context(
    request: ActorRequest, detail: OrderDetail, tab: str, records: list[Shown]
) -> dict[str, Any]:
    """The chosen tab with what it lists."""
    tab = tab if tab in TABS else "journal"
    actor, order_id = request.actor, detail.order.pk
    urls = {name: _at("order_tab", detail, tab=name) for name in TABS}
    context: dict[str, Any] = {
        "tab": tab,
        "live_url": f"{_at('order_live', detail)}?tab={tab}",
        "tab_row": tab_row(detail, tab, urls, records),
        "note_url": _at("order_note", detail),
        "files_url": _at("order_files", detail),
    }
    if tab in ("notes", "files"):
        whole = request.GET.get("all") == "1"
        read = partial(LISTS[tab], actor=actor, order_id=order_id, newest=True)
        found, more = _newest(read, whole=whole)
        drawn = _note if tab == "notes" else _file
        context[tab] = [drawn(row, detail) for row in found]
        context["left_out"] = detail.counts[tab] - len(found) if more else 0
        context["all_url"] = f"{urls[tab]}?all=1" if more and not whole else ""
        context["live_url"] += "&all=1" if whole else ""
    elif tab == "time":
        context["times"] = order_times(actor=actor, order_id=order_id, when=detail.when)
        context["steps"] = steps_shown(actor=actor, order_id=order_id, when=detail.when)
    return context


LISTS: dict[str, Callable[..., Page[Any]]] = {"notes": note_list, "files": attachment_list}


def _newest(read: Callable[..., Page[Any]], *, whole: bool) -> tuple[list[Any], bool]:
    """The newest, or with `whole` as many as a page can bear; and whether there are more."""
    if not whole:
        found = read(limit=SHOWN)
        return found.items, found.next is not None
    rows: list[Any] = []
    cursor: str | None = None
    while len(rows) < MOST_SHOWN:
        found = read(limit=min(MOST, MOST_SHOWN - len(rows)), cursor=cursor)
        rows += found.items
        cursor = found.next
        if cursor is None:
            break
    return rows, cursor is not None


def _note(note: Any, detail: OrderDetail) -> dict[str, Any]:
    when = detail.when
    return {
        "kind": note.kind,
        "text": note.text,
        "who": note.author.name if note.author else "",
        "at": when.full(note.created_at),
    }


def _file(row: Any, detail: OrderDetail) -> dict[str, Any]:
    place = {"attachment_id": row.pk}
    return {
        "id": row.pk,
        "name": row.name,
        "is_photo": row.kind == "photo",
        "size": row.size,
        "who": row.author.name if row.author else "",
        "at": detail.when.full(row.created_at),
        "for_technician": row.for_technician,
        "url": address("office:order_file", **place),
        "remove_url": address("office:order_file_remove", **place),
    }
