"""Create on the spot: boxes inside another form (the new order), which they never touch.

A box has no form element of its own, since it lies in one. It posts itself; done, it answers with
nothing in its place and the event `co:chosen`, by which the page fills its field.
"""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.customers import selectors, services
from callout.kernel.checks import checked, id_required
from callout.web.access import ActorRequest, manager_page
from callout.web.office.account.base import sent
from callout.web.office.account.forms import OfficeForm
from callout.web.office.customers.box_forms import AssetBox, ContactBox, CustomerBox, SiteBox
from callout.web.office.customers.customers import sites_of
from callout.web.office.customers.forms import customer_name, site_name
from callout.web.once import Facts, once


@manager_page
def customer_box(request: ActorRequest) -> HttpResponseBase:
    """A new customer, with its first site if work is done at its address."""
    form = CustomerBox(request.POST or None, initial={"name": _typed(request)})

    def create(given: dict[str, Any]) -> Facts:
        if given.pop("with_site"):
            customer, site = services.customer_create_with_site(actor=request.actor, **given)
            return _facts(customer.pk, customer.name, site=[f"site:{site.pk}", site.name])
        customer = services.customer_create(actor=request.actor, **given)
        return _facts(customer.pk, customer.name)

    return _box(request, form, create, _("New customer"), "customer_id")


@manager_page
def contact_box(request: ActorRequest) -> HttpResponseBase:
    """A new contact of the customer chosen."""
    customer_id = _id(request, "customer_id")
    detail = selectors.customer_detail(actor=request.actor, customer_id=customer_id)
    form = ContactBox(
        request.POST or None, sites=sites_of(detail), initial={"name": _typed(request)}
    )

    def create(given: dict[str, Any]) -> Facts:
        contact = services.contact_create(actor=request.actor, customer_id=customer_id, **given)
        return _facts(contact.pk, contact.name)

    heading = _("New contact at %(customer)s") % {"customer": detail.customer.name}
    return _box(request, form, create, heading, "contact_id")


@manager_page
def site_box(request: ActorRequest) -> HttpResponseBase:
    """A new site of the customer chosen."""
    customer_id = _id(request, "customer_id")
    name = customer_name(request.actor, customer_id)
    form = SiteBox(request.POST or None, initial={"street": _typed(request)})

    def create(given: dict[str, Any]) -> Facts:
        site = services.site_create_linked(actor=request.actor, customer_id=customer_id, **given)
        return _facts(f"site:{site.pk}", site.name)

    heading = _("New site of %(customer)s") % {"customer": name}
    return _box(request, form, create, heading, "location")


@manager_page
def asset_box(request: ActorRequest) -> HttpResponseBase:
    """A new asset at one of the customer's sites."""
    customer_id = _id(request, "customer_id")
    detail = selectors.customer_detail(actor=request.actor, customer_id=customer_id)
    initial = {"reference": _typed(request), "site_id": request.GET.get("site_id", "")}
    form = AssetBox(request.POST or None, sites=sites_of(detail), initial=initial)

    def create(given: dict[str, Any]) -> Facts:
        asset = services.asset_create(actor=request.actor, **given)
        return _facts(f"asset:{asset.pk}", f"{asset} · {asset.site.name}")

    heading = _("New asset of %(customer)s") % {"customer": detail.customer.name}
    return _box(request, form, create, heading, "location")


@require_POST
@manager_page
def customer_use(request: ActorRequest) -> HttpResponseBase:
    """Take the customer that is there already, instead of a second one."""
    customer_id = checked("id", id_required, request.POST.get("id"))
    facts = _facts(customer_id, customer_name(request.actor, customer_id))
    return _chosen(request.POST.get("field", "customer_id")[:60], facts)


@require_POST
@manager_page
def site_link_quick(request: ActorRequest) -> HttpResponseBase:
    """The one tick that makes a chosen site the customer's."""
    site_id = request.POST.get("site_id", "").removeprefix("site:")
    services.site_link(
        actor=request.actor, site_id=site_id, customer_id=request.POST.get("customer_id", "")
    )
    site = checked("site_id", id_required, site_id)
    return _chosen("location", _facts(f"site:{site}", site_name(request.actor, site)))


def _box(
    request: ActorRequest,
    form: OfficeForm,
    create: Callable[[dict[str, Any]], Facts],
    heading: str,
    field: str,
) -> HttpResponseBase:
    facts: Facts = {}

    def work(given: dict[str, Any]) -> None:
        facts.update(once(request, request.actor, lambda: create(dict(given))))

    name = request.GET.get("field", field)[:60]
    if sent(request, form, work):
        return _chosen(name, facts)
    context = {
        "form": form,
        "heading": heading,
        "field": name,
        "is_customer": isinstance(form, CustomerBox),
        "known_url": f"{reverse('office:customer_known')}",
        "rows": [[form[one] for one in names] for names in form.LAYOUT],  # type: ignore[attr-defined]
    }
    status = 422 if form.errors else 200
    return render(request, "office/customers/box.html", context, status=status)


def _facts(value: object, name: str, **more: Any) -> Facts:
    return {"value": str(value), "name": name, **more}


def _chosen(field: str, facts: Facts) -> HttpResponse:
    """Nothing in the box's place, and the event by which the page fills its field(s)."""
    said = [{"field": field, "value": facts["value"], "name": facts["name"]}]
    if "site" in facts:
        value, name = facts["site"]
        said.append({"field": "location", "value": value, "name": name})
    event = {"co:chosen": {**said[0], "also": said[1:]}}
    return HttpResponse(headers={"HX-Trigger": json.dumps(event)})


def _id(request: HttpRequest, name: str) -> UUID:
    return checked(name, id_required, request.GET.get(name))


def _typed(request: HttpRequest) -> str:
    return request.GET.get("q", "")[:160]
