"""Whatever is sent, the answer is one of ours: never a 500, always JSON or problem details."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callout.web.api.openapi import described
from tests.api.conftest import Answer, World
from tests.api.routes import ROUTES, path_of
from tests.scale import rounds

pytestmark = pytest.mark.wide

EXAMPLES = rounds(150, 20_000)
WRITES = sorted(name for name in ROUTES if not name.startswith("GET"))
READS = sorted(name for name in ROUTES if name.startswith("GET"))
NASTY: list[Any] = [
    None, True, False, 0, -1, 1, 5, 2**31, 2**63, 2**70, -(2**63) - 1, 0.5, -0.0, 1e308, "", " ",
    "x", "é" * 400, "x" * 30_000, "\x00", "\ud800", "\u202e", "' OR 1=1 --", "%s%n", "{{7*7}}",
    "2026-11-24T08:00:00Z", "2026-11-24T08:00:00", "9999-12-31T23:59:59-23:59", "0001-01-01",
    "1900-01-01T00:00:00+23:59", "2199-12-31T23:59:59-23:59", "2026-02-30", "24:00", "-infinity",
    "NaN", "1e5", "٣", [], [[]], [None], ["x"], {}, {"a": 1}, [[["00:00", "24:00"]]] * 7,
    "+32 10 12 34 56", "not@an", "BE", "low", "urgent", "00000000-0000-0000-0000-000000000000",
]  # fmt: skip
FIELDS = sorted(
    {
        field
        for shape in described()["components"]["schemas"].values()
        for field in shape.get("properties", {})
    }
)
nasty = st.sampled_from(NASTY) | st.text(max_size=20) | st.integers() | st.floats(allow_nan=False)
changes = st.dictionaries(st.sampled_from(FIELDS), nasty, max_size=4)
headers = st.fixed_dictionaries(
    {},
    optional={
        "If_Match": st.sampled_from(['"1"', '"2"', "*", "x", '"999999999"']),
        "Idempotency_Key": st.sampled_from(["a", "b", "x" * 300]),
    },
)
once = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def check(answer: Answer) -> None:
    assert answer.status < 500, answer.text
    if answer.status >= 400:
        assert answer.kind.startswith("application/problem+json")
        assert set(answer.body) >= {"type", "title", "status", "detail", "code"}


@given(
    name=st.sampled_from(WRITES),
    changed=changes,
    more=headers,
    of_anna=st.booleans(),
    by_boss=st.booleans(),
    turn=st.integers(0, 7),
)
@once
def test_no_body_breaks_a_write(
    world: World,
    name: str,
    changed: dict[str, Any],
    more: dict[str, str],
    of_anna: bool,
    by_boss: bool,
    turn: int,
) -> None:
    method, template = name.split(" ")
    share = world.anna if of_anna else world.bert
    api = world.boss if by_boss else world.anna.api
    paths = list(path_of(template, world, share, share.order))
    make = ROUTES[name].body
    body = make(world, share) if make else {}
    with transaction.atomic():
        if "file" in body:
            fields = {k: str(v).encode(errors="surrogatepass") for k, v in changed.items()}
            check(api.upload(paths[0], "x.txt", b"x", **fields))
        else:
            check(api(method, paths[turn % len(paths)], json.dumps({**body, **changed}), **more))
        transaction.set_rollback(True)


@given(
    name=st.sampled_from(READS),
    query=st.dictionaries(
        st.sampled_from([*FIELDS, "q", "limit", "after", "sort", "stage", "from", "to", "day"]),
        nasty,
        max_size=3,
    ),
    by_boss=st.booleans(),
)
@once
def test_no_address_breaks_a_read(
    world: World, name: str, query: dict[str, Any], by_boss: bool
) -> None:
    api = world.boss if by_boss else world.anna.api
    (path,) = path_of(name.split(" ")[1], world, world.anna, world.anna.order)
    pairs = "&".join(
        f"{key}={quote(str(value), errors='surrogatepass')}" for key, value in query.items()
    )
    with transaction.atomic():
        check(api.get(f"{path}?{pairs}"))
        transaction.set_rollback(True)


@given(data=st.binary(max_size=200))
@settings(parent=once, max_examples=rounds(60, 5_000))
def test_no_bytes_break_the_parser(world: World, data: bytes) -> None:
    with transaction.atomic():
        check(world.boss.post("/customers", data))
        transaction.set_rollback(True)


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize(
    "field", ["description", "start", "priority_id", "more_asset_ids", "duration_minutes"]
)
def test_no_value_breaks_an_order(world: World, field: str, value: Any) -> None:
    check(world.boss.post("/service-orders", json.dumps(world.new_body(**{field: value}))))
