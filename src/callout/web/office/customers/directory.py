"""What the lists of the directory share: the area they are narrowed to, the file they make."""

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from callout.customers import selectors
from callout.customers.export import things_export, things_table
from callout.customers.fields import home_country
from callout.customers.twins import customers_twice
from callout.customers.vat import vat_shown
from callout.kernel.checks import phone_shown
from callout.web.access import ActorRequest, manager_page
from callout.web.office.customers.import_shown import titles
from callout.web.office.customers.tabs import tabs
from callout.web.office.plain import (
    Choosing,
    Line,
    Listing,
    chosen_id,
    lines_of,
    list_page,
    wanted,
)
from callout.web.office.tables import table_answer


def narrowed(request: ActorRequest) -> dict[str, Any]:
    """What a list of the directory asks its selector for."""
    return {**wanted(request), "area_id": chosen_id(request, "area")}


def shared(request: ActorRequest, kind: str) -> dict[str, Any]:
    """What every list of the directory has."""
    areas = selectors.area_list(actor=request.actor).items
    area = Choosing(
        name="area",
        label=_("Area"),
        every=_("All areas"),
        options=[(str(one.pk), one.name) for one in areas],
        chosen=chosen_id(request, "area"),
    )
    return {
        "nav": "customers",
        "tabs": tabs(),
        "own_tab": f"office:{kind}",
        "choices": [area] if areas else [],
        "import_url": f"{reverse('office:import_new')}?kind={kind}",
        "export_url": reverse("office:things_export", args=[kind]),
    }


@require_POST
@manager_page
def directory_export(request: ActorRequest, kind: str) -> HttpResponseBase:
    """What the list of this kind finds, as a CSV that an import takes."""
    asked = narrowed(request)
    del asked["cursor"]
    table = things_table(actor=request.actor, kind=kind, **asked)
    return table_answer(
        request,
        table,
        titles()[kind],
        lambda: things_export(actor=request.actor, kind=kind, **asked),
    )


@require_GET
@manager_page
def twins_page(request: ActorRequest) -> HttpResponseBase:
    """Customers that are perhaps there twice."""
    asked = wanted(request)
    del asked["archived"]
    page = customers_twice(actor=request.actor, **asked)
    listing = Listing(
        title=_("Perhaps twice"),
        nav="customers",
        tabs=tabs(),
        own_tab="office:twins",
        live="customer",
        archives=False,
        heads=[_("Customer"), _("Why"), _("Town"), _("Phone"), _("VAT number")],
        new_url=reverse("office:customer_new"),
        new_label=_("New customer"),
        empty=_("No customer seems to be there twice."),
        begins=False,
        empty_text=_("Those with the same VAT number, phone, email, or name and postcode."),
        placeholder=_("Name, town, VAT number, phone, email"),
        **lines_of(page, _line),
    )
    return list_page(request, listing)


def _line(row: Any) -> Line:
    return Line(
        url=reverse("office:customer", args=[row.pk]),
        title=row.name,
        cells=[
            row.why,
            f"{row.postcode} {row.town}".strip(),
            phone_shown(row.phone, home_country()),
            vat_shown(row.vat_number),
        ],
    )
