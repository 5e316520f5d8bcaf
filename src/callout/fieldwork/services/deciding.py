"""A dispatcher decides about a late report: it happened, or it is kept as a note. Once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts.device_selectors import phone_by_id
from callout.accounts.models import Device
from callout.fieldwork.models import InboxCommand, LateReport
from callout.fieldwork.selectors.late import STEPS, late_report_detail
from callout.fieldwork.selectors.said import Line, body_of
from callout.fieldwork.selectors.standing import standing, times_corrected
from callout.fieldwork.services.late import late_report_told
from callout.fieldwork.services.signing import signature_add
from callout.fieldwork.sync.told import HANDLERS, Done, Told
from callout.kernel import checks, clock
from callout.kernel.actor import Actor
from callout.kernel.change import row_lock, row_save, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import CalloutError, NotFound, Refused
from callout.kernel.taken_back import attempted
from callout.orders import policy
from callout.orders.models import Visit
from callout.orders.selectors.when import When
from callout.orders.services import note_add
from callout.orders.services.attempt import attempt_record

DECIDE = {
    "decision": checks.choice((LateReport.HAPPENED, LateReport.NOTE)),
    "finishes": checks.flag,
    "note": checks.text(2000, lines=True),
}
# What belongs to the visit beside its time: written by the handler of the phone's own command.
RECORD = ("note", "photo", "answer", "part", "report", "hours", "cannot_sign", "found", "sign")


@dataclass(slots=True)
class Decided:
    """The report as it stands, and what could not be taken over, with the reason."""

    report: LateReport
    left_out: list[tuple[str, str]] = field(default_factory=list)


@service
def late_report_decide(
    *,
    actor: Actor,
    report_id: UUID,
    decision: str,
    finishes: bool = False,
    note: str = "",
    version: int | None = None,
) -> Decided:
    """Say what becomes of it: managers only, once.

    `happened`: it becomes a past visit of that technician, with its times, files and notes, through
    the ordinary service, so it can be refused; `finishes`: and the order is done. A correction gets
    the time asked for. `note`: what was sent is written down as a note, and changes nothing else.
    `note` are words to the technician.
    """
    policy.manager_required(actor)
    given = cleaned(DECIDE, {"decision": decision, "finishes": finishes, "note": note})
    if not LateReport.objects.filter(pk=report_id).exists():
        raise NotFound
    # The phone first, as everywhere: what it sends meanwhile comes before this, or after it.
    device = Device.objects.filter(pk__in=LateReport.objects.filter(pk=report_id).values("device"))
    device.select_for_update(no_key=True).get()
    row = row_lock(LateReport.objects.all(), report_id, version)
    if row.decided_at is not None:
        raise Refused(_("Somebody has decided this already."), code="decided")
    done = Decided(row)
    commands = list(row.commands.order_by("n"))
    if given["decision"] == LateReport.NOTE:
        _keep_as_note(actor, row, commands, done)
    elif row.kind == LateReport.CORRECTION:
        _correct(actor, row, commands)
    else:
        _happened(actor, row, commands, given["finishes"], done)
    row.decision, row.note = given["decision"], given["note"]
    row.decided_at, row.decided_by_id = clock.now(), actor.user_id
    row_save(row, ["decision", "note", "decided_at", "decided_by", "made"])
    facts = {"decision": row.decision, "made": str(row.made_id) if row.made_id else None}
    late_report_told(actor, row, "decided", facts, {"note": row.note} if row.note else None)
    return done


def _happened(
    actor: Actor, row: LateReport, commands: list[InboxCommand], finishes: bool, done: Decided
) -> None:
    left = standing(commands)
    times = times_corrected(left)
    steps = [
        (one.action, times.get(one.pk) or _told(one).at) for one in left if one.action in STEPS
    ]
    if steps:
        row.made = attempt_record(
            actor=actor,
            order_id=row.order_id,
            technician_id=row.technician_id,
            steps=steps,
            finish=finishes,
            note=_closing_note(commands),
        )
    elif finishes:
        raise Refused(_("Nothing of it says when somebody was there."), code="no_steps")
    visit_id = row.made.pk if row.made else row.visit_id
    beside = [one for one in commands if one.action in RECORD]
    if row.made is None and row.visit.technician_id != row.technician_id:
        # It would count for what somebody else did there; what was signed stays to be read here.
        words = _("The visit that was signed is another technician’s now. Keep it as a note.")
        done.left_out += [(one.action, words) for one in beside if one.action == "sign"]
        beside = [one for one in beside if one.action != "sign"]
    _take_over(actor, row, beside, visit_id, done)


def _closing_note(commands: Iterable[InboxCommand]) -> str:
    """What was written with the last step that says something."""
    notes = [body_of(one).get("note") for one in commands if one.action in STEPS]
    return next((note for note in reversed(notes) if isinstance(note, str) and note.strip()), "")


def _correct(actor: Actor, row: LateReport, commands: Iterable[InboxCommand]) -> None:
    """Each step gets its time, the last word on each: by the service, which may refuse."""
    visit = Visit.objects.select_related("order").get(pk=row.visit_id)
    let_in = _let_in(actor, row)
    for command in commands:
        HANDLERS["correct"].handler(let_in, visit, _told(command))


def _keep_as_note(
    actor: Actor, row: LateReport, commands: Iterable[InboxCommand], done: Decided
) -> None:
    report = late_report_detail(actor=actor, report_id=row.pk)
    when = When()
    told = [_("Late report of %(name)s, kept as a note:") % {"name": row.technician.name}]
    told += [_line_words(line, when) for line in report.lines]
    note_add(actor=actor, order_id=row.order_id, text="\n".join(told)[:10_000], kind="internal")
    photos = [one for one in commands if one.action == "photo"]
    _take_over(actor, row, photos, row.visit_id, done)


def _line_words(line: Line, when: When) -> str:
    words = f"{when.full(line.at)}  {line.text}"
    return f"{words}: {line.note}" if line.note else words


def _take_over(
    actor: Actor,
    row: LateReport,
    commands: Iterable[InboxCommand],
    visit_id: UUID,
    done: Decided,
) -> None:
    """Write what was sent beside the times on the visit; what cannot be is told, and stays here."""
    let_in = _let_in(actor, row)
    visit = Visit.objects.select_related("order").get(pk=visit_id)
    for command in commands:
        rule = HANDLERS.get(command.action)
        if rule is None:
            continue
        told = _told(command)
        moved = command.action == "sign" and visit_id != row.visit_id
        keep = partial(_sign, row.visit_id) if moved else rule.handler
        try:
            attempted(lambda keep=keep, told=told: keep(let_in, visit, told))  # type: ignore[misc]
        except CalloutError as error:
            done.left_out.append((command.action, error.message))


def _sign(read_as: UUID, actor: Actor, visit: Visit, told: Told) -> Done:
    """The signature goes with the attempt that it was given for; its seal names the first visit."""
    signature_add(
        actor=actor, visit_id=visit.pk, signature_id=told.id, name=told.body.get("name", ""),
        seal=told.body.get("seal"), image=told.body.get("image"), at=told.at, read_as=read_as,
    )  # fmt: skip
    return Done()


def _let_in(actor: Actor, row: LateReport) -> Actor:
    """The technician on their phone, as the author, let in by the manager who decides: what they
    sent is theirs, and it may be written where they may not write any more."""
    phone = phone_by_id(row.device_id)
    if phone is None:
        raise NotFound
    return Actor(
        user_id=phone.actor.user_id,
        name=phone.actor.name,
        door="technician",
        is_manager=actor.is_manager,
        is_technician=True,
        technician_id=row.technician_id,
        device_id=row.device_id,
        language=phone.actor.language,
    )


def _told(command: InboxCommand) -> Told:
    at: datetime = command.true_at or command.received_at
    return Told(
        id=command.pk,
        action=command.action,
        body=body_of(command),
        at=at,
        uncertain=command.time_uncertain,
        seen=command.seen,
        device_id=command.device_id,
    )
