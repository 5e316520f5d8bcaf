"""The Kanban by technician: everybody's work of the days, and what is to plan beside it."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, Refused
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import Stage, Status
from callout.orders.models import ServiceOrder
from callout.orders.moves import REOPEN_AND_PLAN, given_meant
from callout.orders.selectors import team_board
from callout.orders.selectors.rows import rows_read
from callout.orders.selectors.team_board import TeamBoard, order_team, order_team_cards
from callout.orders.services import several
from tests.orders.conftest import Company

REPO = Path(__file__).resolve().parents[2]


def board(company: Company, query: str = "") -> TeamBoard:
    return order_team(actor=company.manager, wanted=OrderFilter.parse(QueryDict(query)))


def lanes(found: TeamBoard) -> dict[str, list[int]]:
    return {lane.label: [card.bare_number for card in lane.cards] for lane in found.lanes}


def test_everybody_has_a_column_and_the_pile_comes_first(company: Company) -> None:
    new, planned = company.order(), company.planned(company.anna)
    done = company.planned(company.bert, hours=4)
    company.act(company.manager, done, "complete")

    assert lanes(board(company)) == {
        "To plan": [new.number], "Anna": [planned.number], "Bert": [done.number]
    }  # fmt: skip
    assert [lane.count for lane in board(company).lanes] == ["1", "1", "1"]


def test_the_filter_s_people_choose_the_columns_and_not_the_pile(company: Company) -> None:
    new, planned = company.order(), company.planned(company.anna)
    company.planned(company.bert)
    found = board(company, f"technician={company.anna.technician_id}")
    assert lanes(found) == {"To plan": [new.number], "Anna": [planned.number]}


def test_of_all_days_what_has_ended_is_left_out(at_noon: None, company: Company) -> None:
    done = company.planned(company.anna)
    company.act(company.manager, done, "complete")
    found = board(company, "day=all")
    assert found.open_only
    assert lanes(found)["Anna"] == []
    assert lanes(board(company, "day=today"))["Anna"] == [done.number]
    assert not board(company).open_only


def test_too_much_work_is_said(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(team_board, "MOST_CARDS", 1)
    team_board._work_statement.cache_clear()
    for hours in (2, 4, 6):
        company.planned(hours=hours)
    found = board(company)
    team_board._work_statement.cache_clear()
    assert found.cut
    assert sum(len(lane.cards) for lane in found.lanes) == 1


def test_some_cards_are_asked_for_with_the_counts_of_now(company: Company) -> None:
    one, _two = company.planned(hours=2), company.planned(hours=4)
    found = order_team_cards(actor=company.manager, wanted=OrderFilter(day="now"), ids=[one.pk])
    anna = next(lane for lane in found.lanes if lane.label == "Anna")
    assert [card.id for card in anna.cards] == [one.pk]
    assert anna.count == "2"


def test_what_is_asked_for_by_a_change_is_read_and_of_all_else_only_whose_it_is(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _two, _new = company.planned(hours=2), company.planned(hours=4), company.order()
    read: list[int] = []

    def counted(actor: Actor, ids: list[UUID]) -> list[Any]:
        read.append(len(ids))
        return rows_read(actor, ids)

    monkeypatch.setattr(team_board, "rows_read", counted)
    found = order_team_cards(actor=company.manager, wanted=OrderFilter(day="now"), ids=[one.pk])
    assert read == [1]
    assert [(lane.label, lane.count) for lane in found.lanes] == [
        (lane.label, lane.count) for lane in board(company).lanes
    ]


@pytest.mark.parametrize("lane", ["To plan", "Anna"])
def test_where_more_is_there_than_is_shown_the_next_comes_up_for_one_that_leaves(
    company: Company, monkeypatch: pytest.MonkeyPatch, lane: str
) -> None:
    monkeypatch.setattr(team_board, "FIRST_NEW", 2)
    monkeypatch.setattr(team_board, "MOST_CARDS", 2)
    for made in (team_board._new_statement, team_board._work_statement):
        made.cache_clear()
    if lane == "Anna":
        orders = [company.planned(hours=hours) for hours in (2, 4, 6, 8)]
    else:
        orders = [company.order(priority=one) for one in ("urgent", "high", "normal", "low")]

    def brought(gone: ServiceOrder) -> list[int]:
        """What comes up after one has left."""
        company.act(company.manager, gone, "cancel", note="no")
        wanted = OrderFilter(day="now")
        found = order_team_cards(actor=company.manager, wanted=wanted, ids=[gone.pk])
        return lanes(found)[lane]

    assert brought(orders[0]) == [orders[2].number]
    assert brought(orders[1]) == [orders[3].number]
    assert brought(orders[2]) == []
    for made in (team_board._new_statement, team_board._work_statement):
        made.cache_clear()


def test_where_many_leave_at_once_all_that_come_up_are_brought_though_a_screen_asks_in_parts(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(team_board, "FIRST_NEW", 4)
    monkeypatch.setattr(team_board, "ASKED_AT_ONCE", 3)
    team_board._new_statement.cache_clear()
    orders = [company.order(priority="high") for _n in range(4)]
    after = [company.order(priority="low").number for _n in range(5)]
    for gone in orders:
        company.act(company.manager, gone, "cancel", note="no")
    brought: set[int] = set()
    for part in (orders[:3], orders[3:]):
        ids = [one.pk for one in part]
        wanted = OrderFilter(day="now")
        found = order_team_cards(actor=company.manager, wanted=wanted, ids=ids)
        brought |= set(lanes(found)["To plan"])
    team_board._new_statement.cache_clear()
    assert sorted(brought) == after[:4]


def test_a_screen_asks_for_as_many_at_once_as_is_counted_on() -> None:
    script = (REPO / "frontend/src/shared/live-list.ts").read_text()
    assert f"const MOST_AT_ONCE = {team_board.ASKED_AT_ONCE};" in script
    assert team_board.CHANGED_AT_ONCE == several.MOST


def test_more_people_than_fit_are_said(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(team_board, "MOST_PEOPLE", 1)
    found = board(company)
    assert [lane.label for lane in found.lanes] == ["To plan", "Anna"]
    assert found.cut


def test_it_takes_as_many_queries_for_much_work_as_for_none(company: Company) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as run:
            board(company)
        return len(run)

    company.planned()
    few = cost()
    for hours in (4, 6):
        company.order()
        company.planned(company.bert, hours=hours)
    assert cost() == few <= 4


def test_a_technician_has_no_board_of_others(company: Company) -> None:
    with pytest.raises(Forbidden):
        order_team(actor=company.anna, wanted=OrderFilter(day="now"))


@pytest.mark.parametrize(
    ("stage", "status", "theirs", "action"),
    [
        (Stage.NEW, None, False, "plan"),
        (Stage.PLANNED, Status.PLANNED, False, "replan"),
        (Stage.PLANNED, Status.PLANNED, True, ""),
        (Stage.PLANNED, Status.WORKING, True, ""),
        (Stage.COMPLETED, Status.DONE, True, REOPEN_AND_PLAN),
        (Stage.CANCELLED, Status.CANCELLED, False, REOPEN_AND_PLAN),
    ],
)
def test_what_a_drop_on_somebody_s_column_means(
    stage: Stage, status: Status | None, theirs: bool, action: str
) -> None:
    assert given_meant(stage, status, theirs) == action


def test_what_is_under_way_is_not_given_to_another() -> None:
    with pytest.raises(Refused):
        given_meant(Stage.PLANNED, Status.EN_ROUTE, False)
