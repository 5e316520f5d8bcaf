"""The doors of the technician's app: every one x who is not the phone that it is for.

The list is tests/security/pages.py; a door of the URL map that is not in it fails in
tests/matrix/test_routes.py.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from callout.accounts.models import User
from callout.kernel.models import JournalEntry
from tests.fieldwork.conftest import HEADERS, Phone, company, phone_of
from tests.fieldwork.test_devices import REASONS
from tests.orders.conftest import Company
from tests.security.pages import MISSING, PHONE, pages_there

__all__ = ["company"]

HANDS_OVER = {how.__name__ for how, code in REASONS.items() if code == "deactivated"}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH")


def address(name: str) -> str:
    given: dict[str, Any] = {
        "visit_id": MISSING, "attachment_id": MISSING, "sha256": "0" * 64, "part": 0,
    }  # fmt: skip
    return reverse(
        name, kwargs={one: given[one] for one in pages_there()[name].parameters & given.keys()}
    )


def anonymous(company: Company) -> Client:
    return Client()


def manager_s_session(company: Company) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=str(company.manager.user_id)))
    return client


def technician_s_session(company: Company) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=str(company.anna.user_id)))
    return client


def forged_secret(company: Company) -> Client:
    client = phone_of(company.anna).client
    for morsel in client.cookies.values():
        morsel.set(morsel.key, "A" * 43, "A" * 43)
    return client


def ended(how: Callable[[Phone, Company], None]) -> Callable[[Company], Client]:
    def made(company: Company) -> Client:
        phone = phone_of(company.anna)
        how(phone, company)
        return phone.client

    made.__name__ = how.__name__
    return made


WHO = [anonymous, manager_s_session, technician_s_session, forged_secret, *map(ended, REASONS)]


@pytest.mark.wide
@pytest.mark.parametrize("who", WHO, ids=lambda who: who.__name__)
def test_who_is_not_a_phone_gets_nothing_from_any_door(company: Company, who: Any) -> None:
    client = who(company)
    before = JournalEntry.objects.count()
    for name, access in PHONE.items():
        if access == "phone" or (access == "handover" and who.__name__ in HANDS_OVER):
            continue
        for method in METHODS:
            if (access, method) == ("upload", "PUT") and who.__name__ in HANDS_OVER:
                continue
            answer = client.generic(
                method, address(name), '{"callout": 1}', "application/json", headers=HEADERS
            )
            case = (name, method, answer.status_code, answer.content)
            assert answer.status_code in {401, 405}, case
            if answer.status_code == 401 and method != "HEAD":
                assert answer.json()["error"]["code"] in {*REASONS.values()}, case
    assert JournalEntry.objects.count() == before


@pytest.mark.wide
@pytest.mark.parametrize("name", sorted(PHONE))
def test_other_sites_cannot_press(company: Company, name: str) -> None:
    phone = phone_of(company.anna)
    phone.client.force_login(User.objects.get(pk=str(company.anna.user_id)))
    before = JournalEntry.objects.count()
    for headers in (
        {"X-Callout": "1"},
        {**HEADERS, "Origin": "http://evil.example"},
        {**HEADERS, "Origin": "http://testserver:8001"},
        {**HEADERS, "Sec-Fetch-Site": "same-site"},
        {"Origin": HEADERS["Origin"]},
    ):
        for method in ("POST", "PUT", "DELETE"):
            answer = phone.client.generic(
                method, address(name), '{"callout": 1}', "application/json", headers=headers
            )
            assert answer.status_code in {403, 405}, (name, method, headers)
    assert JournalEntry.objects.count() == before
