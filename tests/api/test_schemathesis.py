"""What Schemathesis makes of the API's own description, right and wrong: never an answer 500."""

import warnings
from collections import Counter
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from callout.customers import selectors
from callout.web.api.openapi import described
from tests.api.conftest import Answer, World
from tests.api.routes import ROUTES, path_of
from tests.api.test_fuzz import check
from tests.scale import rounds

pytestmark = pytest.mark.wide
EXAMPLES = rounds(1, 200)
BASE = "/api/v1"
# Names of the description: without the kinds of ids that the census has.
PATHS = {name.replace("{uuid:", "{").replace("{int:", "{"): name for name in ROUTES}
LIVE = "GET /live"  # answered by the side that faces the network: tests/live


@cache
def operations() -> dict[str, Any]:
    """Every operation of the description by its name. Schemathesis is read here, not above: it
    takes two seconds, which no other test should wait for."""
    import schemathesis

    found = schemathesis.openapi.from_dict(described()).get_all_operations()
    return {one.ok().label.replace(f" {BASE}", " "): one.ok() for one in found}


def answered(case: Any, path: str, token: str) -> Answer:
    """The request as it would go over the wire, but to things that are there, by somebody."""
    import requests

    wanted = case.as_transport_kwargs(base_url="http://testserver")
    parts = ("method", "url", "params", "json", "data", "files", "headers")
    wire = requests.Request(**{name: wanted.get(name) for name in parts}).prepare()
    headers = {str(name): str(value) for name, value in wire.headers.items()}
    headers["Authorization"] = f"Bearer {token}"
    kind = headers.pop("Content-Type", "application/json")
    response = Client(raise_request_exception=False).generic(
        case.method, f"{BASE}{path}", wire.body or b"", content_type=kind, headers=headers,
        QUERY_STRING=urlsplit(wire.url or "").query,
    )  # fmt: skip
    return Answer(response)


def asked(world: World, name: str, examples: int = EXAMPLES) -> Counter[int]:
    """Ask the operation by right and by wrong requests; how often it gave which status."""
    from schemathesis.generation import GenerationMode

    ended: Counter[int] = Counter()
    operation = operations()[name]
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @given(case=cases, of_anna=st.booleans(), by_boss=st.booleans(), turn=st.integers(0, 7))
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case: Any, of_anna: bool, by_boss: bool, turn: int) -> None:
        share = world.anna if of_anna else world.bert
        paths = list(path_of(PATHS[name].split(" ")[1], world, share, share.order))
        token = (world.boss if by_boss else world.anna.api).token
        with transaction.atomic():
            answer = answered(case, paths[turn % len(paths)], token)
            transaction.set_rollback(True)
        ended[answer.status] += 1
        check(answer)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of hypothesis and of jsonschema, about each other
        ask()
    return ended


def test_the_description_holds_every_route_of_the_census() -> None:
    assert set(operations()) == {*PATHS, LIVE}


@pytest.mark.parametrize("name", sorted(PATHS))
def test_no_request_by_the_description_is_answered_500(world: World, name: str) -> None:
    asked(world, name)


def test_the_requests_are_both_taken_and_refused(world: World) -> None:
    ended = asked(world, "GET /customers", 40)
    for _round in range(10):  # one of thirty is taken, as it comes
        ended += asked(world, "POST /customers", 40)
        if ended[201]:
            break
    assert {200, 201, 403, 422} <= set(ended), ended


def test_control_a_mistake_of_ours_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_kwargs: object) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(selectors, "customer_list", broken)
    with pytest.raises(AssertionError):
        asked(world, "GET /customers", 40)
