"""The other assets of the place, to be ticked in the New order form and in an order's edit form."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callout.customers.selectors import assets_there
from callout.kernel.checks import checked, id_or_none
from callout.kernel.errors import NotFound
from callout.web.access import ActorRequest, manager_page

FORMS = {"no", "edit"}  # ids of the two forms begin with it: both may be open on one page


@require_safe
@manager_page
def more_assets(request: ActorRequest) -> HttpResponse:
    """The list as one types; or the whole part, for the location chosen in the edit form."""
    key = request.GET.get("key", "")
    if key not in FORMS:
        raise NotFound
    chosen = [one for one in map(_id, request.GET.getlist("more_asset_ids")) if one]
    template = "office/orders/more_assets_list.html"
    place = {name: _id(request.GET.get(name)) for name in ("site_id", "asset_id")}
    if "location" in request.GET:
        template = "office/orders/more_assets.html"
        kind, _mark, value = request.GET["location"].partition(":")
        place = {"asset_id" if kind == "asset" else "site_id": _id(value)}
    more = assets_there(
        actor=request.actor, chosen=chosen, q=request.GET.get("more_q", ""), **place
    )
    context: dict[str, Any] = {"more": more, "key": key, "errors": [], **place}
    return render(request, template, context)


def _id(given: str | None) -> UUID | None:
    return checked("more_asset_ids", id_or_none, given)
