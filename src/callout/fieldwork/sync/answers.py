"""What is answered to commands, in the shape that phones read."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from callout.fieldwork.models import InboxCommand, Outcome
from callout.kernel.errors import CalloutError, Invalid, Refused


class Unknown(CalloutError):
    """The visit is not there, or never was this technician's: the two are never told apart."""

    code = "unknown"


WRONG: dict[str, Callable[[], CalloutError]] = {
    "unreadable": lambda: Invalid(_("This cannot be understood."), code="unreadable"),
    "too_large": lambda: Refused(_("This is too large."), code="too_large"),
}


def answer_of(row: InboxCommand) -> dict[str, Any]:
    """An answer as it goes down. What is unknown says nothing, not even when."""
    known = row.outcome != Outcome.UNKNOWN
    return {
        "id": str(row.pk),
        "outcome": row.outcome or Outcome.HELD,
        "code": row.code,
        "words": row.words,
        "at": _iso(row.true_at) if known else None,
        "uncertain": row.time_uncertain and known,
    }


def refused(command_id: str, code: str) -> dict[str, Any]:
    """The answer to what was not kept under this id."""
    if code == "foreign":  # somebody else's id: as a visit that is not there
        error: CalloutError = Unknown(_("There is nothing here, or it is not yours."))
        outcome = Outcome.UNKNOWN
    elif code == "other_bytes":
        error = Refused(_("Something else was sent under this id before."), code=code)
        outcome = Outcome.REFUSED
    else:
        error, outcome = WRONG["unreadable"](), Outcome.REFUSED
    return {
        "id": command_id, "outcome": outcome, "code": error.code, "words": error.message,
        "at": None, "uncertain": False,
    }  # fmt: skip


def _iso(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
