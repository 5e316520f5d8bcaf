"""What an optimisation cannot plan is said in words, and the rest is planned."""

from typing import Any

import pytest

from callout.kernel import clock
from callout.kernel.errors import Invalid
from callout.planning.drafts.applying import draft_apply
from callout.routing.engine.evaluate import evaluate
from callout.routing.engine.insertion import build
from callout.routing.engine.problem import Order, Plan, Problem, Technician
from callout.routing.engine.reasons import reasons
from callout.routing.starting import optimisation_start
from callout.workforce import services as workforce
from callout.workforce.models import Technician as Person
from tests.routing.world import DAY, Town, few_steps, moves, on, optimised
from tests.travel.conftest import Fake, fake, osrm
from tests.travel.test_osrm import HOSTILE

__all__ = ["fake", "osrm"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    few_steps(monkeypatch)


def told(town: Town, **asked: Any) -> dict[str, tuple[str, str]]:
    """Of each order by its site whether it is proposed, and why not."""
    draft = optimised(town, moves="unplanned", **asked)
    assert draft.state == "ready", draft.failure
    return {
        move.order.site.name: (move.state, move.reason)
        for move in draft.moves.select_related("order__site")
    }


def test_without_any_depot_nothing_is_planned_and_all_is_said(town: Town) -> None:
    Person.objects.update(latitude=None, longitude=None)
    town.order(1)
    draft = optimised(town, moves="unplanned")
    (move,) = moves(draft)
    assert (move.state, move.reason) == ("unplaced", "nobody who may have it works on these days")
    assert sorted(one["words"] for one in draft.figures["left_out"]) == [
        "Anna has no home base: say on their page where they start",
        "Bert has no home base: say on their page where they start",
    ]


def test_a_shift_shorter_than_its_lunch_spoils_nobody_elses_day(town: Town, settings: Any) -> None:
    settings.LUNCH_FROM_HOURS, settings.LUNCH_MINUTES = 0, 45
    workforce.working_week_set(
        actor=town.els, technician_id=town.anna_id, valid_from=on(0).date() - DAY,
        days=[[["12:00", "12:30"]]] * 7,
    )  # fmt: skip
    town.planned(12, 0.2, duration_minutes=20)
    town.order(2, duration_minutes=60)
    assert told(town)["At 2, 0"] == ("proposed", "")


def test_windows_that_nobody_can_meet_are_told_and_the_rest_is_planned(town: Town) -> None:
    town.order(1, wish_from="05:00", wish_to="06:00")
    week: list[list[list[str]]] = [[["02:00", "04:00"]]] * 7
    closed = town.site(3, opening_hours=week)
    town.company.order(site_id=closed.pk, duration_minutes=30)
    never = town.site(4, opening_hours=[[]] * 7)
    town.company.order(site_id=never.pk, duration_minutes=30)
    town.order(2, duration_minutes=60)
    found = told(town)
    assert {site: state for site, (state, _why) in found.items()} == {
        "At 1, 0": "unplaced", "At 3, 0": "unplaced", "At 4, 0": "unplaced", "At 2, 0": "proposed",
    }  # fmt: skip
    assert found["At 1, 0"][1].startswith("nobody works when it may begin")
    assert found["At 3, 0"][1].startswith("nobody works when it may begin")
    assert found["At 4, 0"][1] == "the site is not open long enough on these days"


def test_an_order_without_a_position_is_told_beside_those_that_have_one(town: Town) -> None:
    town.company.order()
    town.order(2, duration_minutes=60)
    found = told(town)
    (nowhere,) = (one for site, one in found.items() if not site.startswith("At "))
    assert nowhere == ("unplaced", "its site has no position on the map")
    assert found["At 2, 0"] == ("proposed", "")


def test_without_technicians_there_is_nobody_to_plan_for(town: Town) -> None:
    town.order(1)
    Person.objects.update(archived_at=clock.now())
    with pytest.raises(Invalid) as refused:
        optimisation_start(actor=town.els, asked=town.asked(moves="unplanned"))
    assert refused.value.fields == {"technician_ids": ["There is nobody to plan for."]}


@pytest.mark.wide
def test_ten_thousand_orders_are_planned_as_far_as_they_go_and_each_is_told_why() -> None:
    places = [(n * 7919 % 300, n * 104_729 % 300) for n in range(200)]
    matrix = [[30 * (abs(a - c) + abs(b - d)) for c, d in places] for a, b in places]
    team = [Technician(f"T{n}", (28_800, 61_200), n, n) for n in range(50)]
    orders = [Order(f"O{n}", n % 200, 1_800, urgent=n % 100 == 0) for n in range(10_000)]
    problem = Problem(team, orders, matrix)
    found = evaluate(problem, build(problem))
    assert found.feasible
    assert (found.urgent_unserved, found.served > 300) == (0, True)
    why = reasons(problem, Plan({who: tuple(stop.order_id for stop in route.stops)
                                 for who, route in found.routes.items()}), remedies=20)  # fmt: skip
    assert set(why) == set(found.unserved)
    assert {one.code for one in why.values()} <= {"no_room", "fits"}


@pytest.mark.wide
@pytest.mark.parametrize("name", ["hangs", "NaN", "too few", "negative", "a redirect to a file"])
def test_with_a_routing_server_that_hangs_or_lies_the_day_is_planned_by_the_estimate(
    town: Town, osrm: Fake, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callout.routing.drives.PATIENCE", 0.7)
    osrm.answer = HOSTILE[name]
    for hour, east in ((8, 6), (10, 1), (13, 6.5), (15, 1.5)):
        town.planned(hour, east)
    draft = optimised(town)
    assert (draft.state, draft.figures["is_estimate"]) == ("ready", True)
    assert moves(draft)
    draft_apply(actor=town.els, draft_id=draft.pk)
    assert {move.state for move in moves(draft)} == {"applied"}
