"""What a phone has said, in words: one line for each command, for the office's desk."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from callout.fieldwork.models import ChecklistItem, InboxCommand
from callout.fieldwork.sync.true_time import said_at
from callout.kernel import checks
from callout.kernel.text import unturned
from callout.orders.models import Reason, TimelineEntry
from callout.orders.selectors.history_names import MARKS, PLAIN
from callout.orders.selectors.when import When
from callout.orders.words import time_kinds


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: `at` is its true time, `phone_at` what the phone's clock said where that is worth
    saying; `status` or `icon` is its mark, `note` what was written with it."""

    id: UUID
    at: datetime
    phone_at: datetime | None
    uncertain: bool
    action: str
    text: str
    note: str
    status: str
    icon: str
    file: str


MOST_WORDS = 10_000  # of what may be written at all; nobody has checked what came too late
MOST_SHOWN = 500
MOST_LINES = 60  # of what a customer read
MOST_SEAL = 200_000  # no seal that is kept is as long

ICONS = {
    "note": "message",
    "photo": "photo",
    "photo_remove": "photo-off",
    "answer": "checklist",
    "part": "package",
    "part_remove": "package-off",
    "report": "file-text",
    "hours": "clock",
    "sign": "signature",
    "cannot_sign": "signature-off",
    "found": "search",
    "correct": "clock-edit",
}
WORDS: dict[str, Promise] = {
    "note": gettext_lazy("Note"),
    "photo_remove": gettext_lazy("Photo taken off"),
    "part_remove": gettext_lazy("Part taken off"),
    "report": gettext_lazy("Report"),
    "cannot_sign": gettext_lazy("Nobody could sign"),
    "found": gettext_lazy("Found something else"),
    "extend": gettext_lazy("Takes longer"),
    "undo": gettext_lazy("Undone"),
}


def body_of(row: InboxCommand) -> dict[str, Any]:
    """What the command said; {} where it is forgotten, or was never readable."""
    try:
        said = orjson.loads(row.raw or "{}")
    except orjson.JSONDecodeError:
        return {}
    body = said.get("body") if isinstance(said, dict) else None
    return body if isinstance(body, dict) else {}


def lines_of(rows: Iterable[InboxCommand]) -> list[Line]:
    """The commands in the order of their true time, without those that only say "seen". Four
    queries at most, for what they name."""
    told = [(row, body_of(row)) for row in rows if row.action != "see"]
    names = _names(body for _row, body in told)
    names |= _steps([(row, body) for row, body in told if row.action == "correct"])
    lines = [_line(row, body, names) for row, body in told]
    numbers = {row.pk: row.n for row, _body in told}
    return sorted(lines, key=lambda line: (line.at, numbers[line.id]))


