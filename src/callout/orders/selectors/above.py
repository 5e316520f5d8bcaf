"""What stands above orders and is read for it: what the ids in the filter are called, the saved
filter in use, one's own way to see the list. None asks for what another found: one message."""

from dataclasses import dataclass

from callout.kernel.actor import Actor
from callout.kernel.prepared import Asked, together
from callout.orders.columns import columns_read, columns_written
from callout.orders.filters import OrderFilter
from callout.orders.policy import manager_required
from callout.orders.selectors.choices import Named, names_asked
from callout.orders.selectors.views import Own, in_use_asked, own_asked, own_made


@dataclass(frozen=True, slots=True)
class Above:
    """`in_use` is the name of a saved filter that opens just this, "" for none. `own` is that of
    the list."""

    own: Own
    names: Named
    in_use: str


def above(*, actor: Actor, wanted: OrderFilter, view: str, columns: str = "") -> Above:
    """What a view of the orders shows above them; `columns` are those that its address names. For
    managers."""
    manager_required(actor)
    query = wanted.query()
    written = columns_written(columns_read(columns)) if columns else ""
    asked: dict[str, Asked | None] = {
        "own": own_asked(actor) if view == "list" else None,
        "names": names_asked(actor, wanted),
        # The usual days are nobody's filter.
        "in_use": in_use_asked(actor, view, query, written) if query or columns else None,
    }
    there = {name: one for name, one in asked.items() if one}
    found = dict(zip(there, together(*there.values()), strict=True)) if there else {}
    return Above(
        own=own_made(actor, found.get("own", ())),
        names=dict(found.get("names", ())),
        in_use=next((kept.name for kept in found.get("in_use", ())), ""),
    )
