"""The list of doubtful positions, and the position of an address while it is typed."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callout.customers.models import Site
from callout.kernel.models import JournalEntry
from callout.workforce.models import Technician
from tests.office.conftest import Browser
from tests.orders.conftest import Company
from tests.travel import conftest as travel
from tests.travel.conftest import Fake

pytestmark = pytest.mark.django_db
fake, photon = travel.fake, travel.photon  # fixtures

HX = {"HX-Request": "true"}
LIST = reverse("office:positions")
FIND = reverse("office:position_find")
ADDRESS = {"street": "Chaussée de Louvain 41", "postcode": "1300", "town": "Wavre", "country": "BE"}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_what_is_not_on_the_map_is_listed_with_the_form_that_mends_it(
    office: Client, company: Company
) -> None:
    page = text(office.get(LIST))
    anna = reverse("office:technician_edit", args=[company.anna.technician_id])
    bakery = reverse("office:site_edit", args=[company.site.pk])
    for address in (anna, bakery):
        assert f'href="{address}?to=positions" hx-get=' in page
    assert page.count("No position") == 3  # two technicians and the site
    given = {"name": "Bakery", "latitude": "50,7172", "longitude": "4.6075", "version": "1"}
    assert office.post(f"{bakery}?to=positions", given)["Location"] == LIST
    assert office.post(bakery, given | {"version": "2"})["Location"] != LIST
    Technician.objects.update(latitude=50.7, longitude=4.6)
    page = text(office.get(LIST))
    assert "Every site and every technician is on the map" in page


def test_a_search_narrows_the_list(office: Client, company: Company) -> None:
    assert "Bakery" in text(office.get(LIST, {"q": "bake"}))
    assert "Nothing found" in text(office.get(LIST, {"q": "Anna"}))


def test_the_list_costs_as_much_for_many(office: Client, company: Company) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            office.get(LIST)
        return len(queries)

    office.get(LIST)
    few = cost()
    Site.objects.bulk_create(Site(name=f"S{n}", name_sort=f"s{n}", search="") for n in range(20))
    Technician.objects.bulk_create(
        Technician(name=f"T{n}", name_sort=f"t{n}", initials="T", search="") for n in range(20)
    )
    assert cost() == few <= 9


def test_an_address_is_looked_up_while_it_is_typed_and_nothing_is_changed(
    office: Client, photon: Fake
) -> None:
    before = JournalEntry.objects.count()
    page = text(office.post(FIND, ADDRESS, headers=HX))
    assert 'data-latitude="50.717200" data-longitude="4.607500"' in page
    assert "Chaussée de Louvain 41, 1300 Wavre, Belgique" in page
    assert "q=Chauss%C3%A9e+de+Louvain+41%2C+1300+Wavre%2C+BE&" in photon.asked[0]
    assert JournalEntry.objects.count() == before


def test_what_goes_wrong_is_said_beside_the_form(office: Client, photon: Fake) -> None:
    assert "Type the street and the town first" in text(office.post(FIND, {"country": "BE"}))
    photon.answer = lambda service: service.json({"features": []})
    assert "Nothing was found for “Chaussée" in text(office.post(FIND, ADDRESS))
    photon.answer = lambda service: service.say(b"<html>")
    answer = office.post(FIND, ADDRESS | {"street": "Other 1"})
    assert answer.status_code == 200
    assert "Type it, or set the pin on the map" in text(answer)


def test_a_hostile_geocoder_writes_text_into_the_page(office: Client, photon: Fake) -> None:
    bad = {"geometry": {"coordinates": [4, 50]}, "properties": {"name": '"><script>x()</script>'}}
    photon.answer = lambda service: service.json({"features": [bad]})
    page = text(office.post(FIND, ADDRESS))
    assert "&quot;&gt;&lt;script&gt;" in page
    assert "<script>" not in page


@pytest.mark.parametrize("form", ["site_edit", "technician_edit"])
def test_the_form_of_a_position_has_a_pin_and_with_a_geocoder_a_button(
    form: str, office: Client, company: Company, settings: Any
) -> None:
    thing = company.site.pk if form == "site_edit" else company.anna.technician_id
    page = reverse(f"office:{form}", args=[thing])
    shown = text(office.get(page, headers=HX))
    assert "data-co-pin" in shown
    assert FIND not in shown
    settings.GEOCODER_URL = "https://photon.example"
    assert f'hx-post="{FIND}"' in text(office.get(page, headers=HX))


def test_a_form_without_a_position_has_none(office: Client) -> None:
    assert "data-co-pin" not in text(office.get(reverse("office:area_new"), headers=HX))


def test_a_page_with_a_pin_may_ask_for_the_operators_map_and_others_may_not(
    office: Client, company: Company, settings: Any
) -> None:
    settings.MAP_STYLE = "https://maps.example/style.json"
    settings.MAP_ORIGIN = "https://maps.example"
    edit = reverse("office:site_edit", args=[company.site.pk])
    for page in (LIST, edit, reverse("office:sites"), reverse("office:team")):
        assert "https://maps.example" in office.get(page)["Content-Security-Policy"]
    assert 'data-style="https://maps.example/style.json"' in text(office.get(edit))
    plain = office.get(reverse("office:areas"))
    assert "maps.example" not in plain["Content-Security-Policy"]


def test_only_a_manager_asks(browser: Browser, company: Company, photon: Fake) -> None:
    anna = browser(company.anna)
    assert anna.get(LIST).status_code == 403
    assert anna.post(FIND, ADDRESS).status_code == 403
    assert Client().post(FIND, ADDRESS, headers={"Origin": "http://testserver"}).status_code == 302
    assert photon.asked == []
