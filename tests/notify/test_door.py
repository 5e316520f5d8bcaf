"""`/technician/push`: the phone's own door."""

import json
from typing import Any

import pytest

from callout.notify.models import PushSubscription
from tests.fieldwork.conftest import HEADERS, Phone, phone_of
from tests.notify.conftest import Company
from tests.notify.service import Browser

GIVEN = {"callout": 1, "endpoint": "https://push.example/a", "expirationTime": None}


def asked(phone: Phone, method: str, body: Any) -> Any:
    return phone.client.generic(
        method, "/technician/push", json.dumps(body), "application/json", headers=HEADERS
    )


def test_a_phone_takes_pushes_and_stops(company: Company) -> None:
    phone = phone_of(company.anna)
    answer = asked(phone, "POST", {**GIVEN, "keys": Browser().keys})
    assert (answer.status_code, answer.json()) == (200, {"callout": 1, "push": True})
    assert PushSubscription.objects.get().device.user_id == company.anna.user_id
    answer = asked(phone, "DELETE", {"callout": 1})
    assert (answer.status_code, answer.json()) == (200, {"callout": 1, "push": False})
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], 400),
        ({"callout": 2}, 400),
        ({**GIVEN, "keys": None}, 400),
        ({**GIVEN, "keys": {}}, 422),
        ({**GIVEN, "endpoint": 7, "keys": Browser().keys}, 422),
        ({**GIVEN, "endpoint": "http://push.example/a", "keys": Browser().keys}, 422),
        ({**GIVEN, "keys": {"p256dh": [], "auth": {}}}, 422),
    ],
)
def test_nonsense_is_refused(company: Company, body: Any, status: int) -> None:
    answer = asked(phone_of(company.anna), "POST", body)
    assert answer.status_code == status
    assert answer.json()["callout"] == 1
    assert not PushSubscription.objects.exists()


def test_only_post_and_delete(company: Company) -> None:
    assert asked(phone_of(company.anna), "PUT", GIVEN).status_code == 405
