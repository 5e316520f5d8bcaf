"""What can be done on the order's page: its bar of buttons, and the menu with all the rest."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from callout.orders.lifecycle import Status
from callout.orders.selectors import OrderDetail
from callout.orders.selectors.offers import Offer
from callout.orders.words import action_label
from callout.web.ui.addresses import address
from callout.web.ui.navigation import url_if

# What asks something before it acts; the others act at once, with Undo.
ASKS = {"plan", "plan_another", "replan", "hand_back", "customer_absent", "cancel"}
STEPS = ("depart", "arrive", "start_work", "break", "resume", "turn_back", "complete")
ICONS = {
    "plan": "calendar-plus",
    "plan_another": "calendar-plus",
    "replan": "calendar-event",
    "unplan": "calendar-off",
    "extend": "clock-plus",
    "resume": "player-play",
    "turn_back": "arrow-back-up",
    "hand_back": "arrow-back",
    "customer_absent": "user-off",
    "complete": "circle-check",
    "cancel": "circle-x",
    "undo": "arrow-back-up",
    "reopen": "refresh",
}
LONGER = (15, 30, 60)


def act_url(order_id: UUID, code: str, query: str = "") -> str:
    """The address of an action's door, as told from the order's own page."""
    place = {"order_id": order_id, "code": code.replace("_", "-")}
    return f"{address('office:order_act', **place)}?on=page{query}"


def asks(offer: Offer, status: str) -> bool:
    """Whether the action opens a dialog first."""
    return offer.code in ASKS or (offer.code == "complete" and status == "new")


def button(detail: OrderDetail, code: str) -> dict[str, Any]:
    """One action as ui/buttons.py draws it."""
    offer = detail.offers[code]
    label = offer.label
    if code == "resume":
        leads_to = detail.current.status_before if detail.current else ""
    else:
        leads_to = offer.leads_to
    if code == "reopen":
        leads_to = "new"
    return {
        "label": label,
        "status": leads_to,
        "icon": ICONS.get(code, ""),
        "kind": "off" if offer.why else "act" if offer.next else "next",
        "why": offer.why,
        "url": act_url(detail.order.pk, code),
        "dialog": asks(offer, detail.status),
        "version": detail.order.version,
    }


def bar(detail: OrderDetail) -> list[dict[str, Any]]:
    """The action bar: always the same places, in the table's order."""
    if detail.stage == "new":
        first = "plan"
    elif detail.stage == "planned":
        first = "replan"
    else:
        first = "reopen"
    pause = "resume" if detail.status == Status.BREAK else "break"
    places = (first, "depart", "arrive", "start_work", pause, "customer_absent", "complete")
    return [button(detail, code) for code in places]


def cancel_button(detail: OrderDetail) -> dict[str, Any]:
    """Cancel stands apart, at the end of the bar."""
    cancel = button(detail, "cancel")
    kind = "off" if cancel["why"] else "danger"
    return cancel | {"kind": kind, "status": "", "label": _("Cancel…")}


def menu(detail: OrderDetail) -> list[dict[str, Any]]:
    """All that is not in the bar; what is not possible says why."""
    order_id = detail.order.pk
    is_open = detail.stage == "planned"
    items = [_item(detail, "plan_another", _("Plan another visit…"))]
    if is_open:
        items += [_longer(detail, minutes) for minutes in LONGER]
        at = address("office:order_at", order_id=order_id)
        items.append(_asking(_("At another time…"), "clock-edit", at))
    items += [_item(detail, "unplan"), _item(detail, "turn_back")]
    items.append(_item(detail, "hand_back", _("Not finished…")))
    items.append(_undo(detail))
    items += [{"rule": True}, *_around(detail), {"rule": True}, *_papers(detail)]
    return items


def _item(detail: OrderDetail, code: str, label: str = "") -> dict[str, Any]:
    shown = button(detail, code)
    ask = shown["dialog"]
    status = shown["status"] if shown["status"] != "same" else ""
    return {
        "label": label or shown["label"],
        "icon": shown["icon"],
        "status": status,
        "url": shown["url"],
        "why": shown["why"],
        "dialog": ask,
        "post": not ask,
        "version": shown["version"],
    }


def _longer(detail: OrderDetail, minutes: int) -> dict[str, Any]:
    return {
        "label": _("Takes %(count)d min longer") % {"count": minutes},
        "icon": ICONS["extend"],
        "url": act_url(detail.order.pk, "extend", f"&duration_minutes={minutes}"),
        "post": True,
        "version": detail.order.version,
    }


def _undo(detail: OrderDetail) -> dict[str, Any]:
    item = _item(detail, "undo")
    if not item["why"]:
        item["label"] = _("Undo: %(action)s") % {"action": action_label(detail.undo_of)}
    return item


def _around(detail: OrderDetail) -> list[dict[str, Any]]:
    """Promise, pin, wait, check: what is said about an order without moving it."""
    place = {"order_id": detail.order.pk}
    version = detail.order.version
    items: list[dict[str, Any]] = []
    if detail.stage == "planned" and detail.current:
        promise = address("office:order_promise", **place)
        items.append(
            {"label": _("Promise…"), "icon": "heart-handshake", "url": promise, "dialog": True}
        )
        pinned = detail.current.pinned
        items.append(
            {
                "label": _("Unpin") if pinned else _("Pin to its slot"),
                "icon": "pinned-off" if pinned else "pin",
                "url": address("office:order_pin", **place) + "?on=page",
                "post": True,
                "version": version,
            }
        )
    if detail.stage == "new":
        wait = address("office:order_wait", **place)
        items.append(_asking(_("Waiting for…"), "hourglass", wait))
    if detail.stage == "completed":
        checked = bool(detail.order.checked_at)
        items.append(
            {
                "label": _("Take the check back") if checked else _("Mark as checked"),
                "icon": "checks",
                "url": address("office:order_check", **place) + "?on=page",
                "post": True,
                "version": version,
            }
        )
    return items


def _asking(label: str, icon: str, url: str) -> dict[str, Any]:
    return {"label": label, "icon": icon, "url": f"{url}?on=page", "dialog": True}


def _papers(detail: OrderDetail) -> list[dict[str, Any]]:
    edit = address("office:order_edit", order_id=detail.order.pk)
    items: list[dict[str, Any]] = [
        {"label": _("Edit…"), "icon": "pencil", "url": edit, "dialog": True, "target": "#co-side"}
    ]
    new = url_if("office:order_new")
    if new:
        order = detail.order
        follow = f"{new}?follow_up_of={order.pk}"
        items.append(
            {"label": _("Follow-up…"), "icon": "corner-down-right", "url": follow, "dialog": True,
             "target": "#co-side"}
        )  # fmt: skip
        copy = f"{new}?copy={order.pk}"
        items.append(
            {"label": _("Copy…"), "icon": "copy", "url": copy, "dialog": True, "target": "#co-side"}
        )
    sheet = address("office:order_sheet", number=detail.order.number)
    items.append({"label": _("Work sheet"), "icon": "printer", "url": sheet})
    return items


def board_url(detail: OrderDetail) -> str:
    """The planning board at the order's visit; "" where it has no slot, or there is no board."""
    board, start = url_if("office:planning"), detail.order.start
    if not board or start is None:
        return ""
    asked = {"day": detail.when.local(start).date().isoformat(), "order": detail.order.pk}
    return f"{board}?{urlencode(asked)}"
