"""Whatever is proposed can be applied: small days made up by hypothesis, in the database."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callout.accounts.zone import today
from callout.kernel import clock
from callout.kernel.errors import CalloutError
from callout.orders.models import Assignment, Visit
from callout.orders.services import visit_pin, visit_promise
from callout.planning.drafts.applying import draft_apply
from callout.planning.drafts.undoing import draft_undo
from callout.planning.models import PlanMove
from callout.routing import running
from callout.routing.engine.problem import Problem
from callout.routing.engine.solving import Solved, solve
from callout.workforce import services as workforce
from tests.routing.world import Town, moves, on, optimised, plan

pytestmark = pytest.mark.django_db
QUICK = settings(
    deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
MANY = settings(QUICK, max_examples=60)


# From and to, in hours from where the visit is put: kept, missed, kept by a later hour alone, both.
PROMISES = [(-0.5, 0.5), (-3, -1), (1, 2), (-2, 4)]


class Undone(Exception):
    """Each day is made up on the same company, and taken back."""


@st.composite
def visits(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "hour": draw(st.integers(28, 72)) / 4,
        "east": draw(st.sampled_from([0.5, 1, 2, 4, 7])),
        "north": draw(st.sampled_from([0, 1, 3])),
        "duration_minutes": draw(st.sampled_from([20, 30, 60, 90, 200])),
        "anna": draw(st.booleans()),
        "pinned": draw(st.integers(0, 4)) == 0,
        "promised": draw(st.sampled_from([None, None, None, *PROMISES])),
        "helped": draw(st.integers(0, 6)) == 0,
        "allow_overlap": draw(st.integers(0, 5)) == 0,
        "wish": draw(st.sampled_from([None, None, ("09:00", "11:00"), ("13:30", "14:00")])),
        "urgent": draw(st.integers(0, 5)) == 0,
    }


days = st.fixed_dictionaries(
    {
        "planned": st.lists(visits(), min_size=1, max_size=7),
        "waiting": st.lists(visits(), max_size=4),
        "moves": st.sampled_from(["order", "technician", "unplanned"]),
        "objective": st.sampled_from(["served", "least_change"]),
        "whole_days": st.booleans(),
        "relax_wishes": st.booleans(),
        "now": st.sampled_from([None, None, 8.2, 10.5, 13.6]),
    }
)


def put(town: Town, one: dict[str, Any], *, planned: bool) -> None:
    """On the board where the rules of booking let it; else nowhere."""
    town.site(one["east"], one["north"])  # there, whatever becomes of the visit
    more = {"priority": "urgent"} if one["urgent"] else {}
    if one["wish"]:
        more |= {"wish_from": one["wish"][0], "wish_to": one["wish"][1]}
    if not planned:
        town.order(one["east"], one["north"], duration_minutes=one["duration_minutes"], **more)
        return
    who, other = (town.company.anna, town.company.bert)[:: 1 if one["anna"] else -1]
    try:
        with transaction.atomic():
            order = town.planned(
                one["hour"], one["east"], one["north"], who=who,
                duration_minutes=one["duration_minutes"], allow_overlap=one["allow_overlap"],
                helper_ids=(other.technician_id,) if one["helped"] else (), **more,
            )  # fmt: skip
    except CalloutError:
        return
    visit: dict[str, Any] = {"actor": town.els, "order_id": order.pk, "visit_id": order.visit_id}
    if one["promised"]:
        begin, end = (on(max(one["hour"] + shift, 0)) for shift in one["promised"])
        visit_promise(**visit, promise_from=begin, promise_to=end)
    if one["pinned"]:
        visit_pin(**visit, pinned=True)


@pytest.mark.wide
@given(days)
@QUICK
def test_all_that_is_proposed_is_applied_and_undone_and_pins_never_move(
    town: Town, day: dict[str, Any]
) -> None:
    held(town, day)


@pytest.mark.wide
@given(days)
@MANY
def test_the_same_of_many_days(town: Town, day: dict[str, Any]) -> None:
    held(town, day)


def no_worse(move: PlanMove) -> bool:
    """Missed already where the visit stood, and not by more where it shall be."""
    begin, end, before, after = (
        move.promise_from, move.promise_to, move.from_start, move.to_start,
    )  # fmt: skip
    if begin is None or end is None or before is None or after is None:
        return False
    if before < clock.now() or end < clock.now():
        return True  # as soon as can be: test_standing.py
    return not begin <= before <= end and min(begin, before) <= after <= max(end, before)


def held(town: Town, day: dict[str, Any]) -> None:
    town.sites.clear()  # those of the day before were taken back
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Undone):  # noqa: PT012
        patch.setattr(running, "solve_apart", solved)
        with transaction.atomic():
            _held(town, day)
            raise Undone


def solved(problem: Problem, *, seed: int, **more: Any) -> Solved:
    """The engine in this process, as far as these few orders need it."""
    del more["seconds"]
    return solve(problem, seconds=1, seed=seed, iterations=60, **more)


def _held(town: Town, day: dict[str, Any]) -> None:
    if day["whole_days"]:
        for one in (town.anna_id, town.bert_id):
            workforce.working_week_set(
                actor=town.els, technician_id=one,
                valid_from=on(0).date(), days=[[["08:00", "17:00"]]] * 7,
            )  # fmt: skip
    for one in day["planned"]:
        put(town, one, planned=True)
    for one in day["waiting"]:
        put(town, one, planned=False)
    before = plan()
    if day["now"] is None:
        _optimised(town, day, before)
    else:
        with clock.freeze(on(day["now"])):
            _optimised(town, day, before, days=(today(),))


def _optimised(
    town: Town, day: dict[str, Any], before: dict[UUID, tuple[UUID, datetime]], **more: Any
) -> None:
    fixed = Q(pinned=True) | Q(assignments__role=Assignment.HELPER)
    stands = {one.order_id for one in Visit.objects.filter(fixed)}
    asked = {name: day[name] for name in ("moves", "objective", "relax_wishes")}
    if not before and not (day["waiting"] and day["moves"] == "unplanned"):
        return  # an empty day
    draft = optimised(town, **asked, **more)
    assert draft.state == "ready", draft.failure
    assert not stands & {move.order_id for move in moves(draft) if move.state == "proposed"}
    proposed = [move for move in moves(draft) if move.state == "proposed"]
    assert all(move.promise_kept is not False or no_worse(move) for move in proposed)
    if day["moves"] == "order":
        assert all(move.from_technician_id == move.to_technician_id for move in proposed)
    told = draft.figures
    assert told["after"]["served"] >= told["before"]["served"]
    if not proposed:
        return
    draft_apply(actor=town.els, draft_id=draft.pk)
    assert {(one.state, one.refusal) for one in moves(draft)} <= {("applied", ""), ("unplaced", "")}
    after = plan()
    assert all(after[one] == before[one] for one in stands)
    if day["now"] is None:  # nothing goes back to what is past
        draft_undo(actor=town.els, draft_id=draft.pk)
        assert plan() == before
