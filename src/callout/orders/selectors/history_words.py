"""What each journal entry of an order is in words, with its moments and its people; the tables of
what things are called are in history_names.py."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from callout.orders.numbers import order_number
from callout.orders.selectors.history_names import (
    AT_DESK,
    OFFICE_DECIDES,
    TOLD,
    field_label,
    plain_label,
)
from callout.orders.selectors.rows import waiting_words
from callout.orders.selectors.when import When
from callout.orders.words import action_label, time_kinds

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
    plain = plain_label(entry.kind)
    reason = entry.reason or ""
    return (f"{plain}, {reason}" if reason else plain), _position(entry)


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


def _came_late(entry: Any, _when: When) -> Words:
    if entry.facts.get("report_kind") == "correction":
        return _("Asks for another time of a step"), ""
    action = str(entry.facts.get("action", ""))
    said = AT_DESK.get(str(entry.facts.get("code", "")), OFFICE_DECIDES)
    return str(said) % {"action": str(TOLD.get(action) or plain_label(action))}, ""


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
