"""What each kind of journal entry of an order is in words, and the mark beside it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from callout.orders.selectors.rows import waiting_words
from callout.orders.selectors.when import When
from callout.orders.words import action_label

# Kind: the status whose disc it shows, or an icon.
MARKS: dict[str, tuple[str, str]] = {
    "create": ("", "plus"),
    "update": ("", "pencil"),
    "plan": ("planned", ""),
    "plan_another": ("planned", ""),
    "replan": ("planned", ""),
    "extend": ("", "clock-plus"),
    "unplan": ("", "calendar-off"),
    "depart": ("en_route", ""),
    "arrive": ("on_site", ""),
    "start_work": ("working", ""),
    "break": ("break", ""),
    "resume": ("", "player-play"),
    "turn_back": ("", "arrow-back-up"),
    "hand_back": ("", "arrow-back"),
    "customer_absent": ("", "user-off"),
    "complete": ("done", ""),
    "cancel": ("cancelled", ""),
    "undo": ("", "arrow-back-up"),
    "reopen": ("new", ""),
    "wait": ("", "hourglass"),
    "wait_end": ("", "hourglass-off"),
    "check": ("", "checks"),
    "uncheck": ("", "square"),
    "note_add": ("", "message"),
    "time_add": ("", "clock"),
    "promise": ("", "heart-handshake"),
    "pin": ("", "pin"),
    "unpin": ("", "pinned-off"),
    "file_add": ("", "paperclip"),
    "file_remove": ("", "trash"),
}

Words = tuple[str, str]  # the line, and what stands greyed beside it


def words_of(entry: Any, when: When) -> Words:
    """The line of one entry (as `history.journal_of` reads it)."""
    special = _SPECIAL.get(entry.kind)
    if special:
        return special(entry, when)
    plain = _plain(entry.kind)
    reason = entry.reason or ""
    return (f"{plain}, {reason}" if reason else plain), _position(entry)


def _plain(kind: str) -> str:
    return {
        "unplan": _("Unplanned"),
        "depart": _("Departed"),
        "arrive": _("Arrived on site"),
        "start_work": _("Work started"),
        "break": _("Break"),
        "resume": _("Resumed"),
        "turn_back": _("Turned back"),
        "hand_back": _("Not finished"),
        "customer_absent": _("Customer absent"),
        "complete": _("Completed"),
        "cancel": _("Cancelled"),
        "reopen": _("Reopened"),
        "wait_end": _("Waits no more"),
        "check": _("Checked"),
        "uncheck": _("Unchecked"),
        "time_add": _("Hours entered"),
        "pin": _("Pinned to its slot"),
        "unpin": _("Unpinned"),
        "file_remove": _("File put away"),
        "code_look": _("Looked at the access code"),
    }.get(kind, kind.replace("_", " ").capitalize())


def _position(entry: Any) -> str:
    personal = entry.personal or {}
    if "latitude" not in personal or "longitude" not in personal:
        return ""
    return f"{personal['latitude']:.4f}, {personal['longitude']:.4f}"


def _moment(entry: Any, fact: str) -> datetime | None:
    value = entry.facts.get(fact)
    return datetime.fromisoformat(value) if value else None


def _created(_entry: Any, _when: When) -> Words:
    return _("Recorded"), ""


def _updated(entry: Any, _when: When) -> Words:
    names = [field_label(name) for name in entry.facts.get("fields", [])]
    return _("Changed: %(fields)s") % {"fields": ", ".join(dict.fromkeys(names))}, ""


def _planned(entry: Any, when: When) -> Words:
    start = _moment(entry, "start")
    words = {"slot": when.full(start) if start else "", "name": entry.technician or ""}
    text = {
        "plan": _("Planned for %(slot)s, %(name)s"),
        "plan_another": _("Another visit planned for %(slot)s, %(name)s"),
        "replan": _("Re-planned for %(slot)s, %(name)s"),
    }[entry.kind]
    return text % words, ""


def _extended(entry: Any, when: When) -> Words:
    end = _moment(entry, "expected_end")
    words = {"time": when.full(end) if end else "?"}
    return _("Takes longer: expected until %(time)s") % words, ""


def _undone(entry: Any, _when: When) -> Words:
    undone = str(entry.facts.get("undone", ""))
    return _("Undone: %(action)s") % {"action": action_label(undone) if undone else ""}, ""


def _waits(entry: Any, when: When) -> Words:
    what = waiting_words().get(str(entry.facts.get("for")), "")
    day = entry.facts.get("until") or ""
    try:
        day = when.written(datetime.fromisoformat(day).date())
    except ValueError:
        day = ""
    return _("Waits for: %(what)s, until %(day)s") % {"what": what, "day": day}, ""


def _noted(entry: Any, _when: When) -> Words:
    kind = str(entry.facts.get("note_kind", ""))
    return {
        "technician": _("Note for the technician"),
        "call": _("Call"),
    }.get(kind, _("Internal note")), ""


def _promised(entry: Any, when: When) -> Words:
    begin, end = _moment(entry, "promise_from"), _moment(entry, "promise_to")
    slot = when.slot_full(begin, end) if begin and end else ""
    return _("Promised to the customer: %(slot)s") % {"slot": slot}, ""


def _filed(entry: Any, _when: When) -> Words:
    return _("File added"), str((entry.personal or {}).get("name", ""))


_SPECIAL: dict[str, Callable[[Any, When], Words]] = {
    "create": _created,
    "update": _updated,
    "plan": _planned,
    "plan_another": _planned,
    "replan": _planned,
    "extend": _extended,
    "undo": _undone,
    "wait": _waits,
    "note_add": _noted,
    "promise": _promised,
    "file_add": _filed,
}


def field_label(name: str) -> str:
    """A field of an order, as the line about its change calls it."""
    return {
        "customer": _("customer"),
        "customer_id": _("customer"),
        "site": _("site"),
        "site_id": _("site"),
        "asset": _("asset"),
        "asset_id": _("asset"),
        "more_assets": _("more assets"),
        "contact": _("contact"),
        "contact_id": _("contact"),
        "type": _("type"),
        "type_id": _("type"),
        "priority": _("priority"),
        "description": _("description"),
        "duration_minutes": _("duration"),
        "received_at": _("received at"),
        "channel": _("channel"),
        "caller_name": _("caller"),
        "caller_phone": _("caller’s phone"),
        "customer_reference": _("customer’s reference"),
        "charge": _("charge"),
        "follow_up_of_id": _("follow-up of"),
        "wish_not_before": _("wished not before"),
        "wish_due": _("wished until"),
        "wish_from": _("wished hours"),
        "wish_to": _("wished hours"),
        "wish_start": _("wished start"),
        "proposed_vehicle_id": _("vehicle"),
    }.get(name, name.replace("_", " "))
