from typing import TypedDict, Unpack
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.customers import fields, policy
from callout.customers.models import Site
from callout.customers.services.write import live, state, write
from callout.kernel.actor import Actor
from callout.kernel.change import constraint_means, row_lock, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid, Refused
from callout.kernel.hours import Week

DEEPEST = 8  # a campus, a building, a wing, a floor, a flat... and some to spare
TREE_LOCK = 0x5173  # advisory; any number that no other lock of ours uses


class SiteValues(TypedDict, total=False):
    name: str
    parent_id: UUID | str | None
    street: str
    postcode: str
    town: str
    country: str
    latitude: float | str | None
    longitude: float | str | None
    access_notes: str
    parking_notes: str
    key_notes: str
    opening_hours: Week | None


def _inside_itself() -> Invalid:
    return Invalid({"parent_id": [_("A site cannot lie inside itself.")]})


constraint_means("site_parent_other", _inside_itself)
constraint_means(
    "site_position_whole",
    lambda: Invalid({"latitude": [_("Give both latitude and longitude, or neither.")]}),
)


@service
def site_create(*, actor: Actor, **values: Unpack[SiteValues]) -> Site:
    """A new address where work is done. Link it to its customers with `site_link`."""
    policy.manage(actor)
    row = Site(**cleaned(fields.SITE, values))
    _parent_checked(row)
    _complete(row)
    write.create(actor, row, "site")
    return row


@service
def site_update(*, actor: Actor, site_id: UUID, version: int, **values: Unpack[SiteValues]) -> Site:
    """Change the fields given; the others stay."""
    policy.manage(actor)
    clean = cleaned(fields.SITE, values)
    if "parent_id" in clean:
        _tree_locked()
    row = row_lock(policy.visible_sites(actor), site_id, version)
    live(row)
    before = state(row)
    for name, value in clean.items():
        setattr(row, name, value)
    if row.parent_id != before["parent_id"]:
        _parent_checked(row)
    _complete(row)
    write.update(actor, row, "site", before)
    return row


@service
def site_archive(*, actor: Actor, site_id: UUID, version: int | None = None) -> Site:
    """Put a site away. Refused while it holds open work, assets in use, or other sites."""
    policy.manage(actor)
    row = row_lock(policy.visible_sites(actor), site_id, version)
    assets = row.assets.filter(archived_at=None).count()
    if assets:
        words = ngettext(
            "There is still %(count)d asset at this site. Move or archive it first.",
            "There are still %(count)d assets at this site. Move or archive them first.",
            assets,
        )
        raise Refused(words % {"count": assets}, code="in_use")
    inside = row.children.filter(archived_at=None).count()
    if inside:
        words = ngettext(
            "%(count)d other site lies inside it. Move or archive that one first.",
            "%(count)d other sites lie inside it. Move or archive those first.",
            inside,
        )
        raise Refused(words % {"count": inside}, code="in_use")
    return write.archive(actor, policy.visible_sites(actor), "site", site_id, version)


@service
def site_restore(*, actor: Actor, site_id: UUID, version: int | None = None) -> Site:
    """Take a site out of the archive."""
    policy.manage(actor)
    row = write.restore(actor, policy.visible_sites(actor), "site", site_id, version)
    if row.parent is not None and row.parent.archived_at is not None:
        raise Refused(
            _("It lies inside %(site)s, which is archived. Restore that one first.")
            % {"site": row.parent.name},
            code="archived",
        )
    return row


def _complete(row: Site) -> None:
    fields.site_named(row)
    if not row.name:
        raise Invalid({"name": [_("Give the site a name or an address.")]})
    fields.address_checked(row)
    fields.position_checked(row)
    fields.site_columns(row)


def _tree_locked() -> None:
    """One change of the tree at a time: A under B and B under A are two rows, and no row of either
    sees the other coming."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def _parent_checked(row: Site) -> None:
    """The parent is there, in use, and not below `row`; the tree stays shallow."""
    if row.parent_id is None:
        return
    _tree_locked()
    parent = Site.objects.select_for_update(no_key=True).filter(pk=row.parent_id).first()
    if parent is None or parent.archived_at is not None:
        raise Invalid({"parent_id": [_("Choose a site that is not archived.")]})
    above = _ids_above(row.parent_id)
    if row.pk in above:
        raise _inside_itself()
    if len(above) + _levels_below(row.pk) > DEEPEST:
        words = _("Sites may lie inside each other %(most)d levels deep.")
        raise Invalid({"parent_id": [words % {"most": DEEPEST}]})


def _ids_above(site_id: UUID) -> list[UUID]:
    """The site and all that it lies in, bounded even if the tree were broken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE up AS (SELECT id, parent_id, 1 AS level FROM customers_site"
            " WHERE id = %s UNION ALL SELECT s.id, s.parent_id, level + 1 FROM customers_site s"
            " JOIN up ON s.id = up.parent_id WHERE level <= 20) SELECT id FROM up",
            [site_id],
        )
        return [found for (found,) in cursor.fetchall()]


def _levels_below(site_id: UUID) -> int:
    """How many levels the site and what lies in it make."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE down AS (SELECT %s::uuid AS id, 1 AS level"
            " UNION ALL SELECT s.id, level + 1 FROM customers_site s"
            " JOIN down ON s.parent_id = down.id WHERE level <= 20) SELECT max(level) FROM down",
            [site_id],
        )
        (levels,) = cursor.fetchone()
        return int(levels)
