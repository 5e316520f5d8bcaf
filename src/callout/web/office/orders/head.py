"""What stands above list, Kanban and map: the views of one subject, and the bar of filters."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.utils.translation import get_language

from callout.accounts.zone import today
from callout.orders.columns import columns_read, columns_written
from callout.orders.filters import OrderFilter
from callout.orders.selectors.choices import names_of
from callout.orders.selectors.views import filter_in_use
from callout.web.access import ActorRequest
from callout.web.office.orders.filters import ONE_DAY, VIEWS, Bar, Place, bar_of
from callout.web.ui.addresses import address


@dataclass(frozen=True, slots=True)
class Head:
    """`view` is one of VIEWS, `base` its address without a filter; each view's with the filter."""

    view: str
    bar: Bar
    base: str
    list: str
    kanban: str
    team: str
    map: str
    table: str
    filters_url: str
    filter_new_url: str


def columns_asked(request: ActorRequest) -> str:
    """The columns that the address names, as it names them."""
    return request.GET.get("columns", "")[:400]


def head(request: ActorRequest, wanted: OrderFilter, view: str) -> dict[str, object]:
    """What a page of one of VIEWS shows above its orders (head.html)."""
    names = tuple(names_of(request.actor, wanted).items())
    return {
        "nav": "map" if view in ONE_DAY else "orders",
        "wanted": wanted,
        "in_use": _in_use(request, wanted, view),
        "head": _head(wanted, view, columns_asked(request), names, get_language(), today()),
    }


def _in_use(request: ActorRequest, wanted: OrderFilter, view: str) -> str:
    """What the saved filter is called that this page is; the usual days are not asked for."""
    query, columns = wanted.query(), columns_asked(request)
    if not query and not columns:
        return ""
    written = columns_written(columns_read(columns)) if columns else ""
    kept = filter_in_use(actor=request.actor, view=view, query=query, columns=written)
    return kept.name if kept else ""


@lru_cache(maxsize=256)
def _head(
    wanted: OrderFilter,
    view: str,
    columns: str,
    names: tuple[tuple[UUID, str], ...],
    _language: str | None,
    _today: date,
) -> Head:
    places = {name: Place.of(name, columns) for name in VIEWS}
    query = places["list"].query(wanted)
    return Head(
        view=view,
        bar=bar_of(wanted, view, dict(names), columns),
        base=address(VIEWS[view]),
        filters_url=f"{address('office:filters')}{query}&view={view}",
        filter_new_url=f"{address('office:filter_new')}{query}&view={view}",
        **{name: place.to(wanted) for name, place in places.items()},
    )
