"""Other sites can't press our buttons: every unsafe route, with a manager's cookie."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from callout.kernel.models import JournalEntry
from tests.api.conftest import Answer, World
from tests.api.routes import ROUTES, path_of
from tests.api.test_access import signed_in, token_of

UNSAFE = sorted(name for name in ROUTES if not name.startswith("GET"))
ELSEWHERE: list[dict[str, str]] = [
    {"Origin": "http://evil.example"},
    {"Origin": "http://testserver:8001"},
    {"Origin": "https://testserver"},
    {"Origin": "null"},
    {"Origin": "http://testserver", "Sec-Fetch-Site": "same-site"},
    {},
]


def press(
    client: Client, name: str, path: str, headers: dict[str, str], kind: str = "application/json"
) -> Answer:
    return Answer(
        client.generic(
            name.split(" ")[0], f"/api/v1{path}", "{}", content_type=kind, headers=headers
        )
    )


@pytest.mark.wide
@pytest.mark.parametrize("name", UNSAFE)
def test_an_unsafe_route_with_a_cookie_is_pressed_from_our_own_pages_only(
    world: World, name: str
) -> None:
    client = signed_in("Marie")
    client.defaults.pop("HTTP_ORIGIN")
    csrf = {"X-CSRFToken": token_of(client)}
    path = next(path_of(name.split(" ")[1], world, world.anna, uuid4()))
    before = JournalEntry.objects.count()
    tries: list[tuple[dict[str, Any], str, str]] = [
        *((csrf | headers, "application/json", "other_origin") for headers in ELSEWHERE),
        (csrf | {"Origin": "http://testserver"}, "text/plain", "other_origin"),
        ({"Origin": "http://testserver"}, "application/json", "csrf"),
        ({"Origin": "http://testserver", "X-CSRFToken": "x" * 32}, "application/json", "csrf"),
    ]
    for headers, kind, code in tries:
        answer = press(client, name, path, headers, kind)
        assert (answer.status, answer.code) == (403, code), (headers, kind)
    assert JournalEntry.objects.count() == before
    with transaction.atomic():  # and from our own page it is let through
        answer = press(client, name, path, csrf | {"Origin": "http://testserver"})
        assert answer.status not in {401, 403}
        transaction.set_rollback(True)
