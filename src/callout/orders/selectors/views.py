"""The filters that somebody may choose, and their own view of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, CharField, QuerySet, UUIDField, Value, When

from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.prepared import Asked, Given, Prepared
from callout.orders.columns import USUAL, columns_read
from callout.orders.models import OwnView, SavedFilter
from callout.orders.policy import (
    filters_changeable,
    filters_of,
    filters_visible,
    manager_required,
)


@dataclass(frozen=True, slots=True)
class Own:
    """Columns of the list, and the filter that it opens with, if any."""

    columns: tuple[str, ...] = USUAL
    opens_with: SavedFilter | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A filter in the menu: whose it is, whether this reader may change it and opens with it."""

    filter: SavedFilter
    own: bool
    owner: str
    changeable: bool
    opens: bool


_OWN = Prepared(
    lambda: OwnView.objects.select_related("opens_with").filter(user=Given("user", UUIDField()))
)


def own_view(*, actor: Actor) -> Own:
    """How the list is for this person. For managers."""
    manager_required(actor)
    return own_made(actor, _OWN.all(user=actor.user_id))


def own_asked(actor: Actor) -> Asked:
    """The question of `own_view`, to be asked with others."""
    return _OWN.ask(user=actor.user_id)


def own_made(actor: Actor, found: Sequence[OwnView]) -> Own:
    """What its answer says."""
    if not found:
        return Own()
    kept = found[0].opens_with
    # Somebody else's that is not shared any more is not there.
    seen = kept if kept and (kept.shared or kept.owner_id == actor.user_id) else None
    return Own(columns_read(found[0].columns), seen)


def filter_list(*, actor: Actor) -> list[Kept]:
    """Own ones first, then those shared by others; each by name. For managers."""
    manager_required(actor)
    # First: however many the others share, one's own are there.
    first = Case(When(owner=actor.user_id, then=Value(0)), default=Value(1))
    return _kept(actor, filters_visible(actor).order_by(first, "name_sort", "id")[:400])


def _in_use() -> QuerySet[SavedFilter]:
    me, words = Given("me", UUIDField()), CharField()
    rows = filters_of(me).filter(view=Given("view", words), query=Given("query", words))
    mine = Case(When(owner=me, then=Value(0)), default=Value(1))
    rows = rows.filter(columns__any=Given("columns", words))
    return rows.order_by("-columns", mine, "name_sort", "pk")[:1]


_IN_USE = Prepared(_in_use)


def in_use_asked(actor: Actor, view: str, query: str, columns: str) -> Asked:
    """Asks for the one that opens just this, if any: own before others', with these columns before
    with anybody's. `query` as `OrderFilter.query` writes it."""
    asked = {"view": view, "query": query.removeprefix("?"), "columns": [columns, ""]}
    return _IN_USE.ask(me=actor.user_id, **asked)


def filter_seen(*, actor: Actor, filter_id: UUID) -> Kept:
    """One that this person may choose. NotFound if it is not there, or not theirs to see."""
    manager_required(actor)
    found = _kept(actor, filters_visible(actor).filter(pk=filter_id))
    if not found:
        raise NotFound
    return found[0]


def _kept(actor: Actor, rows: QuerySet[SavedFilter]) -> list[Kept]:
    opens = OwnView.objects.filter(user=actor.user_id).values_list("opens_with", flat=True).first()
    return [
        Kept(
            filter=row,
            own=row.owner_id == actor.user_id,
            owner=row.owner.name,
            changeable=row.owner_id == actor.user_id or actor.is_admin,
            opens=row.pk == opens,
        )
        for row in rows.select_related("owner")
    ]


def filter_get(*, actor: Actor, filter_id: UUID) -> SavedFilter:
    """One that this person may change. NotFound if it is not there, or not theirs."""
    manager_required(actor)
    row = filters_changeable(actor).filter(pk=filter_id).first()
    if row is None:
        raise NotFound
    return row
