"""Help where one stands: an empty screen says what to do next, and a field what it means."""

import pytest
from django.test import Client
from django.urls import reverse

from callout.accounts.models import User
from tests.orders.conftest import Company

LISTS = ("team", "teams", "vehicles", "skills", "customers", "sites", "assets", "areas")


@pytest.fixture
def first(db: None) -> Client:
    """The first manager of a company in which there is nothing yet."""
    user = User.objects.create(email="first@example.com", name="First", is_manager=True)
    client = Client(headers={"Origin": "http://testserver"})
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_what_it_is_for_and_how_to_begin(first: Client, name: str) -> None:
    page = first.get(reverse(f"office:{name}")).content.decode()
    empty = page[page.index("co-empty") :]
    assert "Create the first one" in empty
    listing = first.get(reverse(f"office:{name}")).context["listing"]
    assert listing.empty_text in empty.replace("&#x27;", "'")
    assert f'href="{listing.new_url}"' in empty


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_archive_says_so(first: Client, name: str) -> None:
    page = first.get(reverse(f"office:{name}"), {"archived": "1"}).content.decode()
    assert "Nothing is archived" in page
    assert "Create the first one" not in page


@pytest.mark.wide
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/orders/", "Take an order"),
        ("/team/week/", "No technicians yet"),
        ("/planning/drafts/", "No drafts yet"),
        ("/planning/tomorrow/", "Nothing will fail tomorrow"),
        ("/desk/", "All is well"),
        ("/map/table/", "No visits that day"),
        ("/home/", "First steps"),
        ("/settings/tokens/", "No tokens"),
    ],
)
def test_every_other_screen_of_a_new_company_says_what_comes_there(
    first: Client, path: str, words: str
) -> None:
    assert words in first.get(path).content.decode()


def test_a_field_says_what_it_means_where_its_word_does_not(
    company: Company, office: Client
) -> None:
    order = company.order()
    anna = company.anna.technician_id
    hints = {
        f"/orders/{order.pk}/edit/": ("A wish is no promise", "Whether it is invoiced"),
        f"/orders/{order.pk}/act/plan/": ("Moving the visit never changes it",),
        f"/team/{anna}/hours/": ("A later week takes over",),
        f"/team/{anna}/edit/": ("Where the day begins and ends",),
        "/settings/priorities/high/": ("until somebody should be there",),
    }
    for path, words in hints.items():
        page = office.get(path).content.decode()
        for one in words:
            assert one in page, path
