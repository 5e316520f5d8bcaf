"""Plan drafts: made in a job, applied whole or in part, refused in part, undone as one."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import get_language
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.accounts.models import User
from callout.accounts.zone import today
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from callout.kernel.models import JournalEntry
from callout.orders.models import ServiceOrder, Visit
from callout.orders.selectors.pile import pile_read
from callout.orders.services import order_wait, visit_pin, visit_promise
from callout.orders.services.booking import technicians_lock
from callout.planning import tasks
from callout.planning.drafts import applying, filling, making, thinking
from callout.planning.drafts.applying import draft_apply
from callout.planning.drafts.filling import draft_fill
from callout.planning.drafts.making import draft_absence, draft_auto_plan, draft_drop, draft_stop
from callout.planning.drafts.selectors import DraftDetail, draft_detail, draft_list
from callout.planning.drafts.undoing import draft_undo
from callout.planning.fit.autoplan import autoplan
from callout.planning.models import PlanDraft, PlanMove
from callout.workforce import services as workforce
from callout.workforce.models import Absence
from tests.orders.conftest import actor_made
from tests.planning.drafting import DAY, WORKED, Office, filled, moves, on, plan_of, states

pytestmark = pytest.mark.django_db


# --- the pile ------------------------------------------------------------------------------------


def test_the_pile_is_planned_by_a_job_and_nothing_changes_until_it_is_applied(
    office: Office,
) -> None:
    orders = [office.order() for _ in range(3)]
    draft = draft_auto_plan(actor=office.els, first=today() + DAY, days=2)
    assert (draft.state, draft.progress_total) == ("making", 3)
    (job,) = ProcrastinateJob.objects.filter(task_name="planning.draft_fill")
    assert job.args == {"draft_id": str(draft.pk)}
    filled(draft)
    assert (draft.state, draft.progress_done, states(draft)) == ("ready", 3, ["proposed"] * 3)
    assert [plan_of(order)[0] for order in orders] == ["new"] * 3
    draft_apply(actor=office.els, draft_id=draft.pk)
    assert [plan_of(order) for order in orders] == [
        ("planned", move.to_technician_id, move.to_start) for move in moves(draft)
    ]
    draft.refresh_from_db()
    assert (draft.state, states(draft)) == ("applied", ["applied"] * 3)


def test_an_order_that_waits_for_something_is_not_of_the_pile_unless_it_is_chosen(
    office: Office,
) -> None:
    waiting, other = office.order(), office.order()
    order_wait(
        actor=office.els, order_id=waiting.pk, waiting_for="part",
        waiting_until=today() + 9 * DAY,
    )  # fmt: skip
    assert [move.order_id for move in moves(office.auto_planned())] == [other.pk]
    chosen = office.auto_planned(order_ids=[waiting.pk])
    assert [move.order_id for move in moves(chosen)] == [waiting.pk]


def test_an_order_that_has_waited_until_today_is_of_the_pile_again(office: Office) -> None:
    order = office.order()
    with clock.freeze(clock.now() - 3 * DAY):
        order_wait(
            actor=office.els, order_id=order.pk, waiting_for="part",
            waiting_until=today() + 3 * DAY,
        )  # fmt: skip
    assert [one.id for one in pile_read(actor=office.els).orders] == [order.pk]
    assert [move.order_id for move in moves(office.auto_planned())] == [order.pk]


def test_the_most_urgent_takes_the_earliest_slot_and_for_whom_there_is_no_room_is_told_why(
    office: Office,
) -> None:
    late = [office.order(duration_minutes=8 * 60) for _ in range(2)]
    urgent = office.order(duration_minutes=8 * 60, priority="urgent")
    found = office.auto_planned(days=1)
    assert [move.order_id for move in moves(found)] == [urgent.pk, late[0].pk, late[1].pk]
    assert states(found) == ["proposed", "proposed", "unplaced"]
    last = moves(found)[-1]
    assert (last.reason_code, last.reason) == (
        "no_free_slot", "nobody is free for 480 minutes in these days",
    )  # fmt: skip


def test_a_skill_that_nobody_has_is_said(office: Office) -> None:
    gas = workforce.skill_create(actor=office.els, name="gas")
    office.kind.skills.add(gas)
    office.order()
    (move,) = moves(office.auto_planned())
    assert (move.state, move.reason) == ("unplaced", "nobody has the skill “gas”")


def test_only_the_technicians_asked_for_are_planned(office: Office) -> None:
    for _ in range(4):
        office.order(duration_minutes=240)
    draft = office.auto_planned(technician_ids=[office.bert_id])
    assert {move.to_technician_id for move in moves(draft)} == {office.bert_id}


def test_what_is_planned_meanwhile_is_said_and_not_planned_again(office: Office) -> None:
    planned, other = office.order(), office.order()
    draft = draft_auto_plan(actor=office.els, first=today() + DAY, days=1)
    office.plan(planned, start=on(9))
    filled(draft)
    assert {(move.order_id, move.reason_code) for move in moves(draft)} == {
        (planned.pk, "not_new"), (other.pk, ""),
    }  # fmt: skip


BAD: list[tuple[dict[str, Any], str]] = [
    ({"days": 0}, "days"),
    ({"days": 15}, "days"),
    ({"first": date(2020, 1, 1)}, "first"),
    ({"first": date(9999, 1, 1)}, "first"),
    ({"order_ids": []}, "order_ids"),
    ({"order_ids": [uuid4()]}, "order_ids"),
    ({"order_ids": [uuid4() for _ in range(501)]}, "order_ids"),
    ({"technician_ids": [uuid4()]}, "technician_ids"),
    ({"team_id": uuid4()}, "team_id"),
]


@pytest.mark.parametrize(("asked", "field"), BAD)
def test_what_cannot_be_is_refused_in_words_and_makes_nothing(
    office: Office, asked: dict[str, Any], field: str
) -> None:
    office.order()
    with pytest.raises(Invalid) as refused:
        draft_auto_plan(actor=office.els, **({"first": today() + DAY} | asked))
    assert list(refused.value.fields) == [field]
    assert not PlanDraft.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name="planning.draft_fill").exists()


def test_an_empty_pile_and_an_archived_technician_are_refused(office: Office) -> None:
    with pytest.raises(Invalid, match="Nothing waits"):
        office.auto_planned()
    office.order()
    workforce.technician_archive(actor=office.els, technician_id=office.bert_id)
    with pytest.raises(Invalid, match="takes no more work"):
        office.auto_planned(technician_ids=[office.bert_id])
    done = office.planned_at(9)
    with pytest.raises(Invalid, match="None of these orders waits"):
        office.auto_planned(order_ids=[done.pk])


# --- the job -------------------------------------------------------------------------------------


def test_a_running_job_is_stopped_and_keeps_what_it_found(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        office.order(duration_minutes=60)
    draft = draft_auto_plan(actor=office.els, first=today() + DAY, days=1)
    monkeypatch.setattr(filling, "OFTEN", 0.0)
    seen: list[int] = []
    tell = filling.draft_progress

    def told(*, actor: Actor, draft_id: UUID, done: int) -> bool:
        seen.append(done)
        if done == 2:  # after the looking, and one slot
            draft_stop(actor=office.colleague, draft_id=draft_id)
        return tell(actor=actor, draft_id=draft_id, done=done)

    monkeypatch.setattr(filling, "draft_progress", told)
    filled(draft)
    assert seen == [0, 0, 1, 1, 2]
    assert draft.state == "stopped"
    assert sorted(states(draft)) == ["proposed", "unplaced", "unplaced"]
    assert {move.reason_code for move in moves(draft)} == {"", "stopped"}
    draft_apply(actor=office.els, draft_id=draft.pk)
    assert ServiceOrder.objects.filter(stage="planned").count() == 1


def test_what_is_stopped_is_awaited_until_it_is_written_and_what_is_dropped_is_not(
    office: Office,
) -> None:
    """Also where its job had not begun, or its worker was killed: the next one writes it."""
    office.order()
    stopped = draft_auto_plan(actor=office.els, first=today() + DAY)
    draft_stop(actor=office.els, draft_id=stopped.pk)
    stopped.refresh_from_db()
    assert stopped.is_awaited
    with pytest.raises(Refused) as told:
        draft_apply(actor=office.els, draft_id=stopped.pk)
    assert told.value.code == "still_making"
    dropped = draft_auto_plan(actor=office.colleague, first=today() + DAY)
    draft_drop(actor=office.els, draft_id=dropped.pk)
    assert (filled(stopped).state, filled(dropped).state) == ("stopped", "dropped")
    assert (stopped.is_awaited, dropped.is_awaited) == (False, False)
    assert states(stopped) == ["proposed"]
    assert not moves(dropped)
    assert filled(stopped).moves.count() == 1  # done twice it is written once


def test_the_job_done_twice_makes_one_draft(office: Office) -> None:
    office.order()
    draft = office.auto_planned()
    assert states(filled(draft)) == ["proposed"]


def test_a_job_that_fails_says_so_on_its_draft(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.order()
    draft = draft_auto_plan(actor=office.els, first=today() + DAY)
    monkeypatch.setattr(thinking, "autoplan", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        draft_fill(draft.pk)
    draft.refresh_from_db()
    assert (draft.state, draft.failure) == ("failed", "Something went wrong here. Try again.")
    with pytest.raises(Refused):
        draft_apply(actor=office.els, draft_id=draft.pk)


def test_a_draft_that_cannot_be_written_says_so_too(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.order()
    draft = draft_auto_plan(actor=office.els, first=today() + DAY)
    monkeypatch.setattr(filling, "rows_add", lambda *_a: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        draft_fill(draft.pk)
    draft.refresh_from_db()
    assert draft.state == "failed"


def test_why_it_failed_is_said_in_the_language_of_who_asked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.order()
    draft = draft_auto_plan(actor=office.els, first=today() + DAY)
    who_may_not(office, language="fr", is_manager=False)
    monkeypatch.setattr(filling, "_", lambda words: f"{get_language()}: {words}")
    assert filled(draft).failure == "fr: Whoever asked for it may not plan any more."


def who_may_not(office: Office, **left: Any) -> None:
    User.objects.filter(pk=str(office.els.user_id)).update(**left)


@pytest.mark.parametrize("left", [{"is_manager": False}, {"is_active": False}])
def test_who_is_no_manager_any_more_has_no_draft_made_for_them(
    office: Office, left: dict[str, bool]
) -> None:
    office.order()
    draft = draft_auto_plan(actor=office.els, first=today() + DAY)
    who_may_not(office, **left)
    filled(draft)
    told = "Whoever asked for it may not plan any more."
    assert (draft.state, draft.failure) == ("failed", told)


@pytest.mark.parametrize("left", [{"is_manager": False}, {"is_active": False}])
def test_nor_who_ceases_to_be_one_while_it_is_worked_out(
    office: Office, left: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    office.order()
    draft = draft_auto_plan(actor=office.els, first=today() + DAY)

    def meanwhile(*given: Any, **more: Any) -> Any:
        who_may_not(office, **left)
        return autoplan(*given, **more)

    monkeypatch.setattr(thinking, "autoplan", meanwhile)
    assert filled(draft).state == "failed"
    assert moves(draft) == []


# --- many at once --------------------------------------------------------------------------------


def test_an_absence_of_more_visits_than_a_pile_has_orders_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "MOST_ORDERS", 1)
    office.planned_at(9)
    absence_asked(office, office.els)
    office.planned_at(11)
    with pytest.raises(Invalid) as told:
        absence_asked(office, office.colleague)
    assert told.value.fields == {"end": ["These are more than 1 visits: choose an earlier end."]}


def test_no_hint_of_a_draft_goes_to_a_technician(office: Office) -> None:
    """Hints go to managers, and to whom an entry names."""
    office.order()
    office.planned_at(9)
    draft = office.auto_planned()
    draft_apply(actor=office.els, draft_id=draft.pk)
    draft_undo(actor=office.els, draft_id=draft.pk)
    draft_drop(actor=office.els, draft_id=office.ill().pk)
    entries = JournalEntry.objects.filter(entity="plan_draft").values_list("kind", "audience")
    assert {kind for kind, _audience in entries} >= {"create", "ready", "applied", "undone"}
    assert [audience for _kind, audience in entries if audience] == []


def absence_asked(office: Office, actor: Actor) -> None:
    draft_absence(actor=actor, technician_id=office.anna_id, start=on(8), end=on(17))


def test_of_a_kind_nobody_has_two_in_the_making(office: Office) -> None:
    office.order()
    office.planned_at(9)
    draft = draft_auto_plan(actor=office.els, first=today() + DAY)
    with pytest.raises(Refused) as told:
        draft_auto_plan(actor=office.els, first=today() + DAY)
    assert told.value.code == "one_in_the_making"
    assert ProcrastinateJob.objects.filter(task_name="planning.draft_fill").count() == 1
    absence_asked(office, office.els)  # somebody is ill while the pile is planned
    draft_auto_plan(actor=office.colleague, first=today() + DAY)
    draft_stop(actor=office.colleague, draft_id=draft.pk)
    filled(draft)
    draft_auto_plan(actor=office.els, first=today() + DAY)


def test_nobody_heaps_up_drafts_by_stopping_each_before_the_worker_has_come_to_it(
    office: Office,
) -> None:
    office.order()
    draft = draft_auto_plan(actor=office.els, first=today() + DAY)
    draft_stop(actor=office.els, draft_id=draft.pk)
    with pytest.raises(Refused) as told:
        draft_auto_plan(actor=office.els, first=today() + DAY)
    assert told.value.code == "one_in_the_making"
    draft_drop(actor=office.els, draft_id=draft.pk)  # where no worker comes there is a way on
    draft_auto_plan(actor=office.els, first=today() + DAY)


def test_drafts_of_a_kind_are_worked_out_one_after_the_other(office: Office) -> None:
    """However many ask, the worker has hands left: its other jobs do not wait."""
    office.order()
    office.planned_at(9)
    for actor in (office.els, office.colleague):
        draft_auto_plan(actor=actor, first=today() + DAY)
        absence_asked(office, actor)
    waiting = ProcrastinateJob.objects.filter(task_name="planning.draft_fill", status="todo")
    assert waiting.count() == 4
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        (worker,) = cursor.fetchone()
        taken = []
        for _ in range(4):
            cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)", [worker])
            (job,) = cursor.fetchone()
            taken.append(job)
    assert [one is not None for one in taken] == [True, True, False, False]


# --- an absence ----------------------------------------------------------------------------------


def test_somebody_else_takes_the_visit_at_the_same_time(office: Office) -> None:
    order = office.planned_at(9)
    draft = office.ill()
    (move,) = moves(draft)
    assert (move.from_technician_id, move.to_technician_id) == (office.anna_id, office.bert_id)
    assert (move.to_start, move.to_end) == (move.from_start, move.from_end)
    draft_apply(actor=office.els, draft_id=draft.pk)
    assert plan_of(order) == ("planned", office.bert_id, on(9))


def test_else_at_another_time_and_else_when_they_are_back(office: Office) -> None:
    office.planned_at(9)
    office.planned_at(8, office.bert, duration_minutes=8 * 60 + 60)
    (move,) = moves(office.ill())
    assert move.to_technician_id == office.bert_id
    assert move.to_start == on(8, today() + 2 * DAY)
    for later in range(2, 11):
        full = on(8, today() + later * DAY)
        office.planned_at(8, office.bert, start=full, duration_minutes=9 * 60)
    again = filled(
        draft_absence(actor=office.els, technician_id=office.anna_id, start=on(0), end=on(23))
    )
    assert {move.to_technician_id for move in moves(again)} == {office.anna_id}
    assert all(move.to_start and move.to_start >= on(8, today() + 2 * DAY) for move in moves(again))


def test_a_promise_is_kept_or_the_visit_stays(office: Office) -> None:
    order = office.planned_at(9)
    office.planned_at(8, office.bert, duration_minutes=240)
    visit_promise(
        actor=office.els, order_id=order.pk, visit_id=order.visit_id,
        promise_from=on(9), promise_to=on(10),
    )  # fmt: skip
    (move,) = moves(office.ill())
    assert (move.state, move.reason_code, move.promise_kept) == ("unplaced", "promise", False)
    assert "arrival was promised" in move.reason


def test_a_pinned_visit_is_proposed_all_the_same_and_marked(office: Office) -> None:
    order = office.planned_at(9)
    visit_pin(actor=office.els, order_id=order.pk, visit_id=order.visit_id, pinned=True)
    (move,) = moves(office.ill())
    assert (move.state, move.pinned) == ("proposed", True)


def test_what_is_under_way_and_where_they_only_help_stays_and_is_named(office: Office) -> None:
    begun = office.planned_at(8)
    office.act(office.manager, begun, "depart")
    helped = office.planned_at(14, office.bert, helper_ids=(office.anna_id,))
    found = {move.order_id: (move.state, move.reason_code) for move in moves(office.ill())}
    assert found == {begun.pk: ("unplaced", "under_way"), helped.pk: ("unplaced", "helper")}


def test_who_goes_along_comes_too_or_the_time_is_not_proposed(office: Office) -> None:
    caro = actor_made("Caro", technician=True)
    assert caro.technician_id
    workforce.working_week_set(
        actor=office.els, technician_id=caro.technician_id, valid_from=today() - 400 * DAY,
        days=WORKED,
    )  # fmt: skip
    office.planned_at(9, helper_ids=(office.bert_id,))
    office.planned_at(8, caro, duration_minutes=120)
    office.planned_at(10, office.bert)
    (move,) = moves(office.ill())
    # Caro is busy until ten, Bert from then on: at eleven both are free.
    assert (move.to_technician_id, move.to_start) == (caro.technician_id, on(11))


def test_an_absence_that_is_over_or_of_nobody_or_without_visits_is_refused(office: Office) -> None:
    past: Any = {"start": on(8, today() - 3 * DAY), "end": on(9, today() - 3 * DAY)}
    with pytest.raises(Invalid, match="over already"):
        draft_absence(actor=office.els, technician_id=office.anna_id, **past)
    ahead: Any = {"start": on(8), "end": on(17)}
    with pytest.raises(Invalid, match="no such technician"):
        draft_absence(actor=office.els, technician_id=uuid4(), **ahead)
    with pytest.raises(Refused, match="Anna has no planned visits"):
        draft_absence(actor=office.els, technician_id=office.anna_id, **ahead)
    with pytest.raises(Invalid, match="no such absence"):
        draft_absence(actor=office.els, absence_id=uuid4())
    with pytest.raises(Invalid, match="Say who"):
        draft_absence(actor=office.els)


# --- applied -------------------------------------------------------------------------------------


def test_it_is_applied_for_one_technician_and_for_the_moves_left_on(office: Office) -> None:
    for _ in range(4):
        office.order(duration_minutes=240)
    draft = office.auto_planned(days=1)
    bert = [move for move in moves(draft) if move.to_technician_id == office.bert_id]
    draft_apply(actor=office.els, draft_id=draft.pk, technician_ids=[office.bert_id])
    draft.refresh_from_db()
    assert draft.state == "partly_applied"
    applied = {move.pk for move in moves(draft) if move.state == "applied"}
    assert applied == {move.pk for move in bert}
    left = [move for move in moves(draft) if move.state == "proposed"]
    draft_apply(actor=office.els, draft_id=draft.pk, move_ids=[left[0].pk])
    draft_drop(actor=office.els, draft_id=draft.pk)
    draft.refresh_from_db()
    assert draft.state == "applied"
    assert sorted(states(draft)) == ["applied", "applied", "applied", "dropped"]
    assert ServiceOrder.objects.filter(stage="new").count() == 1


def test_what_changed_meanwhile_is_refused_in_words_and_the_rest_stands(office: Office) -> None:
    first, second, third = (office.order(duration_minutes=60) for _ in range(3))
    draft = office.auto_planned(days=1, technician_ids=[office.anna_id])
    office.act(office.manager, first, "cancel", note="solved")
    taken = next(move for move in moves(draft) if move.order_id == second.pk)
    assert taken.to_start
    office.planned(start=taken.to_start)
    draft_apply(actor=office.els, draft_id=draft.pk)
    draft.refresh_from_db()
    told = {move.order_id: (move.state, move.refusal) for move in moves(draft)}
    assert told[first.pk] == ("refused", "It was changed meanwhile.")
    assert told[second.pk][0] == "refused"
    assert "Anna already has" in told[second.pk][1]
    assert told[third.pk] == ("applied", "")
    assert draft.state == "partly_applied"
    assert [plan_of(one)[0] for one in (first, second, third)] == ["cancelled", "new", "planned"]


def test_applied_twice_the_second_is_told(office: Office) -> None:
    office.order()
    draft = office.auto_planned()
    draft_apply(actor=office.els, draft_id=draft.pk)
    with pytest.raises(Refused) as refused:
        draft_apply(actor=office.colleague, draft_id=draft.pk)
    assert refused.value.code == "nothing_left"
    with pytest.raises(Stale):
        draft_apply(actor=office.colleague, draft_id=draft.pk, version=draft.version)


def test_moves_of_another_draft_are_refused(office: Office) -> None:
    office.order()
    one, other = office.auto_planned(), office.auto_planned()
    with pytest.raises(Invalid, match="not of this draft"):
        draft_apply(actor=office.els, draft_id=one.pk, move_ids=[moves(other)[0].pk])


def swapped(office: Office) -> tuple[PlanDraft, ServiceOrder, ServiceOrder]:
    """A draft, as an optimiser may make it, in which Anna's two visits swap their slots."""
    first, second = office.planned_at(9), office.planned_at(10)
    draft = PlanDraft.objects.create(
        kind="auto_plan", state="ready", made_by_id=str(office.els.user_id)
    )
    for place, (order, other) in enumerate([(first, second), (second, first)]):
        visit = Visit.objects.get(pk=str(order.visit_id))
        PlanMove.objects.create(
            draft=draft, position=place, order=order, order_version=order.version, visit=visit,
            from_technician_id=visit.technician_id, from_start=visit.start, from_end=visit.end,
            to_technician_id=visit.technician_id, to_start=other.start, to_end=other.end,
        )  # fmt: skip
    return draft, first, second


