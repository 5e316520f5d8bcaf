"""Routes through the API: asked for, looked at, and applied as the draft that they are."""

from typing import Any

import pytest

from callout.accounts.zone import local, today
from callout.customers.models import Site
from callout.planning.models import PlanDraft
from callout.routing.running import optimisation_run
from callout.workforce.models import Technician
from tests.api.conftest import Answer, World, soon
from tests.routing.world import few_steps

ROUTES = "/planning/optimisations"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    few_steps(monkeypatch)


@pytest.fixture
def mapped(world: World) -> World:
    """Everybody and everything has a position."""
    Technician.objects.update(latitude=50.7, longitude=4.6)
    Site.objects.update(latitude=50.75, longitude=4.65)
    return world


def day(hours: float = 30) -> str:
    return local(soon(hours)).date().isoformat()


def asked(world: World, **body: Any) -> Answer:
    return world.boss.post(ROUTES, {"days": [day()], "moves": "unplanned"} | body)


def test_it_is_asked_for_worked_out_read_and_applied(mapped: World) -> None:
    order = mapped.order()
    made = asked(mapped)
    assert (made.status, made.body["state"], made.body["kind"]) == (202, "making", "routes")
    path = f"{ROUTES}/{made.body['id']}"
    assert made.headers["Location"] == f"/api/v1{path}"
    assert (made.body["progress"], made.body["figures"], made.body["unserved"]) == (None, None, [])
    optimisation_run(made.body["id"], last=True)
    body = mapped.boss.get(path).body
    assert body["state"] == "ready"
    assert body["figures"]["after"]["served"] == body["figures"]["before"]["served"] + 1
    stops = [stop["order_id"] for route in body["routes"]["after"] for stop in route["stops"]]
    assert str(order.pk) in stops
    draft = f"/planning/drafts/{made.body['id']}"
    assert mapped.boss.get(draft).body["moves"][0]["service_order"]["id"] == str(order.pk)
    assert mapped.boss.post(f"{draft}/apply", {}).body["state"] == "applied"
    assert mapped.boss.post(f"{draft}/undo").body["state"] == "undone"


def test_a_day_of_it_is_drawn_before_and_after_with_each_drive(mapped: World) -> None:
    order = mapped.order()
    made = asked(mapped, days=[day(), day(54)])
    path = f"{ROUTES}/{made.body['id']}"
    drawn = f"{path}/routes?day={day()}"
    assert mapped.boss.get(drawn).body["after"] == []
    optimisation_run(made.body["id"], last=True)
    body = mapped.boss.get(drawn).body
    figures = mapped.boss.get(path).body["figures"]
    assert (body["day"], body["days"]) == (day(), [day(), day(54)])
    other = mapped.boss.get(f"{path}/routes?day={day(54)}").body
    for side in ("before", "after"):
        legs = [leg for one in body[side] + other[side] for leg in one["legs"]]
        assert sum(leg["minutes"] for leg in legs) == figures[side]["driving_minutes"]
        for route in body[side]:
            assert [stop["nth"] for stop in route["stops"]] == [*range(1, len(route["stops"]) + 1)]
            ends = [leg["line"][end] for leg in route["legs"][:1] for end in (0, -1)]
            assert ends == [[4.6, 50.7], [4.65, 50.75]]
            assert route["legs"][0]["minutes"] > 0
    (new,) = (stop for one in body["after"] + other["after"] for stop in one["stops"]
              if stop["order_id"] == str(order.pk))  # fmt: skip
    assert (new["customer"], new["lng"]) == (order.customer.name, 4.65)
    assert str(order.pk) not in [s["order_id"] for one in body["before"] for s in one["stops"]]


def test_what_is_not_served_says_why_and_what_would_help(mapped: World) -> None:
    order = mapped.order(duration_minutes=1440)
    made = asked(mapped)
    optimisation_run(made.body["id"], last=True)
    (told,) = mapped.boss.get(f"{ROUTES}/{made.body['id']}").body["unserved"]
    assert (told["order_id"], told["visit_id"]) == (str(order.pk), None)
    assert told["reason"]
    assert told["code"]


def test_with_today_few_changes_are_preferred_unless_something_else_is_asked(
    mapped: World,
) -> None:
    mapped.order()
    with_today = {"days": [today().isoformat(), day()]}
    wanted: list[tuple[dict[str, Any], str]] = [
        ({}, "served"),
        (with_today, "least_change"),
        (with_today | {"objective": "served"}, "served"),
    ]
    for body, aim in wanted:
        made = asked(mapped, **body)
        assert PlanDraft.objects.get(pk=made.body["id"]).parameters["objective"] == aim
        mapped.boss.post(f"/planning/drafts/{made.body['id']}/drop")


def test_managers_alone(mapped: World) -> None:
    mapped.order()
    made = asked(mapped)
    path = f"{ROUTES}/{made.body['id']}"
    for share in (mapped.anna, mapped.bert):
        assert share.api.post(ROUTES, {"days": [day()]}).status == 403
        assert share.api.get(path).status == 403
    assert mapped.nobody.get(path).status == 401
    assert mapped.boss.get(f"{ROUTES}/{mapped.draft}").status == 404  # a draft of another kind


def test_the_same_request_twice_asks_once(mapped: World) -> None:
    mapped.order()
    before = PlanDraft.objects.count()
    body = {"days": [day()], "moves": "unplanned"}
    first, again = (mapped.boss.post(ROUTES, body, Idempotency_Key="one") for _ in range(2))
    assert first.body == again.body
    assert PlanDraft.objects.count() == before + 1
    assert asked(mapped).code == "one_in_the_making"


def test_what_cannot_be_is_refused_in_words(mapped: World) -> None:
    wrong: list[dict[str, Any]] = [
        {"days": []}, {"days": ["2020-01-01"]}, {"days": [day()] * 8}, {"seconds": 0},
        {"seconds": 301}, {"moves": "all"}, {"surprise": 1},
        {"technician_ids": [str(mapped.draft)]}, {"pinned": {"hours": []}},
    ]  # fmt: skip
    for body in wrong:
        assert asked(mapped, **body).status == 422, body
    assert asked(mapped, days=[day(2000)]).code == "empty_day"
