"""What stands on the pages of customers, sites and assets besides themselves: their orders, what
happened to them, a customer's sites as a tree."""

from collections import defaultdict
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from callout.customers import selectors
from callout.customers.models import Asset, Site
from callout.kernel.checks import choice, cleaned, id_required
from callout.orders.selectors.around import Thing, Which, orders_around
from callout.web.access import ActorRequest, manager_page

THINGS = ("customer", "site", "asset")
DEEPEST = 6  # levels that are drawn further in


def beside(request: ActorRequest, thing: Thing, thing_id: UUID) -> dict[str, Any]:
    """Open and past orders and the history of a thing, the first few of each."""
    actor = request.actor
    query = f"?thing={thing}&id={thing_id}"
    return {
        "open": orders_around(actor=actor, thing=thing, thing_id=thing_id, which="open"),
        "past": orders_around(actor=actor, thing=thing, thing_id=thing_id, which="past"),
        "story": selectors.history(actor=actor, entity=thing, entity_id=thing_id, limit=6),
        "more_url": f"{reverse('office:thing_orders')}{query}",
        "story_url": f"{reverse('office:thing_story')}{query}",
        "orders_url": f"{reverse('office:orders')}?{thing}={thing_id}",
    }


def _asked(request: ActorRequest) -> tuple[Thing, UUID]:
    given = {"thing": request.GET.get("thing"), "id": request.GET.get("id")}
    clean = cleaned({"thing": choice(THINGS), "id": id_required}, given)
    return cast("Thing", clean["thing"]), clean["id"]


@require_GET
@manager_page
def thing_orders(request: ActorRequest) -> HttpResponseBase:
    """More orders of a thing, after the last that is shown."""
    thing, thing_id = _asked(request)
    which: Which = "past" if request.GET.get("which") == "past" else "open"
    found = orders_around(
        actor=request.actor,
        thing=thing,
        thing_id=thing_id,
        which=which,
        cursor=request.GET.get("cursor") or None,
        limit=25,
    )
    year = request.GET.get("year", "")
    context = {
        "found": found,
        "which": which,
        "read_on": True,
        "more_url": f"{request.path}?thing={thing}&id={thing_id}",
        "year": int(year) if year.isascii() and year.isdigit() and len(year) < 6 else 0,
    }
    return render(request, "office/customers/around_rows.html", context)


@require_GET
@manager_page
def thing_story(request: ActorRequest) -> HttpResponseBase:
    """More of what happened to a thing."""
    thing, thing_id = _asked(request)
    cursor = request.GET.get("cursor") or None
    story = selectors.history(
        actor=request.actor, entity=thing, entity_id=thing_id, cursor=cursor, limit=25
    )
    url = f"{request.path}?thing={thing}&id={thing_id}"
    context = {"story": story, "story_url": url}
    return render(request, "office/customers/story_lines.html", context)


def tree_of(detail: selectors.CustomerDetail, roles: dict[Any, Any]) -> list[dict[str, Any]]:
    """A customer's sites, each below the one that it lies in, with what the customer is to it and
    the assets that stand there."""
    sites = {link.site_id: link.site for link in detail.links}
    named: dict[UUID, list[str]] = defaultdict(list)
    for link in detail.links:
        named[link.site_id].append(str(roles.get(link.role, link.role)))
    assets: dict[UUID, list[Asset]] = defaultdict(list)
    for asset in detail.assets:
        assets[asset.site_id].append(asset)
    below: dict[UUID | None, list[Site]] = defaultdict(list)
    for site in sites.values():
        below[site.parent_id if site.parent_id in sites else None].append(site)
    tree: list[dict[str, Any]] = []
    waiting = [(site, 0) for site in reversed(below[None])]
    while waiting:
        site, depth = waiting.pop()
        tree.append(
            {
                "site": site,
                "depth": min(depth, DEEPEST),
                "address": _address(site),
                "role": ", ".join(named[site.pk]),
                "assets": assets[site.pk],
            }
        )
        waiting += [(child, depth + 1) for child in reversed(below[site.pk])]
    return tree


def _address(site: Site) -> str:
    town = f"{site.postcode} {site.town}".strip()
    return ", ".join(part for part in (site.street, town) if part) or _("no address")