def test_two_visits_swap_their_slots_and_swap_them_back(office: Office) -> None:
    draft, first, second = swapped(office)
    draft_apply(actor=office.els, draft_id=draft.pk)
    assert [plan_of(one)[2] for one in (first, second)] == [on(10), on(9)]
    draft_undo(actor=office.els, draft_id=draft.pk)
    assert [plan_of(one)[2] for one in (first, second)] == [on(9), on(10)]
    assert states(draft) == ["undone", "undone"]


def test_of_a_ring_all_or_none_moves(office: Office) -> None:
    draft, first, second = swapped(office)
    office.act(office.manager, second, "extend", duration_minutes=15)
    draft_apply(actor=office.els, draft_id=draft.pk)
    assert states(draft) == ["refused", "refused"]
    assert [plan_of(one)[2] for one in (first, second)] == [on(9), on(10)]


def test_half_a_ring_is_refused_by_the_slot_that_is_not_left(office: Office) -> None:
    draft, first, _second = swapped(office)
    draft_apply(actor=office.els, draft_id=draft.pk, move_ids=[moves(draft)[0].pk])
    assert states(draft) == ["refused", "proposed"]
    assert plan_of(first)[2] == on(9)


# --- undone --------------------------------------------------------------------------------------


def test_it_is_undone_as_one(office: Office) -> None:
    orders = [office.order(duration_minutes=90) for _ in range(5)]
    draft = office.auto_planned()
    draft_apply(actor=office.els, draft_id=draft.pk)
    draft_undo(actor=office.colleague, draft_id=draft.pk)
    draft.refresh_from_db()
    assert (draft.state, states(draft)) == ("undone", ["undone"] * 5)
    assert [plan_of(order)[0] for order in orders] == ["new"] * 5
    with pytest.raises(Refused):
        draft_undo(actor=office.els, draft_id=draft.pk)