def _names(bodies: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The labels of the reasons and checklist lines that are named."""
    bodies = list(bodies)
    reasons, items = (
        {found for body in bodies if (found := _id(body.get(key)))} for key in ("reason", "item")
    )
    names: dict[str, str] = {}
    if reasons:
        rows = Reason.objects.filter(pk__in=reasons).values_list("pk", "label")
        names |= {str(pk): label for pk, label in rows}
    if items:
        lines = ChecklistItem.objects.filter(pk__in=items).values_list("pk", "text")
        names |= {str(pk): text for pk, text in lines}
    return names


def _steps(corrections: Iterable[tuple[InboxCommand, Mapping[str, Any]]]) -> dict[str, str]:
    """The steps whose times are asked for anew, with the times that they have: by what names them,
    their own number or the command that made them."""
    corrections = list(corrections)
    if not corrections:
        return {}
    visits = {row.visit_id for row, _body in corrections}
    made = {
        command_id for _row, body in corrections if (command_id := _id(body.get("of"))) is not None
    }
    numbers = {number_of(body) for _row, body in corrections} - {""}
    when, names = When(), {}
    commands = InboxCommand.objects.filter(pk__in=made, visit__in=visits).select_related("entry")
    for command in commands.defer("raw"):
        at = command.entry.at if command.entry else command.true_at or command.received_at
        names[str(command.pk)] = f"{_plain(command.action)} ({when.full(at)})"
    for entry in TimelineEntry.objects.filter(pk__in=numbers, visit__in=visits).defer("before"):
        names[str(entry.pk)] = f"{_plain(entry.action)} ({when.full(entry.at)})"
    return names


def number_of(body: Mapping[str, Any]) -> str:
    """The number of an entry that a correction names, or ""."""
    value = body.get("entry")
    if not (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19):
        return ""
    return str(int(value))


def moment_of(body: Mapping[str, Any], name: str) -> datetime | None:
    """A moment of the body; None for what is none."""
    try:
        found: datetime = checks.moment(body.get(name))
    except checks.Wrong:
        return None
    return found


def _id(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _line(row: InboxCommand, body: Mapping[str, Any], names: Mapping[str, str]) -> Line:
    at = row.true_at or row.received_at
    status, icon = MARKS.get(row.action, ("", ICONS.get(row.action, "point")))
    return Line(
        id=row.pk,
        at=at,
        phone_at=said_at(row.at, at, uncertain=row.time_uncertain),
        uncertain=row.time_uncertain,
        action=row.action,
        # As it was sent, and nobody has checked what came too late.
        text=unturned(_text(row.action, body, names)[:MOST_SHOWN]),
        note=unturned(_note(row.action, body)),
        status=status,
        icon=icon,
        file=_text_of(body, "file") if row.action == "photo" else "",
    )


def _note(action: str, body: Mapping[str, Any]) -> str:
    """What was written with it; of a signature, what the customer read."""
    if action == "sign":
        return _read(body)
    return _text_of(body, "text" if action in {"note", "report", "found"} else "note")


def _read(body: Mapping[str, Any]) -> str:
    try:
        said = orjson.loads(_text_of(body, "seal", MOST_SEAL) or "{}")
    except orjson.JSONDecodeError:
        return ""
    texts = said.get("texts") if isinstance(said, dict) else None
    pairs = [one for one in texts if isinstance(one, list)] if isinstance(texts, list) else []
    lines = [": ".join(str(word) for word in pair[:2] if word) for pair in pairs]
    shown = "\n".join(line[:MOST_SHOWN] for line in lines[:MOST_LINES])
    return f"{shown}\n…" if len(lines) > MOST_LINES else shown


def _text(action: str, body: Mapping[str, Any], names: Mapping[str, str]) -> str:
    special = _SPECIAL.get(action)
    if special is not None:
        return special(body, names)
    text = _plain(action)
    reason = names.get(str(body.get("reason") or ""), "")
    return f"{text}, {reason}" if reason else text


def _plain(action: str) -> str:
    words = PLAIN.get(action) or WORDS.get(action)
    return str(words) if words else action.replace("_", " ").capitalize()


def _text_of(body: Mapping[str, Any], name: str, most: int = MOST_WORDS) -> str:
    """A text of the body; whatever else stands there is none."""
    value = body.get(name)
    return value.strip()[:most] if isinstance(value, str) else ""


def _photo(body: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    tags = {"before": _("before"), "after": _("after"), "absent": _("customer absent")}
    tag = tags.get(_text_of(body, "tag"), "")
    name = _text_of(body, "name") or _("photo")
    return _("Photo: %(name)s") % {"name": f"{name} ({tag})" if tag else name}


def _answer(body: Mapping[str, Any], names: Mapping[str, str]) -> str:
    value = body.get("value")
    shown = {True: _("yes"), False: _("no")}.get(value) if isinstance(value, bool) else value
    words = {"item": names.get(str(body.get("item") or ""), _("checklist")), "value": shown or "?"}
    return _("%(item)s: %(value)s") % words


def _part(body: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    parts = (body.get(name) for name in ("quantity", "unit", "text"))
    return _("Part: %(part)s") % {"part": " ".join(str(part) for part in parts if part)}


def _hours(body: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    """From when to when: whoever says yes to them must have read them."""
    start, end = moment_of(body, "start"), moment_of(body, "end")
    slot = When().slot_full(start, end) if start and end else ""
    kind = str(time_kinds().get(_text_of(body, "kind"), ""))
    return _("Hours entered: %(hours)s") % {"hours": ", ".join(filter(None, [kind, slot]))}


def _signed(body: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    return _("Signed by %(name)s") % {"name": _text_of(body, "name") or "?"}


def _unsigned(body: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    return _("Nobody could sign: %(why)s") % {"why": _text_of(body, "why")}


def _longer(body: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    minutes = body.get("minutes")
    if not isinstance(minutes, int):
        return str(WORDS["extend"])
    words = ngettext("Takes %(count)d minute longer", "Takes %(count)d minutes longer", minutes)
    return words % {"count": minutes}


def _correct(body: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Which step, and which time: whoever says yes to it must have read them."""
    at = moment_of(body, "at")
    step = names.get(number_of(body)) or names.get(_text_of(body, "of")) or "?"
    words = {"step": step, "time": When().full(at) if at else "?"}
    return _("%(step)s: asks for %(time)s instead") % words


_SPECIAL: dict[str, Callable[[Mapping[str, Any], Mapping[str, str]], str]] = {
    "photo": _photo,
    "answer": _answer,
    "part": _part,
    "hours": _hours,
    "sign": _signed,
    "cannot_sign": _unsigned,
    "extend": _longer,
    "correct": _correct,
}
