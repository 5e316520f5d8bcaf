from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callout.accounts.zone import today
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.orders import technician_selectors as selectors
from callout.orders.services import order_see
from callout.orders.technician_sheet import Sheet, order_read
from callout.web.access import ActorRequest, technician_page
from callout.web.technician import buttons


@require_safe
@technician_page
def today_page(request: ActorRequest) -> HttpResponse:
    """My interventions: today, or one of the next days."""
    day = selectors.day_read(actor=request.actor, day=_day_asked(request))
    context = {"day": day, "office": request.actor.is_manager}
    return render(request, "technician/today.html", context)


def _day_asked(request: ActorRequest) -> date:
    """The day in the address; today for one that cannot be read or is not shown."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today()
    return day if today() <= day < today() + timedelta(days=selectors.DAYS_AHEAD) else today()


@require_safe
@technician_page
def order_page(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """One order, with the next sensible action as the big button."""
    if "HX-Request" not in request.headers:
        context = sheet_context(request.actor, order_id)
        if context["sheet"].unseen and _is_looked_at(request):
            order_see(actor=request.actor, order_id=order_id)
        return render(request, "technician/order.html", context)
    try:
        return fresh(request, order_id)
    except NotFound:
        # The page is open on a phone and the visit went to somebody else meanwhile.
        answer = render(request, "technician/gone.html", status=404)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#main", "innerHTML"
        return answer


def _is_looked_at(request: ActorRequest) -> bool:
    """Whether it is opened as a page: not asked for by a picture of another site, nor in advance.

    Browsers say so themselves; of one that does not, a look is taken for a look.
    """
    opened = request.headers.get("Sec-Fetch-Dest", "document") == "document"
    return request.method == "GET" and opened and "Sec-Purpose" not in request.headers


@require_safe
@technician_page
def earlier_page(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Past interventions at the same site or on the same asset."""
    rows = selectors.earlier_list(actor=request.actor, order_id=order_id)
    return render(request, "technician/earlier.html", {"rows": rows, "order_id": order_id})


def sheet_context(actor: Actor, order_id: UUID) -> dict[str, Any]:
    """What the order's page shows."""
    sheet: Sheet = order_read(actor=actor, order_id=order_id)
    return {
        "sheet": sheet,
        "big": buttons.big(sheet),
        "quick": buttons.quick(sheet),
        "menu": buttons.menu(sheet),
        "office": actor.is_manager,
        "toast": None,
    }


def fresh(
    request: ActorRequest, order_id: UUID, toast: buttons.Toast | None = None
) -> HttpResponse:
    """The open page's parts anew, each to its place, with a word of what was done."""
    context = sheet_context(request.actor, order_id)
    if toast is not None:
        context["toast"] = asdict(toast)
    answer = render(request, "technician/fresh.html", context)
    answer["HX-Reswap"] = "none"  # everything in it says itself where it goes
    return answer