def test_an_absence_is_undone_with_all_the_visits_of_an_order(office: Office) -> None:
    order = office.planned_at(9)
    office.act(
        office.manager, order, "plan_another", technician_id=office.anna_id, start=on(14),
        duration_minutes=60,
    )  # fmt: skip
    draft = office.ill()
    draft_apply(actor=office.els, draft_id=draft.pk)
    assert states(draft) == ["applied", "applied"]
    open_ones = Visit.objects.filter(order=order, is_open=True)
    assert set(open_ones.values_list("technician", flat=True)) == {office.bert_id}
    draft_undo(actor=office.els, draft_id=draft.pk)
    assert set(open_ones.values_list("technician", flat=True)) == {office.anna_id}


def test_what_was_built_on_stays_and_is_told(office: Office) -> None:
    orders = [office.order() for _ in range(2)]
    draft = office.auto_planned()
    draft_apply(actor=office.els, draft_id=draft.pk)
    office.act(office.manager, orders[0], "extend", duration_minutes=30)
    draft_undo(actor=office.els, draft_id=draft.pk)
    draft.refresh_from_db()
    told = {move.order_id: (move.state, move.refusal) for move in moves(draft)}
    assert told == {
        orders[0].pk: ("applied", "Something was done with it since."),
        orders[1].pk: ("undone", ""),
    }
    assert draft.state == "partly_applied"
    with pytest.raises(Refused, match="Something was done"):
        draft_undo(actor=office.els, draft_id=draft.pk)


