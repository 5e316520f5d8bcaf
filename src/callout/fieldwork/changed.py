"""What was changed after signing: the facts of a seal against today's, field by field.

Plain data, no database. Texts of a seal came from a phone: whatever is in them is compared and
shown, never trusted to have a shape.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.orders.lifecycle import Outcome
from callout.orders.selectors.when import When
from callout.orders.words import outcome_label, time_kinds

CLOCKS = timedelta(minutes=2)  # what a phone's clock and ours may disagree by
AFTERWARDS = timedelta(minutes=30)  # signed while the work still ran: how long it may run on
MOST_SHOWN = 200  # characters
MOST_CHANGES = 50  # fields: who needs more than these looks at the visit itself


class Changed(NamedTuple):
    """One field that is otherwise now; "" where it was not there, or is not any more."""

    field: str
    label: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Today:
    """The facts now: `parts` by id (text, quantity, unit), `checklist` by id (text, value)."""

    work: Sequence[tuple[datetime, datetime | None, str]] = ()
    parts: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    checklist: Mapping[str, tuple[str, bool | str | None]] = field(default_factory=dict)
    report: str = ""
    result: str = ""
    photos: Sequence[str] = ()


def changes(seal: Mapping[str, Any], signed_at: datetime, today: Today) -> list[Changed]:
    """What differs, in the order of a report; of what was forged by the thousand, how much."""
    facts = seal.get("facts")
    facts = facts if isinstance(facts, dict) else {}
    found = [
        *_work(_list(facts.get("work")), signed_at, today.work),
        *_parts(_list(facts.get("parts")), today.parts),
        *_checklist(_list(facts.get("checklist")), today.checklist),
        *_text("report", _("Report"), facts.get("report"), today.report),
        *_result(facts.get("result"), today.result),
        *_photos(_list(seal.get("photos")), today.photos),
    ]
    more = len(found) - MOST_CHANGES
    if more <= 0:
        return found
    words = ngettext("%(count)d difference more", "%(count)d differences more", more)
    return [*found[:MOST_CHANGES], Changed("more", _("And"), "", words % {"count": more})]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _said(value: Any) -> str:
    """As it is shown. JSON can spell half a character (an emoji cut in two), which no page and no
    document can be written with."""
    text = "" if value is None else str(value)
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


# --- times ---------------------------------------------------------------------------------------

Span = tuple[datetime, datetime | None, str]


def _work(sealed: list[Any], signed_at: datetime, now: Sequence[Span]) -> list[Changed]:
    """Span by span, of the kinds that the seal speaks of. What still ran may have run on."""
    when = When(signed_at)
    was = [span for one in sealed if (span := _span(one)) is not None]
    kinds = {kind for _start, _end, kind in was} | {"work"}
    left = [span for span in now if span[2] in kinds]
    found = []
    for span in was:
        same = next((one for one in left if _same_span(span, one, signed_at)), None)
        if same is None:
            same = next((one for one in left if _overlap(span, one)), None)
            then = _span_words(same, when) if same else ""
            found.append(Changed("work", _kind(span[2]), _span_words(span, when), then))
        if same is not None:
            left.remove(same)
    later = signed_at + AFTERWARDS
    found += [
        Changed("work", _kind(span[2]), "", _span_words(span, when))
        for span in left
        if not signed_at - CLOCKS <= span[0] <= later  # tidying up, and the way home
    ]
    return found


def _span(one: Any) -> Span | None:
    if not isinstance(one, list) or len(one) != 3 or not isinstance(one[2], str):
        return None
    start, end = _moment(one[0]), _moment(one[1])
    return None if start is None else (start, end, one[2])


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None and 1900 < found.year < 2200 else None


def _same_span(was: Span, now: Span, signed_at: datetime) -> bool:
    if was[2] != now[2] or abs(was[0] - now[0]) > CLOCKS:
        return False
    if was[1] is None or was[1] >= signed_at - CLOCKS:  # it still ran
        return now[1] is None or signed_at - CLOCKS <= now[1] <= signed_at + AFTERWARDS
    return now[1] is not None and abs(was[1] - now[1]) <= CLOCKS


def _overlap(was: Span, now: Span) -> bool:
    """The same span, moved: of one kind, and at the same time in part."""
    ends = was[1] is None or now[0] < was[1] + CLOCKS
    return was[2] == now[2] and ends and (now[1] is None or was[0] < now[1] + CLOCKS)


def _kind(kind: str) -> str:
    return str(time_kinds().get(kind, _said(kind)))


def _span_words(span: Span, when: When) -> str:
    """With the day, where it is not the one of the signature: the office may correct that too."""
    start, end = when.local(span[0]), when.local(span[1]) if span[1] else None
    words = f"{start:%H:%M}–{end:%H:%M}" if end else f"{start:%H:%M}–"
    return f"{when.day(start.date())} {words}".strip()


# --- lines ---------------------------------------------------------------------------------------


def _parts(sealed: list[Any], now: Mapping[str, tuple[str, str, str]]) -> list[Changed]:
    was = {
        str(one.get("id")): (_plain(one.get("text")), _number(one.get("quantity")),
                             _plain(one.get("unit")))
        for one in sealed
        if isinstance(one, dict)
    }  # fmt: skip
    label = _("Parts")
    return [
        Changed("parts", label, _part_words(was.get(pk)), _part_words(now.get(pk)))
        for pk in dict.fromkeys([*was, *now])
        if was.get(pk) != now.get(pk)
    ]


def _plain(value: Any) -> str:
    """As a text is kept: what blanks there are at its ends, or doubled, is no change."""
    return " ".join(("" if value is None else str(value)).split())


def _number(value: Any) -> str:
    text = _plain(value)
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > 20:
        return text
    digits = f"{number:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _part_words(part: tuple[str, str, str] | None) -> str:
    return (
        ""
        if part is None
        else _said(" ".join(word for word in (part[1], part[2], part[0]) if word))
    )


def _checklist(
    sealed: list[Any], now: Mapping[str, tuple[str, bool | str | None]]
) -> list[Changed]:
    was = {
        str(one.get("id")): (_plain(one.get("text")), one.get("value"))
        for one in sealed
        if isinstance(one, dict)
    }
    found = []
    for pk in dict.fromkeys([*was, *now]):
        label = _said((was.get(pk) or now[pk])[0])
        then, today = was.get(pk, ("", None))[1], now.get(pk, ("", None))[1]
        if _answer(then) != _answer(today):
            found.append(Changed("checklist", label, _answer_words(then), _answer_words(today)))
    return found


def _answer(value: Any) -> Any:
    """A number is one however it is written."""
    if value in (None, "") or isinstance(value, bool):
        return value if isinstance(value, bool) else None
    return _number(value)


def _answer_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value in (None, "") else _said(_number(value))


def _text(name: str, label: str, was: Any, now: str) -> list[Changed]:
    if _plain(was) == _plain(now):
        return []
    return [Changed(name, label, _said(was), _said(now))]


def _result(was: Any, now: str) -> list[Changed]:
    """How the visit ended, where the seal said so in our own words and it has ended otherwise."""
    if not was or not now or was == now or not _is_outcome(was):
        return []
    return [Changed("result", _("Result"), outcome_label(was), outcome_label(now))]


def _is_outcome(value: Any) -> bool:
    return isinstance(value, str) and value in set(Outcome)


def _photos(sealed: list[Any], now: Sequence[str]) -> list[Changed]:
    was = {one for one in sealed if isinstance(one, str)}
    if was == set(now):
        return []
    return [Changed("photos", _("Photos"), _photo_words(len(was)), _photos_now(was, set(now)))]


def _photo_words(count: int) -> str:
    return ngettext("%(count)d photo", "%(count)d photos", count) % {"count": count}


def _photos_now(was: set[str], now: set[str]) -> str:
    words = {"photos": _photo_words(len(now)), "added": len(now - was), "gone": len(was - now)}
    return _("%(photos)s: %(added)d added, %(gone)d taken off") % words
