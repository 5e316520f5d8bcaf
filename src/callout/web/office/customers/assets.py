from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.accounts.zone import today
from callout.customers import selectors, services
from callout.customers.models import Asset
from callout.web.access import ActorRequest, manager_page
from callout.web.office.customers.around import beside
from callout.web.office.customers.directory import narrowed, shared
from callout.web.office.customers.forms import (
    AssetForm,
    EditAssetForm,
    MoveForm,
    NewAssetForm,
    shown,
)
from callout.web.office.plain import (
    Line,
    Listing,
    lines_of,
    list_page,
    panel,
    versioned_deed,
)
from callout.web.once import Facts


@manager_page
def assets_page(request: ActorRequest) -> HttpResponseBase:
    """All assets, by reference."""
    page = selectors.asset_list(actor=request.actor, **narrowed(request))
    listing = Listing(
        title=_("Assets"),
        **shared(request, "assets"),
        live="asset site",
        heads=[_("Asset"), _("Make and model"), _("Serial number"), _("Site"), _("Town")],
        new_url=reverse("office:asset_new"),
        new_label=_("New asset"),
        empty=_("No assets yet"),
        empty_text=_(
            "What you maintain: boilers, lifts, chillers. Enter one, or bring them in from a table."
        ),
        placeholder=_("Reference, type, make, model, serial number"),
        **lines_of(page, _line),
    )
    return list_page(request, listing)


def _line(row: Asset) -> Line:
    return Line(
        url=reverse("office:asset", args=[row.pk]),
        title=row.reference,
        small=row.kind,
        cells=[
            f"{row.manufacturer} {row.model}".strip(),
            row.serial_number,
            row.site.name,
            row.site.town,
        ],
    )


@manager_page
def asset_page(request: ActorRequest, asset_id: UUID) -> HttpResponseBase:
    """One asset: what it is, where it stands and stood."""
    detail = selectors.asset_detail(actor=request.actor, asset_id=asset_id)
    context = {
        "nav": "customers",
        "live": f"asset:{asset_id}",
        "detail": detail,
        "asset": detail.asset,
        "facts": _facts(detail.asset),
        "warranty": _warranty(detail.asset),
        **beside(request, "asset", asset_id),
    }
    return render(request, "office/customers/asset.html", context)


def _warranty(row: Asset) -> str:
    """Said while it lasts: whether the work is to be paid for depends on it."""
    if row.warranty_until is None or row.warranty_until < today():
        return ""
    return _("under warranty")


def _facts(row: Asset) -> list[dict[str, str]]:
    day = "j M Y"
    facts = [
        (_("Type"), row.kind),
        (_("Manufacturer"), row.manufacturer),
        (_("Model"), row.model),
        (_("Serial number"), row.serial_number),
        (_("Installed on"), date_format(row.installed_on, day) if row.installed_on else ""),
        (_("Warranty until"), date_format(row.warranty_until, day) if row.warranty_until else ""),
    ]
    return [{"label": label, "value": value} for label, value in facts]


def _page_of(facts: Facts) -> str:
    return reverse("office:asset", args=[facts["id"]])


@manager_page
def asset_new(request: ActorRequest) -> HttpResponseBase:
    """A new asset at a site."""
    initial = {"site_id": request.GET.get("site", "")}
    form = NewAssetForm(request.POST or None, initial=initial, actor=request.actor)

    def create(given: dict[str, Any]) -> Facts:
        asset = services.asset_create(actor=request.actor, **given)
        return {"id": str(asset.pk)}

    return panel(
        request,
        form,
        create,
        heading=_("New asset"),
        done=_page_of,
        said=_("Asset created."),
        submit=_("Create"),
        layout=NewAssetForm.LAYOUT,
    )


@manager_page
def asset_edit(request: ActorRequest, asset_id: UUID) -> HttpResponseBase:
    """The asset's own fields."""
    asset = selectors.asset_detail(actor=request.actor, asset_id=asset_id).asset
    initial = shown(asset, EditAssetForm)
    form = EditAssetForm(request.POST or None, initial=initial)

    def change(given: dict[str, Any]) -> Facts:
        services.asset_update(actor=request.actor, asset_id=asset_id, **given)
        return {"id": str(asset_id)}

    return panel(
        request,
        form,
        change,
        heading=str(asset),
        done=_page_of,
        said=_("Saved."),
        layout=AssetForm.LAYOUT,
        live=f"asset:{asset_id}",
        live_url=reverse("office:asset", args=[asset_id]),
    )


@manager_page
def asset_move(request: ActorRequest, asset_id: UUID) -> HttpResponseBase:
    """Take the asset to another site, now."""
    asset = selectors.asset_detail(actor=request.actor, asset_id=asset_id).asset
    form = MoveForm(request.POST or None, initial={"version": asset.version}, actor=request.actor)

    def change(given: dict[str, Any]) -> Facts:
        services.asset_move(actor=request.actor, asset_id=asset_id, **given)
        return {"id": str(asset_id)}

    return panel(
        request,
        form,
        change,
        heading=_("Move %(asset)s") % {"asset": asset},
        done=_page_of,
        said=_("Moved."),
        submit=_("Move"),
        layout=MoveForm.LAYOUT,
        note=_("It stands at %(site)s. Past orders keep the site they were made for.")
        % {"site": asset.site.name},
    )


@require_POST
@manager_page
def asset_archive(request: ActorRequest, asset_id: UUID) -> HttpResponseBase:
    """Put the asset away."""
    return versioned_deed(
        request,
        services.asset_archive,
        asset_id=asset_id,
        back=reverse("office:asset", args=[asset_id]),
        said=_("Archived."),
    )


@require_POST
@manager_page
def asset_restore(request: ActorRequest, asset_id: UUID) -> HttpResponseBase:
    """Take the asset out of the archive."""
    return versioned_deed(
        request,
        services.asset_restore,
        asset_id=asset_id,
        back=reverse("office:asset", args=[asset_id]),
        said=_("Restored."),
    )
