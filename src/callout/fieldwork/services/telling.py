"""How the record of a visit is written down: with its order, in its journal."""

from datetime import datetime
from typing import Any

from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.orders.models import Visit
from callout.orders.services.settle import audience_of


def record(
    actor: Actor,
    visit: Visit,
    kind: str,
    facts: dict[str, Any],
    personal: dict[str, Any] | None = None,
    *,
    at: datetime | None = None,
) -> None:
    """An entry of the visit's order. What people wrote is `personal`."""
    journal.record(
        actor,
        entity="service_order",
        entity_id=visit.order_id,
        kind=kind,
        facts={"visit": str(visit.pk), **facts},
        personal=personal,
        at=at,
        audience=audience_of(visit.order),
    )
