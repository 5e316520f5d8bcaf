"""The orders, steps and lines of the drawings, as plain values."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

USER = SimpleNamespace(
    pk="0", id="0", name="Els Verbeke", email="els@example.com", is_authenticated=True,
    is_anonymous=False, is_technician=True, is_manager=True, is_admin=True, theme="system",
)  # fmt: skip

_FIELDS = [
    *("number", "customer", "town", "title", "type", "slot", "initials"),
    *("technician", "status", "priority", "absent", "late"),
]
_ORDERS = Path(__file__).with_name("orders.txt").read_text()
_TYPE_ICONS = {"Breakdown": "bolt", "Maintenance": "refresh", "Installation": "package"}
_STAGES = {"new": "new", "done": "completed", "cancelled": "cancelled"}


def _countdown(number: str) -> SimpleNamespace | None:
    if number != "1052":
        return None
    return SimpleNamespace(
        words="25 min left", full="Response target: Tue 24 Nov 11:00", tone="soon",
        due=datetime(2026, 11, 24, 10, tzinfo=UTC), planned=False,
    )  # fmt: skip


def _order(line: str) -> SimpleNamespace:
    order: dict[str, Any] = dict(zip(_FIELDS, line.split("|"), strict=True))
    number = order["number"]
    order |= {
        "id": number,
        "number": f"SO-00{number}",
        "url": f"/orders/{number}",
        "version": 3,
        "stage": _STAGES.get(order["status"], "planned"),
        "type_icon": _TYPE_ICONS[order["type"]],
        "absent": int(order["absent"]),
        "sort": order["slot"],
        "move_url": f"/move/{number}",
        "priority_label": "",
        "countdown": _countdown(number),
        "waiting": "waits for a part" if number == "1044" else "",
        "promised": "promised 13–15" if number == "1045" else "",
        "promise_broken": False,
        "further": None,
    }
    return SimpleNamespace(**order)


ORDERS = [_order(line) for line in _ORDERS.strip().splitlines()]
COLUMNS = [
    {
        "key": key,
        "label": label,
        "count": count,
        "cards": [order for order in ORDERS if order.stage == key],
    }
    for key, label, count in [
        ("new", "New", 7),
        ("planned", "Planned", 14),
        ("completed", "Completed", 6),
        ("cancelled", "Cancelled", 2),
    ]
]
STEPS = [
    SimpleNamespace(status=status, state=state, at=at)
    for status, state, at in [
        ("planned", "done", "Mon 16:20"),
        ("en_route", "done", "09:38 · 34 min"),
        ("on_site", "now", "10:12 · now"),
        ("working", "todo", ""),
        ("done", "todo", ""),
    ]
]
FACTS = [
    {"label": "Technician", "value": "Sofie De Smet", "initials": "SD"},
    {"label": "Vehicle", "value": "2-CFX-418 · Caddy 7"},
    {"label": "Slot", "value": "Tue 24 Nov, 09:45–11:15"},
    {"label": "Travel", "value": "31 km · 34 min"},
]
_TOLD: list[dict[str, str]] = [
    {"day": "Today, Tuesday 24 November"},
    {"time": "10:12", "status": "on_site", "text": "Arrived on site", "aside": "51.0893, 4.3667",
     "who": "Sofie De Smet · phone"},
    {"time": "09:38", "status": "en_route", "text": "Departed from Zaventem",
     "who": "Sofie De Smet · phone, received 09:41"},
    {"time": "08:55", "icon": "message", "text": "Note for the technician",
     "who": "Els Verbeke · office",
     "note": "Badge at the reception, ask for Koen. Chiller is behind the bottling line."},
    {"day": "Monday 23 November"},
    {"time": "16:20", "status": "planned", "text": "Planned again for Tue 09:45, Sofie De Smet",
     "who": "Els Verbeke · office"},
    {"time": "14:06", "icon": "user-off", "text": "Customer absent, gate closed",
     "aside": "1 photo", "who": "Bart Peeters · phone"},
]  # fmt: skip
_LINE = dict.fromkeys(("day", "time", "iso", "text", "status", "icon", "aside", "who", "note"), "")
JOURNAL = [SimpleNamespace(**(_LINE | told)) for told in _TOLD]
ACTIONS = [
    {"label": "Depart", "status": "en_route", "kind": "off", "why": "Already on site"},
    {"label": "Arrive", "status": "on_site", "kind": "off", "why": "Already on site"},
    {"label": "Start work", "status": "working", "kind": "act", "url": "/act"},
    {"label": "Break", "status": "break", "kind": "next", "url": "/act"},
    {"label": "Complete", "status": "done", "kind": "next", "icon": "circle-check", "url": "/act"},
    {"label": "Customer absent", "icon": "user-off", "kind": "next", "dialog": True, "url": "/d"},
]
MENU = [
    {"label": "Re-plan…", "icon": "calendar-event", "why": "Only before the departure"},
    {"label": "Copy", "icon": "copy", "url": "/copy"},
    {"rule": True},
    {"label": "Cancel…", "icon": "circle-x", "url": "/cancel", "dialog": True, "danger": True},
]
TYPES = [
    {"value": "b", "label": "Breakdown", "icon": "bolt"},
    {"value": "m", "label": "Maintenance", "icon": "refresh"},
    {"value": "i", "label": "Installation", "icon": "package"},
    {"value": "s", "label": "Inspection", "icon": "clipboard-check"},
]
PRIORITIES = [
    {"value": "low", "label": "Low"},
    {"value": "normal", "label": "Normal"},
    {"value": "high", "label": "High", "icon": "chevron-up"},
    {"value": "urgent", "label": "Urgent", "icon": "chevrons-up"},
]
