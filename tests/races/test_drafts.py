"""A draft applied while others work: one wins each slot and each order, the rest is told."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.accounts.services import token_create
from callout.accounts.zone import today
from callout.kernel.errors import CalloutError, Refused
from callout.orders.models import ServiceOrder
from callout.orders.services import Command
from callout.planning import services as planning
from callout.planning.drafts import applying
from callout.planning.drafts.applying import draft_apply
from callout.planning.drafts.filling import draft_fill
from callout.planning.drafts.making import draft_auto_plan
from callout.planning.drafts.undoing import draft_undo
from callout.planning.models import PlanDraft, PlanMove
from callout.workforce import services as workforce
from tests.orders.conftest import Company
from tests.races.conftest import together
from tests.races.test_booking import overlaps
from tests.scale import rounds

pytestmark = pytest.mark.race
ROUNDS = rounds(4, 50)
ORDERS = 6
FLOOD = 25


@pytest.fixture
def worked(company: Company) -> Company:
    for one in (company.anna, company.bert):
        assert one.technician_id
        workforce.working_week_set(
            actor=company.manager, technician_id=one.technician_id,
            valid_from=today() - timedelta(days=400), days=[[["00:00", "23:30"]]] * 7,
        )  # fmt: skip
    return company


def draft_made(company: Company) -> PlanDraft:
    orders = [company.order() for _ in range(ORDERS)]
    draft = draft_auto_plan(
        actor=company.manager, first=today() + timedelta(days=1), days=14,
        order_ids=[order.pk for order in orders],
    )  # fmt: skip
    draft_fill(draft.pk)
    assert list(draft.moves.values_list("state", flat=True)) == ["proposed"] * ORDERS
    return draft


def states(draft: PlanDraft) -> list[str]:
    return list(draft.moves.order_by("position").values_list("state", flat=True))


def applied_are_planned(draft: PlanDraft) -> None:
    """What a move says of itself is what its order is."""
    for move in draft.moves.select_related("order"):
        there = (move.order.technician_id, move.order.start)
        assert (move.state == "applied") == (there == (move.to_technician_id, move.to_start))
    assert overlaps() == 0


def test_of_two_who_apply_one_draft_one_wins_and_the_other_is_told(worked: Company) -> None:
    for _ in range(ROUNDS):
        draft = draft_made(worked)
        apply = partial(draft_apply, actor=worked.manager, draft_id=draft.pk)
        ended = together([apply, apply])
        assert sorted(type(one).__name__ for one in ended) == ["PlanDraft", "Refused"]
        assert states(draft) == ["applied"] * ORDERS
        applied_are_planned(draft)
        draft_undo(actor=worked.manager, draft_id=draft.pk)


def test_control_without_the_lock_on_the_draft_both_believe_to_have_done_it(
    worked: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        applying,
        "draft_lock",
        lambda _a, draft_id, _v=None: PlanDraft.objects.get(pk=draft_id),
    )
    ended: list[Any] = []
    for _ in range(ROUNDS):
        draft = draft_made(worked)
        apply = partial(draft_apply, actor=worked.manager, draft_id=draft.pk)
        ended += together([apply, apply])
    assert sum(isinstance(one, PlanDraft) for one in ended) > ROUNDS


def raced(worked: Company, other: Callable[[PlanMove], Callable[[], object]]) -> list[list[Any]]:
    """Drafts applied while somebody does something of their own with what one move is about."""
    found = []
    for _ in range(ROUNDS):
        draft = draft_made(worked)
        move = draft.moves.select_related("order").order_by("position")[ORDERS // 2]
        apply = partial(draft_apply, actor=worked.manager, draft_id=draft.pk)
        results = together([apply, other(move)])
        assert isinstance(results[0], PlanDraft), results[0]
        assert isinstance(results[1], ServiceOrder | CalloutError), results[1]
        assert len([one for one in states(draft) if one == "refused"]) <= 1
        won = move.pk in draft.moves.filter(state="applied").values_list("pk", flat=True)
        assert won == isinstance(results[1], CalloutError), (won, results[1])
        assert states(draft).count("applied") == ORDERS - (0 if won else 1)
        assert overlaps() == 0
        found.append(results)
        draft_undo(actor=worked.manager, draft_id=draft.pk)
    return found


def test_against_somebody_who_plans_one_of_its_orders(worked: Company) -> None:
    def drag(move: PlanMove) -> Callable[[], object]:
        assert move.to_start
        command = Command(
            technician_id=move.to_technician_id, duration_minutes=60,
            start=move.to_start + timedelta(days=20),
        )  # fmt: skip
        return partial(
            planning.order_act, actor=worked.manager, order_id=move.order_id, action="plan",
            command=command, version=move.order_version,
        )  # fmt: skip

    raced(worked, drag)


def test_against_somebody_who_books_one_of_its_slots(worked: Company) -> None:
    def book(move: PlanMove) -> Callable[[], object]:
        order = worked.order()
        command = Command(
            technician_id=move.to_technician_id, duration_minutes=60, start=move.to_start
        )
        return partial(
            planning.order_act, actor=worked.manager, order_id=order.pk, action="plan",
            command=command,
        )  # fmt: skip

    for results in raced(worked, book):
        assert not isinstance(results[1], Refused) or results[1].code == "overlap"


def test_two_drafts_of_the_same_orders_applied_at_once_share_them(worked: Company) -> None:
    for _ in range(ROUNDS):
        first = draft_made(worked)
        ids = list(first.moves.values_list("order_id", flat=True))
        second = draft_auto_plan(
            actor=worked.manager, first=today() + timedelta(days=1), days=14, order_ids=ids[::-1]
        )
        draft_fill(second.pk)
        both = [
            partial(draft_apply, actor=worked.manager, draft_id=one.pk) for one in (first, second)
        ]
        ended = together(both)
        assert all(isinstance(one, PlanDraft) for one in ended), ended
        done = [states(one).count("applied") for one in (first, second)]
        assert sum(done) == ORDERS
        assert overlaps() == 0
        for one, count in zip((first, second), done, strict=True):
            if count:
                draft_undo(actor=worked.manager, draft_id=one.pk)


@pytest.mark.parametrize("keyed", [False, True])
def test_of_many_asked_for_at_once_one_is_made_and_the_others_are_told(
    worked: Company, keyed: bool
) -> None:
    worked.order()
    _row, token = token_create(actor=worked.manager, name="a program")
    headers = {"Authorization": f"Bearer {token}"}

    def ask() -> tuple[int, str]:
        key = {"Idempotency-Key": str(uuid4())} if keyed else {}
        answer = Client(raise_request_exception=False).post(
            "/api/v1/planning/drafts", {"kind": "auto_plan"}, headers=headers | key,
            content_type="application/json",
        )  # fmt: skip
        return answer.status_code, answer.json().get("code", "")

    told = Counter(together([ask] * FLOOD))
    assert told == {(201, ""): 1, (409, "one_in_the_making"): FLOOD - 1}
    assert PlanDraft.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="planning.draft_fill").count() == 1
