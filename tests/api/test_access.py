"""Who gets in: tokens, sessions, and nobody else."""

from dataclasses import replace
from functools import cache

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.crypto import get_random_string

from callout.accounts.models import ApiToken, User
from callout.accounts.selectors import actor_for_token
from callout.accounts.services import token_create, token_revoke
from callout.kernel.models import JournalEntry
from callout.workforce.models import Technician
from tests.api.conftest import Answer, Api, World

OURS = {"Origin": "http://testserver"}


def signed_in(name: str, *, csrf: bool = True) -> Client:
    client = Client(enforce_csrf_checks=csrf, headers=OURS)
    client.force_login(User.objects.get(name=name))
    return client


def token_of(client: Client) -> str:
    """The CSRF token, as a page of ours would send it."""
    secret = get_random_string(32)
    client.cookies[settings.CSRF_COOKIE_NAME] = secret
    return secret


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer wrong", "Basic abc", "Token abc", "Bearer a b", "bearer\tx"],
)
def test_a_wrong_authorization_is_401(world: World, header: str) -> None:
    answer = Api().get("/customers", Authorization=header)
    assert (answer.status, answer.code) == (401, "not_signed_in")


def test_a_token_is_never_read_from_the_address(world: World) -> None:
    for name in ("token", "access_token", "api_key", "authorization", "key"):
        answer = world.nobody.get(f"/customers?{name}={world.boss.token}")
        assert answer.status == 401


def test_a_token_is_never_read_from_a_body_or_a_cookie(world: World) -> None:
    api = Api()
    api.client.cookies["token"] = world.boss.token
    assert api.get("/customers").status == 401
    answer = api.post("/customers", {"token": world.boss.token, "name": "X"}, **OURS)
    assert answer.status == 401


def test_a_revoked_token_is_refused_at_the_very_next_request(world: World) -> None:
    token, plain = token_create(actor=world.manager, name="short")
    api = Api(plain)
    assert api.get("/customers").status == 200
    token_revoke(actor=world.manager, token_id=token.pk)
    assert api.get("/customers").status == 401


def test_an_expired_token_and_a_deactivated_owner_are_refused(world: World) -> None:
    ApiToken.objects.filter(user__name="Bert").update(expires_at=timezone.now())
    assert world.bert.api.get("/service-orders").status == 401
    User.objects.filter(name="Anna").update(is_active=False)
    assert world.anna.api.get("/service-orders").status == 401


def test_a_role_taken_away_counts_at_the_very_next_request(world: World) -> None:
    User.objects.filter(name="Marie").update(is_manager=False)
    assert world.boss.get("/customers").status == 403
    User.objects.filter(name="Marie").update(is_technician=True)
    assert world.boss.get("/customers").items == []
    assert world.boss.post("/customers", {"name": "X"}).status == 403


def test_control_a_process_that_remembers_who_asked_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callout.web.api.access.actor_for_token", cache(actor_for_token))
    for one in (world.boss, world.anna.api, world.bert.api):
        assert one.get("/service-orders").status == 200
    for test in (
        test_a_role_taken_away_counts_at_the_very_next_request,
        test_an_expired_token_and_a_deactivated_owner_are_refused,
    ):
        with pytest.raises(AssertionError):
            test(world)


def test_a_technician_archived_has_no_work_any_more(world: World) -> None:
    Technician.objects.filter(pk=world.bert.technician.pk).update(archived_at=timezone.now())
    assert world.bert.api.get("/service-orders").items == []
    assert world.bert.api.get(f"/service-orders/{world.bert.order}").status == 404


def test_an_admin_without_a_role_in_the_work_sees_none_of_it(world: World) -> None:
    User.objects.filter(name="Marie").update(is_manager=False, is_admin=True)
    assert world.boss.get("/service-orders").status == 403


def test_a_session_reads(world: World) -> None:
    client = signed_in("Marie")
    assert client.get("/api/v1/customers").status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_session_is_not_read_through_by_another_site(world: World, site: str) -> None:
    path = f"/api/v1/service-orders/{world.anna.order}/access-code"
    answer = Answer(signed_in("Anna").get(path, headers={"Sec-Fetch-Site": site}))
    assert (answer.status, answer.code) == (403, "other_origin")
    assert not JournalEntry.objects.filter(kind="code_look").exists()


