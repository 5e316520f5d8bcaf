"""Filters kept and shared, and each one's own columns and first filter of the list."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts.models import User
from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import (
    constraint_means,
    fields_set,
    row_lock,
    row_save,
    rows_add,
    service,
)
from callout.kernel.checks import Check, choice, cleaned, flag, text
from callout.kernel.errors import Forbidden, Invalid
from callout.kernel.text import normalise
from callout.orders.columns import columns_read, columns_written
from callout.orders.filters import OrderFilter, Values
from callout.orders.models import OwnView, SavedFilter
from callout.orders.policy import filters_changeable, filters_visible, manager_required

VIEWS = ("list", "kanban", "team", "map", "table")
MOST = 100
FIELDS: dict[str, Check] = {
    "name": text(80, required=True),
    "view": choice(VIEWS),
    "query": text(4000),
    "columns": text(200),
    "shared": flag,
}


@service
def filter_save(
    *,
    actor: Actor,
    name: str,
    view: str = "list",
    query: str = "",
    columns: str = "",
    shared: bool = False,
) -> SavedFilter:
    """Keep a filter: `query` is an address's, without the mark. For managers.

    Invalid for a filter that cannot be, and for a name that this person has already.
    """
    user_id = _who(actor)
    clean = _clean(name=name, view=view, query=query, columns=columns, shared=shared)
    row_lock(User.objects.all(), user_id)  # one at a time: two would both be the hundredth
    if SavedFilter.objects.filter(owner=user_id).count() >= MOST:
        words = _("You have %(most)d filters. Remove one first.") % {"most": MOST}
        raise Invalid({"name": [words]})
    row = SavedFilter(owner_id=user_id, **clean)
    rows_add(row)
    _record(actor, row, "create", sorted(clean))
    return row


@service
def filter_update(
    *, actor: Actor, filter_id: UUID, version: int | None = None, **values: Any
) -> SavedFilter:
    """Rename or share an own filter, or have it mean something else; an admin any shared one."""
    _who(actor)
    row = row_lock(filters_changeable(actor), filter_id, version)
    changed = fields_set(row, _clean(**values))
    if changed:
        row_save(row, changed)
        _record(actor, row, "update", changed)
    return row


@service
def filter_remove(*, actor: Actor, filter_id: UUID, version: int | None = None) -> None:
    """Forget it; for whom the list opened with it, it opens as usual again."""
    _who(actor)
    row = row_lock(filters_changeable(actor), filter_id, version)
    OwnView.objects.filter(opens_with=row).update(opens_with=None)
    _record(actor, row, "remove", [])
    row.delete()


@service
def own_columns_set(*, actor: Actor, columns: Sequence[str]) -> None:
    """Which columns the list has for this person; none for the usual ones."""
    view = _own(actor)
    _own_save(actor, view, {"columns": columns_written(columns)})


@service
def own_filter_set(*, actor: Actor, filter_id: UUID | None) -> None:
    """With which filter the list opens for this person; None for the usual days."""
    view = _own(actor, filter_id)
    _own_save(actor, view, {"opens_with_id": filter_id})


@service
def own_filter_clear(*, actor: Actor, filter_id: UUID) -> None:
    """The list opens as usual again for this person, where it opened with this filter."""
    view = _own(actor, filter_id)
    if view.opens_with_id == filter_id:
        _own_save(actor, view, {"opens_with_id": None})


def _own(actor: Actor, filter_id: UUID | None = None) -> OwnView:
    """The person's view, locked; before it the filter in question, as whoever removes that does."""
    user_id = _who(actor)
    if filter_id is not None:
        row_lock(filters_visible(actor), filter_id)
    OwnView.objects.bulk_create([OwnView(user_id=user_id)], ignore_conflicts=True)
    return row_lock(OwnView.objects.all(), OwnView.objects.get(user=user_id).pk)


def _own_save(actor: Actor, view: OwnView, values: dict[str, Any]) -> None:
    changed = fields_set(view, values)
    if not changed:
        return
    row_save(view, changed)
    journal.record(
        actor,
        entity="own_view",
        entity_id=view.pk,
        kind="update",
        facts={"fields": changed, "version": view.version},
    )


def _who(actor: Actor) -> UUID:
    manager_required(actor)
    if actor.user_id is None:
        raise Forbidden  # a job has no list
    return actor.user_id


def _clean(**values: Any) -> dict[str, Any]:
    """Checked, and written as an address is: what cannot be is not kept."""
    clean = cleaned({name: FIELDS[name] for name in values}, values)
    if "query" in clean:
        given = Values(dict(parse_qsl(clean["query"].lstrip("?"))))
        clean["query"] = OrderFilter.parse(given).query().removeprefix("?")
    if "columns" in clean:
        clean["columns"] = columns_written(columns_read(clean["columns"]))
    if "name" in clean:
        clean["name_sort"] = normalise(clean["name"])[:120]
    return clean


def _record(actor: Actor, row: SavedFilter, kind: str, fields: list[str]) -> None:
    journal.record(
        actor,
        entity="saved_filter",
        entity_id=row.pk,
        kind=kind,
        facts={"fields": fields, "version": row.version, "shared": row.shared},
        personal={"name": row.name},
    )


constraint_means(
    "saved_filter_name_once",
    lambda: Invalid({"name": [_("You have a filter of this name. Choose another one.")]}),
)