def test_into_a_slot_taken_on_purpose_since_nothing_comes_back(office: Office) -> None:
    visit = office.planned_at(9)
    draft = office.ill()
    draft_apply(actor=office.els, draft_id=draft.pk)
    absence = Absence.objects.get()
    workforce.absence_remove(actor=office.els, absence_id=absence.pk)
    office.planned_at(9, allow_overlap=True)
    with pytest.raises(Refused, match="already has SO-"):
        draft_undo(actor=office.els, draft_id=draft.pk)
    assert plan_of(visit)[1] == office.bert_id


def test_whoever_goes_on_another_visit_of_an_order_is_locked_before_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each action locks them too: after the order, it could wait for whoever waits for that."""
    locked: list[set[UUID]] = []

    def noted(*given: Any, **more: Any) -> Any:
        found = technicians_lock(*given, **more)
        locked.append(set(found))
        return found

    monkeypatch.setattr(applying, "technicians_lock", noted)
    cleo = actor_made("Cleo", technician=True)
    order = office.planned_at(9)
    office.act(
        office.manager, order, "plan_another", technician_id=cleo.technician_id,
        start=on(9, today() + 5 * DAY), duration_minutes=60,
    )  # fmt: skip
    draft = office.ill()
    draft_apply(actor=office.els, draft_id=draft.pk)
    draft_undo(actor=office.els, draft_id=draft.pk)
    assert states(draft) == ["undone"]
    assert locked == [{office.anna_id, office.bert_id, cleo.technician_id}] * 2


# --- kept for a while ----------------------------------------------------------------------------


def test_drafts_go_after_ninety_days_with_their_moves_and_not_before(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "AT_ONCE", 2)
    office.order()
    old = [office.auto_planned() for _ in range(3)]
    young = office.auto_planned()
    for one, days in ((young, 89), *((draft, 91) for draft in old)):
        PlanDraft.objects.filter(pk=one.pk).update(created_at=clock.now() - days * DAY)
    assert tasks.drafts_purge(timestamp=0) == 3
    assert list(PlanDraft.objects.all()) == [young]
    assert set(PlanMove.objects.values_list("draft", flat=True)) == {young.pk}
    assert "planning.drafts_purge" in {name for name, _id in app.periodic_registry.periodic_tasks}


# --- who, and what is written down ---------------------------------------------------------------


def test_a_colleague_may_and_a_technician_may_not(office: Office) -> None:
    order = office.order()
    draft = office.auto_planned()
    stranger = office.anna
    for work in (draft_apply, draft_stop, draft_drop, draft_undo, draft_detail):
        with pytest.raises(Forbidden):
            work(actor=stranger, draft_id=draft.pk)
        with pytest.raises(NotFound):
            work(actor=office.colleague, draft_id=uuid4())
    with pytest.raises(Forbidden):
        draft_list(actor=stranger)
    with pytest.raises(Forbidden):
        draft_auto_plan(actor=stranger, first=today() + DAY)
    with pytest.raises(Forbidden):
        draft_absence(actor=stranger, technician_id=office.anna_id, start=on(8), end=on(17))
    draft_apply(actor=office.colleague, draft_id=draft.pk)
    assert plan_of(order)[0] == "planned"


def test_the_draft_has_its_own_entries_and_each_order_its_own(office: Office) -> None:
    order = office.order()
    draft = office.auto_planned()
    draft_apply(actor=office.els, draft_id=draft.pk)
    draft_undo(actor=office.els, draft_id=draft.pk)
    entries = JournalEntry.objects.filter(entity_id=draft.pk).order_by("id")
    assert [one.kind for one in entries] == ["create", "ready", "applied", "undone"]
    assert {one.entity for one in entries} == {"plan_draft"}
    assert all(one.personal is None for one in entries)
    own = JournalEntry.objects.filter(entity_id=order.pk).order_by("id")
    assert [one.kind for one in own] == ["create", "plan", "undo"]


# --- read ----------------------------------------------------------------------------------------


def test_it_is_read_by_technician_with_the_driving_before_and_after(office: Office) -> None:
    from callout.customers.models import Site

    Site.objects.filter(pk=str(office.site.pk)).update(latitude=50.7, longitude=4.6)
    from callout.workforce.models import Technician

    Technician.objects.update(latitude=50.75, longitude=4.65)
    office.planned_at(9)
    found: DraftDetail = draft_detail(actor=office.colleague, draft_id=office.ill().pk)
    assert [(share.technician.name, share.before, share.after) for share in found.shares
            if share.technician] == [("Anna", 22, 0), ("Bert", 0, 22)]  # fmt: skip
    assert (found.before, found.after, found.counts["proposed"]) == (22, 22, 1)
    (move,) = found.shares[1].moves
    assert (move.travel_before, move.travel_after) == (22, 22)


def test_a_draft_of_many_orders_is_made_and_read_in_as_many_queries_as_one_of_a_few(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    # How far it is it tells by the clock, on a busy machine oftener.
    monkeypatch.setattr(filling, "OFTEN", 3600.0)
    counts = []
    for number in (2, 12):
        for _ in range(number):
            office.order(duration_minutes=15)
        draft = draft_auto_plan(actor=office.els, first=today() + DAY, days=2)
        with CaptureQueriesContext(
            connection,
        ) as making:
            draft_fill(draft.pk)
        with CaptureQueriesContext(connection) as reading:
            found = draft_detail(actor=office.els, draft_id=draft.pk)
            for share in found.shares:
                for move in share.moves:
                    _ = (move.order.customer.name, move.order.site.town, move.order.type.icon)
        counts.append((len(making), len(reading)))
    assert counts[0] == counts[1]
    assert counts[1][1] <= 3


def test_whoever_works_around_the_clock_is_planned_on_the_days_asked_for_alone(
    office: Office,
) -> None:
    workforce.working_week_set(
        actor=office.els, technician_id=office.anna_id, valid_from=today() - 300 * DAY,
        days=[[["00:00", "24:00"]]] * 7,
    )  # fmt: skip
    for _ in range(25):
        office.order(duration_minutes=60)
    found = moves(office.auto_planned(days=1, technician_ids=[office.anna_id]))
    begins = [move.to_start for move in found if move.to_start]
    assert (min(begins), max(begins)) == (on(0), on(23))
    assert states_of(found) == ["proposed"] * 24 + ["unplaced"]


def states_of(found: list[PlanMove]) -> list[str]:
    return sorted(move.state for move in found)
