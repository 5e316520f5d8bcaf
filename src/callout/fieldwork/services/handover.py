"""What the phone of a deactivated user still held: written down for review, never carried out."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from callout.accounts.models import Device
from callout.fieldwork.models import InboxCommand, InboxConflict, LateReport, Outcome
from callout.fieldwork.services.inbox import FOREIGN, commands_keep
from callout.fieldwork.services.late import late_report_add
from callout.fieldwork.sync.parsing import Sent
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.change import row_lock, row_save, service
from callout.kernel.errors import TooLarge

MOST_COMMANDS = 500  # of one phone, ever
MOST_BYTES = 5_000_000
MOST_FILE_BYTES = 200_000_000
CODE = "deactivated"


@service
def handover_keep(*, actor: Actor, commands: Sequence[Sent]) -> list[UUID]:
    """Keep the commands in the inbox; what is about a visit that was once theirs goes to the desk.

    The ids that are kept, by now or before. TooLarge beyond what a phone may ever hand over.
    """
    device = row_lock(Device.objects.filter(user=actor.user_id), str(actor.device_id))
    actor = _technician_then(actor, device)
    clashes = commands_keep(actor, commands, device.clock_offset_ms, handed_over=True)
    handed = InboxCommand.objects.filter(device=device, handed_over=True)
    # Other bytes under an id that is kept count too: they are kept as well.
    others = InboxConflict.objects.filter(device=device)
    held = sum(rows.aggregate(bytes=Sum(Length("raw")))["bytes"] or 0 for rows in (handed, others))
    device.handed_over_commands = handed.count()
    if device.handed_over_commands + others.count() > MOST_COMMANDS or held > MOST_BYTES:
        raise TooLarge(_("This phone has handed over as much as it may."))
    row_save(device, ["handed_over_commands"])
    for row in handed.filter(outcome="").order_by("n", "pk"):
        review(actor, row)
    return [one.id for one in commands if clashes.get((one.id, one.sha256)) != FOREIGN]


def review(actor: Actor, row: InboxCommand) -> None:
    """Answer a command of somebody who is not active any more: it is for the office to look at."""
    row.outcome = Outcome.REFUSED if row.visit_id is None else Outcome.LATE
    if row.visit_id is not None:
        row.report = late_report_add(actor, row, LateReport.HANDOVER, CODE)
    row.code, row.words = CODE, _("Your account is not active any more. Ask the office.")
    row.answered_at = clock.now()
    row.save(update_fields=["outcome", "code", "words", "answered_at", "report"])


@service
def handover_file_count(*, actor: Actor, size: int) -> None:
    """Count bytes of a file that is handed over. TooLarge beyond what a phone may ever."""
    device = row_lock(Device.objects.filter(user=actor.user_id), str(actor.device_id))
    device.handed_over_bytes += size
    if device.handed_over_bytes > MOST_FILE_BYTES:
        raise TooLarge(_("This phone has handed over as much as it may."))
    row_save(device, ["handed_over_bytes"])


def _technician_then(actor: Actor, device: Device) -> Actor:
    """The technician that the user was, where they are linked to none any more."""
    if actor.technician_id is not None:
        return actor
    rows = InboxCommand.objects.filter(device=device, technician__isnull=False)
    return replace(
        actor,
        technician_id=rows.order_by("-received_at").values_list("technician", flat=True).first(),
    )
