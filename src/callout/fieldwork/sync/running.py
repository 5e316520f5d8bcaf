"""One command after the other, each in a transaction of its own with its answer.

Nothing that a command can be or do stands in the way of the next: what the state of things forbids
goes to the office's desk (late), what cannot be is refused, and what breaks is our fault (held): it
is kept and tried again, here at the next sync and by a job.
"""

import logging
import traceback
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Q, UUIDField
from django.utils.translation import gettext as _

from callout.accounts.models import Device
from callout.fieldwork.models import InboxCommand, LateReport, Outcome
from callout.fieldwork.policy import closed_by
from callout.fieldwork.services.late import late_report_add, late_report_full
from callout.fieldwork.sync.answers import WRONG, Unknown
from callout.fieldwork.sync.told import FREE, HANDLERS, Done, Told
from callout.fieldwork.sync.true_time import said_at
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.change import service, statement_add
from callout.kernel.errors import CalloutError, Forbidden, Refused
from callout.kernel.prepared import Given, Prepared, together
from callout.orders import policy
from callout.orders.lifecycle import ACTIONS
from callout.orders.models import Assignment

log = logging.getLogger(__name__)

AT_ONCE = 200  # of what is left over, in one request; the rest has the next one, and the job
HELD_FOR = timedelta(days=3)  # then the office is told
# Refusals that say all there is to say; every other one means that the office must look.
PLAIN = frozenset(
    {
        *("unreadable", "too_large", "unknown_action"),
        *("nothing_to_undo", "nothing_to_correct", "not_a_step", "checklist_open", "not_ready"),
    }
)
# A step's other time that is for the office to say.
ASKS = frozenset(
    ("correct", code)
    for code in ("other_day", "order_of_entries", "counts_twice", "not_own_entry", "too_old")
)
# What may be said of a visit whatever became of it: it changes nothing there.
ALWAYS = frozenset({"see"})


