"""List and Kanban: views of one subject, with one filter kept in the address."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callout.kernel.checks import checked, id_required
from callout.kernel.errors import Invalid, NotFound
from callout.orders import selectors
from callout.orders.columns import (
    COLUMNS,
    FURTHER,
    columns_are_wide,
    columns_read,
)
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import Stage
from callout.orders.selectors import Column, OrderRow
from callout.orders.selectors.coming import orders_coming
from callout.orders.selectors.team_board import order_team, order_team_cards
from callout.orders.services.several import MOST as MOST_CHOSEN
from callout.web.access import ActorRequest, manager_page
from callout.web.office.orders.filter_choices import choices_of
from callout.web.office.orders.filters import VIEWS, Place
from callout.web.office.orders.head import columns_asked, head, head_read
from callout.web.office.orders.viewing import columns_of, opened
from callout.web.ui.addresses import address

PAGE = 60
MOST_ASKED = 60
NOBODY = UUID(int=0)  # stands for an id in an address that is asked for once
SORTED_BY = {"number": "number", "flags": "priority", "status": "due", "slot": "start"}
# Priority begins with the most urgent: its first is what others call the last.
DESCENDS = {"priority"}
WIDTHS = {"customer": "customer", "title": "title", "flags": "flags", "status": "status",
          "slot": "slot", "technician": "person", "number": "number", "site": "l"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """A column's head: `sorted` is "" where the list is not sorted by it, and `key` where it never
    is."""

    label: str
    width: str
    key: str = ""
    sorted: str = ""


@lru_cache(maxsize=256)
def _heads(columns: tuple[str, ...], sort: str, _language: str | None) -> tuple[ColumnHead, ...]:
    """The number's, then those of the columns."""
    labels = {"number": _("Number"), **COLUMNS}
    return tuple(_head(name, str(labels[name]), sort) for name in ("number", *columns))


def _head(name: str, label: str, sort: str) -> ColumnHead:
    small = name in FURTHER or name == "type"
    width = f"co-w-{WIDTHS.get(name, 'type' if name == 'type' else 'm')}"
    width += " co-hide-s" if small else ""
    key = SORTED_BY.get(name, "")
    if not key:
        return ColumnHead(label, width)
    way = ""
    if sort.removeprefix("-") == key:
        down = sort.startswith("-") is not (key in DESCENDS)
        way = "descending" if down else "ascending"
    return ColumnHead(label, width, key, way)


@manager_page
def list_page(request: ActorRequest) -> HttpResponseBase:
    """The list, its first rows. By its bare address: as its reader chose to begin."""
    wanted = OrderFilter.parse(request.GET)
    read = head_read(request, wanted, "list")
    if read.own.opens_with and not request.GET:
        return redirect(opened(read.own.opens_with))
    columns = columns_read(columns_asked(request)) if columns_asked(request) else read.own.columns
    base = Place.of("list", columns_asked(request))
    page = selectors.order_list(
        actor=request.actor, wanted=wanted, limit=PAGE, counted=True, columns=columns
    )
    choosing = _to_choose(wanted, columns_asked(request))
    urls = {
        "columns_url": address("office:order_columns") + base.query(wanted),
        "export_url": str(choosing["export_url"]),
    }
    heads = _heads(columns, wanted.sort, get_language())
    context = {
        **head(request, wanted, "list", read, **urls),
        **choosing,
        "columns": columns,
        "heads": heads,
        "sorts": {
            one.key: base.to(wanted, sort=_turned(wanted.sort, one.key)) for one in heads if one.key
        },
        "is_wide": columns_are_wide(columns),
        "rows": with_urls(page.items, wanted),
        "more": _more("office:order_rows", wanted, page.next, asked=columns_asked(request)),
        "count": page.count,
        "sort": wanted.sort,
        "descends": wanted.sort.startswith("-"),
        **_coming(request, wanted),
    }
    return render(request, "office/orders/list.html", context)


@manager_page
def kanban_page(request: ActorRequest) -> HttpResponseBase:
    """The Kanban, its first cards."""
    wanted = OrderFilter.parse(request.GET)
    columns = selectors.order_kanban(actor=request.actor, wanted=wanted)
    context = {
        **head(request, wanted, "kanban"),
        **_to_choose(wanted),
        "columns": [_column_shown(column, wanted) for column in columns],
        "menu_url": _menu_url(),
        **_coming(request, wanted),
    }
    return render(request, "office/orders/kanban.html", context)


@manager_page
def kanban_team(request: ActorRequest) -> HttpResponseBase:
    """The Kanban by technician: a card in somebody else's column is planned for them."""
    wanted = OrderFilter.parse(request.GET)
    board = order_team(actor=request.actor, wanted=wanted)
    for lane in board.lanes:
        with_urls(lane.cards, wanted)
    context = {**head(request, wanted, "team"), **_to_choose(wanted)}
    context |= {"board": board, "menu_url": _menu_url(), **_coming(request, wanted)}
    return render(request, "office/orders/kanban_team.html", context)


def _coming(request: ActorRequest, wanted: OrderFilter) -> dict[str, object]:
    """What a list of late orders is to ask for by itself, and when (coming.html)."""
    return {"coming": orders_coming(actor=request.actor, wanted=wanted)}


def _to_choose(wanted: OrderFilter, columns: str = "") -> dict[str, object]:
    """What the bar over the orders chosen needs (bulk.html)."""
    query = Place.of("list", columns).query(wanted)
    return {"most": MOST_CHOSEN, "export_url": address("office:order_export") + query}


