"""What a phone has sent, read as if by an enemy. Pure: no database, no clock but the one given.

A request that makes no sense is refused as a whole. A command that makes none is still kept and
answered, so that it never stands in the way of the others.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from callout.kernel.errors import CalloutError, TooLarge

MOST_COMMANDS = 50
MOST_BYTES = 262_144  # of all commands together, and so of one
MOST_KNOWN = 2_000
MOST_POSITIONS = 400
FORMATS = (1,)  # of commands; what phones sent in the last 12 months can be read
BIG = 2**53  # what JavaScript's numbers count to exactly

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ACTION = re.compile(r"[a-z_]{1,40}")
_REVISION = re.compile(r"[0-9a-f]{0,64}")
_NAME = re.compile(r"[\x20-\x7e]{0,60}")


class Unreadable(CalloutError):
    """Not what the app sends."""

    code = "unreadable"


@dataclass(frozen=True, slots=True)
class Sent:
    """One command as it came. `wrong` says why it cannot be carried out; then only the id, the
    bytes and what could be read are there."""

    id: UUID
    raw: str
    sha256: str
    n: int = 0
    v: int = 0
    visit: UUID | None = None
    action: str = ""
    at: datetime | None = None  # None: not a moment that a calendar knows
    skew_ms: int | None = None
    skew_age_s: int | None = None
    seen: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Unsent:
    """What is left on the phone, as it says itself."""

    commands: int = 0
    files: int = 0
    bytes: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request to sync. `nameless` are the ids, as sent, of what has none that could be kept."""

    commands: list[Sent]
    nameless: list[str] = field(default_factory=list)
    offset_ms: int | None = None  # the server's clock less the phone's, as the request came
    app: str = ""
    known: Mapping[str, str] = field(default_factory=dict)
    positions: list[Mapping[str, Any]] = field(default_factory=list)
    unsent: Unsent = Unsent()


def request_read(body: bytes, now: datetime) -> Request:
    """The request in `body`, come at `now`. Unreadable or TooLarge for what is none as a whole."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _unreadable() from None
    if not isinstance(said, dict) or said.get("callout") != 1:
        raise _unreadable()
    commands, nameless = commands_read(said.get("commands"))
    phone_s = moment(said.get("now"))
    app = said.get("app")
    return Request(
        commands=commands,
        nameless=nameless,
        offset_ms=round((now - phone_s).total_seconds() * 1000) if phone_s else None,
        app=app[:40] if isinstance(app, str) and _NAME.fullmatch(app[:40]) else "",
        known=_known(said.get("known")),
        positions=_positions(said.get("positions")),
        unsent=_unsent(said.get("unsent")),
    )


def commands_read(
    said: object, most: int = MOST_COMMANDS, most_bytes: int = MOST_BYTES
) -> tuple[list[Sent], list[str]]:
    """The commands of a list, in the order of `n`, each id once; and ids that are none."""
    if not isinstance(said, list):
        raise _unreadable()
    if len(said) > most:
        words = _("At most %(count)d entries are taken at a time.") % {"count": most}
        raise Unreadable(words, code="too_many_commands")
    found: list[Sent] = []
    nameless: list[str] = []
    for one in said:
        name = one.get("id") if isinstance(one, dict) else None
        if isinstance(name, str) and _ID.fullmatch(name):
            found.append(_command(UUID(name), one))
        elif isinstance(name, str):
            nameless.append(name[:64])
    if len(found) > 1 and sum(len(one.raw) for one in found) > most_bytes:
        raise TooLarge(_("This is too large."))
    once = {(one.id, one.sha256): one for one in found}
    return sorted(once.values(), key=lambda one: one.n), nameless


def _command(name: UUID, said: dict[str, Any]) -> Sent:
    """What can be read of it. Its bytes are compared without `skew`: the phone may have measured
    its clock anew, and has still said the same."""
    raw = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    same = {key: value for key, value in said.items() if key != "skew"}
    sha256 = hashlib.sha256(orjson.dumps(same, option=orjson.OPT_SORT_KEYS)).hexdigest()
    if len(raw) > MOST_BYTES:
        return Sent(name, "", sha256, wrong="too_large")
    kept = Sent(name, raw.decode(), sha256, wrong="unreadable")
    version = said.get("v")
    if _whole(version, 1, 1000) and version not in FORMATS:
        return Sent(name, kept.raw, sha256, wrong="too_new")
    visit, action, at = said.get("visit"), said.get("action"), said.get("at")
    readable = (
        _whole(version, 1, 1000)
        and _whole(said.get("n"), 0, BIG)
        and (visit is None or (isinstance(visit, str) and _ID.fullmatch(visit)))
        and isinstance(action, str)
        and _ACTION.fullmatch(action)
        and isinstance(said.get("body"), dict)
        and isinstance(at, str)
        and b"\\u0000" not in raw  # nothing that people write, and no database keeps it
    )
    if not readable:
        return kept
    skew_ms, skew_age_s = _skew(said.get("skew"))
    seen = said.get("seen")
    return Sent(
        id=name,
        raw=kept.raw,
        sha256=sha256,
        n=said["n"],
        v=said["v"],
        visit=UUID(visit) if visit else None,
        action=said["action"],
        at=moment(at),
        skew_ms=skew_ms,
        skew_age_s=skew_age_s,
        seen=seen if isinstance(seen, str) and _REVISION.fullmatch(seen) else "",
    )


def moment(value: object) -> datetime | None:
    """A moment with its zone, in UTC; None for what is none, or far from all calendars."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        found = datetime.fromisoformat(value)
        if found.tzinfo is None:
            return None
        found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    # PostgreSQL does not take every year that Python does.
    return found if 1900 <= found.year <= 2199 else None


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _skew(value: object) -> tuple[int | None, int | None]:
    if not isinstance(value, dict):
        return None, None
    ms, age = value.get("ms"), value.get("age_s")
    return (ms, age) if _whole(ms, -BIG, BIG) and _whole(age, 0, BIG) else (None, None)


def _known(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or len(value) > MOST_KNOWN:
        raise _unreadable()
    for name, revision in value.items():
        if not (_NAME.fullmatch(name) and isinstance(revision, str) and len(revision) <= 64):
            raise _unreadable()
    return value


def _positions(value: object) -> list[Mapping[str, Any]]:
    """Lossy by design: what is no list of points is no reason to refuse the work beside it."""
    points = value[:MOST_POSITIONS] if isinstance(value, list) else []
    return [point for point in points if isinstance(point, dict)]


def _unsent(value: object) -> Unsent:
    if not isinstance(value, dict):
        return Unsent()
    counts = {
        name: value[name] if _whole(value.get(name), 0, 2**31 - 1) else 0
        for name in ("commands", "files", "bytes")
    }
    return Unsent(**counts, since=moment(value.get("since")))


def _unreadable() -> Unreadable:
    return Unreadable(_("This request cannot be understood."))
