"""Orders that were chosen, planned and new ones: a draft from where to where, done and undone."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callout.accounts.zone import today
from callout.kernel import clock
from callout.kernel.errors import Forbidden, Invalid, Refused
from callout.orders.models import Note, ServiceOrder
from callout.orders.services import visit_pin, visit_promise
from callout.planning.drafts.applying import draft_apply
from callout.planning.drafts.filling import draft_fill
from callout.planning.drafts.making import draft_auto_plan
from callout.planning.drafts.selectors import draft_detail
from callout.planning.drafts.undoing import draft_undo
from callout.planning.models import PlanDraft, PlanMove
from tests.planning.drafting import DAY, Office, moves, on, plan_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def to_bert(office: Office, *orders: ServiceOrder, **asked: object) -> PlanDraft:
    return office.replanned(*orders, **({"technician_ids": [office.bert_id]} | asked))


def by_order(draft: PlanDraft) -> dict[UUID, PlanMove]:
    return {move.order_id: move for move in moves(draft)}


def promised(office: Office, order: ServiceOrder, begin: int, end: int) -> None:
    visit_promise(
        actor=office.els, order_id=order.pk, visit_id=order.visit_id,
        promise_from=on(begin), promise_to=on(end),
    )  # fmt: skip


def test_new_and_planned_ones_go_to_somebody_and_back_as_one(office: Office) -> None:
    planned, new = office.planned_at(9), office.order()
    draft = to_bert(office, planned, new)
    found = by_order(draft)
    assert found[planned.pk].from_technician_id == office.anna_id
    assert (found[planned.pk].from_start, found[planned.pk].to_start) == (on(9), on(9))
    assert found[new.pk].visit_id is None
    assert plan_of(planned) == ("planned", office.anna_id, on(9)), "nothing is done yet"

    draft_apply(actor=office.els, draft_id=draft.pk)
    assert plan_of(planned) == ("planned", office.bert_id, on(9))
    assert plan_of(new)[:2] == ("planned", office.bert_id)
    draft_undo(actor=office.els, draft_id=draft.pk)
    assert plan_of(planned) == ("planned", office.anna_id, on(9))
    assert plan_of(new)[0] == "new"


def test_without_the_wish_what_is_planned_stays(office: Office) -> None:
    planned, new = office.planned_at(9), office.order()
    draft = office.auto_planned(order_ids=[planned.pk, new.pk])
    assert by_order(draft)[planned.pk].reason == "it is planned already"


def test_what_is_under_way_or_has_ended_is_refused_one_by_one_in_words(office: Office) -> None:
    begun, ended, planned = office.planned_at(8), office.planned_at(10), office.planned_at(14)
    office.act(office.manager, begun, "depart")
    office.act(office.manager, ended, "cancel", note="solved")
    found = by_order(to_bert(office, begun, ended, planned))
    assert [found[one.pk].reason for one in (begun, ended)] == [
        "it is under way", "it has ended already",
    ]  # fmt: skip
    assert found[planned.pk].to_technician_id == office.bert_id


def test_every_visit_that_is_planned_of_an_order_goes(office: Office) -> None:
    order = office.planned_at(9)
    office.act(office.manager, order, "plan_another", technician_id=office.anna_id,
               start=on(9, today() + 2 * DAY), duration_minutes=60)  # fmt: skip
    draft = to_bert(office, order)
    assert [move.to_start for move in moves(draft)] == [on(9), on(9, today() + 2 * DAY)]
    draft_apply(actor=office.els, draft_id=draft.pk)
    assert {visit.technician_id for visit in order.visits.all()} == {office.bert_id}


def test_a_promise_that_is_left_asks_what_becomes_of_it(office: Office) -> None:
    order = office.planned_at(9)
    promised(office, order, 9, 10)
    office.planned_at(8, office.bert, duration_minutes=240)
    draft = to_bert(office, order)
    (move,) = moves(draft)
    assert (move.reason_code, move.leaves_promise, move.promise_kept) == ("promise", True, False)
    assert draft_detail(actor=office.els, draft_id=draft.pk).promises_left == 1

    with pytest.raises(Refused) as refused:
        draft_apply(actor=office.els, draft_id=draft.pk)
    assert refused.value.code == "asks_plan"
    assert plan_of(order)[1] == office.anna_id
    draft_apply(actor=office.els, draft_id=draft.pk, promise="call")
    assert plan_of(order)[1] == office.bert_id
    note = Note.objects.get(order=order)
    assert note.kind == Note.INTERNAL
    assert "Call the customer" in note.text
    draft_undo(actor=office.els, draft_id=draft.pk)
    assert plan_of(order) == ("planned", office.anna_id, on(9))


def test_kept_as_it_is_no_note_is_written_and_nobody_is_asked_of_what_stays(
    office: Office,
) -> None:
    left, kept = office.planned_at(9), office.planned_at(13)
    promised(office, left, 9, 10)
    promised(office, kept, 13, 14)
    office.planned_at(8, office.bert, duration_minutes=240)
    draft = to_bert(office, left, kept)
    only = by_order(draft)[kept.pk]
    draft_apply(actor=office.els, draft_id=draft.pk, move_ids=[only.pk])
    assert plan_of(kept)[1] == office.bert_id
    draft_apply(actor=office.els, draft_id=draft.pk, promise="keep")
    assert plan_of(left)[1] == office.bert_id
    assert not Note.objects.exists()


def left_by_one_of_two(office: Office) -> tuple[ServiceOrder, ServiceOrder, PlanDraft]:
    """Two promises that would be left: of the visit at nine and of that at ten."""
    nine, ten = office.planned_at(9), office.planned_at(10)
    promised(office, nine, 9, 10)
    promised(office, ten, 10, 11)
    office.planned_at(8, office.bert, duration_minutes=300)
    return nine, ten, to_bert(office, nine, ten)


def begins(move: PlanMove) -> datetime:
    assert move.to_start is not None
    return move.to_start


def promise_of(order: ServiceOrder) -> tuple[object, object]:
    visit = order.visits.get()
    return visit.promise_from, visit.promise_to


def test_a_promise_is_made_anew_by_visit_and_undone_with_the_rest(office: Office) -> None:
    nine, ten, draft = left_by_one_of_two(office)
    move = by_order(draft)[nine.pk]
    anew = (begins(move), begins(move) + HOUR)
    with pytest.raises(Refused) as refused:
        draft_apply(actor=office.els, draft_id=draft.pk, promises_anew={move.pk: anew})
    assert refused.value.code == "asks_plan"
    assert refused.value.message.startswith("1 visit leaves"), "of the other nothing is said yet"
    draft_apply(actor=office.els, draft_id=draft.pk, promise="call", promises_anew={move.pk: anew})
    assert (promise_of(nine), promise_of(ten)) == (anew, (on(10), on(11)))
    assert nine.visits.get().promised_by_id == office.els.user_id
    assert [note.order_id for note in Note.objects.all()] == [ten.pk], "nobody calls the first"
    kept = {one.order_id: one.promise_kept for one in moves(draft)}
    assert kept == {nine.pk: True, ten.pk: False}

    draft_undo(actor=office.els, draft_id=draft.pk)
    assert plan_of(nine) == ("planned", office.anna_id, on(9))
    assert promise_of(nine) == (on(9), on(10))
    assert {one.promise_kept for one in moves(draft)} == {False}


def test_a_promise_anew_holds_the_new_time_and_is_of_a_visit_that_leaves_one(
    office: Office,
) -> None:
    nine, ten, draft = left_by_one_of_two(office)
    first, second = by_order(draft)[nine.pk], by_order(draft)[ten.pk]
    for chosen, anew in (
        ([first.pk], {first.pk: (begins(first) + HOUR, begins(first) + 2 * HOUR)}),
        ([first.pk], {second.pk: (begins(second), begins(second))}),
        ([first.pk], {UUID(int=7): (begins(first), begins(first))}),
        ([first.pk], {first.pk: (begins(first), begins(first) + 25 * HOUR)}),
        ([first.pk], {first.pk: (begins(first), begins(first) - HOUR)}),
    ):
        with pytest.raises(Invalid):
            draft_apply(
                actor=office.els, draft_id=draft.pk, move_ids=chosen, promise="keep",
                promises_anew=anew,
            )  # fmt: skip
    assert plan_of(nine) == ("planned", office.anna_id, on(9))
    assert by_order(draft)[nine.pk].state == "proposed", "it can be said better"
    assert promise_of(nine) == (on(9), on(10))


def test_what_is_promised_anew_of_a_visit_that_somebody_else_applied_is_told_and_nothing_is_done(
    office: Office,
) -> None:
    nine, ten, draft = left_by_one_of_two(office)
    first = by_order(draft)[nine.pk]
    anew = {first.pk: (begins(first), begins(first) + HOUR)}
    draft_apply(actor=office.els, draft_id=draft.pk, move_ids=[first.pk], promise="keep")
    with pytest.raises(Refused) as refused:
        draft_apply(actor=office.els, draft_id=draft.pk, promise="keep", promises_anew=anew)
    assert refused.value.code == "nothing_left"
    assert refused.value.message.startswith("A visit whose promise is made anew was applied")
    assert by_order(draft)[ten.pk].state == "proposed"
    assert promise_of(nine) == (on(9), on(10))


def test_what_was_promised_anew_of_another_technician_s_visit_waits_for_that_one(
    office: Office,
) -> None:
    nine, ten, draft = left_by_one_of_two(office)
    first, second = by_order(draft)[nine.pk], by_order(draft)[ten.pk]
    PlanMove.objects.filter(pk=second.pk).update(to_technician=office.anna_id)
    anew = {one.pk: (begins(one), begins(one) + HOUR) for one in (first, second)}
    draft_apply(
        actor=office.els, draft_id=draft.pk, technician_ids=[office.bert_id], promises_anew=anew
    )
    assert promise_of(nine) == anew[first.pk]
    assert promise_of(ten) == (on(10), on(11))
    assert by_order(draft)[ten.pk].state == "proposed"


def test_a_promise_is_told_of_where_the_visit_is_if_it_stays(office: Office) -> None:
    order = office.planned_at(9)
    promised(office, order, 9, 10)
    (move,) = moves(office.replanned(order))
    assert (move.state, move.reason, move.promise_kept) == ("unplaced", "best where it is", True)


def test_a_pin_is_told_before_it_is_moved(office: Office) -> None:
    order = office.planned_at(9)
    visit_pin(actor=office.els, order_id=order.pk, visit_id=order.visit_id, pinned=True)
    (move,) = moves(to_bert(office, order))
    assert (move.state, move.reason) == ("proposed", "the visit is pinned where it is")


def test_the_day_is_kept_where_it_fits_or_not_at_all(office: Office) -> None:
    order = office.planned_at(9, start=on(9, today() + 9 * DAY))
    (kept,) = moves(to_bert(office, order))
    assert kept.to_start == on(9, today() + 9 * DAY)
    (moved,) = moves(to_bert(office, order, keep_day=False))
    assert moved.to_start is not None
    assert moved.to_start < on(23, today() + 2 * DAY)


def test_a_visit_that_nobody_went_on_comes_to_a_day_that_is_there(office: Office) -> None:
    with clock.freeze(clock.now() - 300 * DAY):
        order = office.planned_at(9)
    (move,) = moves(to_bert(office, order))
    assert (move.to_technician_id, move.to_start) == (office.bert_id, on(8))
    assert move.travel_before is None


def test_what_was_changed_meanwhile_is_refused_and_the_rest_stands(office: Office) -> None:
    first, second = office.planned_at(9), office.planned_at(13)
    draft = to_bert(office, first, second)
    office.act(office.manager, first, "replan", technician_id=office.anna_id, start=on(15))
    draft_apply(actor=office.els, draft_id=draft.pk)
    found = by_order(draft)
    assert found[first.pk].refusal == "It was changed meanwhile."
    assert plan_of(first) == ("planned", office.anna_id, on(15))
    assert plan_of(second)[1] == office.bert_id


@pytest.mark.wide
def test_many_planned_ones_are_asked_for_in_as_many_queries_as_one(office: Office) -> None:
    orders = [office.planned_at(hour) for hour in range(8, 16)]

    def asked(*chosen: ServiceOrder) -> int:
        draft = draft_auto_plan(
            actor=office.els, first=today() + DAY, days=2, replan=True,
            order_ids=[one.pk for one in chosen], technician_ids=[office.bert_id],
        )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            draft_fill(draft.pk)
        return len(queries)

    asked(orders[0])  # what is kept for a while is read now
    assert asked(*orders) == asked(orders[0])


def test_what_cannot_be_is_refused_in_words_and_makes_nothing(office: Office) -> None:
    far = office.planned_at(9, start=on(9, today() + timedelta(days=380)))
    ended = office.planned_at(9)
    office.act(office.manager, ended, "cancel", note="solved")
    for asked, words in (
        ({"order_ids": None}, "Name the orders"),
        ({"order_ids": [far.pk]}, "more than a year ahead"),
        ({"order_ids": [ended.pk]}, "has ended"),
    ):
        with pytest.raises(Invalid, match=words):
            draft_auto_plan(actor=office.els, first=today(), replan=True, **asked)
    with pytest.raises(Forbidden):
        draft_auto_plan(actor=office.anna, first=today(), replan=True, order_ids=[far.pk])
    assert not PlanDraft.objects.exists()
