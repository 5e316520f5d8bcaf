"""The menu of a visit that is not the order's current one: what the table opens for that one."""

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.orders.lifecycle import Status
from callout.orders.selectors import OrderDetail
from callout.orders.selectors.offers import Offer, visit_offers
from callout.orders.selectors.visits import VisitSeen
from callout.web.office.orders.buttons import ASKS, ICONS, LONGER, act_url
from callout.web.ui.addresses import address

Item = dict[str, Any]


def other_visits(actor: Actor, detail: OrderDetail) -> list[tuple[VisitSeen, list[Item]]]:
    """The visits beside the current one, each with its menu; one that has ended has none."""
    return [
        (visit, _menu(actor, detail, visit) if visit.is_open else []) for visit in detail.others
    ]


def _menu(actor: Actor, detail: OrderDetail, visit: VisitSeen) -> list[Item]:
    items: list[Item] = []
    for offer in visit_offers(actor, visit, detail.current):
        if offer.code == "extend":
            items += [_longer(detail, visit, minutes) for minutes in LONGER]
            items.append(_asking(detail, visit, "order_at", _("At another time…"), "clock-edit"))
        else:
            items.append(_item(detail, visit, offer))
    promise = _asking(detail, visit, "order_promise", _("Promise…"), "heart-handshake")
    pin = {
        "label": _("Unpin") if visit.pinned else _("Pin to its slot"),
        "icon": "pinned-off" if visit.pinned else "pin",
        "url": _place(detail, visit, "order_pin"),
        "post": True,
        "version": detail.order.version,
    }
    return [*items, {"rule": True}, promise, pin]


def _item(detail: OrderDetail, visit: VisitSeen, offer: Offer) -> Item:
    asks = offer.code in ASKS
    ends = offer.leads_to in (Status.DONE, Status.CANCELLED)
    return {
        "label": f"{offer.label}…" if asks else offer.label,
        "detail": _("ends the order, with all its visits") if ends else "",
        "icon": ICONS.get(offer.code, ""),
        "status": offer.leads_to,
        "url": act_url(detail.order.pk, offer.code, f"&visit_id={visit.id}"),
        "why": offer.why,
        "dialog": asks,
        "post": not asks,
        "version": detail.order.version,
        "danger": offer.code == "cancel",
    }


def _longer(detail: OrderDetail, visit: VisitSeen, minutes: int) -> Item:
    query = f"&visit_id={visit.id}&duration_minutes={minutes}"
    return {
        "label": _("Takes %(count)d min longer") % {"count": minutes},
        "icon": ICONS["extend"],
        "url": act_url(detail.order.pk, "extend", query),
        "post": True,
        "version": detail.order.version,
    }


def _asking(detail: OrderDetail, visit: VisitSeen, name: str, label: str, icon: str) -> Item:
    return {"label": label, "icon": icon, "url": _place(detail, visit, name), "dialog": True}


def _place(detail: OrderDetail, visit: VisitSeen, name: str) -> str:
    query = urlencode({"on": "page", "visit_id": visit.id})
    return f"{address(f'office:{name}', order_id=detail.order.pk)}?{query}"
