from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.customers import selectors, services
from callout.customers.models import Site
from callout.kernel import hours
from callout.web.access import ActorRequest, manager_page
from callout.web.ground import ground_page
from callout.web.office.customers.around import beside
from callout.web.office.customers.directory import narrowed, shared
from callout.web.office.customers.forms import (
    ROLES,
    CodeForm,
    EditSiteForm,
    LinkForm,
    NewSiteForm,
    SiteForm,
    shown,
)
from callout.web.office.plain import (
    Line,
    Listing,
    deed,
    lines_of,
    list_page,
    panel,
    versioned_deed,
)
from callout.web.office.postal import postal
from callout.web.once import Facts


@ground_page
def sites_page(request: ActorRequest) -> HttpResponseBase:
    """All sites, by name."""
    page = selectors.site_list(actor=request.actor, **narrowed(request))
    listing = Listing(
        title=_("Sites"),
        **shared(request, "sites"),
        live="site customer",
        heads=[_("Site"), _("Street"), _("Town"), _("Customers"), _("Inside")],
        new_url=reverse("office:site_new"),
        new_label=_("New site"),
        empty=_("No sites yet"),
        empty_text=_("They come with the customers, or from a table."),
        placeholder=_("Name, street, postcode, town"),
        **lines_of(page, _line),
    )
    return list_page(request, listing)


def _line(row: Site) -> Line:
    names = dict.fromkeys(link.customer.name for link in row.links.all())
    return Line(
        url=reverse("office:site", args=[row.pk]),
        title=row.name,
        cells=[
            row.street,
            f"{row.postcode} {row.town}".strip(),
            ", ".join(names),
            row.parent.name if row.parent else "",
        ],
    )


@ground_page
def site_page(request: ActorRequest, site_id: UUID) -> HttpResponseBase:
    """One site: who is what to it, how to get in, what stands there."""
    detail = selectors.site_detail(actor=request.actor, site_id=site_id)
    roles = dict(ROLES)
    context = {
        "nav": "customers",
        "live": f"site:{site_id} contact asset customer",
        "detail": detail,
        "site": detail.site,
        "facts": _facts(detail),
        "links": [(link, roles.get(link.role, link.role)) for link in detail.links],
        "opening": _opening(detail.site),
        "position": _position(detail.site),
        "map_style": settings.MAP_STYLE,
        **beside(request, "site", site_id),
    }
    return render(request, "office/customers/site.html", context)


def _facts(detail: selectors.SiteDetail) -> list[dict[str, str]]:
    row = detail.site
    facts = [
        (_("Address"), postal(row)),
        (_("Access"), row.access_notes),
        (_("Parking"), row.parking_notes),
        (_("Keys"), row.key_notes),
        (_("Access code"), _("is kept, encrypted") if detail.has_code else _("none")),
    ]
    return [{"label": label, "value": value} for label, value in facts]


def _position(row: Site) -> tuple[str, str] | None:
    """Where it is, as figures of the Latin alphabet whatever the reader's language."""
    if row.latitude is None or row.longitude is None:
        return None
    return f"{row.latitude:.6f}", f"{row.longitude:.6f}"


def _opening(row: Site) -> list[tuple[str, str]]:
    week = row.opening_hours or []
    return [(hours.day_name(n), hours.day_shown(day) or _("closed")) for n, day in enumerate(week)]


def _page_of(facts: Facts) -> str:
    return reverse("office:site", args=[facts["id"]])


@ground_page
def site_new(request: ActorRequest) -> HttpResponseBase:
    """A new site, linked to its customer at once."""
    initial = {"customer_id": request.GET.get("customer", "")}
    form = NewSiteForm(request.POST or None, initial=initial, actor=request.actor)

    def create(given: dict[str, Any]) -> Facts:
        customer_id, role = given.pop("customer_id"), given.pop("role")
        site = services.site_create_linked(
            actor=request.actor, customer_id=customer_id or None, role=role, **given
        )
        return {"id": str(site.pk)}

    return panel(
        request,
        form,
        create,
        heading=_("New site"),
        done=_page_of,
        said=_("Site created."),
        submit=_("Create"),
        layout=NewSiteForm.LAYOUT,
    )


@ground_page
def site_edit(request: ActorRequest, site_id: UUID) -> HttpResponseBase:
    """The site's own fields."""
    site = selectors.site_detail(actor=request.actor, site_id=site_id).site
    form = EditSiteForm(
        request.POST or None, initial=shown(site, EditSiteForm), actor=request.actor
    )

    def change(given: dict[str, Any]) -> Facts:
        services.site_update(actor=request.actor, site_id=site_id, **given)
        return {"id": str(site_id)}

    return panel(
        request,
        form,
        change,
        heading=site.name,
        done=_page_of,
        said=_("Saved."),
        layout=SiteForm.LAYOUT,
        live=f"site:{site_id}",
        live_url=reverse("office:site", args=[site_id]),
    )


@manager_page
def site_code(request: ActorRequest, site_id: UUID) -> HttpResponseBase:
    """Keep, replace or take away the access code. It is never shown here."""
    site = selectors.site_detail(actor=request.actor, site_id=site_id).site
    form = CodeForm(request.POST or None, initial={"version": site.version})

    def change(given: dict[str, Any]) -> Facts:
        services.site_code_set(actor=request.actor, site_id=site_id, **given)
        return {"id": str(site_id)}

    return panel(
        request,
        form,
        change,
        heading=_("Access code of %(site)s") % {"site": site.name},
        done=_page_of,
        said=_("Saved."),
        layout=CodeForm.LAYOUT,
        note=_(
            "Technicians read it on the order, from the day before their visit until it closes. "
            "Each look is recorded."
        ),
    )


@manager_page
def site_link(request: ActorRequest, site_id: UUID) -> HttpResponseBase:
    """Another customer of the site, or another role."""
    site = selectors.site_detail(actor=request.actor, site_id=site_id).site
    form = LinkForm(request.POST or None, actor=request.actor)

    def create(given: dict[str, Any]) -> Facts:
        services.site_link(actor=request.actor, site_id=site_id, **given)
        return {"id": str(site_id)}

    return panel(
        request,
        form,
        create,
        heading=_("Link %(site)s to a customer") % {"site": site.name},
        done=_page_of,
        said=_("Linked."),
        submit=_("Link"),
        layout=LinkForm.LAYOUT,
    )


@require_POST
@manager_page
def site_unlink(request: ActorRequest, site_id: UUID, link_id: UUID) -> HttpResponseBase:
    """Take a link away."""
    return deed(
        request,
        lambda: services.site_unlink(actor=request.actor, link_id=link_id),
        back=reverse("office:site", args=[site_id]),
        said=_("Unlinked."),
    )


@require_POST
@manager_page
def site_archive(request: ActorRequest, site_id: UUID) -> HttpResponseBase:
    """Put the site away."""
    return versioned_deed(
        request,
        services.site_archive,
        site_id=site_id,
        back=reverse("office:site", args=[site_id]),
        said=_("Archived."),
    )


@require_POST
@manager_page
def site_restore(request: ActorRequest, site_id: UUID) -> HttpResponseBase:
    """Take the site out of the archive."""
    return versioned_deed(
        request,
        services.site_restore,
        site_id=site_id,
        back=reverse("office:site", args=[site_id]),
        said=_("Restored."),
    )
