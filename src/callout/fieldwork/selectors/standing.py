"""Of what a phone has said too late: which entries stand, and at which times. The desk shows it
so, and it is decided so."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from callout.fieldwork.models import InboxCommand
from callout.fieldwork.selectors.said import body_of, moment_of
from callout.kernel import checks


def standing(commands: Iterable[InboxCommand]) -> list[InboxCommand]:
    """Those that the technician has not taken back."""
    commands = list(commands)
    undone = {str(body_of(one).get("of")) for one in commands if one.action == "undo"}
    return [one for one in commands if one.action != "undo" and str(one.pk) not in undone]


def times_corrected(commands: Iterable[InboxCommand]) -> dict[UUID, datetime]:
    """The times that the technician has set afterwards on steps of the same report, by command."""
    found: dict[UUID, datetime] = {}
    for one in commands:
        body = body_of(one)
        at = moment_of(body, "at")
        if one.action == "correct" and at and body.get("of"):
            try:
                found[checks.id_required(body["of"])] = at
            except checks.Wrong:
                continue  # what cannot be read corrects nothing
    return found
