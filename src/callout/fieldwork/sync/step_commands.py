"""What a phone says of a visit's time and of what belongs beside its order: each by the service
that every other door uses."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from callout.fieldwork.models import InboxCommand, Outcome
from callout.fieldwork.sync.told import Done, Told, handles, handles_free
from callout.kernel import checks
from callout.kernel.actor import Actor
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid, Refused
from callout.notify.services import notices_see
from callout.orders.lifecycle import ACTIONS, To
from callout.orders.models import Note, TimelineEntry, Visit
from callout.orders.services import (
    Command,
    note_add,
    order_follow_up,
    order_see,
    step_correct,
    step_place,
    step_undo,
    time_entry_add,
)
from callout.orders.words import id_taken

STEPS = tuple(
    code for code, row in ACTIONS.items() if "technician" in row.roles and row.to is not To.BEFORE
)

WITH_LATE = "with_late"  # about an entry that is at the desk itself
MOST_NOTICES = 100


def number(least: int, most: int) -> checks.Check:
    """A whole number between the two, or none."""

    def check(value: Any) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise checks.Wrong(_("Type a whole number."))
        return value

    return check


def moment_or_none(value: Any) -> Any:
    """A moment, or none."""
    return None if value in (None, "") else checks.moment(value)


def number_of_entry(value: Any) -> int | None:
    """The number of an entry as documents say it, a text; none for none."""
    if value in (None, ""):
        return None
    if not (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19):
        raise checks.Wrong(_("Choose one of the list."))
    return int(value)


STEP = {
    "reason": checks.id_or_none,
    "note": checks.text(4000, lines=True),
    "latitude": checks.degrees(90),
    "longitude": checks.degrees(180),
    "other_action": checks.choice(("complete", "break"), blank=True),
    "other_at": moment_or_none,
    "minutes": number(1, 24 * 60),
    "photo": checks.id_or_none,
}
UNDO = {"of": checks.id_required}
CORRECT = {"entry": number_of_entry, "of": checks.id_or_none, "at": checks.moment}
NOTE = {"id": checks.id_required, "text": checks.text(10_000, lines=True, required=True)}
HOURS = {
    "id": checks.id_required,
    "kind": checks.choice(("travel", "work", "break", "other")),
    "start": checks.moment,
    "end": checks.moment,
    "note": checks.text(200),
}
FOUND = {
    "id": checks.id_required,
    "kind": checks.choice(("order", "note")),
    "text": checks.text(10_000, lines=True, required=True),
}


def body_of(table: Mapping[str, checks.Check], told: Told) -> dict[str, Any]:
    """The body, each field as its check gives it back; what is left out counts as not said."""
    return cleaned(table, dict.fromkeys(table) | dict(told.body))


@handles(*STEPS)
def step(actor: Actor, visit: Visit, told: Told) -> Done:
    """An action of the lifecycle, at its true time."""
    said = body_of(STEP, told)
    command = Command(
        visit_id=visit.pk,
        occurred_at=told.at,
        said_at=told.said_at,
        reason_id=said["reason"],
        note=said["note"],
        latitude=said["latitude"],
        longitude=said["longitude"],
        other_action=said["other_action"],
        other_at=said["other_at"],
        duration_minutes=said["minutes"],
    )
    placed = step_place(actor=actor, visit_id=visit.pk, action=told.action, command=command)
    return Done(placed.same, placed.entry)


@handles("undo")
def undo(actor: Actor, visit: Visit, told: Told) -> Done:
    """Take back what one of this user's own commands made of the visit's time."""
    entry_id = _entry_of(actor, visit, body_of(UNDO, told)["of"])
    placed = step_undo(actor=actor, entry_id=entry_id, at=told.at)
    return Done(placed.same, placed.entry)


@handles("correct")
def correct(actor: Actor, visit: Visit, told: Told) -> Done:
    """Another time for a step of their own: named by itself, or by the command that made it."""
    said = body_of(CORRECT, told)
    entry_id = said["entry"] or _entry_of(actor, visit, said["of"])
    named = TimelineEntry.objects.filter(pk=entry_id, visit=visit).first()
    if named is None:
        raise Refused(_("There is nothing to correct."), code="nothing_to_correct")
    if named.at == said["at"]:
        return Done(same=True)
    step_correct(actor=actor, entry_id=entry_id, at=said["at"])
    return Done()


def _entry_of(actor: Actor, visit: Visit, command_id: UUID | None) -> int:
    """The entry of the visit's time that a command of the same user made."""
    mine = InboxCommand.objects.filter(user=actor.user_id, visit=visit)
    row = mine.filter(pk=command_id).first() if command_id else None
    if row is not None and row.outcome == Outcome.LATE:
        # What it is about lies at the desk: there they are looked at together.
        raise Refused(row.words, code=WITH_LATE)
    if row is None or row.entry_id is None:
        raise Refused(_("There is nothing to undo."), code="nothing_to_undo")
    return row.entry_id


@handles("see", helpers=True)
def see(actor: Actor, visit: Visit, told: Told) -> Done:
    """The technician has opened the visit as it is planned."""
    order_see(actor=actor, order_id=visit.order_id, visit_id=visit.pk, at=told.at)
    return Done()


@handles("note", helpers=True)
def note(actor: Actor, visit: Visit, told: Told) -> Done:
    """A note for everybody on the order."""
    said = body_of(NOTE, told)
    return _noted(actor, visit, said["id"], said["text"])


def _noted(
    actor: Actor, visit: Visit, note_id: UUID, text: str, *, to_office: bool = False
) -> Done:
    before = Note.objects.filter(pk=note_id).first()
    if before is not None and before.author_id == actor.user_id and before.visit_id == visit.pk:
        return Done(same=True)
    if before is not None:
        raise id_taken()
    note_add(
        actor=actor, order_id=visit.order_id, text=text, kind=Note.TECHNICIAN,
        visit_id=visit.pk, note_id=note_id, to_office=to_office,
    )  # fmt: skip
    return Done()


@handles("hours", helpers=True)
def hours(actor: Actor, visit: Visit, told: Told) -> Done:
    """Own hours by hand."""
    said = body_of(HOURS, told)
    time_entry_add(
        actor=actor, kind=said["kind"], start=said["start"], end=said["end"],
        visit_id=visit.pk, note=said["note"], time_entry_id=said["id"], at=told.at,
    )  # fmt: skip
    return Done()


@handles("found", helpers=True)
def found(actor: Actor, visit: Visit, told: Told) -> Done:
    """Something else that was found there: an order of its own, or a note to the office."""
    said = body_of(FOUND, told)
    if said["kind"] == "order":
        order_follow_up(actor=actor, order_id=visit.order_id, text=said["text"])
        return Done()
    # What a manager lets in from the desk (services/deciding.py) was read there.
    return _noted(actor, visit, said["id"], said["text"], to_office=not actor.is_manager)


@handles_free("notice_seen")
def notice_seen(actor: Actor, told: Told) -> Done:
    """The technician has read these notices."""
    ids = told.body.get("ids")
    if not isinstance(ids, list) or len(ids) > MOST_NOTICES:
        raise Invalid({"ids": [_("Choose one of the list.")]})
    wanted = [cleaned({"ids": checks.id_required}, {"ids": one})["ids"] for one in ids]
    return Done(same=not notices_see(actor=actor, ids=wanted))