@manager_page
def team_cards(request: ActorRequest) -> HttpResponseBase:
    """The cards of `ids` that stand on it now, and the counts of its columns."""
    wanted = OrderFilter.parse(request.GET)
    board = order_team_cards(actor=request.actor, wanted=wanted, ids=asked_ids(request))
    for lane in board.lanes:
        with_urls(lane.cards, wanted)
    context = {"board": board, **_coming(request, wanted)}
    return render(request, "office/orders/team_cards.html", context)


def _menu_url() -> str:
    return address("office:order_menu", order_id=NOBODY).replace(str(NOBODY), "{id}") + "?on=kanban"


@manager_page
def order_rows(request: ActorRequest) -> HttpResponseBase:
    """Rows of the list: the next ones (`cursor`), or those of `ids` that still belong on it."""
    wanted = OrderFilter.parse(request.GET)
    columns = columns_of(request)
    if "ids" in request.GET:
        ids = asked_ids(request)
        found = selectors.order_rows(actor=request.actor, wanted=wanted, ids=ids, columns=columns)
        context: dict[str, object] = {"rows": with_urls(found.cards, wanted), "more": ""}
        context |= {"count": found.counts[""], **_coming(request, wanted)}
    else:
        cursor = request.GET.get("cursor", "")
        page = selectors.order_list(
            actor=request.actor, wanted=wanted, cursor=cursor, limit=PAGE, columns=columns
        )
        more = _more("office:order_rows", wanted, page.next, asked=columns_asked(request))
        context = {"rows": with_urls(page.items, wanted), "more": more, "count": ""}
    return render(request, "office/orders/rows.html", context | {"columns": columns})


@manager_page
def order_cards(request: ActorRequest) -> HttpResponseBase:
    """The cards of `ids` that stand on the Kanban now, and the counts of its columns."""
    wanted = OrderFilter.parse(request.GET)
    found = selectors.order_cards(actor=request.actor, wanted=wanted, ids=asked_ids(request))
    context = {
        "cards": with_urls(found.cards, wanted),
        "counts": found.counts.items(),
        **_coming(request, wanted),
    }
    return render(request, "office/orders/cards.html", context)


@manager_page
def column_more(request: ActorRequest, stage: str) -> HttpResponseBase:
    """The cards of one column below a cursor."""
    if stage not in {str(one) for one in Stage}:
        raise NotFound
    wanted = OrderFilter.parse(request.GET)
    column = selectors.order_column(
        actor=request.actor,
        wanted=wanted,
        stage=Stage(stage),
        cursor=request.GET.get("cursor", ""),
        older="older" in request.GET,
    )
    context = {"column": _column_shown(column, wanted)}
    return render(request, "office/orders/column_cards.html", context)


@manager_page
def filter_choices(request: ActorRequest, name: str) -> HttpResponseBase:
    """What a chip offers, narrowed by what is typed into it."""
    wanted = OrderFilter.parse(request.GET)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "list"
    typed = request.GET.get("typed", "")
    choices = choices_of(request.actor, wanted, name, view, typed, columns_asked(request))
    context = {"choices": choices, "name": name, "base": address(VIEWS[view]), "wanted": wanted}
    # What was typed narrows the links alone: the field that it is typed into stays.
    part = "choice_links" if "typed" in request.GET else "choices"
    return render(request, f"office/orders/{part}.html", context | {"asked": _asked(request)})


def _asked(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("typed", None)
    return f"{request.path}?{query.urlencode(safe=',')}"


def with_urls(rows: list[OrderRow], wanted: OrderFilter) -> list[OrderRow]:
    """Rows with the addresses of their order's page and of their move."""
    page = address("office:order", number=0).removesuffix("0/")
    before, _nobody, behind = address("office:order_move", order_id=NOBODY).partition(str(NOBODY))
    query = wanted.query()
    for row in rows:
        row.url = f"{page}{row.bare_number}/{query}"
        row.move_url = f"{before}{row.id}{behind}"
    return rows


def _column_shown(column: Column, wanted: OrderFilter) -> dict[str, object]:
    name, place = "office:order_column", {"stage": column.key}
    return {
        "key": column.key,
        "label": column.label,
        "count": column.count,
        "recent": column.recent,
        "cards": with_urls(column.cards, wanted),
        "more_url": _more(name, wanted, column.next, **place),
        "older_url": _more(name, wanted, column.older, older="1", **place),
    }


def _more(
    name: str,
    wanted: OrderFilter,
    cursor: str | None,
    older: str = "",
    asked: str = "",
    **place: str,
) -> str:
    if cursor is None:
        return ""
    query = wanted.query()
    columns = f"&{urlencode({'columns': asked}, safe=',')}" if asked else ""
    more = f"cursor={cursor}{'&older=1' if older else ''}{columns}"
    return f"{address(name, **place)}{query}{'&' if query else '?'}{more}"


def _turned(sort: str, head: str) -> str:
    """A second press on a head turns the list round."""
    return f"-{head}" if sort == head else head


def asked_ids(request: HttpRequest) -> list[UUID]:
    """The ids that a live list asks for. Invalid for what is none."""
    given = [one for one in request.GET.get("ids", "").split(",") if one]
    if len(given) > MOST_ASKED:
        raise Invalid({"ids": [_("Ask for at most %(most)d.") % {"most": MOST_ASKED}]})
    return [checked("ids", id_required, one) for one in given]
