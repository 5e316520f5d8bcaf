"""Whose day it is and how long: nights, who is out, lunch on a day under way."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from callout.accounts.zone import today
from callout.kernel import clock
from callout.orders.services import visit_pin, visit_promise
from callout.planning.drafts.applying import draft_apply
from callout.routing import running
from callout.routing.asked import Pinned
from callout.routing.building import Built, build
from callout.routing.engine.evaluate import evaluate
from callout.routing.engine.problem import Lunch, Problem, Technician
from callout.routing.engine.solving import Solved, solve
from callout.routing.loading import day_read
from callout.routing.standing import LunchRule
from callout.workforce import services as workforce
from tests.routing.world import DAY, Town, moves, on, optimised, plan

pytestmark = pytest.mark.django_db
LUNCH = LunchRule(time(11, 30), time(13, 30), timedelta(minutes=30), timedelta(hours=6))
HOUR, MINUTE = 3600, 60
NIGHTS = [[["00:00", "06:00"], ["22:00", "24:00"]]] * 7


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine in this process."""

    def solved(problem: Problem, *, seed: int, **more: Any) -> Solved:
        del more["seconds"]
        return solve(problem, seconds=1, seed=seed, iterations=60, **more)

    monkeypatch.setattr(running, "solve_apart", solved)


def built(town: Town, **asked: Any) -> Built:
    given = town.asked(**asked)
    return build(day_read(town.els, given), given, change_cost=900, lunch=LUNCH)


def name(who: object, day: date) -> str:
    return f"{who}:{day.isoformat()}"


def technician(found: Built, who: object, day: date) -> Technician:
    return next(one for one in found.problem.technicians if one.id == name(who, day))


def hours(town: Town, *day: tuple[str, str]) -> None:
    workforce.working_week_set(
        actor=town.els, technician_id=town.anna_id, valid_from=today() - 7 * DAY,
        days=[[list(one) for one in day]] * 7,
    )  # fmt: skip


# --- nights --------------------------------------------------------------------------------------


def nights(town: Town) -> None:
    hours(town, ("00:00", "06:00"), ("22:00", "24:00"))


def test_who_works_around_the_clock_has_a_day_of_each_and_a_night_is_of_its_evening(
    town: Town,
) -> None:
    hours(town, ("00:00", "24:00"))
    workforce.working_week_set(
        actor=town.els, technician_id=town.bert_id, valid_from=today(), days=NIGHTS
    )
    early, late = town.planned(1), town.planned(23.5, who=town.company.bert)
    found = built(town)
    assert found.held.routes[name(town.anna_id, today() + DAY)] == (str(early.visit_id),)
    assert found.held.routes[name(town.bert_id, today() + DAY)] == (str(late.visit_id),)
    assert evaluate(found.problem, found.held).feasible


def test_what_is_after_midnight_is_of_the_night_before_and_stays_where_that_is_not_asked_for(
    town: Town,
) -> None:
    nights(town)
    after = town.planned(2, 3)
    town.planned(22.5, 1)
    found = built(town)
    assert str(after.visit_id) not in {one.id for one in found.problem.orders}
    (told,) = found.left_out
    assert (told.kind, told.code) == ("technician", "night_before")
    draft = optimised(town)
    assert after.pk not in {move.order_id for move in moves(draft)}
    both = built(town, days=(today(), today() + DAY))
    assert str(after.visit_id) in both.held.routes[name(town.anna_id, today())]
    assert not both.left_out
    assert evaluate(both.problem, both.held).feasible


def test_the_night_that_runs_is_gone_on_with(town: Town) -> None:
    nights(town)
    with clock.freeze(on(1)):
        now = town.planned(2, 1, start=on(2, today()))
        later = town.planned(4, 3, start=on(4, today()))
    with clock.freeze(on(2.25)):
        town.begun(now)
        found = built(town, days=(today(),))
        night = name(town.anna_id, today() - DAY)
        assert found.held.routes[night] == (str(later.visit_id),)
        anna = technician(found, town.anna_id, today() - DAY)
        assert anna.shift[0] == 3 * HOUR
        assert anna.lunch is None
        draft = optimised(town, days=(today(),), objective="least_change")
        assert not moves(draft)


# --- jobs longer than a half day -----------------------------------------------------------------


def test_what_goes_on_through_the_pause_stays(town: Town) -> None:
    town.planned(8.5, 1, duration_minutes=8 * 60)
    found = built(town)
    ((_key, fixed),) = found.problem.fixed.items()
    assert fixed == (name(town.anna_id, today() + DAY), int(8.5 * HOUR))
    assert not found.works
    assert evaluate(found.problem, found.held).feasible


def test_an_order_longer_than_both_halves_is_said_to_go_through_the_pause(town: Town) -> None:
    for minutes in (8 * 60, 11 * 60):
        town.order(1, duration_minutes=minutes)
    told = [move.reason for move in moves(optimised(town, moves="unplanned"))]
    assert sorted(told)[1].startswith("it takes longer than anybody works without a pause")
    assert sorted(told)[0].startswith("it takes longer than anybody works on a day")


# --- who is out ----------------------------------------------------------------------------------


