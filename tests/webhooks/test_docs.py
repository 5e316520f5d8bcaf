"""docs/webhooks.md says what is so: the events, and how a receiver verifies."""

import re
from base64 import b64encode
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.urls import resolve

from callout.kernel import clock
from callout.orders.lifecycle import TABLE
from callout.orders.selectors.history_names import MARKS
from callout.webhooks.events import KINDS, NAMES, ORDER_KINDS, THINGS, event_label
from callout.webhooks.models import Webhook
from callout.webhooks.sending import signed_headers
from callout.webhooks.signing import secret_new, secret_seal

DOCS = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
SOME = UUID(int=7)


def test_the_events_of_the_page_are_those_of_the_code() -> None:
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \| (.*)\|$", DOCS, re.MULTILINE))
    assert {name: tuple(re.findall(r"`(\w+)`", row)) for name, row in rows.items()} == dict(NAMES)


def test_actions_are_events_and_events_of_an_order_are_kinds_of_its_journal() -> None:
    assert {action.code for action in TABLE} <= ORDER_KINDS.keys()
    assert ORDER_KINDS.keys() <= MARKS.keys()
    assert {kind for thing in THINGS.values() for kind in thing.kinds} == KINDS.keys()
    assert all(event_label(name) != name for name in NAMES)


@pytest.mark.parametrize("entity", THINGS)
def test_the_links_of_a_payload_lead_somewhere(entity: str) -> None:
    thing = THINGS[entity]
    resolve(f"/api/v1/{thing.api}/{SOME}")
    if thing.page:
        resolve(f"/{thing.page}/{SOME}/")


def test_the_example_of_the_page_verifies_what_is_sent_and_nothing_else(settings: Any) -> None:
    example: dict[str, Any] = {}
    exec(re.search(r"```python\n(.*?)```", DOCS, re.DOTALL)[1], example)  # type: ignore[index]
    is_ours = example["is_ours"]
    old, new = secret_new(), secret_new()
    row = Webhook(
        old_secrets=[
            {
                "kept": b64encode(secret_seal(old, SOME)).decode(),
                "until": "2999-01-01T00:00:00+00:00",
            }
        ],
        secret=secret_seal(new, SOME),
        id=SOME,
    )
    body = '{"name":"é"}'.encode()
    headers = signed_headers(row, SOME, body, clock.now())
    assert is_ours(old, headers, body)
    assert is_ours(new, headers, body)
    assert not is_ours(secret_new(), headers, body)
    assert not is_ours(new, headers, body + b" ")
    assert not is_ours(new, {**headers, "webhook-id": "msg_1"}, body)
    assert not is_ours(new, signed_headers(row, SOME, body, clock.now().replace(year=2020)), body)


def test_signatures_are_those_of_the_standard() -> None:
    """The example of the specification's own libraries."""
    from callout.webhooks.signing import signatures

    body = b'{"test": 2432232314}'
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert signatures([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )
