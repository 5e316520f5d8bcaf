"""A phone's request to sync, from end to end: keep, carry out, answer, and tell what is new."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson

from callout.fieldwork.models import InboxCommand
from callout.fieldwork.services.inbox import inbox_store
from callout.fieldwork.services.positions import positions_add
from callout.fieldwork.sync import answers, running
from callout.fieldwork.sync.documents import down
from callout.fieldwork.sync.parsing import Request
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.epoch import epoch


def exchange(actor: Actor, request: Request) -> bytes:
    """The answer, as JSON."""
    now = clock.now()
    clashes = inbox_store(actor=actor, request=request)
    ids = [one.id for one in request.commands]
    running.commands_run(actor, running.undone_of(actor, ids))
    _positions(actor, request)
    new = down(actor, request.known)
    return orjson.dumps(
        {
            "callout": 1,
            "epoch": epoch(),
            "now": now.isoformat(),
            "answers": _answers(request, clashes),
            "docs": new.docs,
            "gone": new.gone,
            "more": new.more,
        }
    )


def _positions(actor: Actor, request: Request) -> None:
    """Where the technician was. Lossy by design: what breaks here breaks nothing else."""
    if not request.positions or request.offset_ms is None:
        return
    try:
        offset = timedelta(milliseconds=request.offset_ms)
        positions_add(actor=actor, points=request.positions, offset=offset)
    except Exception as error:  # noqa: BLE001 - said, and the points are let go
        running.logged("positions", error)


def _answers(request: Request, clashes: dict[tuple[UUID, str], str]) -> list[dict[str, Any]]:
    rows = InboxCommand.objects.defer("raw").in_bulk([one.id for one in request.commands])
    found = [answers.refused(name, "unreadable") for name in request.nameless]
    for one in request.commands:
        clash = clashes.get((one.id, one.sha256))
        found.append(
            answers.refused(str(one.id), clash) if clash else answers.answer_of(rows[one.id])
        )
    return found
