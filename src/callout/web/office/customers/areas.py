"""Areas. They have few fields: their page is the form."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.customers import selectors, services
from callout.customers.models import Area
from callout.web.access import ActorRequest, manager_page
from callout.web.office.customers.forms import AreaForm, EditAreaForm
from callout.web.office.customers.tabs import tabs
from callout.web.office.plain import (
    Line,
    Listing,
    deed,
    lines_of,
    list_page,
    panel,
    version_of,
    wanted,
)
from callout.web.once import Facts


def _note() -> str:
    return _(
        "With commas between: a postcode like 3000, a range like 1000-1299, a beginning like 15*."
    )


def _to_areas(_facts: Facts) -> str:
    return reverse("office:areas")


@manager_page
def areas_page(request: ActorRequest) -> HttpResponseBase:
    """All areas, by name."""
    page = selectors.area_list(actor=request.actor, limit=50, **wanted(request))
    listing = Listing(
        title=_("Areas"),
        nav="customers",
        tabs=tabs(),
        own_tab="office:areas",
        live="area",
        heads=[_("Area"), _("Postcodes")],
        new_url=reverse("office:area_new"),
        new_label=_("New area"),
        empty=_("No areas yet. An area is a name for postcodes, to find the work of a region by."),
        placeholder=_("Name or postcode as written"),
        in_panel=True,
        **lines_of(page, _line),
    )
    return list_page(request, listing)


def _line(row: Area) -> Line:
    return Line(
        url=reverse("office:area", args=[row.pk]),
        title=row.name,
        cells=[row.postcodes],
    )


@manager_page
def area_new(request: ActorRequest) -> HttpResponseBase:
    """A new area."""

    def create(given: dict[str, Any]) -> Facts:
        return {"id": str(services.area_create(actor=request.actor, **given).pk)}

    return panel(
        request,
        AreaForm(request.POST or None),
        create,
        heading=_("New area"),
        done=_to_areas,
        said=_("Area created."),
        submit=_("Create"),
        layout=AreaForm.LAYOUT,
        note=_note(),
    )


@manager_page
def area_page(request: ActorRequest, area_id: UUID) -> HttpResponseBase:
    """The area's name and postcodes."""
    row = selectors.area_detail(actor=request.actor, area_id=area_id)

    initial = {"name": row.name, "postcodes": row.postcodes, "version": row.version}

    def change(given: dict[str, Any]) -> Facts:
        services.area_update(actor=request.actor, area_id=area_id, **given)
        return {"id": str(area_id)}

    return panel(
        request,
        EditAreaForm(request.POST or None, initial=initial),
        change,
        heading=row.name,
        done=_to_areas,
        said=_("Saved."),
        layout=AreaForm.LAYOUT,
        note=_note(),
        template="office/team/thing.html",
        row=row,
        stem="area",
    )


@require_POST
@manager_page
def area_archive(request: ActorRequest, area_id: UUID) -> HttpResponseBase:
    """Put the area away."""
    version = version_of(request)
    return deed(
        request,
        lambda: services.area_archive(actor=request.actor, area_id=area_id, version=version),
        back=reverse("office:areas"),
        said=_("Archived."),
    )


@require_POST
@manager_page
def area_restore(request: ActorRequest, area_id: UUID) -> HttpResponseBase:
    """Take the area out of the archive."""
    version = version_of(request)
    return deed(
        request,
        lambda: services.area_restore(actor=request.actor, area_id=area_id, version=version),
        back=reverse("office:areas"),
        said=_("Restored."),
    )
