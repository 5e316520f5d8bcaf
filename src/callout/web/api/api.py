"""The API put together."""

from ninja import NinjaAPI
from ninja.operation import Operation

from callout.web.api import (
    answers,
    areas,
    assets,
    attachments,
    beside,
    board,
    bulk,
    calendars,
    check,
    checklists,
    day_map,
    desk,
    drafts,
    hours,
    moves,
    optimisations,
    optimised_days,
    orders,
    people,
    pile,
    places,
    planning,
    priorities,
    reasons,
    records,
    saved_filters,
    steps,
    team,
    technicians,
    times,
    travel,
    types,
)
from callout.web.api.access import signed_in
from callout.web.api.forms import StrictParser
from callout.web.api.problems import register

PREFIX = "api/v1/"
ROUTERS = (
    *(people.customers, people.contacts),
    *(places.sites, places.router, assets.assets, assets.router, areas.areas),
    *(technicians.technicians, hours.router, team.teams, team.vehicles, team.skills),
    *(calendars.calendars, calendars.router),
    *(types.router, priorities.router, reasons.router),
    *(checklists.checklist_items, checklists.router),
    *(beside.router, attachments.router, times.router, records.router, steps.router),
    *(board.router, day_map.router, pile.router, planning.router, check.router),
    *(answers.router, moves.router, drafts.router, optimisations.router),
    *(optimised_days.router, desk.router, travel.router),
    *(bulk.router, saved_filters.router),
)


class Api(NinjaAPI):
    """Ninja's, with operations called as their functions."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Stable names for generated clients."""
        return operation.view_func.__name__


api = Api(
    title="Callout",
    version="1",
    urls_namespace="callout-api",
    openapi_url=None,  # ours says more: openapi.py
    docs_url=None,
    auth=signed_in,
    parser=StrictParser(),
)
register(api)
api.add_router("/service-orders", orders.router)
for router in ROUTERS:
    api.add_router("", router)
