"""What each kind of journal entry of an order is in words, and the mark beside it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callout.orders.numbers import order_number
from callout.orders.selectors.rows import waiting_words
from callout.orders.selectors.when import When
from callout.orders.words import action_label, time_kinds

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
    "correct": ("", "clock-edit"),
    "apply_late_report": ("", "clock-check"),
    "late_report": ("", "clock-exclamation"),
    "late_report_more": ("", "clock-exclamation"),
    "reopen": ("new", ""),
    "wait": ("", "hourglass"),
    "wait_end": ("", "hourglass-off"),
    "check": ("", "checks"),
    "uncheck": ("", "square"),
    "note_add": ("", "message"),
    "note_put_away": ("", "inbox"),
    "follow_up": ("", "corner-down-right"),
    "time_add": ("", "clock"),
    "time_update": ("", "clock-edit"),
    "time_remove": ("", "trash"),
    "promise": ("", "heart-handshake"),
    "pin": ("", "pin"),
    "unpin": ("", "pinned-off"),
    "file_add": ("", "paperclip"),
    "file_remove": ("", "trash"),
    "see": ("", "eye"),
    "answer_set": ("", "clipboard-check"),
    "part_set": ("", "package"),
    "part_remove": ("", "trash"),
    "report_set": ("", "file-text"),
    "photo_announce": ("", "camera"),
    "photo_remove": ("", "trash"),
    "photo_refused": ("", "alert-circle"),
    "sign": ("", "signature"),
    "cannot_sign": ("", "signature-off"),
}

Words = tuple[str, str]  # the line, and what stands greyed beside it


def words_of(entry: Any, when: When) -> Words:
    """The line of one entry (as `history.journal_of` reads it)."""
    special = _SPECIAL.get(entry.kind)
    text, aside = special(entry, when) if special else _plainly(entry)
    said = _moment(entry, "said_at")
    if said is not None:
        clocks = _("the phone’s clock said %(time)s") % {"time": when.full(said)}
        aside = ", ".join(words for words in (aside, clocks) if words)
    return text, aside


def _plainly(entry: Any) -> Words:
    plain = _plain(entry.kind)
    reason = entry.reason or ""
    return (f"{plain}, {reason}" if reason else plain), _position(entry)


PLAIN: dict[str, Promise] = {
    "unplan": gettext_lazy("Unplanned"),
    "depart": gettext_lazy("Departed"),
    "arrive": gettext_lazy("Arrived on site"),
    "start_work": gettext_lazy("Work started"),
    "break": gettext_lazy("Break"),
    "resume": gettext_lazy("Resumed"),
    "turn_back": gettext_lazy("Turned back"),
    "hand_back": gettext_lazy("Not finished"),
    "customer_absent": gettext_lazy("Customer absent"),
    "complete": gettext_lazy("Completed"),
    "cancel": gettext_lazy("Cancelled"),
    "reopen": gettext_lazy("Reopened"),
    "wait_end": gettext_lazy("Waits no more"),
    "check": gettext_lazy("Checked"),
    "uncheck": gettext_lazy("Unchecked"),
    "pin": gettext_lazy("Pinned to its slot"),
    "unpin": gettext_lazy("Unpinned"),
    "file_remove": gettext_lazy("File put away"),
    "note_put_away": gettext_lazy("Note to the office read and put away"),
    "code_look": gettext_lazy("Looked at the access code"),
    "see": gettext_lazy("Seen on the phone"),
    "part_remove": gettext_lazy("Part taken back"),
    "report_set": gettext_lazy("Report written"),
    "photo_remove": gettext_lazy("Photo taken off"),
    "photo_refused": gettext_lazy("A photo could not be kept"),
    "cannot_sign": gettext_lazy("The customer could not sign"),
}


def _plain(kind: str) -> str:
    return str(PLAIN.get(kind, kind.replace("_", " ").capitalize()))


def _position(entry: Any) -> str:
    personal = entry.personal or {}
    if "latitude" not in personal or "longitude" not in personal:
        return ""
    return f"{personal['latitude']:.4f}, {personal['longitude']:.4f}"


def _moment(entry: Any, fact: str) -> datetime | None:
    value = entry.facts.get(fact)
    return datetime.fromisoformat(value) if value else None


def _created(entry: Any, _when: When) -> Words:
    followed = entry.facts.get("follow_up_of")
    if not followed:
        return _("Recorded"), ""
    return _("Recorded as follow-up of %(number)s") % {"number": order_number(followed)}, ""


def _followed(entry: Any, _when: When) -> Words:
    number = order_number(entry.facts["number"])
    return _("Follow-up order: %(number)s") % {"number": number}, ""


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
    minutes = entry.facts.get("minutes")
    aside = f"+{when.span(timedelta(minutes=minutes))}" if minutes else ""
    return _("Takes longer: expected until %(time)s") % words, aside


def _undone(entry: Any, _when: When) -> Words:
    undone = str(entry.facts.get("undone", ""))
    return _("Undone: %(action)s") % {"action": action_label(undone) if undone else ""}, ""


def _corrected(entry: Any, when: When) -> Words:
    was, now = _moment(entry, "was"), _moment(entry, "now")
    words = {
        "action": action_label(str(entry.facts.get("action", ""))),
        "now": when.full(now) if now else "?",
    }
    aside = _("before: %(time)s") % {"time": when.time(was)} if was else ""
    if entry.facts.get("own_tap"):
        text = _("%(action)s: the technician’s own time is %(now)s")
    else:
        text = _("Time corrected: %(action)s was at %(now)s")
    return text % words, aside


def _told_late(entry: Any, when: When) -> Words:
    begin, end = _moment(entry, "start"), _moment(entry, "end")
    slot = when.slot_full(begin, end) if begin and end else ""
    words = {"slot": slot, "name": entry.technician or ""}
    return _("It happened, told late: %(slot)s, %(name)s") % words, ""


# What a phone says beside the steps, as the line about its coming calls it.
TOLD: dict[str, Promise] = {
    "extend": gettext_lazy("Takes longer"),
    "undo": gettext_lazy("Undo"),
    "note": gettext_lazy("Note"),
    "hours": gettext_lazy("Hours"),
    "answer": gettext_lazy("Checklist"),
    "photo": gettext_lazy("Photo"),
    "part": gettext_lazy("Part used"),
    "report": gettext_lazy("Report"),
    "sign": gettext_lazy("Signature"),
    "found": gettext_lazy("Found something else"),
}
OFFICE_DECIDES = gettext_lazy("The office decides: %(action)s")
TOO_LATE = gettext_lazy("Came too late for the visit: %(action)s")
# Why a report lies on the desk, by the code of what could not be done; only some of it was late.
AT_DESK: dict[str, Promise] = {
    **dict.fromkeys(("visit_ended", "visit_closed_by_other", "visit_unplanned"), TOO_LATE),
    **dict.fromkeys(("visit_taken", "order_cancelled", "checked", "too_old"), TOO_LATE),
    "earlier_day": gettext_lazy("Of an earlier day, the office decides: %(action)s"),
    "before_visit": gettext_lazy("Of a day before the visit, the office decides: %(action)s"),
    "counts_twice": gettext_lazy("These hours count already, the office decides: %(action)s"),
    "action_not_open": gettext_lazy("Does not fit what is recorded: %(action)s"),
    "under_way_elsewhere": gettext_lazy("Under way on another order then: %(action)s"),
    "held": gettext_lazy("Could not be carried out in three days: %(action)s"),
    "deactivated": gettext_lazy("Handed over by the phone of a deactivated user: %(action)s"),
}


def _came_late(entry: Any, _when: When) -> Words:
    if entry.facts.get("report_kind") == "correction":
        return _("Asks for another time of a step"), ""
    action = str(entry.facts.get("action", ""))
    said = AT_DESK.get(str(entry.facts.get("code", "")), OFFICE_DECIDES)
    return str(said) % {"action": str(TOLD.get(action) or _plain(action))}, ""


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
    if entry.facts.get("to_office"):
        return _("Note to the office"), ""
    is_theirs = entry.door == "technician"
    return {
        "technician": _("Note of the technician") if is_theirs else _("Note for the technician"),
        "call": _("Call"),
    }.get(kind, _("Internal note")), ""


def _promised(entry: Any, when: When) -> Words:
    begin, end = _moment(entry, "promise_from"), _moment(entry, "promise_to")
    slot = when.slot_full(begin, end) if begin and end else ""
    return _("Promised to the customer: %(slot)s") % {"slot": slot}, ""


def _hours(entry: Any, when: When) -> Words:
    """What was entered; a correction says what stood there before."""
    text = {
        "time_add": _("Hours entered: %(hours)s"),
        "time_update": _("Hours corrected: %(hours)s"),
        "time_remove": _("Hours taken back: %(hours)s"),
    }[entry.kind]
    before = entry.facts.get("before")
    aside = _("before: %(hours)s") % {"hours": _span(before, when)} if before else ""
    whose = [_span(entry.facts, when), entry.technician or ""]
    return text % {"hours": ", ".join(word for word in whose if word)}, aside


def _span(facts: dict[str, Any], when: When) -> str:
    start, end = facts.get("start"), facts.get("end")
    if not (start and end):
        return ""
    kind = time_kinds().get(str(facts.get("time_kind")), "")
    slot = when.slot_full(datetime.fromisoformat(start), datetime.fromisoformat(end))
    return f"{kind} {slot}".strip()


def _filed(entry: Any, _when: When) -> Words:
    return _("File added"), str((entry.personal or {}).get("name", ""))


def _answered(entry: Any, _when: When) -> Words:
    said = entry.personal or {}
    value = said.get("value")
    words = {True: _("yes"), False: _("no"), None: _("taken back")}
    shown = words[value] if value is None or isinstance(value, bool) else str(value)
    return _("Checklist: %(line)s") % {"line": said.get("asked", "")}, shown


def _part_used(entry: Any, _when: When) -> Words:
    said = entry.personal or {}
    quantity = str(entry.facts.get("quantity", ""))
    quantity = quantity.rstrip("0").rstrip(".") if "." in quantity else quantity
    words = " ".join(word for word in (quantity, said.get("unit"), said.get("part")) if word)
    aside = _("before: %(part)s") % {"part": said["before"]} if said.get("before") else ""
    return _("Part used: %(part)s") % {"part": words}, aside


def _photographed(entry: Any, _when: When) -> Words:
    return _("Photo taken"), str((entry.personal or {}).get("name", ""))


def _signed(entry: Any, _when: When) -> Words:
    return _("Signed by the customer"), str(entry.facts.get("seal_sha256", ""))[:10]


_SPECIAL: dict[str, Callable[[Any, When], Words]] = {
    "create": _created,
    "follow_up": _followed,
    "update": _updated,
    "plan": _planned,
    "plan_another": _planned,
    "replan": _planned,
    "extend": _extended,
    "undo": _undone,
    "correct": _corrected,
    "apply_late_report": _told_late,
    "late_report": _came_late,
    "late_report_more": _came_late,
    "wait": _waits,
    "note_add": _noted,
    "promise": _promised,
    "file_add": _filed,
    "time_add": _hours,
    "time_update": _hours,
    "time_remove": _hours,
    "answer_set": _answered,
    "part_set": _part_used,
    "photo_announce": _photographed,
    "sign": _signed,
}


FIELDS: dict[str, Promise] = {
    "customer": gettext_lazy("customer"),
    "customer_id": gettext_lazy("customer"),
    "site": gettext_lazy("site"),
    "site_id": gettext_lazy("site"),
    "asset": gettext_lazy("asset"),
    "asset_id": gettext_lazy("asset"),
    "more_assets": gettext_lazy("more assets"),
    "contact": gettext_lazy("contact"),
    "contact_id": gettext_lazy("contact"),
    "type": gettext_lazy("type"),
    "type_id": gettext_lazy("type"),
    "priority": gettext_lazy("priority"),
    "description": gettext_lazy("description"),
    "duration_minutes": gettext_lazy("duration"),
    "received_at": gettext_lazy("received at"),
    "channel": gettext_lazy("channel"),
    "caller_name": gettext_lazy("caller"),
    "caller_phone": gettext_lazy("caller’s phone"),
    "customer_reference": gettext_lazy("customer’s reference"),
    "charge": gettext_lazy("charge"),
    "follow_up_of_id": gettext_lazy("follow-up of"),
    "wish_not_before": gettext_lazy("wished not before"),
    "wish_due": gettext_lazy("wished until"),
    "wish_from": gettext_lazy("wished hours"),
    "wish_to": gettext_lazy("wished hours"),
    "wish_start": gettext_lazy("wished start"),
    "proposed_vehicle_id": gettext_lazy("vehicle"),
}


def field_label(name: str) -> str:
    """A field of an order, as the line about its change calls it."""
    return str(FIELDS.get(name, name.replace("_", " ")))
