"""What a change answers with: a toast with Undo, the page's parts as they are now."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from callout.kernel.checks import checked, id_or_none
from callout.kernel.errors import Invalid, VersionMissing
from callout.orders.models import ServiceOrder
from callout.orders.numbers import order_number
from callout.orders.selectors.when import When
from callout.orders.words import status_label
from callout.web.access import ActorRequest
from callout.web.office.orders.order import live_answer
from callout.web.ui.addresses import address


def version_sent(request: ActorRequest) -> int:
    """The version that the reader saw. VersionMissing without one, Invalid for what is none."""
    given = request.POST.get("version") or request.GET.get("version") or ""
    if not given:
        raise VersionMissing(_("Say which version you saw. Reload the page, then try again."))
    if not given.isdecimal() or len(given) > 9:
        raise Invalid({"version": [_("This is no version.")]})
    return int(given)


def on_page(request: ActorRequest) -> bool:
    """Whether the order's own page asked, and wants its parts anew."""
    return request.GET.get("on") == "page"


def visit_asked(request: ActorRequest) -> UUID | None:
    """The visit that the page names, None for the current one. Invalid for what is no id."""
    asked = request.POST.get("visit_id") or request.GET.get("visit_id")
    return checked("visit_id", id_or_none, asked)


def asked_from(request: ActorRequest) -> str:
    """Where a dialog sends its answer: here, about the same visit, from the same page."""
    kept = {name: request.GET[name] for name in ("on", "visit_id") if request.GET.get(name)}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def acted(
    request: ActorRequest, order_id: UUID, text: str, *, status: str = "", undo: str = ""
) -> HttpResponse:
    """Done: the dialog closes, a toast says so, an open page follows."""
    toast = {"toast_text": text, "toast_status": status, "toast_undo": undo}
    if on_page(request):
        answer = live_answer(request, order_id, **toast)
    else:
        answer = render(request, "office/orders/toast.html", toast)
    answer["HX-Trigger"] = "co:close"
    return answer


def done_words(action: str, order: ServiceOrder, visit_id: UUID | None = None) -> str:
    """What was done (to the visit named), to the person who did it."""
    number = order_number(order.number)
    if action in ("plan", "plan_another", "replan", "reopen_and_plan"):
        return planned_words(number, order, action, visit_id)
    goes_on = order.technician_status is not None
    words = {
        "unplan": _("%(number)s: that visit is unplanned")
        if goes_on
        else _("%(number)s is unplanned"),
        "complete": _("%(number)s is completed"),
        "cancel": _("%(number)s is cancelled"),
        "reopen": _("%(number)s is open again and waits to be planned"),
        "hand_back": _("%(number)s is not finished and back in the office"),
        "customer_absent": _("%(number)s: customer absent"),
        "extend": _("%(number)s takes longer"),
        "undo": _("%(number)s: undone"),
    }.get(action)
    if words:
        return words % {"number": number}
    return f"{number}: {status_label(order.technician_status)}"


def planned_words(
    number: str, order: ServiceOrder, action: str, visit_id: UUID | None = None
) -> str:
    visit = order.visits.order_by("-sequence").select_related("technician").first()
    moved = visit_id or order.visit_id
    if action == "replan" and moved:
        visit = order.visits.select_related("technician").get(pk=moved)
    if visit is None:
        return number
    words = {
        "number": number,
        "slot": When().full(visit.start),
        "name": visit.technician.name,
    }
    return _("%(number)s is planned for %(slot)s, %(name)s") % words


def undo_url(request: ActorRequest, order: ServiceOrder) -> str:
    """Takes back what was just done, and nothing that somebody did since."""
    place = {"order_id": order.pk, "code": "undo"}
    page = "&on=page" if on_page(request) else ""
    return f"{address('office:order_act', **place)}?version={order.version}{page}"


def closed(text: str, status: str = "") -> HttpResponse:
    """Done, where only a toast is to be shown."""
    trigger: dict[str, Any] = {"co:close": True, "co:toast": {"text": text, "status": status}}
    answer = HttpResponse(status=200)
    answer["HX-Trigger"] = json.dumps(trigger)
    return answer
