"""A table of orders that leaves the house is in the journal: who took which, and when."""

from collections.abc import Sequence
from uuid import UUID

from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.ids import uuid7
from callout.orders.filters import OrderFilter
from callout.orders.policy import manager_required
from callout.orders.services.several import count_check


@service
def orders_export(
    *,
    actor: Actor,
    wanted: OrderFilter,
    columns: Sequence[str],
    ids: Sequence[UUID] | None = None,
) -> None:
    """Say in the journal that these orders are given out as a file. For managers.

    The filter is kept where a person's words can be emptied: a text looked for may be a name.
    """
    manager_required(actor)
    if ids is not None:
        count_check(ids)
    journal.record(
        actor,
        entity="export",
        entity_id=uuid7(),
        kind="service_orders",
        facts={"columns": list(columns), "chosen": None if ids is None else len(ids)},
        personal={"filter": wanted.query()} if ids is None else None,
    )
