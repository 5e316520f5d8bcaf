"""Repeats are harmless: equal requests at once, on every unsafe route, against real connections."""

import json
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from callout.customers.models import Customer
from callout.kernel.models import IdempotencyKey, JournalEntry
from tests.api.conftest import Answer, Api, World
from tests.api.routes import ROUTES, path_of
from tests.races.conftest import together
from tests.scale import rounds

pytestmark = pytest.mark.race
AT_ONCE = 10
ROUNDS = rounds(1, 50)
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# What takes things away comes last, so that the others find them.
LATE = {"POST": 0, "PUT": 1, "PATCH": 2, "DELETE": 3}
NAMES = sorted(
    (name for name in ROUTES if name.startswith(UNSAFE)),
    key=lambda name: (LATE[name.split(" ")[0]], name),
)


def anew(api: Api) -> Api:
    """The same program in another process."""
    return replace(api, client=Client())


def etag_for(api: Api, path: str) -> str:
    """The version of the thing that `path` is about: of itself, or of what it lies below."""
    parts = path.split("/")
    while len(parts) > 1:
        answer = api.get("/".join(parts))
        if "ETag" in answer.headers:
            return answer.etag
        parts.pop()
    return '"1"'


def send(api: Api, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
    if body and "file" in body:
        return api.upload(path, *body["file"], Idempotency_Key=headers["Idempotency_Key"])
    return api(method, path, body, **headers)


def ten_at_once(world: World, method: str, path: str, body: Any) -> list[Answer]:
    headers = {"Idempotency_Key": str(uuid4())}
    if method in {"PATCH", "PUT"} or path.endswith(("/move", "/replan")):
        headers["If_Match"] = etag_for(world.boss, path)
    works = [
        partial(send, anew(world.boss), method, path, body, headers) for _time in range(AT_ONCE)
    ]
    answers = together(works)
    assert all(isinstance(answer, Answer) for answer in answers), answers
    other = send(anew(world.boss), method, path, _other(body), headers)
    assert (other.status, other.code) == (422, "idempotency_key_reused"), (path, other.text)
    return answers


def _other(body: Any) -> Any:
    """Other bytes, but well formed."""
    if body and "file" in body:
        return {"file": ("made.txt", b"other")}
    return json.dumps(body or {}) + " "


@pytest.mark.parametrize("turn", range(ROUNDS))  # each in a fresh world: deleting ends a turn
def test_equal_requests_at_once_have_one_effect_and_one_answer(
    committed_world: World, turn: int
) -> None:
    world = committed_world
    ended: Counter[str] = Counter()
    for name in NAMES:
        method, template = name.split(" ")
        for path in path_of(template, world, world.anna, uuid4()):
            route = ROUTES[name]
            body = route.body(world, world.anna) if route.body else None
            last = JournalEntry.objects.order_by("-id").values_list("id", flat=True)[0]
            answers = ten_at_once(world, method, path, body)
            said = {(a.status, json.dumps(a.body, sort_keys=True)) for a in answers}
            assert len(said) == 1, (name, path, said)
            fresh = [a for a in answers if "Idempotency-Replayed" not in a.headers]
            assert len(fresh) == 1, (name, path)
            written = Counter(
                JournalEntry.objects.filter(id__gt=last).values_list("entity", "entity_id", "kind")
            )
            assert set(written.values()) <= {1}, (name, path, written)
            ended["done" if answers[0].status < 300 else "refused"] += 1
    assert ended["done"] >= 40
    assert IdempotencyKey.objects.exclude(status=None).count() == sum(ended.values())


def test_without_a_key_they_are_ten_changes(committed_world: World) -> None:
    """The negative control: it is the key that makes repeats harmless."""
    works = [
        partial(anew(committed_world.boss).post, "/customers", {"name": "Ten"})
        for _time in range(AT_ONCE)
    ]
    assert {answer.status for answer in together(works)} == {201}
    assert Customer.objects.filter(name="Ten").count() == AT_ONCE
