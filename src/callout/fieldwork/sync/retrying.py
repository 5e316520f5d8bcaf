"""What was received and has no final answer: carried out by the installation itself.

A kill between keeping and carrying out leaves commands without an answer; a fault of ours leaves
them held. Their phone's next sync carries them out too: whoever comes first.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Q
from django.utils import translation

from callout.accounts.device_selectors import as_it_was, phone_by_id
from callout.accounts.models import Device
from callout.fieldwork.models import InboxCommand, InboxConflict, Outcome
from callout.fieldwork.services.handover import review
from callout.fieldwork.sync.running import command_settle, logged
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.change import row_lock, service

AT_ONCE = 500
YOUNG = timedelta(minutes=1)  # its own request may be about to carry it out
WAITS = [timedelta(minutes=2**tries) for tries in range(9)]  # after so many tries; then the longest
LONGEST = timedelta(hours=6)


def due() -> list[tuple[UUID, UUID]]:
    """Device and command of what is due for another try, in each phone's own order."""
    now = clock.now()
    ready = Q(outcome="") | Q(answered_at=None) | Q(answered_at__lte=now - LONGEST)
    for tries, wait in enumerate(WAITS):  # twice as long after each try
        ready |= Q(tries=tries, answered_at__lte=now - wait)
    rows = InboxCommand.objects.filter(
        ready, outcome__in=["", Outcome.HELD], received_at__lt=now - YOUNG
    )
    rows = rows.order_by("device", "n", "received_at", "pk")
    return list(rows.values_list("device", "pk")[:AT_ONCE])


def retry() -> int:
    """Carry out what is due; how many commands were looked at."""
    found = due()
    for device_id, commands in groupby(found, key=lambda one: one[0]):
        for actor, command_id in _of(device_id, [pk for _device, pk in commands]):
            with translation.override(actor.language):
                command_settle(actor, command_id)
    return len(found)


def _of(device_id: UUID, ids: list[UUID]) -> Iterator[tuple[Actor, UUID]]:
    """As whom: the user as they are now. What somebody left who is not active any more is
    reviewed by the office, and not carried out."""
    phone = phone_by_id(device_id)
    if phone is None:
        return
    active = phone.device.user.is_active and phone.actor.is_technician
    for pk in ids:
        if active:
            yield phone.actor, pk
        else:
            try:
                with translation.override(phone.actor.language):
                    command_review(actor=as_it_was(phone), command_id=pk)
            except Exception as error:  # noqa: BLE001 - no reason to block what others sent
                logged(f"review of {pk}", error)


@service
def command_review(*, actor: Actor, command_id: UUID) -> None:
    """Give one command to the office, unless it was answered meanwhile."""
    row_lock(Device.objects.all(), str(actor.device_id))
    row = InboxCommand.objects.filter(pk=command_id).filter(Q(outcome="") | Q(outcome="held"))
    for one in row:
        review(actor, one)


def bodies_empty(before: datetime, most: int) -> int:
    """Forget what was said in `most` commands received before then; how many. Ids stay for ever."""
    old = InboxCommand.objects.filter(raw__isnull=False, received_at__lt=before)
    ids = list(old.order_by("received_at").values_list("pk", flat=True)[:most])
    return InboxCommand.objects.filter(pk__in=ids).update(raw=None)


def conflicts_drop(before: datetime, most: int) -> int:
    """Forget `most` commands that came before then under an id that was another's; how many. That
    one's id stays: what comes under it again with other bytes is refused again."""
    old = InboxConflict.objects.filter(received_at__lt=before).order_by("received_at")
    ids = list(old.values_list("pk", flat=True)[:most])
    InboxConflict.objects.filter(pk__in=ids).delete()
    return len(ids)
