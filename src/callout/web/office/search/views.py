"""What the search box at the top answers: options while typing, a page when Enter is pressed."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from callout.orders.selectors import Hit, order_search
from callout.web.access import ActorRequest, is_fragment, manager_page
from callout.web.ui.navigation import url_if

ICONS = {
    "order": "clipboard-list",
    "customer": "building",
    "site": "map-pin",
    "asset": "box",
    "technician": "user",
    "contact": "user",
}
PAGES = {
    "customer": ("office:customer", "customer_id"),
    "site": ("office:site", "site_id"),
    "asset": ("office:asset", "asset_id"),
    "technician": ("office:technician", "technician_id"),
    "contact": ("office:contact_edit", "contact_id"),
}


@manager_page
def search_page(request: ActorRequest) -> HttpResponseBase:
    """Everything that the text may mean; one single order found by its number opens at once."""
    typed = request.GET.get("q", "")
    hits = [shown(hit) for hit in order_search(actor=request.actor, q=typed)]
    if is_fragment(request):
        return render(request, "office/search/options.html", {"hits": hits})
    if len(hits) == 1 and hits[0]["url"]:
        return redirect(hits[0]["url"])
    context = {"hits": hits, "search_text": typed}
    return render(request, "office/search/page.html", context)


def shown(hit: Hit) -> dict[str, str]:
    """One hit as an option: where it leads, what it is."""
    return {
        "value": str(hit.id),
        "name": hit.name,
        "detail": hit.detail,
        "icon": ICONS[hit.kind],
        "status": hit.status,
        "url": address(hit),
    }


def address(hit: Hit) -> str:
    """Where the thing's page is; "" where this installation has none."""
    if hit.kind == "order":
        return reverse("office:order", kwargs={"number": hit.number})
    name, key = PAGES[hit.kind]
    return url_if(name, **{key: hit.id})
