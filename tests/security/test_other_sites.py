"""Other sites can't press our buttons: every unsafe route that a cookie opens, from elsewhere."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings

from callout.kernel.models import JournalEntry
from tests.api.conftest import OURS, World
from tests.api.routes import ROUTES, path_of
from tests.security.pages import MISSING, PAGES, addresses
from tests.security.people import Browser, People

pytestmark = pytest.mark.wide

# How a browser speaks for a page that is not ours.
ELSEWHERE: dict[str, dict[str, str]] = {
    "another site": {"Origin": "http://evil.example"},
    "another port of this host": {"Origin": "http://testserver:8001"},
    "https for http": {"Origin": "https://testserver"},
    "a sandboxed frame": {"Origin": "null"},
    "no origin": {},
    "a sister of our domain": {"Origin": OURS, "Sec-Fetch-Site": "same-site"},
}
WHO = {"manager": "boss", "technician": "anna", "admin": "admin", "anybody": "anna"}
UNSAFE_API = [name for name in sorted(ROUTES) if not name.startswith("GET ")]


@pytest.fixture(autouse=True)
def tame_limits(settings: Any) -> None:
    """Wrong passwords on purpose: how many is not what is tested here."""
    settings.ACCOUNT_RATE_LIMITS = {}


class Pressed:
    """A button, pressed as somebody with a body that it takes; taken back afterwards."""

    def __init__(self, browser: Browser, method: str, path: str, body: Any, is_json: bool) -> None:
        self.browser, self.method, self.path = browser, method, path
        self.body, self.is_json = body, is_json

    def by(self, headers: dict[str, str], plain: bool = False) -> tuple[HttpResponse, int]:
        """The answer, and how many lines the journal has more."""
        client: Client = self.browser.client
        client.cookies.clear()
        client.cookies.load(self.browser.cookies)
        with transaction.atomic():
            before = JournalEntry.objects.count()
            answer: Any = self._sent(client, headers, plain)
            effects = JournalEntry.objects.count() - before
            transaction.set_rollback(True)
        return answer, effects

    def _sent(self, client: Client, headers: dict[str, str], plain: bool) -> Any:
        if plain or self.is_json:
            kind = "text/plain" if plain else "application/json"
            body = json.dumps(self.body if self.is_json else {}, default=str)
            return client.generic(self.method, self.path, body, content_type=kind, headers=headers)
        return client.post(self.path, self.body, headers=headers)


def buttons(world: World, people: People) -> Iterator[tuple[str, Pressed]]:
    """Every page by POST, and every unsafe route of the API, as who may use it."""
    for name, page in PAGES.items():
        browser = getattr(people, WHO.get(page.access, "nobody"))
        query = urlencode(page.query(world, world.anna)) if page.query else ""
        for path in addresses(name, world, world.anna, people.tokens):
            body = page.body(world, world.anna) if page.body else {}
            address = f"{path}?{query}" if query else path
            yield name, Pressed(browser, "POST", address, body, is_json=False)
    for name in UNSAFE_API:
        method, _blank, template = name.partition(" ")
        route = ROUTES[name]
        body = route.body(world, world.anna) if route.body else {}
        if "file" in body:
            from django.core.files.uploadedfile import SimpleUploadedFile

            body = {"file": SimpleUploadedFile(*body["file"])}
        browser = people.anna if route.access == "work" else people.boss
        for path in path_of(template, world, world.anna, MISSING):
            is_json = "file" not in body
            yield name, Pressed(browser, method, f"/api/v1{path}", body, is_json)


def pressed_from_elsewhere(world: World, people: People) -> int:
    """Press everything from everywhere; how many times it was refused without an effect."""
    refused = 0
    for name, button in buttons(world, people):
        for where, headers in ELSEWHERE.items():
            answer, effects = button.by(headers)
            assert (answer.status_code, effects) == (403, 0), (name, button.path, where)
            refused += 1
        answer, effects = button.by({"Origin": OURS}, plain=True)
        assert (answer.status_code, effects) == (403, 0), (name, button.path, "text/plain")
        refused += 1
    return refused


def test_no_button_works_from_another_site(world: World, people: People) -> None:
    count = pressed_from_elsewhere(world, people)
    assert count >= 1000, "every page and route, seven ways each"


def test_from_our_own_pages_they_do_work(world: World, people: People) -> None:
    """The control: what is refused above has effects, and is never refused, from here."""
    working = set()
    for name, button in buttons(world, people):
        answer, effects = button.by({"Origin": OURS, "If-Match": '"1"'})
        own_rules = answer.status_code == 403 and name.startswith(("POST", "PATCH", "DELETE"))
        assert answer.status_code != 403 or own_rules, (name, button.path)
        pieces = getattr(answer, "streaming_content", None)
        told = answer.content if pieces is None else b"".join(pieces)
        assert "other_origin" not in told.decode()
        if effects:
            working.add(name)
    assert len(working) >= 80, sorted(working)


def test_control_without_the_guard_other_sites_do_press_them(world: World, people: People) -> None:
    name = "callout.config.middleware.same_origin"
    without = [one for one in settings.MIDDLEWARE if one != name]
    with override_settings(MIDDLEWARE=without), pytest.raises(AssertionError):
        pressed_from_elsewhere(world, people.anew())
