"""Every screen of the census in a real browser: no serious flaw, no complaint, no script of others.

What a screen complains of (console, policy, requests to others) fails by the `screen` fixture.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from callout.accounts.models import User
from callout.accounts.selectors import actor_for_user
from callout.customers.models import Import
from callout.kernel.actor import Actor
from tests.api.conftest import World, world_made
from tests.harness.chromium import PATIENCE
from tests.harness.server import Served, until
from tests.harness.signing import session_of
from tests.journeys.conftest import DESK, Opened
from tests.scale import rounds
from tests.security.payloads import PAYLOADS, plant
from tests.security.people import People, people_made
from tests.security.screens import furnish, screens

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.journey


@pytest.fixture
def served_world(server: Served) -> World:
    return world_made()


@pytest.fixture
def served_people(served_world: World) -> People:
    return people_made(served_world)


def actors(world: World) -> dict[str, Actor]:
    ada = User.objects.get(is_admin=True)
    return {
        "boss": world.manager, "anna": world.anna.actor, "admin": actor_for_user(ada, "office"),
    }  # fmt: skip


def whole_screens(world: World, people: People, who: str) -> list[str]:
    """The addresses that this person opens and that are whole pages."""
    browsers = people.all()
    found = []
    for asker, address in screens(world, people):
        if asker == who:
            answer = browsers[who]("GET", address)
            if answer.status_code == 200 and b"<html" in answer.content:
                found.append(address)
    return found


PARTS = 5  # of a manager's screens: together they take three minutes


@pytest.mark.parametrize(
    ("who", "least", "part"),
    [
        ("admin", 3, slice(None)),
        ("boss", 40, slice(0, None, PARTS)),
        *(
            pytest.param("boss", 40, slice(n, None, PARTS), marks=pytest.mark.dear)
            for n in range(1, PARTS)
        ),
    ],
)
def test_axe_finds_nothing_serious_on_any_screen_in_light_and_dark(
    served_world: World, served_people: People, screen: Opened, who: str, least: int, part: slice
) -> None:
    world = served_world
    addresses = whole_screens(world, served_people, who)
    assert len(addresses) >= least
    flaws: list[str] = []
    one = screen(actors(world)[who], DESK)
    for address in addresses[part]:
        page = one.open(address)
        flaws += [f"{address} light: {flaw}" for flaw in one.flaws()]
        # A theme changes colours and nothing else.
        page.emulate_media(color_scheme="dark")
        flaws += [f"{address} dark: {flaw}" for flaw in one.flaws("color-contrast")]
        page.emulate_media(color_scheme="light")
    assert not flaws, "\n".join(flaws)


# --- payloads, where no policy would stop them -------------------------------------------------


@pytest.fixture
def open_context(browser: "Browser") -> Iterator["BrowserContext"]:
    """A browser that does not heed the policy: what is written into the page alone protects it."""
    context = browser.new_context(bypass_csp=True, viewport=DESK)  # type: ignore[arg-type]
    yield context
    context.close()


def watched(context: "BrowserContext") -> tuple["Page", list[str]]:
    """A page, and what ran in it."""
    page, ran = context.new_page(), []
    page.set_default_timeout(PATIENCE)

    def dialog(asked: Any) -> None:
        ran.append(f"dialog: {asked.message}")
        asked.dismiss()

    page.on("dialog", dialog)
    return page, ran


def has_run(page: "Page") -> bool:
    """Whether a payload has run, after whatever could be late."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)))")
    return bool(page.evaluate("() => window.__xss !== undefined"))


def looked_at_by_the_worker(import_id: UUID) -> None:
    """An import that was sent is, in a moment."""
    rows = Import.objects.filter(pk=import_id, state="checked")
    until(rows.exists)


@pytest.mark.dear
@pytest.mark.parametrize("number", range(0, 40, 40 // rounds(2, 40)))
def test_no_payload_runs_on_any_screen_even_without_the_policy(
    server: Served,
    served_world: World,
    served_people: People,
    open_context: "BrowserContext",
    number: int,
) -> None:
    furnished = furnish(served_world, served_people, looked_at_by_the_worker)
    all_screens = list(screens(furnished, served_people))
    assert plant(number) >= 200
    seen = 0
    for who, actor in actors(served_world).items():
        open_context.clear_cookies()
        key = session_of(User.objects.get(pk=str(actor.user_id)))
        cookie = {"name": f"callout-{server.port}", "value": key, "url": server.url}
        open_context.add_cookies([cookie])  # type: ignore[list-item]
        page, ran = watched(open_context)
        for asker, address in all_screens:
            if asker != who:
                continue
            page.goto(server.url + address)
            assert not has_run(page), address
            seen += 1
        if who == "boss":
            typed_into(page, server)
        assert not ran
        page.close()
    assert seen >= 90


def typed_into(page: "Page", server: Served) -> None:
    """What scripts draw: the choices of a box, a card's menu, the notes of an order."""
    page.goto(f"{server.url}/orders/new/")
    page.get_by_role("combobox").first.fill("xss")
    page.get_by_role("option").first.wait_for()
    assert not has_run(page), "options"
    page.goto(f"{server.url}/orders/kanban/?day=all")
    page.locator("[data-card-menu]").first.click()
    page.get_by_role("menuitem").first.wait_for()
    assert not has_run(page), "menu"


def test_control_written_as_they_are_most_of_them_run(
    server: Served, open_context: "BrowserContext"
) -> None:
    page, _ran = watched(open_context)
    run = []
    for payload in PAYLOADS:
        page.goto(f"{server.url}/healthz")
        html = f"<title>x</title><p>{payload}</p>"
        page.set_content(html, wait_until="load")
        if has_run(page):
            run.append(payload)
    assert len(run) >= 15, run


def test_control_the_policy_alone_stops_them_too(server: Served, browser: "Browser") -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.url}/accounts/login/")
    for payload in PAYLOADS:
        page.evaluate(
            "(html) => { document.body.append(document.createRange()"
            ".createContextualFragment(html)) }",
            f"<p>{payload}</p>",
        )
    assert not has_run(page)
    context.close()
