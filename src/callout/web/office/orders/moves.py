"""Cards moved by hand: the Kanban's door, and the card's menu, which does the same by keys."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.kernel.checks import Wrong, id_required
from callout.kernel.errors import Invalid, Refused, Stale
from callout.orders import selectors
from callout.orders.lifecycle import Stage, Status
from callout.orders.models import ServiceOrder
from callout.orders.moves import given_meant, move_meant
from callout.orders.selectors.changes import stale_told
from callout.orders.selectors.offers import Offer
from callout.orders.selectors.seen import OrderSeen
from callout.orders.words import stage_label
from callout.web.access import ActorRequest, manager_page
from callout.web.office.orders.actions import dialog, pressed
from callout.web.office.orders.answers import version_sent
from callout.web.office.orders.buttons import ASKS, ICONS, board_url
from callout.web.office.orders.doing import PLANS
from callout.web.office.orders.planning import plan_dialog
from callout.web.ui.addresses import address


@require_POST
@manager_page
def card_move(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """A card dropped in another column: done, asked about first, or refused in words."""
    to = request.POST.get("to") or request.GET.get("to", "")
    technician_id = None if to in STAGES else _technician(to)
    order = selectors.order_plain(actor=request.actor, order_id=order_id)
    version = version_sent(request)
    if order.version != version:
        error = Stale(current={"id": str(order.pk), "version": order.version})
        raise stale_told(request.actor, order.pk, error, version)
    status = Status(order.technician_status) if order.technician_status else None
    if technician_id is not None:
        action = given_meant(Stage(order.stage), status, order.technician_id == technician_id)
    else:
        action = move_meant(Stage(order.stage), status, Stage(to))
    if not action:
        return HttpResponse(status=204)
    asks = action in PLANS or action in ASKS or (action == "complete" and status is None)
    if not asks:
        return pressed(request, order.pk, action)
    return _asked(request, order, action, technician_id)


STAGES = {str(stage) for stage in Stage}


def _technician(to: str) -> UUID:
    """Whose column it is, of the Kanban by technician. Invalid for what is none."""
    try:
        return id_required(to)
    except Wrong:
        raise Invalid({"to": [_("There is no such column.")]}) from None


def _asked(
    request: ActorRequest, order: ServiceOrder, action: str, technician_id: UUID | None = None
) -> HttpResponse:
    """The action's dialog, sent into its place; its own door takes the answer."""
    place = {"order_id": order.pk, "code": action.replace("_", "-")}
    url = address("office:order_act", **place)
    if action in PLANS:
        answer = plan_dialog(request, order, action, None, url, technician_id=technician_id)
    else:
        answer = dialog(request, order, action, None, url)
    inner = answer.content.decode()
    return render(request, "office/orders/asks.html", {"dialog": inner})


@manager_page
def card_menu(request: ActorRequest, order_id: UUID) -> HttpResponseBase:
    """What can be done with a card, without dragging it."""
    detail = selectors.order_detail(actor=request.actor, order=order_id)
    order = detail.order
    page = address("office:order", number=order.number)
    items: list[dict[str, Any]] = [
        {
            "label": _("Open %(number)s") % {"number": detail.number},
            "icon": "arrow-right",
            "url": page,
        }
    ]
    if request.GET.get("on") == "kanban":
        items.append({"label": _("Choose, or leave it"), "icon": "square-check",
                      "choose": order.pk})  # fmt: skip
    board = board_url(detail)
    if board and request.GET.get("on") != "board":
        items.append({"label": _("Show on the board"), "icon": "calendar-time", "url": board})
    items += [
        _item(order, offer)
        for code, offer in detail.offers.items()
        if offer.open and code != "extend"
    ]
    if order.stage == Stage.NEW.value:
        wait = address("office:order_wait", order_id=order.pk)
        items.append({"label": _("Waiting…"), "icon": "hourglass", "url": wait, "dialog": True})
    items += [{"rule": True}, *_moves(order)]
    return render(request, "parts/menu_items.html", {"items": items})


def _item(order: OrderSeen, offer: Offer) -> dict[str, Any]:
    place = {"order_id": order.pk, "code": offer.code.replace("_", "-")}
    asks = offer.code in ASKS or (offer.code == "complete" and order.stage == "new")
    return {
        "label": f"{offer.label}…" if asks else offer.label,
        "icon": ICONS.get(offer.code, ""),
        "status": offer.leads_to,
        "url": address("office:order_act", **place),
        "dialog": asks,
        "post": not asks,
        "version": order.version,
        "danger": offer.code == "cancel",
    }


def _moves(order: OrderSeen) -> list[dict[str, Any]]:
    """To each other column, or why not."""
    status = Status(order.technician_status) if order.technician_status else None
    url = address("office:order_move", order_id=order.pk)
    items: list[dict[str, Any]] = []
    for to in Stage:
        if str(to) == order.stage:
            continue
        label = _("Move to %(column)s") % {"column": stage_label(str(to))}
        try:
            move_meant(Stage(order.stage), status, to)
        except Refused as error:
            items.append({"label": label, "why": error.message})
            continue
        items.append(
            {"label": label, "icon": "arrow-right", "url": f"{url}?to={to}", "post": True,
             "version": order.version}
        )  # fmt: skip
    return items
