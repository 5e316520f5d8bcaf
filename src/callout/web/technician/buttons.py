"""Which button stands where on the phone: one big one, four quick ones, the rest in the menu."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from callout.orders.lifecycle import ACTIONS, Status
from callout.orders.technician_sheet import Sheet
from callout.orders.words import action_label

# Where the status it leads to has no icon that says it. frontend/icons.json lists them.
ICONS = {
    "turn_back": "arrow-back-up",
    "hand_back": "corner-up-left",
    "customer_absent": "user-off",
    "extend": "clock-plus",
    "resume": "player-play",
    "undo": "arrow-back-up",
}
ASKS_FIRST = ("hand_back", "customer_absent", "cancel")  # a reason, a note, the true time
LATE = (15, 30, 60)  # minutes
STEPS = ("depart", "arrive", "start_work", "break", "resume", "turn_back", "complete")


@dataclass(frozen=True, slots=True)
class Button:
    """A tap: `dialog` asks first, else it acts at once."""

    code: str
    label: str
    url: str
    dialog: bool = False
    status: str = ""  # the one it leads to: its colour
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Toast:
    """What was just done, and how to take it back."""

    text: str
    status: str = ""
    undo: str = ""


def url(name: str, order_id: UUID, **more: Any) -> str:
    """The address of one of the order's pages."""
    return reverse(f"technician:{name}", kwargs={"order_id": order_id, **more})


def act_url(order_id: UUID, code: str) -> str:
    """The address of an action, spelled with hyphens like everywhere on the outside."""
    return url("act", order_id, code=code.replace("_", "-"))


def big(sheet: Sheet) -> Button | None:
    """The next sensible action."""
    return _act(sheet, sheet.big) if sheet.big else None


def quick(sheet: Sheet) -> list[Button]:
    """Beside photo and note, which are always there: absent or not finished, break or late."""
    found = []
    for choice in (("customer_absent", "hand_back"), ("break", "extend")):
        code = next((one for one in choice if one in sheet.actions), None)
        if code:
            found.append(_short(_act(sheet, code)))
    if sheet.helper and sheet.is_open:
        found.append(Button("hours", _("Hours"), url("hours", sheet.id), True, icon="clock"))
    return found


def menu(sheet: Sheet) -> list[dict[str, Any]]:
    """Everything that can be done now and has no button of its own."""
    shown = {sheet.big, *(button.code for button in quick(sheet))}
    items: list[dict[str, Any]] = []
    if sheet.undo:
        words = _("Undo: %(action)s") % {"action": sheet.undo}
        items.append(_item(_act(sheet, "undo")) | {"label": words})
        items.append({"rule": True})
    for code in sheet.actions:
        if code not in shown and code in ACTIONS and code != "extend":
            items.append(_item(_act(sheet, code)) | {"danger": code == "cancel"})
    if "extend" in sheet.actions:
        items += [{"rule": True}, *(_late(sheet, minutes) for minutes in LATE)]
    items.append({"rule": True})
    if any(code in STEPS for code in sheet.actions):
        step = url("step", sheet.id)
        items.append(_ask(_("It happened at another time…"), step, icon="clock-edit"))
    items.append(_ask(_("My hours…"), url("hours", sheet.id), icon="clock"))
    items.append(_ask(_("Add a file…"), url("file_add", sheet.id), icon="paperclip"))
    return [item for n, item in enumerate(items) if n or not item.get("rule")]


def steps(sheet: Sheet) -> list[Button]:
    """The steps that may be entered with their true time."""
    return [_act(sheet, code) for code in sheet.actions if code in STEPS]


def leads_to(code: str) -> str:
    """The status that an action leads to, "" where that depends."""
    to = ACTIONS[code].to
    return str(to) if isinstance(to, Status) else ""


def _act(sheet: Sheet, code: str) -> Button:
    label = _("Customer cancels") if code == "cancel" else action_label(code)
    asks = code in ASKS_FIRST or code == "extend"
    icon = ICONS.get(code, "")
    return Button(code, label, act_url(sheet.id, code), asks, leads_to(code), icon)


def _short(button: Button) -> Button:
    words = {"customer_absent": _("Absent"), "extend": _("Late")}
    label = words.get(button.code, button.label)
    return Button(button.code, label, button.url, button.dialog, button.status, button.icon)


def _item(button: Button) -> dict[str, Any]:
    label = f"{button.label}…" if button.dialog else button.label
    kind = {"dialog": True} if button.dialog else {"post": True}
    return {"label": label, "url": button.url, "icon": button.icon, "status": button.status} | kind


def _late(sheet: Sheet, minutes: int) -> dict[str, Any]:
    words = _("Running late: +%(minutes)d min") % {"minutes": minutes}
    address = f"{act_url(sheet.id, 'extend')}?minutes={minutes}"
    return {"label": words, "url": address, "icon": "clock-plus", "post": True}


def _ask(label: str, address: str, icon: str) -> dict[str, Any]:
    return {"label": label, "url": address, "icon": icon, "dialog": True}
