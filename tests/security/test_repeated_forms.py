"""A form or a button sent twice works once: every page that takes a POST, with one key twice."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from callout.kernel.models import JournalEntry
from callout.web import once
from tests.api.conftest import OURS, World
from tests.security.pages import ACCOUNTS, PAGES, addresses, new_key
from tests.security.people import Browser, People
from tests.security.screens import WHO

pytestmark = pytest.mark.wide

NAMES = [
    name
    for name, page in sorted(PAGES.items())
    if page.kind in {"form", "button"} and page.access != "public" and name not in ACCOUNTS
]


# A secret is shown once and kept nowhere, so that no repeat could show it; a mail, a delivery or a
# table goes out each time it is asked for, and each time that is written down.
EACH_TIME = {
    "office:tokens", "office:webhook_new", "office:webhook_secret",
    "office:mail_test", "office:user_deed", "office:webhook_test", "office:delivery_again",
    "office:import_faults", "office:order_export", "office:things_export",
}  # fmt: skip


def lines() -> int:
    return JournalEntry.objects.count()


def pressed(browser: Browser, address: str, body: dict[str, Any]) -> Any:
    browser.client.cookies.clear()
    browser.client.cookies.load(browser.cookies)
    for file in body.values():
        if isinstance(file, UploadedFile):
            file.seek(0)
    return browser.client.post(address, body, headers={"Origin": OURS, "HX-Request": "true"})


def repeats(world: World, people: People) -> Iterator[tuple[str, int, int, Any]]:
    """Each page's name, the lines that the first press left in the journal and the second, and the
    answer to the same key with something else."""
    for name in NAMES:
        page = PAGES[name]
        browser = getattr(people, WHO[page.access])
        query = urlencode(page.query(world, world.anna)) if page.query else ""
        for path in addresses(name, world, world.anna, people.tokens):
            body = dict(page.body(world, world.anna)) if page.body else {}
            body["idempotency_key"] = new_key()
            with transaction.atomic():
                before = lines()
                pressed(browser, f"{path}?{query}", body)
                first = lines() - before
                pressed(browser, f"{path}?{query}", body)
                second = lines() - before - first
                other = pressed(browser, f"{path}?{query}", {**body, "something": "else"})
                transaction.set_rollback(True)
            yield name, first, second, other


def doubled(world: World, people: People) -> tuple[set[str], set[str]]:
    """The pages that had an effect, and of them those that had one again."""
    worked, again = set(), set()
    for name, first, second, _other in repeats(world, people):
        worked |= {name} if first else set()
        again |= {name} if first and second else set()
    return worked, again


def test_what_is_sent_twice_with_one_key_has_one_effect(world: World, people: People) -> None:
    worked, again = doubled(world, people)
    assert again <= EACH_TIME
    assert len(worked) >= 90, sorted(set(NAMES) - worked)


def test_control_without_the_keys_some_have_two(
    world: World, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "answer_once", lambda _actor, _key, _body, work, _kept: work())
    _worked, again = doubled(world, people)
    assert {"office:customer_new", "office:order_note"} <= again
