"""The map's page, which its script fills from the API, and its twin: the day as a table."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render

from callout.accounts.zone import today
from callout.fieldwork.selectors.positions import positions_last
from callout.kernel.actor import Actor
from callout.orders import selectors
from callout.orders.filters import OrderFilter
from callout.planning.map import day_of, map_read
from callout.planning.selectors import ask_for_order_id, slot_soonest
from callout.web.access import ActorRequest, manager_page
from callout.web.api.order_filter import names_sent
from callout.web.ground import with_ground
from callout.web.office.map.shown import dash_shown, day_shown
from callout.web.office.orders.head import head
from callout.web.office.planning.board import planning_settings
from callout.web.ui.addresses import address
from callout.web.ui.map_rows import StopTable
from callout.web.ui.strings_map import map_texts

SOONEST = 5
# Where a map begins that has nothing to show: the middle of Europe.
CAMERA = {"center": [9.0, 50.0], "zoom": 4}


@manager_page
def map_page(request: ActorRequest) -> HttpResponseBase:
    """The day's interventions at their places, drawn by frontend/src/map."""
    wanted = _wanted(request)
    context = {
        **head(request, wanted, "map"),
        "settings": _settings(request.actor, wanted),
        "texts": map_texts(),
    }
    return with_ground(render(request, "office/map/map.html", context))


@manager_page
def table_page(request: ActorRequest) -> HttpResponseBase:
    """The same as a table for each technician: for who does not use the map, or has no script."""
    wanted = _wanted(request)
    day = day_of(wanted)
    found = map_read(actor=request.actor, day=day, wanted=wanted)
    positions = positions_last(actor=request.actor) if day == today() else {}
    context = {
        **head(request, wanted, "table"),
        "shown": day_shown(found, positions),
        "table": StopTable(),
    }
    return render(request, "office/map/table.html", context)


@manager_page
def soonest_page(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """Who is nearest and free soonest for an order, in the side panel."""
    actor = request.actor
    order = selectors.order_plain(actor=actor, order_id=order_id)
    ask = ask_for_order_id(actor=actor, order_id=order_id)
    dashes = slot_soonest(actor=actor, ask=ask, limit=SOONEST)
    action = "replan" if order.technician_id else "plan"
    plan_url = address("office:order_act", order_id=order_id, code=action)
    context = {"order": order, "dashes": [dash_shown(one, plan_url) for one in dashes]}
    return render(request, "office/map/soonest.html", context)


def _wanted(request: ActorRequest) -> OrderFilter:
    """One date given is that day alone, for list and Kanban too."""
    wanted = OrderFilter.parse(request.GET)
    one = wanted.date_from or wanted.date_to
    both = wanted.date_from and wanted.date_to
    return wanted.but(date_from=one, date_to=one) if one and not both else wanted


def _settings(actor: Actor, wanted: OrderFilter) -> dict[str, Any]:
    """What the script knows before it asks: see frontend/src/map/settings.ts."""
    plain = planning_settings(actor)
    urls = {"table": address("office:map_table") + wanted.query()}
    return {
        **plain,
        "urls": plain["urls"] | urls,
        "day": day_of(wanted).isoformat(),
        "query": dict(names_sent(wanted)),
        "camera": CAMERA,
        "style": settings.MAP_STYLE,
        "site": _of_site(),
        "positions": address("office:positions"),
    }


def _of_site() -> str:
    """The address of every site: the script puts the id where "{id}" stands."""
    nobody = UUID(int=0)
    return address("office:site_edit", site_id=nobody).replace(str(nobody), "{id}")
