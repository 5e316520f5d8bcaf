from typing import TypedDict, Unpack
from uuid import UUID

from django.utils.translation import gettext as _

from callout.customers import fields, paces, policy
from callout.customers.models import Area
from callout.customers.services.write import live, state, write
from callout.kernel.actor import Actor
from callout.kernel.change import constraint_means, row_lock, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid
from callout.kernel.text import normalise


class AreaValues(TypedDict, total=False):
    name: str
    postcodes: str
    detour_percent: int | str | None
    kmh: int | str | None


constraint_means(
    "area_once", lambda: Invalid({"name": [_("There is an area of this name already.")]})
)


@service
def area_create(*, actor: Actor, **values: Unpack[AreaValues]) -> Area:
    """A new area. Areas may overlap: a postcode can be in several."""
    policy.manage(actor)
    row = Area(**cleaned(fields.AREA, {"name": "", "postcodes": "", **values}))
    row.name_sort = normalise(row.name)[:120]
    write.create(actor, row, "area")
    paces.KEPT.changed()
    return row


@service
def area_update(*, actor: Actor, area_id: UUID, version: int, **values: Unpack[AreaValues]) -> Area:
    """Change the fields given."""
    policy.manage(actor)
    clean = cleaned(fields.AREA, values)
    row = row_lock(policy.visible_areas(actor), area_id, version)
    live(row)
    before = state(row)
    for name, value in clean.items():
        setattr(row, name, value)
    row.name_sort = normalise(row.name)[:120]
    write.update(actor, row, "area", before)
    paces.KEPT.changed()
    return row


@service
def area_archive(*, actor: Actor, area_id: UUID, version: int | None = None) -> Area:
    """No longer offered."""
    policy.manage(actor)
    paces.KEPT.changed()
    return write.archive(actor, policy.visible_areas(actor), "area", area_id, version)


@service
def area_restore(*, actor: Actor, area_id: UUID, version: int | None = None) -> Area:
    """Offered again."""
    policy.manage(actor)
    paces.KEPT.changed()
    return write.restore(actor, policy.visible_areas(actor), "area", area_id, version)
