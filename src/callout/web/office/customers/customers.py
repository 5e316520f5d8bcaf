from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from callout.customers import selectors, services
from callout.customers.fields import home_country
from callout.customers.models import Contact, Customer, CustomerKind
from callout.customers.vat import vat_shown
from callout.kernel.checks import phone_shown
from callout.web.access import ActorRequest, manager_page
from callout.web.ground import ground_page
from callout.web.office.customers.around import beside, tree_of
from callout.web.office.customers.directory import narrowed, shared
from callout.web.office.customers.forms import (
    ROLES,
    ContactForm,
    CustomerForm,
    EditContactForm,
    EditCustomerForm,
    NewCustomerForm,
    shown,
)
from callout.web.office.plain import (
    Line,
    Listing,
    deed,
    lines_of,
    list_page,
    panel,
    version_of,
    versioned_deed,
)
from callout.web.office.postal import postal
from callout.web.once import Facts


@manager_page
def customers_page(request: ActorRequest) -> HttpResponseBase:
    """All customers, by name."""
    page = selectors.customer_list(actor=request.actor, **narrowed(request))
    listing = Listing(
        title=_("Customers"),
        **shared(request, "customers"),
        live="customer site",
        heads=[_("Customer"), _("Town"), _("Phone"), _("Email"), _("Sites")],
        new_url=reverse("office:customer_new"),
        new_label=_("New customer"),
        empty=_("No customers yet"),
        empty_text=_("Create the first one, or bring them all in from a table."),
        placeholder=_("Name, town, VAT number, phone, email"),
        **lines_of(page, _line),
    )
    return list_page(request, listing)


def _line(row: Any) -> Line:
    count = ngettext("%(count)d site", "%(count)d sites", row.site_count)
    return Line(
        url=reverse("office:customer", args=[row.pk]),
        title=row.name,
        small=_("Person") if row.kind == CustomerKind.PERSON else "",
        cells=[
            f"{row.postcode} {row.town}".strip(),
            phone_shown(row.phone, home_country()),
            row.email,
            count % {"count": row.site_count},
        ],
    )


@ground_page
def customer_page(request: ActorRequest, customer_id: UUID) -> HttpResponseBase:
    """One customer with contacts, sites and assets."""
    detail = selectors.customer_detail(actor=request.actor, customer_id=customer_id)
    context = {
        "nav": "customers",
        "live": f"customer:{customer_id} contact site asset",
        "detail": detail,
        "customer": detail.customer,
        "phone": phone_shown(detail.customer.phone, home_country()),
        "facts": _facts(detail.customer),
        "tree": tree_of(detail, dict(ROLES)),
        "duplicates": _twins(request, detail.customer),
        **beside(request, "customer", customer_id),
        "contacts": [
            (one, phone_shown(one.mobile or one.phone, home_country())) for one in detail.contacts
        ],
    }
    return render(request, "office/customers/customer.html", context)


def _twins(request: ActorRequest, row: Customer) -> list[selectors.Duplicate]:
    """What may be the same customer; an archived one is out of the question."""
    if row.archived_at is not None:
        return []
    return selectors.duplicates_of(actor=request.actor, customer=row)


def _facts(row: Customer) -> list[dict[str, str]]:
    payer = row.bill_to
    facts = [
        (_("VAT number"), vat_shown(row.vat_number)),
        (_("Address"), postal(row)),
        (_("Language"), str(dict(settings.LANGUAGES).get(row.language, ""))),
    ]
    shown_facts = [{"label": label, "value": value} for label, value in facts]
    if payer is not None:
        url = reverse("office:customer", args=[payer.pk])
        shown_facts.append({"label": _("Bill to"), "value": payer.name, "url": url})
    return shown_facts


@manager_page
def customer_new(request: ActorRequest) -> HttpResponseBase:
    """A new customer, with its first site if work is done at its address."""
    form = NewCustomerForm(request.POST or None, actor=request.actor)

    def create(given: dict[str, Any]) -> Facts:
        if given.pop("with_site"):
            customer, _site = services.customer_create_with_site(actor=request.actor, **given)
        else:
            customer = services.customer_create(actor=request.actor, **given)
        return {"id": str(customer.pk)}

    return panel(
        request,
        form,
        create,
        heading=_("New customer"),
        done=_page_of,
        said=_("Customer created."),
        submit=_("Create"),
        layout=NewCustomerForm.LAYOUT,
        known_url=reverse("office:customer_known"),
    )


