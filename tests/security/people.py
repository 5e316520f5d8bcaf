"""The company of the API's tests at the doors for browsers: who asks, and with which cookie."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from callout.accounts.models import ApiToken, User
from callout.kernel.actor import Actor
from tests.api.conftest import OURS, World, user_made
from tests.harness.signing import sign_in

HTMX = {"HX-Request": "true"}


@dataclass
class Browser:
    """Somebody's browser on one of our own pages. What it does is taken back at once."""

    client: Client
    cookies: dict[str, str] = field(default_factory=dict)

    def __call__(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, **headers: str
    ) -> HttpResponse:
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        sent = {"Origin": OURS, **{name.replace("_", "-"): v for name, v in headers.items()}}
        sent = {name: value for name, value in sent.items() if value}
        with transaction.atomic():
            if method == "GET":
                answer = self.client.get(path, body or {}, headers=sent)
            else:
                answer = self.client.post(path, body or {}, headers=sent)
            transaction.set_rollback(True)
        return answer  # type: ignore[return-value]


def browser_of(user: User | None) -> Browser:
    """A browser that this user is signed in with."""
    client = Client(raise_request_exception=False)
    if user is not None:
        sign_in(client, user)
    return Browser(client, {name: morsel.value for name, morsel in client.cookies.items()})


@dataclass
class People:
    """Everybody who may ask."""

    boss: Browser
    admin: Browser
    anna: Browser
    nobody: Browser
    tokens: dict[Actor, Any]

    def anew(self) -> "People":
        """The same people, whose requests meet the middleware of today's settings."""
        browsers = {
            who: Browser(Client(raise_request_exception=False), browser.cookies)
            for who, browser in self.all().items()
        }
        return People(**browsers, tokens=self.tokens)

    def all(self) -> dict[str, Browser]:
        return {who: getattr(self, who) for who in ("boss", "admin", "anna", "nobody")}


def people_made(world: World) -> People:
    """The world's people at their browsers, and an admin who is nothing else."""
    admin = user_made("Ada", is_admin=True)

    def of(actor: Actor) -> Browser:
        return browser_of(User.objects.get(pk=str(actor.user_id)))

    actors = (world.anna.actor, world.bert.actor)
    return People(
        boss=of(world.manager), admin=browser_of(admin), anna=of(world.anna.actor),
        nobody=browser_of(None),
        tokens={one: ApiToken.objects.get(user_id=str(one.user_id)).pk for one in actors},
    )  # fmt: skip


@pytest.fixture(scope="module")
def module_people(module_world: World, django_db_blocker: Any) -> People:
    with django_db_blocker.unblock():
        return people_made(module_world)


@pytest.fixture
def people(world: World, module_people: People) -> People:
    """Everybody, signed in once for a file of tests."""
    return module_people