def test_who_is_out_today_is_there_tomorrow(town: Town) -> None:
    with clock.freeze(on(7)):
        today_s = town.planned(9, 1, start=on(9, today()))
        tomorrow_s = town.planned(9, 1, start=on(9, today() + DAY))
        both = (today(), today() + DAY)
        gone = {"moves": "technician", "days": both, "out": frozenset({town.anna_id})}
        found = built(town, **gone)
        held = {one.id: (one.held_by, one.must) for one in found.problem.orders}
        assert held == {
            str(today_s.visit_id): (None, False),
            str(tomorrow_s.visit_id): (name(town.anna_id, today() + DAY), True),
        }
        draft = optimised(town, **gone)
        assert draft.figures["before"]["served"] == 1
        assert draft.figures["after"]["served"] == 2


def test_what_stays_with_who_is_out_is_told_with_why(town: Town) -> None:
    with clock.freeze(on(7)):
        pinned = town.planned(9, 1, start=on(9, today()))
        visit_pin(actor=town.els, order_id=pinned.pk, visit_id=pinned.visit_id, pinned=True)
        nowhere = town.company.plan(town.company.order(), start=on(11, today()))
        helped = town.planned(14, 1, who=town.company.bert, start=on(14, today()),
                              helper_ids=(town.anna_id,))  # fmt: skip
        draft = optimised(town, days=(today(),), moves="technician", out=frozenset({town.anna_id}))
        told = {move.order_id: (move.state, move.reason_code, move.reason) for move in moves(draft)}
        assert told == {
            pinned.pk: ("unplaced", "stays", "stays with Anna, who is not there: it is pinned"),
            nowhere.pk: (
                "unplaced", "stays",
                "stays with Anna, who is not there: its site has no position on the map",
            ),
        }  # fmt: skip
        (line,) = draft.figures["left_out"]
        assert line["technician_id"] == str(town.anna_id)
        assert "goes along" in line["words"]
        assert plan()[helped.pk] == (town.bert_id, on(14, today()))


@pytest.mark.wide
def test_what_who_is_out_had_keeps_its_pinned_time_and_comes_before_the_pile(town: Town) -> None:
    with clock.freeze(on(7)):
        kept = town.planned(10, 2, start=on(10, today()))
        assert kept.visit_id
        for _ in range(9):
            town.order(1, duration_minutes=120)
        draft = optimised(
            town, days=(today(),), moves="unplanned", out=frozenset({town.anna_id}),
            pinned=Pinned(time_visit_ids=frozenset({kept.visit_id})),
        )  # fmt: skip
        told = {move.order_id: move for move in moves(draft)}
        assert (told[kept.pk].to_technician_id, told[kept.pk].to_start) == (
            town.bert_id, on(10, today()),
        )  # fmt: skip
        assert "unplaced" in {move.state for move in told.values()}
        draft_apply(actor=town.els, draft_id=draft.pk)
        assert plan()[kept.pk] == (town.bert_id, on(10, today()))


@pytest.mark.parametrize("is_out", [True, False])
def test_what_was_promised_for_a_time_that_is_over_is_gone_to_as_soon_as_can_be(
    town: Town, is_out: bool
) -> None:
    with clock.freeze(on(7)):
        missed = town.planned(8.5, 4, start=on(8.5, today()))
        visit_promise(
            actor=town.els, order_id=missed.pk, visit_id=missed.visit_id,
            promise_from=on(8, today()), promise_to=on(9, today()),
        )  # fmt: skip
    with clock.freeze(on(10)):
        draft = optimised(
            town, days=(today(),), moves="technician",
            out=frozenset({town.anna_id} if is_out else ()),
        )  # fmt: skip
        (move,) = moves(draft)
        assert move.state == "proposed"
        assert move.to_start == on(10.5 if is_out else 10 + 20 / 60, today())  # a round time
        assert (move.to_technician_id == town.bert_id) == is_out


# --- lunch ---------------------------------------------------------------------------------------


def test_lunch_is_had_before_the_day_ends(town: Town) -> None:
    hours(town, ("06:30", "13:30"))
    anna = technician(built(town), town.anna_id, today() + DAY) if town.planned(9) else None
    assert anna is not None
    assert anna.lunch == Lunch(int(11.5 * HOUR), 13 * HOUR, HOUR // 2)


def test_who_had_no_lunch_by_now_has_it_at_once_and_who_had_one_today_owes_another_tomorrow(
    town: Town,
) -> None:
    hours(town, ("08:00", "17:00"))
    taken = frozenset({town.anna_id})
    with clock.freeze(on(13.6)):
        town.planned(15, 1, start=on(15, today()))
        both = (today(), today() + DAY)
        now = int(13.6 * HOUR)
        owed = built(town, days=both)
        assert technician(owed, town.anna_id, today()).lunch == Lunch(now, now, HOUR // 2)
        had = built(town, days=both, lunch_taken=taken)
        assert technician(had, town.anna_id, today()).lunch is None
        assert technician(had, town.anna_id, today() + DAY).lunch is not None


def test_who_begins_after_lunch_time_owes_none_at_any_hour(town: Town) -> None:
    hours(town, ("14:00", "22:00"))
    with clock.freeze(on(15)):
        town.planned(18, 1, start=on(18, today()))
        assert technician(built(town, days=(today(),)), town.anna_id, today()).lunch is None