def _page_of(facts: Facts) -> str:
    return reverse("office:customer", args=[facts["id"]])


@manager_page
def customer_edit(request: ActorRequest, customer_id: UUID) -> HttpResponseBase:
    """The customer's own fields."""
    detail = selectors.customer_detail(actor=request.actor, customer_id=customer_id)
    form = EditCustomerForm(
        request.POST or None, initial=shown(detail.customer, EditCustomerForm), actor=request.actor
    )

    def change(given: dict[str, Any]) -> Facts:
        services.customer_update(actor=request.actor, customer_id=customer_id, **given)
        return {"id": str(customer_id)}

    return panel(
        request,
        form,
        change,
        heading=detail.customer.name,
        done=_page_of,
        said=_("Saved."),
        layout=CustomerForm.LAYOUT,
        live=f"customer:{customer_id}",
        live_url=reverse("office:customer", args=[customer_id]),
        known_url=f"{reverse('office:customer_known')}?besides={customer_id}",
    )


@require_POST
@manager_page
def customer_archive(request: ActorRequest, customer_id: UUID) -> HttpResponseBase:
    """Put the customer away."""
    return versioned_deed(
        request,
        services.customer_archive,
        customer_id=customer_id,
        back=reverse("office:customer", args=[customer_id]),
        said=_("Archived."),
    )


@require_POST
@manager_page
def customer_restore(request: ActorRequest, customer_id: UUID) -> HttpResponseBase:
    """Take the customer out of the archive."""
    return versioned_deed(
        request,
        services.customer_restore,
        customer_id=customer_id,
        back=reverse("office:customer", args=[customer_id]),
        said=_("Restored."),
    )


# --- contacts --------------------------------------------------------------------------------


@manager_page
def contact_new(request: ActorRequest, customer_id: UUID) -> HttpResponseBase:
    """A new person to talk to."""
    detail = selectors.customer_detail(actor=request.actor, customer_id=customer_id)
    form = ContactForm(request.POST or None, sites=sites_of(detail))

    def create(given: dict[str, Any]) -> Facts:
        services.contact_create(actor=request.actor, customer_id=customer_id, **given)
        return {"id": str(customer_id)}

    return panel(
        request,
        form,
        create,
        heading=_("New contact at %(customer)s") % {"customer": detail.customer.name},
        done=_page_of,
        said=_("Contact created."),
        submit=_("Create"),
        layout=ContactForm.LAYOUT,
    )


def sites_of(detail: selectors.CustomerDetail) -> list[tuple[str, str]]:
    """The customer's sites as the choices of a field."""
    return list({str(link.site_id): link.site.name for link in detail.links}.items())


@manager_page
def contact_edit(request: ActorRequest, contact_id: UUID) -> HttpResponseBase:
    """The contact's fields."""
    contact = selectors.contact_detail(actor=request.actor, contact_id=contact_id)
    detail = selectors.customer_detail(actor=request.actor, customer_id=contact.customer_id)
    form = EditContactForm(
        request.POST or None, initial=shown(contact, EditContactForm), sites=sites_of(detail)
    )

    def change(given: dict[str, Any]) -> Facts:
        services.contact_update(actor=request.actor, contact_id=contact_id, **given)
        return {"id": str(contact.customer_id)}

    return panel(
        request,
        form,
        change,
        heading=contact.name,
        done=_page_of,
        said=_("Saved."),
        layout=ContactForm.LAYOUT,
        live=f"contact:{contact_id}",
    )


def _contact_back(request: ActorRequest, contact_id: UUID) -> tuple[Contact, str]:
    contact = selectors.contact_detail(actor=request.actor, contact_id=contact_id)
    return contact, reverse("office:customer", args=[contact.customer_id])


@require_POST
@manager_page
def contact_archive(request: ActorRequest, contact_id: UUID) -> HttpResponseBase:
    """Put the contact away."""
    version = version_of(request)
    contact, back = _contact_back(request, contact_id)
    return deed(
        request,
        lambda: services.contact_archive(
            actor=request.actor, contact_id=contact.pk, version=version
        ),
        back=back,
        said=_("Archived."),
    )


@require_POST
@manager_page
def contact_restore(request: ActorRequest, contact_id: UUID) -> HttpResponseBase:
    """Take the contact out of the archive."""
    version = version_of(request)
    contact, back = _contact_back(request, contact_id)
    return deed(
        request,
        lambda: services.contact_restore(
            actor=request.actor, contact_id=contact.pk, version=version
        ),
        back=back,
        said=_("Restored."),
    )
