from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callout.orders.selectors.search import order_search
from callout.planning.services import order_act
from callout.web.access import ActorRequest, manager_page
from callout.web.office.new_order import answers, drawing, prefill, typed
from callout.web.once import once


@manager_page
def new_page(request: ActorRequest) -> HttpResponse:
    """The form: empty or pre-filled (GET), on to the other step or saved (POST)."""
    if request.method == "POST":
        return answers.answered(request)
    fields = prefill.fields_from(request.actor, request.GET)
    context = answers.context_of(request, fields, step=1, errors={})
    context |= {
        "draft": prefill.draft_of(request.GET),
        "in_panel": "HX-Request" in request.headers,
        "heading": prefill.heading(request.GET),
        "focus_customer": not fields["customer_id"],
    }
    return render(request, "office/new_order/new.html", context)


@require_safe
@manager_page
def place_part(request: ActorRequest) -> HttpResponse:
    """What is to be known of the customer and the place chosen: alert, link, open orders."""
    fields = typed.all_of(request.GET)
    place = drawing.place_of(request.actor, fields)
    context: dict[str, Any] = {"place": place, "fields": fields, "errors": {}}
    filled = drawing.with_only_location(request.actor, fields)
    if filled != fields:
        place = drawing.place_of(request.actor, filled)
        context |= {"place": place, "fields": filled, "location_filled": True}
    return render(request, "office/new_order/place.html", context)


@require_safe
@manager_page
def suggest_part(request: ActorRequest) -> HttpResponse:
    """Who could go, with the reasons."""
    fields = typed.all_of(request.GET)
    context = drawing.suggestions(request.actor, fields)
    return render(request, "office/new_order/suggest.html", context)


@require_safe
@manager_page
def plan_part(request: ActorRequest) -> HttpResponse:
    """Who, when and with which vehicle, after a choice: the next free slot in the fields."""
    context = drawing.plan(request.actor, typed.all_of(request.GET))
    return render(request, "office/new_order/planned.html", {"errors": {}, **context})


@require_safe
@manager_page
def check_part(request: ActorRequest) -> HttpResponse:
    """What speaks against the slot that stands in the fields now."""
    fields = typed.all_of(request.GET)
    found = drawing.judged(request.actor, fields, drawing.ask_of(request.actor, fields))
    return render(request, "office/new_order/cautions.html", {"cautions": found})


@require_safe
@manager_page
def search_part(request: ActorRequest) -> HttpResponse:
    """Orders that the new one may follow, by number or words."""
    hits = order_search(actor=request.actor, q=request.GET.get("q", ""))
    items = [
        {"id": str(hit.id), "name": hit.name, "detail": hit.detail, "icon": "clipboard-list"}
        for hit in hits
        if hit.kind == "order"
    ]
    return JsonResponse({"items": items})


@require_POST
@manager_page
def undo_part(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """The plan of the order just recorded, taken back: it is New and waits in the pile."""

    def work() -> dict[str, Any]:
        order_act(actor=request.actor, order_id=order_id, action="undo")
        return {}

    once(request, request.actor, work)
    return answers.said(_("Taken back: the order waits in the pile"), "new", order_id=order_id)
