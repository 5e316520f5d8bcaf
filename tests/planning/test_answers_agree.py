"""What a row and its quarters answer is what a drop does; with as many questions for many."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from callout.kernel.errors import Forbidden, Invalid, NotFound
from callout.orders.models import ServiceOrder
from callout.orders.services import visit_pin
from callout.planning.answer_selectors import Picked, answers_read, spans_read
from callout.planning.judging import Move
from callout.planning.placing import NotPlaced, visits_place
from callout.workforce import services as workforce
from callout.workforce.models import Skill
from tests.orders.conftest import Company, soon
from tests.planning.fit.plain import ZONE
from tests.planning.test_agreement import (
    NOW,
    QUIET,
    Board,
    away,
    board,
    filled,
    lengths,
    moment,
    taken,
)

__all__ = ["board"]
FIRST = NOW.astimezone(ZONE).date()
VERDICTS = {"": "fits", "asks_plan": "asks", "refused_plan": "no"}


pytestmark = pytest.mark.wide


def dropped(board: Board, order: ServiceOrder, start: object, minutes: int) -> str:
    """What a drop there does: "" or the code of its answer. Nothing of it stays."""
    order.refresh_from_db()
    move = Move(
        order_id=order.pk, version=order.version, visit_id=order.visit_id,
        technician_id=board.technician, start=start, minutes=minutes,  # type: ignore[arg-type]
    )  # fmt: skip
    try:
        with transaction.atomic():
            visits_place(actor=board.company.manager, moves=[move])
            transaction.set_rollback(True)
    except NotPlaced as error:
        return error.code
    return ""


@QUIET
@given(taken, away, lengths, st.lists(st.integers(-8, 80), min_size=1, max_size=6), st.booleans())
def test_every_quarter_answers_what_a_drop_on_it_does(
    board: Board,
    visits: list[tuple[int, int, bool]],
    absences: list[tuple[int, int]],
    length: int,
    quarters: list[int],
    moving: bool,
) -> None:
    """Of a new order, and of one that is planned with somebody who helps."""
    manager, minutes, order = board.company.manager, 15 * length, board.order
    with filled(board, visits, absences):
        if moving:
            order = board.company.planned(technician=board.company.bert, hours=60)
            helper = board.technician
            board.company.act(manager, order, "replan", helper_ids=(helper,))
            board.company.planned(technician=board.company.bert, hours=4)
        picked = Picked(order.pk, first=FIRST, days=2, minutes=minutes)
        found = spans_read(actor=manager, picked=picked, technician_id=board.technician)
        for quarter in quarters:
            start = moment(quarter)
            (span,) = (one for one in found if one.start <= start < one.until)
            assert VERDICTS[dropped(board, order, start, minutes)] == span.fit
            assert span.hard == (span.fit == "no")


@QUIET
@given(taken, away, lengths)
def test_what_a_row_proposes_a_drop_takes_or_asks_about(
    board: Board,
    visits: list[tuple[int, int, bool]],
    absences: list[tuple[int, int]],
    length: int,
) -> None:
    with filled(board, visits, absences):
        picked = Picked(board.order.pk, first=FIRST, days=2, minutes=15 * length)
        found = answers_read(actor=board.company.manager, picked=picked)
        (one,) = (one for one in found.rows if one.person.id == board.technician)
        if one.option is None:
            assert one.fit == "no"
            return
        assert VERDICTS[dropped(board, board.order, one.option.fit.start, 15 * length)] == one.fit


def test_a_visit_is_asked_about_as_long_as_it_is_planned_and_not_in_its_own_way(
    board: Board,
) -> None:
    order = board.company.planned(hours=2, duration_minutes=90)
    manager = board.company.manager
    picked = Picked(order.pk, first=FIRST)
    assert answers_read(actor=manager, picked=picked).minutes == 90
    found = spans_read(actor=manager, picked=picked, technician_id=board.technician)
    assert order.start
    (span,) = (one for one in found if one.start <= order.start < one.until)
    assert (span.fit, span.code) == ("fits", "")


def test_pinned_and_begun_are_said_of_the_visit_that_moves(board: Board) -> None:
    order, manager = board.company.planned(hours=3), board.company.manager
    visit_pin(actor=manager, order_id=order.pk, pinned=True)
    picked = Picked(order.pk, first=FIRST)
    assert {one.code for one in answers_read(actor=manager, picked=picked).rows if one.option} == {
        "pinned"
    }
    board.company.act(manager, order, "depart")
    rows = answers_read(actor=manager, picked=picked).rows
    assert {(one.fit, one.code) for one in rows} == {("no", "action_not_open")}
    assert order.visit_id
    named = Picked(order.pk, first=FIRST, visit_id=order.visit_id)
    assert {one.fit for one in answers_read(actor=manager, picked=named).rows} == {"no"}


def test_only_managers_ask_and_of_what_is_there(board: Board) -> None:
    manager, missing = board.company.manager, UUID(int=5)
    picked = Picked(board.order.pk, first=FIRST)
    with pytest.raises(Forbidden):
        answers_read(actor=board.company.anna, picked=picked)
    with pytest.raises(Forbidden):
        spans_read(actor=board.company.anna, picked=picked, technician_id=board.technician)
    other = board.company.planned(hours=5)
    for wrong in (
        Picked(missing, first=FIRST), Picked(board.order.pk, first=FIRST, visit_id=missing),
        Picked(board.order.pk, first=FIRST, visit_id=other.visit_id),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            answers_read(actor=manager, picked=wrong)
    with pytest.raises(NotFound):
        spans_read(actor=manager, picked=picked, technician_id=missing)
    for days in (0, 8):
        with pytest.raises(Invalid):
            answers_read(actor=manager, picked=Picked(board.order.pk, first=FIRST, days=days))


def test_days_long_ago_and_far_ahead_are_answered(board: Board) -> None:
    for year in (1900, 2199):
        picked = Picked(board.order.pk, first=FIRST.replace(year=year))
        rows = answers_read(actor=board.company.manager, picked=picked).rows
        assert {one.fit for one in rows} <= {"no", "fits", "asks"}


def test_fifty_technicians_cost_as_many_questions_as_one(board: Board) -> None:
    company: Company = board.company
    skill = Skill.objects.create(name="Gas", name_sort="gas")
    order = company.planned(hours=3)
    company.act(company.manager, order, "replan", helper_ids=(company.bert.technician_id,))
    picked = Picked(order.pk, first=FIRST, days=7)

    def asked() -> list[int]:
        counts = []
        with CaptureQueriesContext(connection) as run:
            answers_read(actor=company.manager, picked=picked)
        counts.append(len(run))
        with CaptureQueriesContext(connection) as run:
            spans_read(actor=company.manager, picked=picked, technician_id=board.technician)
        return [*counts, len(run)]

    few = asked()
    for number in range(50):
        made = workforce.technician_create(
            actor=company.manager, name=f"T {number}", skill_ids=[skill.pk]
        )
        start = soon(2 + number % 3) + timedelta(days=number % 5)
        company.act(company.manager, company.order(), "plan", technician_id=made.pk, start=start)
    assert asked() == few
    assert max(few) <= 8
