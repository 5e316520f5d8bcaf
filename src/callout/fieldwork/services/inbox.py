"""What phones send is kept before anything is done with it: from then on it is *received*."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from callout.accounts.services import device_touch
from callout.fieldwork.models import InboxCommand, InboxConflict
from callout.fieldwork.selectors.theirs import visits_once_theirs
from callout.fieldwork.sync.parsing import Request, Sent
from callout.fieldwork.sync.true_time import true_time
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.change import service

OTHER_BYTES, FOREIGN = "other_bytes", "foreign"


@service
def inbox_store(*, actor: Actor, request: Request) -> dict[tuple[UUID, str], str]:
    """Keep the commands, all or none; and note that the phone was here.

    What could not be kept under its id, by (id, hash): `other_bytes` was something else before
    (both are kept), `foreign` is somebody else's id. Whatever was there first stays.
    """
    unsent = request.unsent
    device_touch(
        _device(actor),
        app=request.app,
        offset_ms=request.offset_ms,
        unsent={
            "commands": unsent.commands, "files": unsent.files, "bytes": unsent.bytes,
            "since": unsent.since,
        },
    )  # fmt: skip
    return commands_keep(actor, request.commands, request.offset_ms)


def commands_keep(
    actor: Actor, commands: Sequence[Sent], offset_ms: int | None, *, handed_over: bool = False
) -> dict[tuple[UUID, str], str]:
    """The same within a change, once the device's row is locked."""
    if not commands:
        return {}
    now, device_id, user_id = clock.now(), _device(actor), str(actor.user_id)
    named = {one.visit for one in commands if one.visit}
    theirs = visits_once_theirs(actor.technician_id, named)
    before = _before(device_id, theirs)
    rows = []
    for one in sorted(commands, key=lambda one: one.n):
        visit = one.visit if one.visit in theirs else None
        settled = true_time(
            one.at,
            skew_ms=one.skew_ms,
            skew_age_s=one.skew_age_s,
            offset_ms=offset_ms,
            received=now,
            not_before=max((at for n, at in before[visit] if n < one.n), default=None),
        )
        if visit is not None:
            before[visit].append((one.n, settled.at))
        rows.append(
            InboxCommand(
                id=one.id,
                device_id=device_id,
                user_id=user_id,
                technician_id=actor.technician_id,
                n=one.n,
                v=one.v,
                action=one.action,
                visit_id=visit,
                raw=one.raw,
                raw_sha256=one.sha256,
                handed_over=handed_over,
                at=one.at or now,
                skew_ms=one.skew_ms,
                skew_age_s=one.skew_age_s,
                seen=one.seen,
                received_at=now,
                true_at=settled.at,
                time_uncertain=settled.uncertain,
                code=one.wrong,
            )
        )
    # In the order of their ids, so that two who send the same never wait for each other.
    rows.sort(key=lambda row: row.pk)
    InboxCommand.objects.bulk_create(rows, ignore_conflicts=True)
    return _clashes(actor, commands, now)


def _device(actor: Actor) -> UUID:
    if actor.device_id is None:
        raise RuntimeError("a phone's commands without a phone")
    return actor.device_id


def _before(device_id: UUID, visits: set[UUID]) -> dict[UUID | None, list[tuple[int, datetime]]]:
    """What this phone has entered on these visits already: its number and true time."""
    found: dict[UUID | None, list[tuple[int, datetime]]] = defaultdict(list)
    rows = InboxCommand.objects.filter(device=device_id, visit__in=visits)
    for visit, n, at in rows.values_list("visit", "n", "true_at"):
        if at is not None:
            found[visit].append((n, at))
    return found


def _clashes(actor: Actor, commands: Sequence[Sent], now: datetime) -> dict[tuple[UUID, str], str]:
    kept: dict[UUID, Any] = InboxCommand.objects.only("user_id", "raw_sha256").in_bulk(
        [one.id for one in commands]
    )
    clashes: dict[tuple[UUID, str], str] = {}
    others = []
    for one in commands:
        row = kept[one.id]
        if row.user_id != actor.user_id:
            clashes[one.id, one.sha256] = FOREIGN
        elif row.raw_sha256 != one.sha256:
            clashes[one.id, one.sha256] = OTHER_BYTES
            others.append(
                InboxConflict(
                    command_id=one.id,
                    device_id=_device(actor),
                    raw=one.raw,
                    raw_sha256=one.sha256,
                    received_at=now,
                )
            )
    InboxConflict.objects.bulk_create(others, ignore_conflicts=True)
    return clashes
