from datetime import date, datetime
from typing import TypedDict, Unpack
from uuid import UUID

from django.utils.translation import gettext as _

from callout.customers import fields, hooks, policy
from callout.customers.models import Asset, AssetMove
from callout.customers.services.write import chosen, live, state, write
from callout.kernel import checks, clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import row_lock, row_save, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid, Refused


class AssetValues(TypedDict, total=False):
    reference: str
    kind: str
    manufacturer: str
    model: str
    serial_number: str
    installed_on: date | str | None
    warranty_until: date | str | None
    notes: str


@service
def asset_create(*, actor: Actor, site_id: UUID | str, **values: Unpack[AssetValues]) -> Asset:
    """A new piece of equipment at a site."""
    policy.manage(actor)
    row = Asset(
        site=chosen("site_id", policy.visible_sites(actor), site_id),
        **cleaned(fields.ASSET, values),
    )
    _complete(row)
    write.create(actor, row, "asset")
    return row


@service
def asset_update(
    *, actor: Actor, asset_id: UUID, version: int, **values: Unpack[AssetValues]
) -> Asset:
    """Change the fields given. Where it stands is changed by `asset_move`."""
    policy.manage(actor)
    clean = cleaned(fields.ASSET, values)
    row = row_lock(policy.visible_assets(actor), asset_id, version)
    live(row)
    before = state(row)
    for name, value in clean.items():
        setattr(row, name, value)
    _complete(row)
    write.update(actor, row, "asset", before)
    return row


@service
def asset_move(
    *,
    actor: Actor,
    asset_id: UUID,
    version: int,
    site_id: UUID | str,
    moved_at: datetime | str | None = None,
) -> AssetMove:
    """Take an asset to another site. Orders made so far stay where they were."""
    policy.manage(actor)
    when = cleaned({"moved_at": checks.moment}, {"moved_at": moved_at or clock.now()})["moved_at"]
    row = row_lock(policy.visible_assets(actor), asset_id, version)
    live(row)
    to_site = chosen("site_id", policy.visible_sites(actor), site_id)
    if to_site.pk == row.site_id:
        raise Invalid({"site_id": [_("It stands there already.")]})
    _when_checked(row, when)
    before = hooks.audience("asset", row.pk)
    move = AssetMove(
        asset=row,
        from_site_id=row.site_id,
        to_site=to_site,
        moved_at=when,
        moved_by_id=actor.user_id,
    )
    move.save(force_insert=True)
    row.site = to_site
    row_save(row, ["site"])
    journal.record(
        actor,
        entity="asset",
        entity_id=row.pk,
        kind="move",
        facts={"from_site_id": str(move.from_site_id), "to_site_id": str(to_site.pk)},
        at=when,
        audience={*before, *hooks.audience("asset", row.pk)},
    )
    return move


@service
def asset_archive(*, actor: Actor, asset_id: UUID, version: int | None = None) -> Asset:
    """Put an asset away (replaced, scrapped). Its history stays."""
    policy.manage(actor)
    return write.archive(actor, policy.visible_assets(actor), "asset", asset_id, version)


@service
def asset_restore(*, actor: Actor, asset_id: UUID, version: int | None = None) -> Asset:
    """Take an asset out of the archive."""
    policy.manage(actor)
    row = write.restore(actor, policy.visible_assets(actor), "asset", asset_id, version)
    if row.site.archived_at is not None:
        raise Refused(
            _("Its site %(site)s is archived. Restore that one first.") % {"site": row.site.name},
            code="archived",
        )
    return row


def _when_checked(row: Asset, when: datetime) -> None:
    last = row.moves.order_by("-moved_at").values_list("moved_at", flat=True).first()
    if when > clock.now():
        raise Invalid({"moved_at": [_("A move is entered once it has happened.")]})
    if last is not None and when <= last:
        raise Invalid({"moved_at": [_("It was moved after that already.")]})


def _complete(row: Asset) -> None:
    row.reference = row.reference or row.serial_number or row.kind
    if not row.reference:
        raise Invalid({"reference": [_("Give a reference, a serial number or a type.")]})
    if row.installed_on and row.warranty_until and row.warranty_until < row.installed_on:
        raise Invalid({"warranty_until": [_("The warranty ends before the installation.")]})
    fields.asset_columns(row)
