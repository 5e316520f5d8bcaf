"""A new name is found in the orders of yesterday."""

from callout.customers.services import customer_update
from callout.kernel import follow
from callout.orders import followers
from callout.orders.models import ServiceOrder
from tests.orders.conftest import Company, company_made


def renamed(company: Company) -> None:
    customer_update(
        actor=company.manager,
        customer_id=company.customer.pk,
        version=company.customer.version,
        name="Pâtisserie Colson",
    )


def test_a_renamed_customer_is_found_by_the_new_name(transactional_db: None) -> None:
    company = company_made()
    order = company.order()
    one = next(one for one in follow.followers_found() if one.name == "orders.search")
    follow.advance(one)  # begins here
    renamed(company)
    follow.advance(one)
    row = ServiceOrder.objects.get(pk=order.pk)
    assert "patisserie colson" in row.search
    assert row.version == order.version


def test_what_is_no_renaming_refreshes_nothing(company: Company) -> None:
    order = company.order()
    ServiceOrder.objects.filter(pk=order.pk).update(search="as it was")
    followers.search_refresh([])
    assert ServiceOrder.objects.get(pk=order.pk).search == "as it was"
