"""A phone signs in, is seen, and is refused the moment that anything speaks against it."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from callout.accounts.device_selectors import devices_list
from callout.accounts.models import Device, User
from callout.accounts.services import (
    device_lose,
    device_revoke,
    device_sign_in,
    token_create,
    user_deactivate,
    user_update,
)
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, NotFound, Refused
from callout.kernel.models import JournalEntry
from callout.workforce.models import Technician
from tests.fieldwork.conftest import HEADERS, OURS, Phone, phone_of, visit_of
from tests.fieldwork.recording import sha256
from tests.orders.conftest import Company

ADMIN = Actor.system("tests")
PASSWORD = "a long enough one"


def asked(phone: Phone) -> tuple[int, str]:
    """The simplest thing that only a device may ask."""
    answer = phone.post("consent", {"callout": 1, "position": True})
    return answer.status_code, answer.json().get("error", {}).get("code", "")


def test_a_technician_s_browser_becomes_a_phone(company: Company) -> None:
    phone = phone_of(company.anna)
    cookies = phone.client.cookies
    for name, path in (
        (settings.DEVICE_COOKIE_NAME, "/technician/"),
        (settings.DEVICE_FILES_COOKIE_NAME, "/files/technician/"),
    ):
        one = cookies[name]
        assert (one["path"], one["httponly"], one["samesite"]) == (path, True, "Strict")
        assert one["max-age"] == 90 * 24 * 3600
    secret = cookies[settings.DEVICE_COOKIE_NAME].value
    assert len(secret) >= 43
    assert secret not in str(Device.objects.values()), "only its hash is kept"
    entry = JournalEntry.objects.filter(kind="device_signed_in").get()
    assert (entry.entity_id, entry.facts["device"]) == (company.anna.user_id, phone.device_id)
    assert asked(phone) == (200, "")


def test_nobody_else_s_browser_does(company: Company) -> None:
    nobody = Phone(Client(), None)
    answer = nobody.post("device")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "not_signed_in"
    manager = Client()
    manager.force_login(User.objects.get(pk=str(company.manager.user_id)))
    answer = Phone(manager, None).post("device")
    assert answer.status_code == 403
    _token, plain = token_create(actor=company.anna, name="Program")
    answer = nobody.post("device", Authorization=f"Bearer {plain}")
    assert answer.status_code == 401
    assert not Device.objects.exists()


def test_signing_in_again_with_the_cookie_is_the_same_phone_with_a_new_secret(
    anna: Phone, company: Company
) -> None:
    before, device = anna.client.cookies[settings.DEVICE_COOKIE_NAME].value, anna.device_id
    assert anna.sign_in().device_id == device
    anna.client.cookies[settings.DEVICE_COOKIE_NAME] = before
    assert asked(anna) == (401, "not_signed_in")
    assert phone_of(company.anna).device_id != device


def test_one_person_s_cookie_does_not_become_another_s_phone(anna: Phone, company: Company) -> None:
    device = anna.device_id
    anna.user_id = company.bert.user_id
    assert anna.sign_in().device_id != device


def test_a_second_user_of_the_same_phone_gets_nothing_of_the_first(
    anna: Phone, company: Company
) -> None:
    """Nobody has signed out: the browser still has her cookies, and may hold her entries."""
    hers, his = (visit_of(company.planned(who)) for who in (company.anna, company.bert))
    first = anna.command("note", hers, body={"id": str(uuid4()), "text": "Only hers"})
    anna.said(first)
    data = b"x" * 10
    anna.client.put(
        f"/technician/files/{sha256(data)}/0", data, "application/octet-stream",
        headers={**HEADERS, "X-Size": "11"},
    )  # fmt: skip
    known = {doc["id"]: doc["rev"] for doc in anna.sync(known={})["docs"]}
    device = anna.device_id
    anna.user_id = company.bert.user_id
    anna.sign_in()
    answer = anna.sync(first, known=known)
    assert [one["id"] for one in answer["docs"] if one["id"] != "me"] == [f"visit:{his}"]
    assert "Only hers" not in json.dumps(answer)
    assert answer["gone"] == [f"visit:{hers}"]
    (other,) = anna.said(anna.command("note", uuid4(), body=first["body"]))
    assert answer["answers"] == [{**other, "id": first["id"], "at": answer["answers"][0]["at"]}]
    held = anna.client.get(f"/technician/files/{sha256(data)}", headers=HEADERS).json()
    assert (held["size"], held["held"]) == (0, [])
    assert anna.post("consent", {"callout": 1, "position": True}).status_code == 200
    row = Device.objects.get(pk=device)
    assert (row.user_id, row.position_consent_at) == (company.anna.user_id, None)


@pytest.mark.parametrize(
    ("office", "told"),
    [("bert", (401, "other_user")), ("anna", (200, "")), ("manager", (200, ""))],
)
def test_a_phone_is_no_longer_whose_it_was_once_another_technician_has_signed_in_beside_it(
    anna: Phone, company: Company, office: str, told: tuple[int, str]
) -> None:
    anna.client.force_login(User.objects.get(pk=getattr(company, office).user_id))
    assert asked(anna) == told


@pytest.mark.parametrize("path", ["device", "consent", "sign-out"])
def test_without_the_app_s_header_or_from_elsewhere_nothing_happens(
    anna: Phone, company: Company, path: str
) -> None:
    anna.client.force_login(User.objects.get(pk=str(company.anna.user_id)))
    before = JournalEntry.objects.count()
    body = {"callout": 1, "position": True}
    for headers in ({"Origin": HEADERS["Origin"]}, {"Origin": "http://evil.example"} | HEADERS):
        headers = headers if "X-Callout" not in headers else {**headers, "Origin": "http://x.test"}
        answer = anna.client.post(f"/technician/{path}", body, "application/json", headers=headers)
        assert answer.status_code == 403
    assert anna.post(path, body, Origin="").status_code == 403
    assert JournalEntry.objects.count() == before


def test_what_is_no_json_of_ours_is_refused_in_json(anna: Phone) -> None:
    for said in ("[]", "{}", '{"callout": 2}', "nonsense", '{"callout": NaN}'):
        answer = anna.client.post("/technician/consent", said, "application/json", headers=HEADERS)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unreadable"), said
    assert anna.post("consent", {"callout": 1, "position": "yes"}).status_code == 400


def test_on_the_phone_a_manager_has_a_technician_s_rights_only(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(pk=str(company.anna.user_id)).update(is_manager=True, is_admin=True)
    phone = phone_of(company.anna)
    seen: list[Actor] = []

    def look(*, actor: Actor, position: bool) -> None:
        seen.append(actor)

    monkeypatch.setattr("callout.web.technician.devices.device_consent", look)
    assert asked(phone) == (200, "")
    (actor,) = seen
    assert (actor.is_manager, actor.is_admin, actor.is_technician) == (False, False, True)
    assert (actor.door, str(actor.device_id)) == ("technician", phone.device_id)


# --- every reason to refuse, at the very next request ---------------------------------------------


def run_out(phone: Phone, company: Company) -> None:
    Device.objects.filter(pk=phone.device_id).update(expires_at=clock.now())


def revoke(phone: Phone, company: Company) -> None:
    device_revoke(actor=company.manager, device_id=phone.row.pk)


def lose(phone: Phone, company: Company) -> None:
    device_lose(actor=company.manager, device_id=phone.row.pk)


def deactivate(phone: Phone, company: Company) -> None:
    user_deactivate(actor=ADMIN, user_id=phone.user_id)


def take_role(phone: Phone, company: Company) -> None:
    user_update(actor=ADMIN, user_id=phone.user_id, is_technician=False, is_manager=True)


def unlink(phone: Phone, company: Company) -> None:
    Technician.objects.filter(user=phone.user_id).update(user=None)


def sign_out(phone: Phone, company: Company) -> None:
    cookie = phone.client.cookies[settings.DEVICE_COOKIE_NAME].value
    assert phone.post("sign-out").status_code == 200
    assert phone.client.cookies[settings.DEVICE_COOKIE_NAME].value == ""
    phone.client.cookies[settings.DEVICE_COOKIE_NAME] = cookie


REASONS = {
    run_out: "not_signed_in", revoke: "revoked", lose: "lost", deactivate: "deactivated",
    take_role: "deactivated", unlink: "deactivated", sign_out: "not_signed_in",
}  # fmt: skip


@pytest.mark.parametrize("what", REASONS, ids=lambda what: what.__name__)
def test_revocation_is_immediate(anna: Phone, bert: Phone, company: Company, what: Any) -> None:
    assert asked(anna) == (200, "")
    what(anna, company)
    before = JournalEntry.objects.count()
    answer = anna.post("consent", {"callout": 1, "position": False})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, REASONS[what])
    assert answer["Content-Type"] == "application/json"
    assert ("Clear-Site-Data" in answer) == (what is lose), "only a lost phone is wiped"
    assert JournalEntry.objects.count() == before
    assert asked(bert) == (200, ""), "nobody else's phone"


def test_who_may_end_a_phone(anna: Phone, company: Company) -> None:
    for end in (device_revoke, device_lose):
        with pytest.raises(NotFound):
            end(actor=company.bert, device_id=anna.row.pk)
    device_revoke(actor=company.anna, device_id=anna.row.pk)
    device_revoke(actor=company.manager, device_id=anna.row.pk)
    kinds = list(JournalEntry.objects.values_list("kind", flat=True))
    assert kinds.count("device_revoked") == 1, "twice is no fault, and no second event"


def test_who_sees_which_phones(anna: Phone, bert: Phone, company: Company) -> None:
    assert [one.pk for one in devices_list(actor=company.anna)] == [anna.row.pk]
    theirs = devices_list(actor=company.anna, user_id=company.bert.user_id)
    assert [one.pk for one in theirs] == [anna.row.pk]
    assert {one.pk for one in devices_list(actor=company.manager)} == {anna.row.pk, bert.row.pk}


def test_a_program_s_key_sees_no_phones_and_ends_none(company: Company) -> None:
    from dataclasses import replace
    from uuid import uuid4

    program = replace(company.manager, token_id=uuid4())
    with pytest.raises(Forbidden):
        devices_list(actor=program)
    device, _secret = device_sign_in(actor=company.anna, user_agent="")
    for end in (device_revoke, device_lose):
        with pytest.raises(Forbidden):
            end(actor=program, device_id=device.pk)


def test_not_more_than_twenty_phones(company: Company) -> None:
    for _n in range(20):
        device_sign_in(actor=company.anna, user_agent="")
    with pytest.raises(Refused):
        device_sign_in(actor=company.anna, user_agent="")


def test_a_deactivated_user_s_phone_has_thirty_days(anna: Phone, company: Company) -> None:
    deactivate(anna, company)
    left = anna.row.expires_at - clock.now()
    assert timedelta(days=29) < left <= timedelta(days=30)


@pytest.mark.parametrize("end", [device_revoke, device_lose])
def test_a_phone_that_is_ended_does_not_come_back_without_a_password(
    company: Company, end: Any
) -> None:
    user = User.objects.get(name=company.anna.name)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    browser, other = Phone(Client(), user.pk), Client()
    for client in (browser.client, other):
        signed_in(client, user)
    device = browser.post("device").json()["device"]
    end(actor=company.manager, device_id=device)
    assert browser.post("device").status_code == 401
    assert Phone(other, user.pk).post("device").status_code == 200, "another browser stays"


def signed_in(client: Client, user: User) -> None:
    """By the sign-in page, as people do."""
    said = {"login": user.email, "password": PASSWORD}
    answer = client.post("/accounts/login/", said, headers={"Origin": OURS})
    assert answer.status_code == 302, answer.content
