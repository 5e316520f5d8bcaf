"""What stands above list, Kanban and map: the views of one subject, and the bar of filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.utils.translation import get_language

from callout.accounts.zone import today
from callout.orders.filters import OrderFilter
from callout.orders.priorities import priority_label
from callout.orders.selectors.above import Above, above
from callout.web.access import ActorRequest
from callout.web.office.orders.filters import ONE_DAY, VIEWS, Bar, Place, bar_of
from callout.web.ui.addresses import address
from callout.web.ui.assets import icons
from callout.web.ui.chips import chips, menus
from callout.web.ui.markup import joined, piece

HIDDEN = piece('<input type="hidden" name="{name}" value="{value}">')


@dataclass(frozen=True, slots=True)
class Head:
    """`view` is one of VIEWS; `put` are the texts of head.html that differ with the filter."""

    view: str
    bar: Bar
    put: Mapping[str, str]


def columns_asked(request: ActorRequest) -> str:
    """The columns that the address names, as it names them."""
    return request.GET.get("columns", "")[:400]


def head(
    request: ActorRequest,
    wanted: OrderFilter,
    view: str,
    read: Above | None = None,
    **more: str,
) -> dict[str, object]:
    """What a page of one of VIEWS shows above its orders (head.html). `read`: what it needs, where
    the page has that already. `more`: columns_url and export_url of the list."""
    read = read or head_read(request, wanted, view)
    priorities = tuple(map(priority_label, wanted.priorities))
    reader = get_language(), today(), icons().sprite, priorities
    found = _head(wanted, view, columns_asked(request), tuple(read.names.items()), reader)
    return {
        "nav": "map" if view in ONE_DAY else "orders",
        "wanted": wanted,
        "head": found,
        "put": {"columns_url": "", "export_url": "", **found.put, "in_use": read.in_use, **more},
    }


def head_read(request: ActorRequest, wanted: OrderFilter, view: str) -> Above:
    """What is read for it."""
    return above(actor=request.actor, wanted=wanted, view=view, columns=columns_asked(request))


@lru_cache(maxsize=256)
def _head(
    wanted: OrderFilter,
    view: str,
    columns: str,
    names: tuple[tuple[UUID | None, str], ...],
    _reader: tuple[str | None, date, str, tuple[str, ...]],
) -> Head:
    places = {name: Place.of(name, columns) for name in VIEWS}
    query = places["list"].query(wanted)
    bar = bar_of(wanted, view, dict(names), columns)
    put = {
        **{name: place.to(wanted) for name, place in places.items()},
        "base": address(VIEWS[view]),
        "filters_url": f"{address('office:filters')}{query}&view={view}",
        "filter_new_url": f"{address('office:filter_new')}{query}&view={view}",
        "hidden": joined([HIDDEN(name=name, value=value) for name, value in bar.hidden]),
        "q": bar.q,
        "clear": bar.clear,
        "chips": chips(bar.chips),
        "menus": menus(bar.chips),
        "risk_url": bar.risk.url,
        "risk_label": bar.risk.label,
        "risk_detail": bar.risk.detail,
    }
    return Head(view, bar, put)
