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
from callout.orders.models import Reason
from callout.orders.selectors.history_words import MARKS, PLAIN
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
    """The commands in the order of their true time, without those that only say "seen". Two
    queries at most, for what they name."""
    told = [(row, body_of(row)) for row in rows if row.action != "see"]
    names = _names(body for _row, body in told)
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
        text=_text(row.action, body, names),
        note=_text_of(body, "note" if row.action not in {"note", "report", "found"} else "text"),
        status=status,
        icon=icon,
        file=_text_of(body, "file") if row.action == "photo" else "",
    )


def _text(action: str, body: Mapping[str, Any], names: Mapping[str, str]) -> str:
    special = _SPECIAL.get(action)
    if special is not None:
        return special(body, names)
    words = PLAIN.get(action) or WORDS.get(action)
    text = str(words) if words else action.replace("_", " ").capitalize()
    reason = names.get(str(body.get("reason") or ""), "")
    return f"{text}, {reason}" if reason else text


def _text_of(body: Mapping[str, Any], name: str) -> str:
    """A text of the body; whatever else stands there is none."""
    value = body.get(name)
    return value.strip() if isinstance(value, str) else ""


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
    kind = time_kinds().get(_text_of(body, "kind"), "")
    return _("Hours entered: %(hours)s") % {"hours": kind}


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


def _correct(_body: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    return _("Asks for another time")


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
