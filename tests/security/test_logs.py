"""Twenty secrets, each where one comes in or is kept: none of them is ever in a line of the log."""

import io
import logging
from collections.abc import Callable
from secrets import token_hex
from typing import Any

import pytest
from allauth.account.views import PasswordResetFromKeyView
from django.conf import settings as ours
from django.db import transaction
from django.test import Client

from callout.customers import services
from callout.customers.imports.making import import_send
from callout.fieldwork.sync import running
from callout.kernel.actor import Actor
from callout.kernel.outgoing import Answer
from callout.orders import services as orders
from callout.orders.filters import OrderFilter
from callout.webhooks import sending
from callout.webhooks.models import Delivery
from callout.webhooks.services import webhook_create, webhook_test
from tests.api.conftest import OURS, World
from tests.security.people import People

pytestmark = pytest.mark.wide

LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/key/1-{}/"
SYSTEM = Actor.system("tests")
Deed = Callable[[World, People, str], object]


def browser(**headers: str) -> Client:
    """Somebody's, signed in as nobody; a page that breaks is answered, not raised."""
    return Client(raise_request_exception=False, headers={"Origin": OURS, **headers})


def boss(people: People) -> Client:
    client = browser()
    client.cookies.load(people.boss.cookies)
    return client


def asks(_world: World, people: People, path: str, **body: str) -> Any:
    return boss(people).post(path, body)


def with_token(world: World, path: str, body: str, token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token or world.boss.token}"}
    return browser(**headers).post(f"/api/v1{path}", body, content_type="application/json")


def with_cookie(name: str, path: str, secret: str) -> Any:
    client = browser()
    client.cookies[name] = secret
    return client.post(path, {"callout": 1}, "application/json", headers={"X-Callout": "1"})


def webhook_fails(secret: str) -> None:
    """A receiver, known by a key in its address, that says the same key and wants no more."""
    row, _key = webhook_create(
        actor=SYSTEM, name="ERP", address=f"https://erp.example.com/{secret}", events=["*"]
    )
    delivery = webhook_test(actor=SYSTEM, webhook_id=row.pk)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "http_send", lambda *_a, **_n: Answer(410, {}, secret.encode()))
        sending.deliveries_send(row.pk)
    assert Delivery.objects.get(pk=delivery.pk).tries == 1


DEEDS: dict[str, Deed] = {
    "a wrong password": lambda w, p, s: browser().post(
        LOGIN, {"login": "marie@example.com", "password": s}
    ),
    "a password typed as the address": lambda w, p, s: browser().post(
        LOGIN, {"login": f"{s}@example.com", "password": "x"}
    ),
    "a new password": lambda w, p, s: asks(
        w, p, "/accounts/password/change/", oldpassword=s, password1=s, password2=s
    ),
    "the link of a reset": lambda w, p, s: browser().get(RESET.format(s)),
    "a code of the second step": lambda w, p, s: asks(w, p, "/accounts/2fa/totp/activate/", code=s),
    "the code of the first start": lambda w, p, s: browser().post("/setup/", {"code": s}),
    "a token": lambda w, p, s: with_token(w, "/customers", "{}", token=s),
    "a token in the address": lambda w, p, s: browser().get(f"/api/v1/customers?token={s}"),
    "a token in a body that is none": lambda w, p, s: with_token(
        w, "/customers", f'{{"token": {s}'
    ),
    "a session": lambda w, p, s: with_cookie(ours.SESSION_COOKIE_NAME, "/orders/", s),
    "a phone's cookie": lambda w, p, s: with_cookie(ours.DEVICE_COOKIE_NAME, "/technician/sync", s),
    "a token of a form": lambda w, p, s: boss(p).post(
        "/orders/", {"csrfmiddlewaretoken": s}, headers={"Origin": "http://evil.example"}
    ),
    "the code of a door": lambda w, p, s: services.site_code_set(
        actor=w.manager, site_id=w.anna.site, version=2, code=s[:30]
    ),
    "the code of a door, refused": lambda w, p, s: with_token(
        w, f"/sites/{w.anna.site}/access-code", f'{{"code": "{s}", "other": 1}}'
    ),
    "what is looked for": lambda w, p, s: boss(p).get(f"/orders/?q={s}&page=x"),
    "what is looked for, where the page breaks": lambda w, p, s: broken(
        OrderFilter, "parse", lambda: boss(p).get(f"/orders/?q={s}")
    ),
    "a note, where the page breaks": lambda w, p, s: broken(
        orders,
        "note_add",
        lambda: boss(p).post(f"/orders/{w.anna.order}/notes/", {"text": s, "kind": "internal"}),
    ),
    "the link of a reset, where the page breaks": lambda w, p, s: broken(
        PasswordResetFromKeyView, "dispatch", lambda: browser().get(RESET.format(s))
    ),
    "a cell of a table": lambda w, p, s: import_send(
        actor=w.manager, kind="customers", file_name=f"{s}.csv", data=f"name\n{s}\n".encode()
    ),
    "the address of a webhook": lambda w, p, s: webhook_fails(s),
    "what a phone says, where its reading breaks": lambda w, p, s: phone_breaks(s),
}


def broken(where: Any, name: str, ask: Callable[[], Any]) -> None:
    """A mistake of ours, in the middle of it."""

    def mistaken(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("a mistake of ours")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, name, mistaken)
        assert ask().status_code == 500


def phone_breaks(secret: str) -> None:
    """As the sync door logs an error of ours in the middle of somebody's command."""
    try:
        raise ValueError(f"invalid input: {secret}")
    except ValueError as error:
        running.logged("a command", error)


def lines_of(world: World, people: People, deed: Deed, secret: str) -> list[str]:
    """What the log says of a deed, at the levels that a served installation has."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(ours.LOG_LEVEL.upper())
    try:
        with transaction.atomic():
            deed(world, people, secret)
            transaction.set_rollback(True)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    return said.getvalue().splitlines()


def told(world: World, people: People) -> int:
    """Do all of it; how many lines the log has of it. Fails for a line with a secret."""
    count = 0
    for name, deed in DEEDS.items():
        secret = f"sesame{token_hex(12)}"
        lines = lines_of(world, people, deed, secret)
        assert [line for line in lines if secret in line] == [], name
        count += len(lines)
    return count


def test_twenty_secrets_are_in_no_line_of_the_log(world: World, people: People) -> None:
    assert len(DEEDS) >= 20
    assert told(world, people) > 50, "errors were told, and where they come from"


def test_control_with_addresses_in_place_of_routes_a_reset_s_link_is_found(
    world: World, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("django.request"), "filters", [])
    with pytest.raises(AssertionError, match="the link of a reset, where the page breaks"):
        told(world, people)


def test_control_an_error_s_own_words_would_tell_what_a_phone_said(
    world: World, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "logged", lambda _what, error: running.log.error(str(error)))
    with pytest.raises(AssertionError, match="a phone says"):
        told(world, people)
