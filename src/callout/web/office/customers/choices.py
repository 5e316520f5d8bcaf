"""What the search-as-you-type boxes ask for."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.customers import selectors
from callout.kernel.errors import Invalid
from callout.web.access import ActorRequest, manager_page
from callout.web.office.plain import options


def query(request: HttpRequest) -> str:
    """What was typed."""
    return request.GET.get("q", "")


def id_given(request: HttpRequest, name: str) -> UUID | None:
    """An id in the address, or None. Invalid when it is none."""
    given = request.GET.get(name, "")
    try:
        return UUID(given) if given else None
    except ValueError:
        raise Invalid({name: [_("Choose one of the list.")]}) from None


@manager_page
def customer_options(request: ActorRequest) -> HttpResponseBase:
    """Customers by name, town, VAT number, phone, email."""
    return options(selectors.customer_search(actor=request.actor, q=query(request)))


@manager_page
def contact_options(request: ActorRequest) -> HttpResponseBase:
    """Contacts of one customer."""
    customer_id = id_given(request, "customer_id")
    found = selectors.contact_search(actor=request.actor, customer_id=customer_id, q=query(request))
    return options(found)


@manager_page
def location_options(request: ActorRequest) -> HttpResponseBase:
    """Sites and assets of one customer, then sites of others."""
    customer_id = id_given(request, "customer_id")
    found = selectors.location_search(
        actor=request.actor, customer_id=customer_id, q=query(request)
    )
    return options(found, prefix=True)


@manager_page
def site_options(request: ActorRequest) -> HttpResponseBase:
    """All sites."""
    return options(selectors.site_search(actor=request.actor, q=query(request)))


@manager_page
def asset_options(request: ActorRequest) -> HttpResponseBase:
    """All assets."""
    return options(selectors.asset_search(actor=request.actor, q=query(request)))


@require_POST
@manager_page
def customer_known(request: ActorRequest) -> HttpResponseBase:
    """Whether what is being typed is a customer already, and why it seems so. Changes nothing;
    sent by POST since names and phones do not belong into an address, nor into a log of them."""
    asked = request.POST
    given = {
        name: (asked.get(name) or asked.get(f"box-{name}", ""))[:300]
        for name in ("phone", "vat_number", "email", "name", "postcode", "country")
    }
    duplicates = selectors.customer_duplicates(
        actor=request.actor, besides=id_given(request, "besides"), **given
    )
    field = request.GET.get("field", "")[:60]
    context = {"duplicates": duplicates, "field": field}
    return render(request, "office/customers/known.html", context)