class Late(CalloutError):
    """Somebody else has closed, unplanned or taken the visit: the office decides."""

    code = "late"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is answered to a command that has changed nothing."""

    outcome: str
    code: str
    words: str


def commands_run(actor: Actor, ids: Iterable[UUID]) -> None:
    """Carry out what is kept and not answered yet, in this order."""
    for command_id in ids:
        command_settle(actor, command_id)


def undone_of(actor: Actor, ids: Collection[UUID]) -> list[UUID]:
    """What this phone has sent that has no answer yet, or was held; in the phone's own order.

    Of `ids` all, also what the same user sent from the phone that this one was before; of the rest
    200, so that thousands of held entries neither keep a thread nor stand before what is new.
    """
    rows = InboxCommand.objects.filter(outcome__in=["", Outcome.HELD])
    rest = rows.filter(device=actor.device_id).exclude(pk__in=ids)
    asked = Q(pk__in=rest.order_by("n", "received_at", "pk").values("pk")[:AT_ONCE])
    if ids:
        asked |= Q(pk__in=ids, user=actor.user_id)
    rows = rows.filter(asked).order_by("n", "received_at", "pk")
    return list(rows.values_list("pk", flat=True))


def command_settle(actor: Actor, command_id: UUID) -> None:
    """Carry out one command, or answer why not. Whatever goes wrong in it ends here."""
    try:
        command_run(actor=actor, command_id=command_id)
        return
    except CalloutError as error:
        ruling = _ruling(error)
    except Exception as error:  # noqa: BLE001 - our fault, and no reason to lose or block anything
        logged(f"command {command_id}", error)
        ruling = Ruling(Outcome.HELD, type(error).__name__[:60], _("Not done yet: we try again."))
    try:
        command_answer(actor=actor, command_id=command_id, ruling=ruling)
    except Exception as error:  # noqa: BLE001 - nor is this
        # It stays without an answer: its phone hears that it is held, and it is tried again.
        logged(f"answer to {command_id}", error)


def logged(what: str, error: Exception) -> None:
    """Where it broke, without what it was told: messages of errors quote names and texts."""
    places = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s: %s\n%s", what, type(error).__name__, places)


def _ruling(error: CalloutError) -> Ruling:
    words = error.message[:500]
    if isinstance(error, Unknown):
        return Ruling(Outcome.UNKNOWN, error.code, words)
    if isinstance(error, Late) or (isinstance(error, Refused) and error.code not in PLAIN):
        return Ruling(Outcome.LATE, error.code, words)
    return Ruling(Outcome.REFUSED, error.code, words)


@service
def command_run(*, actor: Actor, command_id: UUID) -> None:
    """One command: its effect and its answer together. Raises whatever its handler raises."""
    row, role = _undone(actor, command_id)
    if row is None:
        return
    done = _carried_out(actor, row, role)
    row.entry = done.entry
    _answered(row, Ruling(Outcome.SAME if done.same else Outcome.APPLIED, "", ""))


@service
def command_answer(*, actor: Actor, command_id: UUID, ruling: Ruling) -> None:
    """The answer to a command that has changed nothing; unless it was carried out meanwhile."""
    row, _role = _undone(actor, command_id)
    if row is None:
        return
    if ruling.outcome == Outcome.HELD and row.received_at < clock.now() - HELD_FOR:
        ruling = Ruling(Outcome.LATE, "held", _("This could not be done. The office looks at it."))
    if ruling.outcome == Outcome.LATE and row.visit_id is None:
        ruling = Ruling(Outcome.REFUSED, ruling.code, ruling.words)
    if ruling.outcome == Outcome.LATE and late_report_full(row, _kind(row, ruling.code)):
        words = _("The office has more of this visit than it can look through. Call the office.")
        ruling = Ruling(Outcome.REFUSED, "report_full", words)
    if ruling.outcome == Outcome.LATE:
        row.report = late_report_add(actor, row, _kind(row, ruling.code), ruling.code)
    _answered(row, ruling)


def _kind(row: InboxCommand, code: str) -> str:
    """A time that cannot be corrected is a request; but not on a visit that is theirs no more."""
    return LateReport.CORRECTION if (row.action, code) in ASKS else LateReport.LATE


def _undone(actor: Actor, command_id: UUID) -> tuple[InboxCommand | None, str]:
    """The command behind its phone's lock, with its visit and order, if it has no final answer
    yet; and who the technician is on the visit as it stands: responsible, helper, or "" for not."""
    given = {"command": command_id, "technician": actor.technician_id}
    # The phone first, then its command: in this order everywhere.
    _device, found, roles = together(*(one.ask(**given) for one in ASKED))
    return next(iter(found), None), next(iter(roles), "")


COMMAND = Given("command", UUIDField())
ASKED: tuple[Prepared[Any], ...] = (
    Prepared(
        lambda: (
            Device.objects.filter(commands=COMMAND)
            .only("pk")
            .select_for_update(no_key=True, of=("self",))
        )
    ),
    Prepared(
        lambda: InboxCommand.objects.filter(
            pk=COMMAND, outcome__in=["", Outcome.HELD]
        ).select_related("visit__order")
    ),
    Prepared(
        lambda: (
            policy.own_assignments(Given("technician", UUIDField()))
            .filter(visit__in=InboxCommand.objects.filter(pk=COMMAND).values("visit"))
            .values_list("role", flat=True)
        )
    ),
)
ANSWER = (
    "UPDATE fieldwork_inboxcommand SET outcome = %s, code = %s, words = %s, answered_at = %s,"
    " tries = least(tries + 1, 1000), entry_id = %s, report_id = %s WHERE id = %s"
)


def _answered(row: InboxCommand, ruling: Ruling) -> None:
    """Written down with whatever the change still has to write."""
    said = (str(ruling.outcome), ruling.code[:60], ruling.words[:500], clock.now())
    statement_add(ANSWER, [*said, row.entry_id, row.report_id, row.pk])


def _carried_out(actor: Actor, row: InboxCommand, role: str) -> Done:
    told = _told(row)
    free = FREE.get(row.action)
    if free is not None:
        return free(actor, told)
    rule = HANDLERS.get(row.action)
    if rule is None:
        raise Refused(_("This cannot be done here."), code="unknown_action")
    visit = row.visit
    if visit is None:
        raise Unknown(_("There is nothing here, or it is not yours."))
    if not role:
        code = "visit_unplanned" if visit.outcome == "unplanned" else "visit_taken"
        words = _("This is not your work any more. The office looks at what you entered.")
        raise Late(words, code=code)
    if role == Assignment.HELPER and not rule.helpers:
        raise Forbidden(_("Only the technician responsible for the visit may do this."))
    # A step of the lifecycle finds its own place in the visit's time, a stand-in's included.
    beside = row.action not in ACTIONS and row.action not in ALWAYS
    if beside and not visit.is_open and not closed_by(actor, visit):
        raise Late(
            _("Somebody else has ended this visit. The office looks at what you entered."),
            code="visit_ended",
        )
    return rule.handler(actor, visit, told)


def _told(row: InboxCommand) -> Told:
    """The command as its handler is told of it."""
    if row.code in WRONG and not row.action:
        raise WRONG[row.code]()
    if row.code == "too_new" and not row.action:
        # A phone that is newer than the server: after a restore, or while two run side by side.
        raise RuntimeError(f"a command of format {row.v}")
    said = orjson.loads(row.raw or "{}")
    return Told(
        id=row.pk,
        action=row.action,
        body=said.get("body", {}),
        at=row.true_at or row.received_at,
        uncertain=row.time_uncertain,
        seen=row.seen,
        device_id=row.device_id,
        said_at=said_at(row.at, row.true_at or row.received_at, uncertain=row.time_uncertain),
    )
