"""Planning under attack: every value of every question replaced by each that breaks programs."""

import json
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import transaction

from tests.api.conftest import World, soon
from tests.api.test_fuzz import NASTY, check
from tests.scale import rounds

pytestmark = pytest.mark.wide

ENDS = [
    "1900-01-01T00:00:00Z", "2199-12-31T23:59:00Z", "2199-12-31", "0001-01-01T00:00:00Z",
    "9999-12-31", "2027-03-28T02:30:00+01:00", "2027-03-28T01:30:00Z", "2026-10-25T02:30:00+02:00",
    "2027-03-28", "1900-01-01", -60, 1440, 1441, 1e9, 10**400, -(10**30), 60.0, "60",
    [True], float("nan"), float("inf"), "\u202eabc", "a\x00b", "\udfff",
    [["x"] * 3] * 3, str(uuid4()), "%2e%2e/", ",,,",
]  # fmt: skip
VALUES = [*NASTY, *ENDS]
TURNS = 6  # in as many turns each value is at each place once
TURN = pytest.mark.parametrize("turn", range(0, TURNS, TURNS // rounds(1, TURNS)))


Asked = Iterator[tuple[str, dict[str, Any]]]


def reads(world: World) -> Asked:
    """Every question with all that it takes."""
    order, anna = str(world.anna.order), str(world.anna.technician.pk)
    yield (
        "/planning/board",
        {
            "first": "2026-11-27",
            "days": 2,
            "technician_id": anna,
            "skill_id": str(world.skill),
        },
    )
    yield (
        "/planning/pile",
        {
            "tab": "to_plan",
            "skill_id": str(world.skill),
            "area_id": str(world.area),
            "type_id": str(world.kind.pk),
            "q": "tap",
            "at_risk": "true",
            "limit": 3,
        },
    )
    yield "/planning/check", {"day": "2026-11-27"}
    yield (
        "/planning/map",
        {
            "day": "2026-11-27",
            "stage": "planned",
            "technician_status": "planned",
            "technician_id": anna,
            "type_id": str(world.kind.pk),
            "priority_id": "normal",
            "customer_id": str(world.anna.customer),
            "site_id": str(world.anna.site),
            "asset_id": str(world.anna.asset),
            "waiting": "no",
            "at_risk": "true",
            "q": "tap",
        },
    )
    picked = {
        "service_order_id": order,
        "visit_id": str(world.anna.visit),
        "duration_minutes": 60,
        "first": f"{soon():%Y-%m-%d}",
        "days": 2,
    }
    yield "/planning/answers", picked
    yield f"/planning/answers/{anna}", picked
    asked = {
        "service_order_id": order,
        "duration_minutes": 60,
        "not_before": soon(5).isoformat(),
        "helper_id": str(world.bert.technician.pk),
    }
    yield "/planning/suggestions", {**asked, "limit": 3, "urgent": "true"}
    yield "/planning/explain", {**asked, "technician_id": anna, "start": soon(5).isoformat()}
    yield "/planning/drafts", {"limit": 3, "after": "x"}


def bodies(world: World) -> Asked:
    """Every wish with all that it takes."""
    anna, at = str(world.anna.technician.pk), soon(50).isoformat()
    new = world.order()
    move = {
        "service_order_id": str(new.pk),
        "version": new.version,
        "visit_id": None,
        "technician_id": anna,
        "start": at,
        "duration_minutes": 60,
        "allow_overlap": False,
    }
    promise = {"choice": "anew", "promise_from": at, "promise_to": soon(52).isoformat()}
    yield "/planning/moves", {"moves": [move], "confirmed": True, "promise": promise}
    yield (
        "/planning/moves/undo",
        {
            "done": [
                {
                    "service_order_id": str(world.anna.order),
                    "version": 1,
                    "visit_id": str(world.anna.visit),
                }
            ]
        },
    )
    job = {
        "site_id": str(world.anna.site),
        "duration_minutes": 60,
        "type_id": str(world.kind.pk),
        "not_before": soon(3).isoformat(),
        "wish_not_before": at,
        "wish_due": at,
        "wish_from": "08:00",
        "wish_to": "12:00",
        "due_at": at,
        "promise_from": at,
        "promise_to": at,
        "helper_ids": [str(world.bert.technician.pk)],
        "vehicle_id": str(world.vehicle),
    }
    yield "/planning/suggestions", {**job, "limit": 3, "urgent": True}
    yield "/planning/explain", {**job, "technician_id": anna, "start": at}
    yield (
        "/planning/drafts",
        {
            "kind": "auto_plan",
            "first": f"{soon(30):%Y-%m-%d}",
            "days": 2,
            "order_ids": [str(new.pk)],
            "technician_ids": [anna],
            "team_id": str(world.team),
            "area_id": str(world.area),
        },
    )
    yield (
        "/planning/drafts",
        {
            "kind": "absence",
            "absence_id": str(world.anna.absence),
            "technician_id": anna,
            "start": soon(1).isoformat(),
            "end": soon(9).isoformat(),
        },
    )
    draft = f"/planning/drafts/{world.draft}"
    yield f"{draft}/apply", {"technician_ids": [anna], "move_ids": [str(uuid4())]}


def places(body: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a body, of its parts too."""
    if path:
        yield path
    if isinstance(body, dict | list):
        for key in body if isinstance(body, dict) else range(len(body)):
            yield from places(body[key], (*path, key))


def replaced(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The body with another value at that place."""
    whole = at = deepcopy(body)
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return whole


def status(world: World, method: str, path: str, body: str | None = None) -> int:
    """How it is answered; whatever it does is taken back."""
    with transaction.atomic():
        answer = world.boss(method, path, body)
        transaction.set_rollback(True)
    check(answer)
    return answer.status


@pytest.mark.dear
@TURN
def test_no_value_breaks_a_question(world: World, turn: int) -> None:
    told: Counter[int] = Counter()
    for path, query in reads(world):
        for place, name in enumerate(query):
            for value in VALUES[(turn + place) % TURNS :: TURNS]:
                pairs = {**query, name: str(value)[:3000]}
                asked = "&".join(
                    f"{key}={quote(str(one), errors='surrogatepass')}" for key, one in pairs.items()
                )
                told[status(world, "GET", f"{path}?{asked}")] += 1
    assert told[422] > 200
    assert told[200] > 10


@pytest.mark.dear
@TURN
def test_no_value_breaks_a_wish(world: World, turn: int) -> None:
    told: Counter[int] = Counter()
    for path, body in bodies(world):
        for place, where in enumerate(places(body)):
            for value in VALUES[(turn + place) % TURNS :: TURNS]:
                sent = json.dumps(replaced(body, where, value))
                told[status(world, "POST", path, sent)] += 1
    assert told[422] > 200
    assert told[200] > 10


def test_the_bodies_are_taken_as_they_are(world: World) -> None:
    """The negative control: it is the values put into them that are refused."""
    taken = {path: status(world, "POST", path, json.dumps(body)) for path, body in bodies(world)}
    assert taken["/planning/moves"] == taken["/planning/suggestions"] == 200
    assert taken["/planning/explain"] == 200
    asked = {path: query for path, query in reads(world) if path != "/planning/drafts"}
    for path, query in asked.items():
        pairs = "&".join(f"{key}={quote(str(one))}" for key, one in query.items())
        assert status(world, "GET", f"{path}?{pairs}") == 200, path


def test_no_more_go_along_than_can_be_looked_at(world: World) -> None:
    """With a hundred helpers a suggestion took half a minute of 200 technicians."""
    many = [str(uuid4()) for _ in range(21)]
    for path, body in bodies(world):
        if "helper_ids" in body:
            assert status(world, "POST", path, json.dumps(body | {"helper_ids": many[1:]})) == 200
            assert status(world, "POST", path, json.dumps(body | {"helper_ids": many})) == 422
    for path, query in reads(world):
        if "helper_id" in query:
            pairs = [*(query | {"helper_id": many[0]}).items()]
            pairs += [("helper_id", one) for one in many[1:]]
            asked = "&".join(f"{name}={quote(str(one))}" for name, one in pairs)
            assert status(world, "GET", f"{path}?{asked}") == 422
