"""The append-only record: one entry for each thing that changed, in the change's transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from callout.kernel import change, clock
from callout.kernel.actor import Actor
from callout.kernel.models import JournalEntry


def record(
    actor: Actor,
    *,
    entity: str,
    entity_id: UUID,
    kind: str,
    facts: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
    at: datetime | None = None,
    audience: Iterable[UUID] = (),
) -> None:
    """Write what happened to one thing.

    `facts` and `personal` are JSON: ids as strings, times as ISO 8601. `at` is when it truly
    happened (now by default). `audience` are the technicians who could see the thing before or
    can after. RuntimeError outside a service: a change without its transaction is a bug.
    """
    change.demand()
    if actor.device_id:
        facts = {"device": str(actor.device_id), **(facts or {})}
    entry = JournalEntry(
        at=at or clock.now(),
        recorded_at=clock.now(),
        actor_id=actor.user_id,
        actor_name="" if actor.user_id else actor.name,
        door=actor.door,
        token_id=actor.token_id,
        entity=entity,
        entity_id=entity_id,
        kind=kind,
        facts=facts or {},
        personal=personal or None,
        audience=sorted({str(technician) for technician in audience}),
    )
    change.rows_add(entry)
    change.recorded()
