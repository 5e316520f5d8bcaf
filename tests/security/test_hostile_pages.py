"""Every parameter and every field that any page reads, filled with what nobody types: never a 500.

Which ones a page reads it tells by itself: its request is watched while it is asked as usual.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from callout.orders import filters
from tests.api.conftest import World
from tests.scale import rounds
from tests.security.pages import ACCOUNTS, PAGES, addresses
from tests.security.people import HTMX, Browser, People
from tests.security.screens import WHO

pytestmark = pytest.mark.wide

HOSTILE = [
    "\x00", "a\x00b", "x" * 5_000, "-1", "9" * 30, "²", "٣", "1e999", "NaN", "0001-01-01",
    "9999-12-31", "9999-12-31T23:59", "00000000-0000-0000-0000-000000000000", "site:", "a:b:c",
    "__proto__", "{{7*7}}", "%s%n%00", "\u202e\ufeff", "ß" * 16, "ß" * 20, "ﬃ" * 80, "İ" * 200,
    "[]", '{"a":1}', "../../etc/passwd", "\r\nX-Evil: 1", ",,,,", "'", "1970-01-01 00:00",
]  # fmt: skip
EACH = rounds(1, len(HOSTILE))  # of these for each name, in turn
SIGNED_IN = [name for name, page in sorted(PAGES.items())
             if page.access != "public" and name not in ACCOUNTS]  # fmt: skip
NOT_ASKED = {"csrfmiddlewaretoken", "idempotency_key"}


@contextmanager
def watched(names: set[str]) -> Iterator[None]:
    """Puts into `names` whatever is asked of a request's parameters or fields meanwhile."""
    asking = ("get", "getlist", "__getitem__", "__contains__")
    with pytest.MonkeyPatch.context() as patch:
        for method in asking:
            patch.setattr(QueryDict, method, _telling(getattr(QueryDict, method), names))
        yield


def _telling(ask: Any, names: set[str]) -> Any:
    def told(query: Any, name: Any, *more: Any) -> Any:
        if isinstance(name, str):
            names.add(name)
        return ask(query, name, *more)

    return told


def asked(browser: Browser, method: str, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
    for file in body.values():
        if isinstance(file, UploadedFile):
            file.seek(0)
    answer = browser(method, path, body, **{"HX-Request": HTMX["HX-Request"]})
    evil = [value for name, value in answer.headers.items() if name.lower() == "x-evil"]
    assert not evil, path
    return answer.status_code, getattr(answer, "content", b"")


def cases(
    world: World, people: People, names: list[str]
) -> Iterator[tuple[str, Browser, str, str, dict[str, Any]]]:
    """Each page's name, who may open it, how, its address and what is sent to it as usual."""
    for name in names:
        page = PAGES[name]
        browser = getattr(people, WHO[page.access])
        query = dict(page.query(world, world.anna)) if page.query else {}
        for path in addresses(name, world, world.anna, people.tokens):
            if page.kind != "button":
                yield name, browser, "GET", path, query
            if page.kind in ("form", "button"):
                body = dict(page.body(world, world.anna)) if page.body else {}
                yield name, browser, "POST", f"{path}?{urlencode(query)}", body


def attacked(
    world: World, people: People, pages: list[str]
) -> tuple[int, list[tuple[str, str, str, str]]]:
    """How often something hostile was sent, and what of it broke a page."""
    count, broken = 0, []
    values = cycle(HOSTILE)
    for name, browser, method, path, usual in cases(world, people, pages):
        names: set[str] = set()
        with watched(names):
            asked(browser, method, path, usual)
        for field in sorted((names | set(usual)) - NOT_ASKED):
            for value in islice(values, EACH):
                count += 1
                status, _page = asked(browser, method, path, usual | {field: value})
                if status >= 500:
                    broken.append((name, method, field, value[:40]))
    return count, broken


@pytest.mark.dear
def test_no_page_breaks_on_a_parameter_or_a_field_made_up(world: World, people: People) -> None:
    count, broken = attacked(world, people, SIGNED_IN)
    assert count > 700
    assert broken == []


def test_ten_thousand_parameters_and_each_twice_break_nothing(world: World, people: People) -> None:
    names = [*filters.ALIASES.values(), "stage", "priority", "town", "day", "q", "cursor", "ids"]
    twice = urlencode([(name, value) for name in names for value in ("a", "b")])
    many = "&".join(["town=x"] * 10_000)
    for address in ("/orders/", "/orders/kanban/", "/orders/rows/", "/customers/"):
        for query in (twice, many, f"town={','.join(['x'] * 20_000)}"):
            answer = people.boss("GET", f"{address}?{query}")
            assert answer.status_code in {200, 400, 422}, (address, query[:20])


def test_control_a_page_that_takes_whatever_comes_is_found(
    world: World, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    from callout.web.office.settings_calendars import calendars

    monkeypatch.setattr(calendars, "year_of", lambda request: int(request.GET.get("year", 1)))
    _count, broken = attacked(world, people, ["office:calendar", "office:calendars"])
    assert {name for name, *_rest in broken} == {"office:calendar"}
