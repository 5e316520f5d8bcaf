"""Who has planned visits is not archived; an absence over them is accepted and names them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from callout.accounts.models import User
from callout.accounts.zone import local
from callout.customers import services as customers
from callout.customers.selectors import customer_list
from callout.kernel.errors import Refused
from callout.orders.models import Visit
from callout.workforce import services
from callout.workforce.models import Absence
from tests.harness.signing import sign_in
from tests.orders.conftest import Company, company_made

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(db: None) -> Company:
    return company_made()


def test_a_technician_with_planned_visits_is_not_archived(company: Company) -> None:
    order = company.planned(company.anna)
    assert company.anna.technician_id is not None
    with pytest.raises(Refused, match="1 planned visit") as refused:
        services.technician_archive(actor=company.manager, technician_id=company.anna.technician_id)
    assert refused.value.code == "in_use"
    company.act(company.manager, order, "unplan")
    services.technician_archive(actor=company.manager, technician_id=company.anna.technician_id)


def test_a_vehicle_with_planned_visits_is_not_archived(company: Company) -> None:
    van = services.vehicle_create(actor=company.manager, registration="1-ABC-234")
    order = company.planned(company.anna, vehicle_id=van.pk)
    with pytest.raises(Refused, match="1 planned visit"):
        services.vehicle_archive(actor=company.manager, vehicle_id=van.pk)
    company.act(company.manager, order, "unplan")
    services.vehicle_archive(actor=company.manager, vehicle_id=van.pk)


def test_what_has_open_orders_is_neither_archived_nor_unlinked(company: Company) -> None:
    order = company.order(asset_id=company.asset.pk)
    customer, site, asset = company.customer, company.site, company.asset
    with pytest.raises(Refused, match="1 open order"):
        customers.customer_archive(actor=company.manager, customer_id=customer.pk)
    with pytest.raises(Refused, match="1 open order"):
        customers.asset_archive(actor=company.manager, asset_id=asset.pk)
    link = site.links.get()
    with pytest.raises(Refused, match="1 open order"):
        customers.site_unlink(actor=company.manager, link_id=link.pk)
    company.act(company.manager, order, "cancel", note="Found elsewhere")
    customers.site_unlink(actor=company.manager, link_id=link.pk)
    customers.asset_archive(actor=company.manager, asset_id=asset.pk)
    customers.customer_archive(actor=company.manager, customer_id=customer.pk)


def test_a_technician_reads_the_customer_of_own_work_only(company: Company) -> None:
    company.planned(company.anna)
    assert customer_list(actor=company.anna).items == [company.customer]
    assert customer_list(actor=company.bert).items == []


def test_an_absence_over_planned_visits_is_accepted_and_names_them(
    company: Company, client: Client
) -> None:
    order = company.planned(company.anna, hours=24)
    start = Visit.objects.get().start
    sign_in(client, User.objects.get(name=company.manager.name))
    day = local(start).date()
    given = {"kind": "sickness", "first": day.isoformat(), "last": day.isoformat()}
    address = reverse("office:absence_new", args=[company.anna.technician_id])
    page = client.post(address, given, follow=True).content.decode()
    assert Absence.objects.count() == 1
    assert f"{order.number:06}" in page
    assert "stays where it is" in page
    visit = Visit.objects.get()
    assert (visit.start, visit.is_open) == (start, True)
    assert visit.end - visit.start == timedelta(hours=1)
