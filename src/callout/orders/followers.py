"""What follows, in the worker, from changes in the rooms below."""

from collections.abc import Sequence

from callout.kernel.feed import FeedEntry
from callout.kernel.follow import follower
from callout.orders.services.search import orders_search_refresh

RENAMES = {"customer", "site", "asset"}


@follower("orders.search")
def search_refresh(entries: Sequence[FeedEntry]) -> None:
    """A renamed customer, site or asset is found by its new name in all its orders."""
    for entity in RENAMES:
        changed = {e.entity_id for e in entries if e.entity == entity and e.kind == "update"}
        if changed:
            orders_search_refresh(entity, changed)
