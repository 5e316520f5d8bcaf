"""What people typed comes out as text, on every screen; and every answer forbids scripts."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpResponse
from django.template import engines
from django.urls import reverse

from tests.api.conftest import World
from tests.scale import rounds
from tests.security.pages import MISSING, addresses, pages_there
from tests.security.payloads import PAYLOADS, plant
from tests.security.people import People
from tests.security.screens import furnish, screens

pytestmark = pytest.mark.wide

POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "object-src 'none'",
    "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "connect-src 'self'",
}  # fmt: skip
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ADDRESSES = {"href", "src", "action", "formaction", "data", "xlink:href", "hx-get", "hx-post"}
NEVER = {"style", "iframe", "object", "embed", "base", "math"}


def ours(given: dict[str, str | None]) -> bool:
    """Whether a script or picture comes from an address of our own."""
    address = given.get("src") or ""
    return address.startswith("/") and not address.startswith("//")


class Tame(HTMLParser):
    """Reads a page as a browser would, and notes whatever could act."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.data = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.data = tag == "script" and given.get("type") == "application/json"
        if tag in NEVER or "<" in tag or (tag == "script" and not self.data and not ours(given)):
            self.found.append(f"<{tag}>")
        if tag == "meta" and given.get("http-equiv"):
            self.found.append("<meta http-equiv>")
        if tag == "img" and not ours(given):
            self.found.append("<img> of nobody")
        for name, value in attrs:
            acts = name.startswith(("on", "hx-on")) or name in {"style", "srcdoc"}
            address = (value or "").strip().lower()
            leads = name in ADDRESSES and address.startswith(("javascript:", "data:"))
            if acts or leads:
                self.found.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        if self.data and data.strip():
            json.loads(data)

    def handle_endtag(self, tag: str) -> None:
        self.data = False


def page_of(answer: HttpResponse) -> str | None:
    """The HTML of an answer, or None."""
    return answer.content.decode() if "text/html" in answer.get("Content-Type", "") else None


def looked_at(world: World, people: People) -> tuple[int, set[str]]:
    """Open every screen; how many there were, and which of them show a payload as text. Fails for
    whatever could act on one."""
    count, speaking = 0, set()
    browsers = people.all()
    for who, address in screens(world, people):
        answer = browsers[who]("GET", address)
        assert answer.status_code < 500, address
        page = page_of(answer)
        if page is not None:
            count += 1
            assert Tame(page).found == [], address
            assert "51317" not in page, address  # 7331 * 7: somebody has calculated
            speaking |= {address} if "__xss=1" in page else set()
    return count, speaking


# Where the payloads must be found, as text: else they were planted in vain.
SPEAK = (
    "order", "order_sheet", "orders", "kanban", "kanban_team", "filters", "customer", "site",
    "asset", "twins", "import", "imports", "team", "team_week", "desk", "home", "plan_draft",
    "webhooks", "webhook", "copies", "exports", "users", "tokens", "company",
)  # fmt: skip


@pytest.mark.parametrize("number", range(0, 40, 40 // rounds(2, 40)))
def test_forty_payloads_in_every_text_come_out_as_text(
    world: World, people: People, number: int
) -> None:
    assert len(set(PAYLOADS)) == 40
    world = furnish(world, people)
    assert plant(number) >= 200
    count, speaking = looked_at(world, people)
    assert count >= 150
    silent = [
        name
        for name in SPEAK
        if speaking.isdisjoint(addresses(f"office:{name}", world, world.anna, people.tokens))
    ]
    assert silent == []


def test_control_without_escaping_they_are_found(world: World, people: People) -> None:
    plant(0)
    engine: Any = engines["django"]
    engine.engine.autoescape = False
    try:
        with pytest.raises(AssertionError):
            looked_at(world, people)
    finally:
        engine.engine.autoescape = True


@pytest.mark.parametrize("payload", [one for one in PAYLOADS if "<" in one and "&lt" not in one])
def test_control_the_reader_of_pages_finds_a_payload_let_through(payload: str) -> None:
    assert Tame(f"<p>{payload}</p>").found


def fenced(answer: HttpResponse, address: str) -> None:
    """The answer carries the enforced policy and the other headers."""
    policy = {one.strip() for one in answer.get("Content-Security-Policy", "").split(";")}
    assert policy >= POLICY, (address, policy)
    assert not [one for one in policy if "unsafe" in one or "*" in one], address
    assert "Content-Security-Policy-Report-Only" not in answer.headers
    for name, value in HEADERS.items():
        assert answer.get(name) == value, (address, name)


def test_every_answer_forbids_scripts_that_are_not_ours(world: World, people: People) -> None:
    count = 0
    browsers = people.all()
    for who, address in screens(world, people):
        for browser in (browsers[who], people.nobody):
            fenced(browser("GET", address), address)
            count += 1
    for address in ("/nowhere/", "/orders/999999/", "/api/v1/nowhere", "/api/v1/docs"):
        fenced(people.boss("GET", address), address)
    assert count >= 220


def test_no_address_of_a_file_is_within_the_reach_of_a_service_worker() -> None:
    scope = reverse("technician:shell")
    for name in ("technician_files:file", "technician_files:thumb", "office:order_file"):
        (one,) = pages_there()[name].parameters
        assert not reverse(name, kwargs={one: MISSING}).startswith(scope)
    assert reverse("technician:sync").startswith(scope)


def test_files_of_others_go_out_in_a_sandbox(world: World, people: People) -> None:
    for path in (
        f"/orders/files/{world.anna.attachment}/",
        f"/api/v1/attachments/{world.anna.attachment}/content",
    ):
        answer = people.anna("GET", path)
        assert answer.status_code == 200
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
