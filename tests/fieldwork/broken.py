"""Servers broken on purpose, for the test of the random test: each a patch that is taken back."""

import hashlib
from collections.abc import Callable, Collection, Iterable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import transaction

from callout.fieldwork.models import InboxCommand, Outcome
from callout.fieldwork.services import inbox
from callout.fieldwork.sync import documents, running
from callout.kernel import change
from callout.kernel.actor import Actor
from callout.orders.models import Assignment

Patch = pytest.MonkeyPatch


def no_dedupe(patch: Patch) -> None:
    """What comes a second time is done a second time."""
    undone = running.undone_of

    def all_of(actor: Actor, ids: Collection[UUID]) -> list[UUID]:
        again = InboxCommand.objects.filter(pk__in=ids, user=actor.user_id)
        again.filter(outcome__in=["applied", "same"]).update(outcome="")
        return undone(actor, ids)

    patch.setattr(running, "undone_of", all_of)


def effect_without_answer(patch: Patch) -> None:
    """The effect is written, and its answer only when it comes again."""
    real = running._answered

    def answered(row: InboxCommand, ruling: running.Ruling) -> None:
        if row.tries == 0 and ruling.outcome == Outcome.APPLIED:
            InboxCommand.objects.filter(pk=row.pk).update(tries=1)
            return
        real(row, ruling)

    patch.setattr(running, "_answered", answered)


def poison_stops_the_batch(patch: Patch) -> None:
    """After one that is held, the others wait."""

    def until_held(actor: Actor, ids: Iterable[UUID]) -> None:
        for command_id in ids:
            running.command_settle(actor, command_id)
            if InboxCommand.objects.filter(pk=command_id, outcome=Outcome.HELD).exists():
                return

    patch.setattr(running, "commands_run", until_held)


def savepoint_batch(patch: Patch) -> None:
    """One transaction for all, a savepoint for each: what a deferred constraint finds is found at
    the end, and costs the whole batch."""
    real = running.commands_run

    def in_one(actor: Actor, ids: Iterable[UUID]) -> None:
        with transaction.atomic():
            real(actor, ids)

    patch.setattr(running, "commands_run", in_one)
    # change.py knows of it, and asks the constraints before each savepoint ends: not so here.
    patch.setattr(change, "CONSTRAINTS_NOW", [])


def revision_forgets_a_field(patch: Patch) -> None:
    """Notes are not looked at, which are rows of their own: a visit with one more is the same."""

    def without(body: bytes) -> Any:
        said = orjson.loads(body)
        said.pop("notes", None)
        return hashlib.sha256(orjson.dumps(said))

    # The module's own name for it alone: the real one is everybody's.
    patch.setattr(documents, "hashlib", SimpleNamespace(sha256=without))


def late_dropped(patch: Patch) -> None:
    """What comes late is answered, and told to nobody."""
    patch.setattr(running, "late_report_add", lambda *_given: None)


def foreign_visit_accepted(patch: Patch) -> None:
    """Whoever names a visit may write on it."""
    patch.setattr(inbox, "visits_once_theirs", lambda _technician, visits: set(visits))
    real = running._undone

    def responsible(actor: Actor, command_id: UUID) -> tuple[InboxCommand | None, str]:
        row, _role = real(actor, command_id)
        return row, str(Assignment.RESPONSIBLE)

    patch.setattr(running, "_undone", responsible)


SERVERS: dict[str, Callable[[Patch], None]] = {
    one.__name__: one
    for one in (
        no_dedupe,
        effect_without_answer,
        poison_stops_the_batch,
        savepoint_batch,
        revision_forgets_a_field,
        late_dropped,
        foreign_visit_accepted,
    )
}
PHONES = (
    "delete_before_answer",
    "delete_all_on_any_answer",
    "order_by_time",
    "order_by_id",
    "gone_ignored",
    "epoch_ignored",
)
