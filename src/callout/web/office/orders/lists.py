"""List and Kanban: views of one subject, with one filter kept in the address."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from callout.kernel.checks import Wrong, id_required
from callout.kernel.errors import Invalid, NotFound
from callout.orders import selectors
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import Stage
from callout.orders.selectors import Column, OrderRow
from callout.web.access import ActorRequest, manager_page
from callout.web.office.orders.filters import ONE_DAY, VIEWS, bar_of, choices_of
from callout.web.ui.addresses import address

PAGE = 60
MOST_ASKED = 60
SORTED_HEADS = ("number", "start", "priority", "due")


@manager_page
def list_page(request: ActorRequest) -> HttpResponseBase:
    """The list, its first rows."""
    wanted = OrderFilter.parse(request.GET)
    base = address("office:orders")
    page = selectors.order_list(actor=request.actor, wanted=wanted, limit=PAGE, counted=True)
    context = {
        **head(request, wanted, "list"),
        "rows": with_urls(page.items, wanted),
        "more": _more("office:order_rows", wanted, page.next),
        "count": page.count,
        "sort": wanted.sort,
        "sorts": {
            head: base + wanted.query(sort=_turned(wanted.sort, head)) for head in SORTED_HEADS
        },
        "descends": wanted.sort.startswith("-"),
    }
    return render(request, "office/orders/list.html", context)


@manager_page
def kanban_page(request: ActorRequest) -> HttpResponseBase:
    """The Kanban, its first cards."""
    wanted = OrderFilter.parse(request.GET)
    columns = selectors.order_kanban(actor=request.actor, wanted=wanted)
    context = {
        **head(request, wanted, "kanban"),
        "columns": [_column_shown(column, wanted) for column in columns],
        "menu_url": address("office:order_menu", order_id=UUID(int=0)).replace(
            str(UUID(int=0)), "{id}"
        ),
    }
    return render(request, "office/orders/kanban.html", context)


@manager_page
def order_rows(request: ActorRequest) -> HttpResponseBase:
    """Rows of the list: the next ones (`cursor`), or those of `ids` that still belong on it."""
    wanted = OrderFilter.parse(request.GET)
    if "ids" in request.GET:
        ids = asked_ids(request)
        found = selectors.order_rows(actor=request.actor, wanted=wanted, ids=ids)
        context = {"rows": with_urls(found.cards, wanted), "more": "", "count": found.counts[""]}
    else:
        cursor = request.GET.get("cursor", "")
        page = selectors.order_list(actor=request.actor, wanted=wanted, cursor=cursor, limit=PAGE)
        more = _more("office:order_rows", wanted, page.next)
        context = {"rows": with_urls(page.items, wanted), "more": more, "count": ""}
    return render(request, "office/orders/rows.html", context)


@manager_page
def order_cards(request: ActorRequest) -> HttpResponseBase:
    """The cards of `ids` that stand on the Kanban now, and the counts of its columns."""
    wanted = OrderFilter.parse(request.GET)
    found = selectors.order_cards(actor=request.actor, wanted=wanted, ids=asked_ids(request))
    context = {"cards": with_urls(found.cards, wanted), "counts": found.counts.items()}
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
    choices = choices_of(request.actor, wanted, name, view, typed)
    context = {"choices": choices, "name": name, "base": address(VIEWS[view]), "wanted": wanted}
    # What was typed narrows the links alone: the field that it is typed into stays.
    part = "choice_links" if "typed" in request.GET else "choices"
    return render(request, f"office/orders/{part}.html", context | {"asked": _asked(request)})


def _asked(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("typed", None)
    return f"{request.path}?{query.urlencode(safe=',')}"


def head(request: ActorRequest, wanted: OrderFilter, view: str) -> dict[str, object]:
    """What the head of each of VIEWS shows: its tabs, and the filters."""
    query = wanted.query()
    return {
        "nav": "map" if view in ONE_DAY else "orders",
        "view": view,
        "bar": bar_of(request.actor, wanted, view),
        "wanted": wanted,
        "base": address(VIEWS[view]),
        "urls": {name: address(path) + query for name, path in VIEWS.items()},
    }


def with_urls(rows: list[OrderRow], wanted: OrderFilter) -> list[OrderRow]:
    """Rows with the addresses of their order's page and of their move."""
    page = address("office:order", number=0).removesuffix("0/")
    query = wanted.query()
    for row in rows:
        row.url = f"{page}{row.bare_number}/{query}"
        row.move_url = address("office:order_move", order_id=row.id)
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


def _more(name: str, wanted: OrderFilter, cursor: str | None, older: str = "", **place: str) -> str:
    if cursor is None:
        return ""
    query = wanted.query()
    more = f"cursor={cursor}{'&older=1' if older else ''}"
    return f"{address(name, **place)}{query}{'&' if query else '?'}{more}"


def _turned(sort: str, head: str) -> str:
    """A second press on a head turns the list round."""
    return f"-{head}" if sort == head else head


def asked_ids(request: HttpRequest) -> list[UUID]:
    """The ids that a live list asks for. Invalid for what is none."""
    given = [one for one in request.GET.get("ids", "").split(",") if one]
    if len(given) > MOST_ASKED:
        raise Invalid({"ids": [_("Ask for at most %(most)d.") % {"most": MOST_ASKED}]})
    try:
        return [id_required(one) for one in given]
    except Wrong as error:
        raise Invalid({"ids": [str(error)]}) from None
