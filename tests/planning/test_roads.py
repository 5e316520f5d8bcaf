"""Where a routing server is set planning, optimiser and map know the same drives."""

import math
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callout.accounts.zone import today
from callout.orders.models import ServiceOrder
from callout.planning.board import board_read
from callout.planning.board_day import Bar
from callout.planning.drafts.applying import draft_apply
from callout.planning.drafts.filling import draft_fill
from callout.planning.drafts.making import draft_auto_plan
from callout.planning.judging import Move
from callout.planning.map import map_read
from callout.planning.placing import NotPlaced, visits_place
from callout.planning.selectors import ask_for_order, slot_reasons, slot_suggestions
from callout.routing import running
from callout.routing.engine.problem import Problem
from callout.routing.engine.solving import Solved, solve
from callout.travel.estimate import Place, straight_km, travel_estimate
from tests.routing.world import DAY, HOME, Town, moves, on, optimised, town_made
from tests.travel.conftest import Fake, Service, fake, osrm, osrm_answer

__all__ = ["fake", "osrm"]
pytestmark = pytest.mark.django_db
SLOW = 4  # minutes for a kilometre of the straight line, where the estimate has one and a half


@pytest.fixture
def town(db: None) -> Town:
    return town_made()


@pytest.fixture
def slow(osrm: Fake, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """The roads are bad; and the engine is this process's, with few steps."""

    def answer(service: Service) -> None:
        say = service.json

        def slowly(answer: Any, status: int = 200) -> None:
            if "durations" in answer:
                answer["durations"] = [[one * SLOW for one in row] for row in answer["durations"]]
            else:
                for leg in answer["routes"][0]["legs"]:
                    leg["duration"] *= SLOW
            say(answer, status)

        service.json = slowly  # type: ignore[method-assign]
        osrm_answer(service)

    def solved(problem: Problem, *, seed: int, **more: Any) -> Solved:
        del more["seconds"]
        return solve(problem, seconds=1, seed=seed, iterations=100, **more)

    osrm.answer = answer
    monkeypatch.setattr(running, "solve_apart", solved)
    return osrm


def tomorrow() -> date:
    return today() + DAY


def minutes(east: float, other: float = 0) -> int:
    """By the bad road along the line on which all sites lie."""
    a, b = (Place(HOME[0], HOME[1] + 0.045 * one) for one in (east, other))
    return math.ceil(straight_km(a, b) * SLOW)


def bars(town: Town) -> list[Bar]:
    found = board_read(actor=town.els, first=tomorrow())
    return [bar for row in found.rows for bar in row.bars]


def drives(town: Town) -> list[tuple[int, bool]]:
    return [(bar.course.leg.minutes, bar.course.leg.is_estimate) for bar in bars(town)
            if bar.course.leg]  # fmt: skip


def codes(town: Town, order: ServiceOrder, hour: float) -> list[str]:
    """What speaks against an hour of Anna's, by the form's rules."""
    found = slot_reasons(
        actor=town.els, technician_id=town.anna_id, start=on(hour), end=on(hour + 1),
        ask=ask_for_order(order),
    )  # fmt: skip
    return [one.code for one in found if one.code.startswith("travel")]


def test_what_the_optimiser_proposes_the_board_and_the_rules_judge_by_the_same_minutes(
    town: Town, slow: Fake
) -> None:
    near, far = (town.order(east, duration_minutes=60) for east in (1, 4))
    draft = optimised(town, moves="unplanned", technician_ids=(town.anna_id,))
    assert [move.state for move in moves(draft)] == ["proposed"] * 2
    assert not draft.figures["is_estimate"]
    draft_apply(actor=town.els, draft_id=draft.pk)
    asked = len(slow.asked)
    first = min(bars(town), key=lambda bar: bar.visit.start)
    way = (0, 1, 4) if first.visit.order_id == near.pk else (0, 4, 1)
    assert drives(town) == [
        (minutes(way[1], way[0]), False), (minutes(way[2], way[1]), False),
    ]  # fmt: skip
    assert [bar.course.late.total_seconds() for bar in bars(town)] == [0, 0]
    told = draft.figures["after"]["driving_minutes"]
    assert told == sum(minutes(b, a) for a, b in zip(way, (*way[1:], 0), strict=True))
    town.order(4)
    last = max(bars(town), key=lambda bar: bar.visit.start).visit
    order = ServiceOrder.objects.get(pk=near.pk if last.order_id == far.pk else far.pk)
    # Half an hour between the two: enough by the estimate, and not by the road.
    begin = (last.start - on(0)).total_seconds() / 3600 - 1.5
    assert codes(town, order, begin) == ["travel_after"]
    move = Move(
        order_id=order.pk, version=order.version, technician_id=town.anna_id,
        start=on(begin), minutes=60, visit_id=order.visit_id,
    )  # fmt: skip
    with pytest.raises(NotPlaced, match="late"):
        visits_place(actor=town.els, moves=[move])
    assert len(slow.asked) == asked


def test_so_it_is_in_a_company_too_large_to_know_every_drive(
    town: Town, slow: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callout.travel.book.SMALL", 0)
    for east in (1, 4):
        town.order(east, duration_minutes=60)
    draft = optimised(town, moves="unplanned", technician_ids=(town.anna_id,))
    draft_apply(actor=town.els, draft_id=draft.pk)
    assert [estimated for _minutes, estimated in drives(town)] == [False, False]
    assert minutes(4, 1) in {told for told, _estimated in drives(town)}


def test_what_is_not_known_is_estimated_until_the_map_has_asked(town: Town, slow: Fake) -> None:
    town.planned(9, 1)
    town.planned(11, 4)
    home, one, four = (Place(HOME[0], HOME[1] + 0.045 * east) for east in (0, 1, 4))
    estimated = [(travel_estimate(a, b).minutes, True) for a, b in ((home, one), (one, four))]
    assert drives(town) == estimated
    assert not slow.asked
    map_read(actor=town.els, day=tomorrow())
    assert slow.asked
    assert drives(town) == [(minutes(1), False), (minutes(4, 1), False)]


def test_auto_plan_asks_in_its_job_and_leaves_time_for_the_road(town: Town, slow: Fake) -> None:
    orders = [town.order(east, duration_minutes=180) for east in (1, 7, 1, 7)]
    draft = draft_auto_plan(
        actor=town.els, first=tomorrow(), days=1, order_ids=[one.pk for one in orders],
        technician_ids=[town.anna_id],
    )  # fmt: skip
    draft_fill(draft.pk)
    assert slow.asked
    draft.refresh_from_db()
    draft_apply(actor=town.els, draft_id=draft.pk)
    assert [late.course.late.total_seconds() for late in bars(town)] == [0] * len(bars(town))
    assert len(bars(town)) >= 2
    assert all(not estimated for _minutes, estimated in drives(town))


@pytest.mark.wide
@pytest.mark.parametrize("asked", ["board", "suggestions"])
def test_what_is_known_costs_one_query_for_all_and_no_request(
    town: Town, slow: Fake, settings: Any, asked: str
) -> None:
    order = town.order(2)
    ask: dict[str, Callable[[], object]] = {
        "board": lambda: board_read(actor=town.els, first=tomorrow()),
        "suggestions": lambda: slot_suggestions(actor=town.els, ask=ask_for_order(order)),
    }

    def queries() -> int:
        ask[asked]()
        with CaptureQueriesContext(connection) as told:
            ask[asked]()
        return len(told)

    town.planned(9, 1)
    few = queries()
    for hour, east in ((10.5, 2), (13, 3), (14.5, 4)):
        town.planned(hour, east)
        town.planned(hour, east, who=town.company.bert)
    assert queries() == few
    assert not slow.asked
    settings.OSRM_URL = ""
    assert queries() == few - 1