def test_a_session_writes_with_our_origin_and_the_csrf_token(world: World) -> None:
    client = signed_in("Marie")
    token = token_of(client)
    answer = Answer(
        client.post(
            "/api/v1/customers",
            {"name": "By session"},
            content_type="application/json",
            headers={"X-CSRFToken": token},
        )
    )
    assert answer.status == 201, answer.text


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "csrf"),
        ({"X-CSRFToken": "wrong"}, "csrf"),
        ({"Origin": "http://evil.example"}, "other_origin"),
        ({"Origin": "http://testserver:81"}, "other_origin"),
        ({"Origin": "null"}, "other_origin"),
        ({"Origin": ""}, "other_origin"),
    ],
)
def test_a_session_does_not_write_otherwise(
    world: World, headers: dict[str, str], code: str
) -> None:
    client = signed_in("Marie")
    if code == "other_origin":
        headers = {"X-CSRFToken": token_of(client), **headers}
    before = len(world.boss.get("/customers").items)
    answer = Answer(
        client.post(
            "/api/v1/customers", {"name": "X"}, content_type="application/json", headers=headers
        )
    )
    assert (answer.status, answer.code) == (403, code)
    assert len(world.boss.get("/customers").items) == before


def test_a_cookie_does_not_make_good_a_wrong_token(world: World) -> None:
    client = signed_in("Marie", csrf=False)
    answer = Answer(client.get("/api/v1/customers", headers={"Authorization": "Bearer wrong"}))
    assert answer.status == 401


def test_no_cookie_is_read_beside_a_token(world: World) -> None:
    client, wrong = signed_in("Marie"), {"Authorization": "Bearer wrong"}
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/api/v1/customers", headers=wrong).status_code == 401
    assert [query["sql"] for query in asked if "django_session" in query["sql"]] == []
    with CaptureQueriesContext(connection) as asked:  # the control
        assert client.get("/api/v1/customers").status_code == 200
    assert [query["sql"] for query in asked if "django_session" in query["sql"]] != []


def test_a_header_that_is_no_authorization_keeps_every_guard_of_a_session(world: World) -> None:
    for headers in ({"X-Authorization": "Bearer x"}, {"Proxy-Authorization": "Bearer x"}):
        answer = signed_in("Marie").post(
            "/api/v1/customers", {"name": "X"}, content_type="application/json", headers=headers
        )
        assert Answer(answer).code == "csrf"


@pytest.mark.wide
@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", "customers", ""),
        ("HEAD", "customers", ""),
        ("GET", "customers?limit=x", ""),
        ("GET", "docs", ""),
        ("GET", "nothing", ""),
        ("GET", "service-orders/00000000-0000-0000-0000-000000000000", ""),
        ("DELETE", "customers", ""),
        ("POST", "docs.css", "{}"),
        ("POST", "customers", "{"),
        ("POST", "customers", "[" * 30 + "]" * 30),
        ("POST", "customers", '{"x": 1}'),
    ],
)
def test_a_program_is_answered_as_a_page_of_ours_is(
    world: World, method: str, path: str, sent: str
) -> None:
    """It goes past what is for browsers alone (config/programs.py): nothing else stands there."""
    program = Client(headers={"Authorization": f"Bearer {world.boss.token}"})
    told, page = (
        client.generic(method, f"/api/v1/{path}", sent, content_type="application/json")
        for client in (program, signed_in("Marie", csrf=False))
    )
    assert (told.status_code, told.content) == (page.status_code, page.content)
    varies = {"Vary": ""}  # what a program is answered need not depend on cookies
    assert {**told.headers, **varies} == {**page.headers, **varies}


def test_a_token_counts_before_the_cookie(world: World) -> None:
    anna = replace(world.anna.api, client=signed_in("Marie"))
    assert [item["id"] for item in anna.get("/customers").items] == [str(world.anna.customer)]


def test_a_token_neither_makes_tokens_nor_touches_accounts(world: World) -> None:
    for path in ("/tokens", "/users", "/accounts", "/me/tokens", "/sessions"):
        assert world.boss.get(path).status == 404
        assert world.boss.post(path, {"name": "x"}).status == 404
