"""How a phone comes to the app: the page of Team that says where it is."""

from xml.etree import ElementTree

import pytest
from django.test import Client, override_settings

from tests.office.conftest import Browser
from tests.orders.conftest import Company

PAGE = "/team/phone/"
PICTURE = "/team/phone/address.svg"


def test_the_address_of_the_app_stands_there_in_words_and_for_a_camera(office: Client) -> None:
    with override_settings(URL="https://callout.firm.example"):
        page = office.get(PAGE).content.decode()
        drawn = office.get(PICTURE)
    assert 'href="https://callout.firm.example/technician/"' in page
    assert f'src="{PICTURE}"' in page
    assert drawn["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(drawn.content).tag == "{http://www.w3.org/2000/svg}svg"
    with override_settings(URL="https://callout.other.example"):
        assert office.get(PICTURE).content != drawn.content


@pytest.mark.parametrize(
    ("host", "https", "warned"),
    [
        ("localhost", False, "on this machine alone"),
        ("callout.firm.example", False, "begins with https"),
        ("callout.firm.example", True, ""),
    ],
)
def test_an_address_that_serves_no_phone_says_so(
    office: Client, host: str, https: bool, warned: str
) -> None:
    with override_settings(ALLOWED_HOSTS=[host, "testserver", "localhost"], HTTPS=https):
        page = office.get(PAGE).content.decode()
    assert ("co-notice" in page) is bool(warned)
    assert warned in page


def test_the_page_is_the_offices(company: Company, browser: Browser) -> None:
    assert browser(company.manager).get(PAGE).status_code == 200
    assert browser(company.anna).get(PAGE).status_code == 403


def test_the_first_steps_and_a_technician_without_a_phone_lead_there(
    company: Company, office: Client
) -> None:
    assert f'href="{PAGE}"' in office.get("/home/").content.decode()
    technician = company.anna.technician_id
    assert f'href="{PAGE}"' in office.get(f"/team/{technician}/").content.decode()
