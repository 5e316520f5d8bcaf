"""A real browser on a real page hears of changes: SharedWorker, EventSource, CSP and all."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from callout.accounts.models import User
from tests.harness.server import Served, until
from tests.harness.signing import session_of
from tests.live.conftest import happen

LISTEN = """() => {
    window.heard = [];
    document.addEventListener('live:thing', (event) => window.heard.push(event.detail.id));
}"""


def places_taken() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database()) AND classid > 1000"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.journey
def test_two_tabs_of_one_sign_in_hear_by_one_stream(
    server: Served, browser: Any, people: Callable[..., User]
) -> None:
    until(lambda: places_taken() == 0)  # the windows of the test before are closed, just now
    context = browser.new_context()
    key = session_of(people("mia"))
    context.add_cookies([{"name": f"callout-{server.port}", "value": key, "url": server.url}])
    problems: list[str] = []
    tabs = []
    for _ in range(2):
        tab = context.new_page()
        tab.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
        tab.goto(f"{server.url}/orders/")
        tab.evaluate(LISTEN)
        tab.wait_for_selector("[data-live-dot][data-state=on]", state="attached")
        tabs.append(tab)
    thing = happen()
    for tab in tabs:
        tab.wait_for_function("id => window.heard.includes(id)", arg=thing)
    assert places_taken() == 1
    assert problems == []
    context.close()


@pytest.mark.journey
@pytest.mark.parametrize("cursor", [True, False])
def test_a_change_between_drawing_and_hearing_reaches_the_page_by_its_cursor(
    server: Served, browser: Any, people: Callable[..., User], cursor: bool
) -> None:
    context = browser.new_context()
    key = session_of(people("mia"))
    context.add_cookies([{"name": f"callout-{server.port}", "value": key, "url": server.url}])
    tab = context.new_page()
    between: list[str] = []

    def something_happens_first(route: Any) -> None:
        between.append(happen())
        route.continue_()

    def without_cursor(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("data-live-after", "data-gone"))

    tab.add_init_script(f"({LISTEN})()")
    tab.route("**/*.js", something_happens_first)
    if not cursor:
        tab.route("**/orders/", without_cursor)
    tab.goto(f"{server.url}/orders/")
    tab.wait_for_selector("[data-live-dot][data-state=on]", state="attached")
    tab.wait_for_timeout(1_000)
    assert (between[0] in tab.evaluate("window.heard")) is cursor
    context.close()
