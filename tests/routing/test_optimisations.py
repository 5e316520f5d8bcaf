"""Routes optimised: asked for, worked out by a job, applied, undone; what is pinned never moves."""

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.accounts.models import User
from callout.accounts.zone import at, today
from callout.kernel import clock
from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused
from callout.orders.models import ServiceOrder
from callout.orders.services import order_update, visit_pin, visit_promise
from callout.planning.drafts.applying import draft_apply
from callout.planning.drafts.making import draft_auto_plan, draft_drop, draft_stop
from callout.planning.drafts.undoing import draft_undo
from callout.planning.models import PlanDraft
from callout.routing import running
from callout.routing.asked import Pinned
from callout.routing.engine.evaluate import evaluate
from callout.routing.engine.problem import Problem
from callout.routing.engine.process import Died
from callout.routing.engine.solving import Progress, Solved, solve
from callout.routing.running import optimisation_run
from callout.routing.selectors import optimisation_read
from callout.routing.starting import optimisation_start
from callout.workforce import services as workforce
from callout.workforce.models import Technician
from tests.routing.world import DAY, Town, moves, on, optimised, plan, worked

pytestmark = pytest.mark.django_db
STEPS = 200  # enough for these few orders, and the same whatever else the machine does


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine in this process: the other one is tried in test_apart.py."""

    def solved(problem: Problem, *, seed: int, **more: Any) -> Solved:
        del more["seconds"]
        return solve(problem, seconds=1, seed=seed, iterations=STEPS, **more)

    monkeypatch.setattr(running, "solve_apart", solved)


def there_and_back(town: Town) -> list[ServiceOrder]:
    """Anna goes far, near, far, near."""
    return [town.planned(hour, east) for hour, east in ((8, 6), (10, 1), (13, 6.5), (15, 1.5))]


def test_the_order_of_a_route_is_made_better_and_nothing_changes_until_it_is_applied(
    town: Town,
) -> None:
    orders = there_and_back(town)
    before = plan()
    draft = optimised(town)
    assert (draft.state, draft.kind, plan()) == ("ready", "routes", before)
    told = draft.figures
    assert told["after"]["driving_minutes"] < told["before"]["driving_minutes"]
    assert told["after"]["kilometres"] < told["before"]["kilometres"]
    assert (told["before"]["served"], told["after"]["served"]) == (4, 4)
    draft_apply(actor=town.els, draft_id=draft.pk)
    draft.refresh_from_db()
    assert (draft.state, {move.state for move in moves(draft)}) == ("applied", {"applied"})
    after = plan()
    assert {who for who, _start in after.values()} == {town.anna_id}
    assert {move.order_id: (move.to_technician_id, move.to_start) for move in moves(draft)} == {
        order: slot for order, slot in after.items() if slot != before[order]
    }
    easts = {order.pk: east for order, east in zip(orders, (6, 1, 6.5, 1.5), strict=True)}
    driven = [easts[order] for order in sorted(after, key=lambda order: after[order][1])]
    assert driven in ([1, 6, 6.5, 1.5], [1.5, 6.5, 6, 1], [1, 6.5, 6, 1.5], [1.5, 6, 6.5, 1])
    assert all(start.minute % 15 == 0 for _who, start in after.values())
    draft_undo(actor=town.els, draft_id=draft.pk)
    assert plan() == before


def test_visits_that_change_places_go_together(town: Town) -> None:
    for hour, east in ((8, 6), (10, 1), (13, 6.5), (15, 1.5)):
        town.planned(hour, east, duration_minutes=90)
    draft = optimised(town)
    slots = [(one.from_start, one.from_end, one.to_start) for one in moves(draft)]
    taken = [
        begin
        for _from, _until, begin in slots
        for start, end, elsewhere in slots
        if begin and start and end and start <= begin < end and begin != elsewhere
    ]
    assert taken  # one goes where another was, which goes too
    draft_apply(actor=town.els, draft_id=draft.pk)
    assert {move.state for move in moves(draft)} == {"applied"}
    after = plan()
    assert all(after[one.order_id][1] == one.to_start for one in moves(draft))


def test_who_goes_may_change_where_that_is_asked_for(town: Town) -> None:
    Technician.objects.filter(pk=town.bert_id).update(longitude=4.6 + 0.045 * 6)
    for hour, east in ((8, 6), (10, 1), (13, 6.5), (15, 1.5)):
        town.planned(hour, east)
    assert {move.to_technician_id for move in moves(optimised(town))} <= {town.anna_id}
    found = optimised(town, moves="technician")
    assert {move.to_technician_id for move in moves(found)} >= {town.bert_id}
    assert found.figures["changes"][str(town.bert_id)] == 2


def test_orders_of_the_pile_come_in_and_who_finds_no_room_is_told_why_and_what_would_help(
    town: Town,
) -> None:
    gas = workforce.skill_create(actor=town.els, name="gas")
    plain, needs = town.order(2), town.order(3)
    long = town.order(2, duration_minutes=600)
    other = town.company.kind.__class__.objects.exclude(pk=town.company.kind.pk).first()
    assert other is not None
    other.skills.add(gas)
    order_update(actor=town.els, order_id=needs.pk, version=needs.version, type_id=other.pk)
    found = optimised(town, moves="unplanned")
    told = {move.order_id: move for move in moves(found)}
    assert told[plain.pk].state == "proposed"
    assert told[needs.pk].reason.startswith("nobody who works then has the skill “gas”")
    assert told[long.pk].reason.startswith("it takes longer than anybody works on a day")
    assert found.figures["after"]["served"] == 1
    one = optimisation_read(actor=town.ria, draft_id=found.pk)
    assert {move.order_id for move in one.unserved} == {needs.pk, long.pk}


def test_an_urgent_order_comes_before_any_number_of_others(town: Town) -> None:
    everybody = (town.anna_id, town.bert_id)
    for _ in range(9):
        town.order(1, duration_minutes=90)
    urgent = town.order(9, duration_minutes=240, priority="urgent")
    found = optimised(town, moves="unplanned", technician_ids=everybody)
    told = {move.order_id: move.state for move in moves(found)}
    assert told[urgent.pk] == "proposed"
    assert found.figures["after"]["urgent_served"] == 1
    assert "unplaced" in told.values()


def test_a_plan_that_serves_more_does_not_seem_later_for_it(town: Town) -> None:
    town.planned(9, 1)
    town.order(2)
    ServiceOrder.objects.update(due_at=at(today() - 10 * DAY, time()))
    told = optimised(town, moves="unplanned").figures
    before, after = told["before"], told["after"]
    assert (before["served"], after["served"]) == (1, 2)
    assert (before["targets_missed"], after["targets_missed"]) == (1, 1)


def test_lateness_is_what_comes_after_the_promise(town: Town) -> None:
    visit = town.planned(14, 1)
    visit_promise(
        actor=town.els,
        order_id=visit.pk,
        visit_id=visit.visit_id,
        promise_from=on(9),
        promise_to=on(10),
    )
    told = optimised(town).figures
    assert told["before"]["lateness_minutes"] == 240
    assert told["after"]["lateness_minutes"] <= 240


def test_the_response_target_comes_before_driving_and_the_time_that_is_known(town: Town) -> None:
    town.planned(8, 1, duration_minutes=90)
    soon = town.planned(15, 1, due=on(9.25))
    draft = optimised(town)
    start = next(move.to_start for move in moves(draft) if move.order_id == soon.pk)
    assert start is not None
    assert start <= on(9.25)
    before, after = draft.figures["before"], draft.figures["after"]
    assert (before["targets_missed"], after["targets_missed"]) == (1, 0)
    draft_apply(actor=town.els, draft_id=draft.pk)
    assert {move.state for move in moves(draft)} == {"applied"}


def test_what_nobody_reaches_in_time_is_reached_soon(town: Town) -> None:
    lost = town.order(5, priority="urgent", duration_minutes=60, due=on(6))
    for east in (1, 2, 3, 4):
        town.order(east, duration_minutes=60)
    draft = optimised(town, moves="unplanned", technician_ids=(town.anna_id,))
    told = {move.order_id: move for move in moves(draft)}
    assert {move.state for move in told.values()} == {"proposed"}
    assert told[lost.pk].to_start == on(8)


def test_what_is_pinned_or_promised_is_kept(town: Town) -> None:
    far, near, third, last = there_and_back(town)
    free = optimised(town, moves="technician")
    assert {far.pk, third.pk, last.pk} & {move.order_id for move in moves(free)}
    assert far.visit_id
    visit_pin(actor=town.els, order_id=far.pk, visit_id=far.visit_id, pinned=True)
    visit_promise(
        actor=town.els, order_id=third.pk, visit_id=third.visit_id,
        promise_from=on(13), promise_to=on(13.25),
    )  # fmt: skip
    assert last.visit_id
    pinned = Pinned(time_visit_ids=frozenset({last.visit_id}))
    found = optimised(town, moves="technician", pinned=pinned)
    assert moves(found)
    draft_apply(actor=town.els, draft_id=found.pk)
    after = plan()
    assert after[far.pk] == (town.anna_id, on(8))
    assert on(13) <= after[third.pk][1] <= on(13.25)
    assert after[last.pk][1] == on(15)
    assert after.keys() == {far.pk, near.pk, third.pk, last.pk}


@pytest.mark.wide
def test_visits_with_helpers_stay_and_nothing_is_put_over_them_for_anybody(town: Town) -> None:
    helped = town.planned(10, 3, helper_ids=(town.bert_id,))
    led = town.planned(13, 4, who=town.company.bert, helper_ids=(town.anna_id,))
    for hour, east in ((8, 6), (15, 1)):
        town.planned(hour, east)
    for _ in range(9):
        town.order(2, duration_minutes=60)
    draft = optimised(town, moves="unplanned", technician_ids=(town.anna_id, town.bert_id))
    found = [move for move in moves(draft) if move.to_start and move.to_end]
    assert not {helped.pk, led.pk} & {move.order_id for move in found}
    assert {move.to_technician_id for move in found} == {town.anna_id, town.bert_id}
    for begin in (on(10), on(13)):
        end = begin + timedelta(hours=1)
        assert not [one for one in found if one.to_start < end and one.to_end > begin]  # type: ignore[operator]
    assert draft.figures["helped"] == 2
    draft_apply(actor=town.els, draft_id=draft.pk)
    assert {move.state for move in moves(draft)} <= {"applied", "unplaced"}
    assert (plan()[helped.pk], plan()[led.pk]) == ((town.anna_id, on(10)), (town.bert_id, on(13)))


def test_from_now_what_is_begun_stays_and_who_is_out_gives_all_away(town: Town) -> None:
    with clock.freeze(on(7)):
        begun = town.planned(8, 3, start=on(8, today()))
        later = town.planned(14, 2, start=on(14, today()))
        sick = town.planned(15, 1, who=town.company.bert, start=on(15, today()))
    with clock.freeze(on(8.5)):
        town.begun(begun)
        draft = optimised(
            town, days=(today(),), objective="least_change",
            moves="technician", out=frozenset({town.bert_id}),
        )  # fmt: skip
        told = {move.order_id: move for move in moves(draft)}
        assert set(told) == {sick.pk}
        assert told[sick.pk].to_technician_id == town.anna_id
        draft_apply(actor=town.els, draft_id=draft.pk)
        now = plan()
    assert now[begun.pk] == (town.anna_id, on(8))
    assert now[later.pk] == (town.anna_id, on(14))
    assert now[sick.pk][0] == town.anna_id


def test_what_changed_meanwhile_is_refused_and_told_and_the_rest_is_done(town: Town) -> None:
    there_and_back(town)
    draft = optimised(town)
    first, *rest = moves(draft)
    order_update(
        actor=town.ria, order_id=first.order_id, version=first.order_version,
        description="Call before you come",
    )  # fmt: skip
    draft_apply(actor=town.els, draft_id=draft.pk)
    told = {move.order_id: (move.state, move.refusal) for move in moves(draft)}
    assert told[first.order_id] == ("refused", "It was changed meanwhile.")
    assert rest
    draft.refresh_from_db()
    assert draft.state in {"partly_applied", "ready"}


@pytest.mark.wide
def test_it_is_applied_for_one_technician_and_the_rest_dropped(town: Town) -> None:
    for who in (town.company.anna, town.company.bert):
        for hour, east in ((8, 6), (10, 1), (13, 6.5), (15, 1.5)):
            town.planned(hour, east, who=who)
    draft = optimised(town)
    draft_apply(actor=town.els, draft_id=draft.pk, technician_ids=[town.bert_id])
    states = {move.to_technician_id: move.state for move in moves(draft)}
    assert states == {town.anna_id: "proposed", town.bert_id: "applied"}
    draft_drop(actor=town.ria, draft_id=draft.pk)
    assert {move.state for move in moves(draft)} == {"dropped", "applied"}


# --- what is asked -------------------------------------------------------------------------------


def test_what_cannot_be_is_said(town: Town) -> None:
    town.planned(9)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"days": ()}, "days"),
        ({"days": (today() - DAY,)}, "days"),
        ({"days": tuple(today() + n * DAY for n in range(8))}, "days"),
        ({"days": (today() + timedelta(days=400),)}, "days"),
        ({"seconds": 0}, "seconds"),
        ({"seconds": 301}, "seconds"),
        ({"technician_ids": (uuid4(),)}, "technician_ids"),
        ({"out": frozenset({uuid4()})}, "technician_ids"),
    ]
    for asked, field in wrong:
        with pytest.raises(Invalid) as refused:
            optimised(town, **asked)
        assert field in refused.value.fields, asked
    assert not PlanDraft.objects.exists()


def test_nobody_to_plan_for_and_an_empty_day_are_said(town: Town) -> None:
    with pytest.raises(Refused) as empty:
        optimised(town, moves="unplanned")
    assert empty.value.code == "empty_day"
    town.planned(9)
    anna = {"technician_ids": (town.anna_id,), "out": frozenset({town.anna_id})}
    with clock.freeze(on(7)), pytest.raises(Invalid, match="nobody") as nobody:
        optimised(town, days=(today(),), **anna)
    assert "technician_ids" in nobody.value.fields


def test_of_too_many_orders_the_most_pressing_take_part(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callout.routing.starting.MOST_ORDERS", 2)
    urgent = town.order(1, priority="urgent")
    for _ in range(2):
        town.order(1)
    town.planned(9)
    draft = optimisation_start(actor=town.els, asked=town.asked(moves="unplanned"))
    assert draft.parameters["orders"] == [str(urgent.pk)]
    assert draft.parameters["left_out"] == 2
    for hour in (10, 11):
        town.planned(hour)
    draft_stop(actor=town.els, draft_id=draft.pk)
    with pytest.raises(Invalid, match="more than 2 visits"):
        optimisation_start(actor=town.els, asked=town.asked())


def test_who_has_no_base_and_what_has_no_position_are_told_and_the_rest_is_planned(
    town: Town,
) -> None:
    Technician.objects.filter(pk=town.bert_id).update(latitude=None, longitude=None)
    nowhere, good = town.company.order(), town.order(2)
    found = optimised(town, moves="unplanned")
    told = {move.order_id: (move.state, move.reason_code) for move in moves(found)}
    assert told == {good.pk: ("proposed", ""), nowhere.pk: ("unplaced", "no_position")}
    (left,) = found.figures["left_out"]
    assert (left["technician_id"], left["code"]) == (str(town.bert_id), "no_base")


# --- who, and how often --------------------------------------------------------------------------


def test_managers_alone_and_each_one_at_a_time(town: Town) -> None:
    town.planned(9)
    for actor in (town.company.anna, town.company.bert):
        with pytest.raises(Forbidden):
            optimisation_start(actor=actor, asked=town.asked())
    first = optimisation_start(actor=town.els, asked=town.asked())
    with pytest.raises(Forbidden):
        optimisation_read(actor=town.company.anna, draft_id=first.pk)
    with pytest.raises(Refused) as again:
        optimisation_start(actor=town.els, asked=town.asked())
    assert again.value.code == "one_in_the_making"


def test_a_draft_of_another_kind_is_no_optimisation(town: Town) -> None:
    town.order(1)
    other = draft_auto_plan(actor=town.els, first=today() + DAY)
    with pytest.raises(NotFound):
        optimisation_read(actor=town.els, draft_id=other.pk)


@pytest.mark.wide
def test_two_run_at_once_in_lanes_of_their_own(town: Town) -> None:
    there_and_back(town)
    mine = optimisation_start(actor=town.els, asked=town.asked())
    hers = optimisation_start(actor=town.ria, asked=town.asked())
    jobs = ProcrastinateJob.objects.filter(task_name="routing.optimisation_run")
    assert [job.lock for job in jobs.order_by("id")] == ["planning.routes.0", "planning.routes.1"]
    worked(mine)
    worked(hers)
    draft_apply(actor=town.els, draft_id=mine.pk)
    draft_apply(actor=town.ria, draft_id=hers.pk)
    with pytest.raises(Refused) as nothing:
        draft_apply(actor=town.ria, draft_id=hers.pk)
    assert nothing.value.code == "nothing_left"
    assert {move.state for move in moves(hers)} == {"refused"}


def test_who_comes_third_takes_the_lane_that_is_free(town: Town) -> None:
    there_and_back(town)
    first = optimisation_start(actor=town.els, asked=town.asked())
    optimisation_start(actor=town.ria, asked=town.asked())
    with connection.cursor() as cursor:  # the first is over, as a worker would say
        ended = "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE lock = %s"
        cursor.execute(ended, ["planning.routes.0"])
    PlanDraft.objects.filter(pk=first.pk).update(state="ready")
    optimisation_start(actor=town.els, asked=town.asked())
    jobs = ProcrastinateJob.objects.filter(task_name="routing.optimisation_run")
    assert [job.lock for job in jobs.order_by("id")] == [
        f"planning.routes.{lane}" for lane in (0, 1, 0)
    ]


def test_whoever_may_not_plan_any_more_gets_no_draft(town: Town) -> None:
    there_and_back(town)
    draft = optimisation_start(actor=town.els, asked=town.asked())
    assert town.els.user_id
    User.objects.filter(pk=town.els.user_id).update(is_manager=False)
    worked(draft)
    assert (draft.state, moves(draft)) == ("failed", [])
    assert draft.failure == "Whoever asked for it may not plan any more."


def test_done_twice_makes_one_draft(town: Town) -> None:
    there_and_back(town)
    draft = optimised(town)
    first = [move.pk for move in moves(draft)]
    optimisation_run(draft.pk, last=True)
    assert [move.pk for move in moves(draft)] == first


# --- the solver's end ----------------------------------------------------------------------------


@pytest.mark.wide
def test_a_solver_that_dies_is_tried_again_and_the_last_time_the_draft_fails(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    there_and_back(town)
    before, draft = plan(), optimisation_start(actor=town.els, asked=town.asked())

    def dies(*_asked: Any, **_more: Any) -> Solved:
        raise Died("killed")

    monkeypatch.setattr(running, "solve_apart", dies)
    with pytest.raises(Died):
        optimisation_run(draft.pk, last=False)
    draft.refresh_from_db()
    assert (draft.state, moves(draft), plan()) == ("making", [], before)
    with pytest.raises(Died):
        optimisation_run(draft.pk, last=True)
    draft.refresh_from_db()
    assert (draft.state, plan()) == ("failed", before)


@pytest.mark.wide
def test_stopping_keeps_the_best_so_far_and_progress_is_told(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    there_and_back(town)
    draft = optimisation_start(actor=town.els, asked=town.asked(seconds=60))
    seen: list[dict[str, Any]] = []

    def stopped_early(problem: Problem, *, on_progress: Any, stopped: Any, **_more: Any) -> Solved:
        found = solve(problem, seconds=1, seed=0, iterations=STEPS)
        on_progress(Progress(7.2, 4, 0, 3600))
        assert not stopped()
        seen.append(PlanDraft.objects.get(pk=draft.pk).progress)
        draft_stop(actor=town.ria, draft_id=draft.pk)
        monkeypatch.setattr(running, "OFTEN", 0.0)
        assert stopped()
        return Solved(found.plan, evaluate(problem, found.plan))

    monkeypatch.setattr(running, "solve_apart", stopped_early)
    worked(draft)
    assert seen == [
        {"elapsed": 7.2, "seconds": 60, "served": 4, "urgent_served": 0, "driving_minutes": 60}
    ]
    assert (draft.state, {move.state for move in moves(draft)}) == ("stopped", {"proposed"})
    draft_apply(actor=town.els, draft_id=draft.pk)
    assert {move.state for move in moves(draft)} == {"applied"}


def test_the_time_asked_for_is_until_the_result(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    there_and_back(town)
    given: list[float] = []

    def solved(problem: Problem, *, seconds: float, **_more: Any) -> Solved:
        given.append(seconds)
        return solve(problem, seconds=1, seed=0, iterations=1)

    monkeypatch.setattr(running, "solve_apart", solved)
    optimised(town, seconds=1)
    optimised(town, seconds=100)
    assert 0.3 <= given[0] < 0.65
    assert 30 <= given[1] < 99.65
