"""Buttons, dialogs and drops: what they do, what they refuse in words, who was faster."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from callout.accounts.zone import local
from callout.kernel import clock
from callout.orders.models import Note, Reason, ServiceOrder
from callout.web.office.picks import pick_value
from tests.office.conftest import Browser
from tests.orders.conftest import Company, soon

HTMX = {"HX-Request": "true"}


def press(client: Client, order: ServiceOrder, action: str, **fields: Any) -> Any:
    """POST an action as the order's page does; the version is the order's of now."""
    order.refresh_from_db()
    data = {"version": order.version, **fields}
    return client.post(f"/orders/{order.pk}/act/{action}/?on=page", data, headers=HTMX)


def drop(client: Client, order: ServiceOrder, to: str, **fields: Any) -> Any:
    """POST a card dropped in a column."""
    order.refresh_from_db()
    data = {"to": to, "version": order.version, **fields}
    return client.post(f"/orders/{order.pk}/move/", data, headers=HTMX)


def typed(moment: Any) -> str:
    return f"{local(moment):%Y-%m-%dT%H:%M}"


def test_a_press_acts_and_offers_undo(company: Company, office: Client) -> None:
    order = company.planned()
    answer = press(office, order, "depart")
    order.refresh_from_db()
    assert (answer.status_code, order.technician_status) == (200, "en_route")
    body = answer.content.decode()
    assert f"/orders/{order.pk}/act/undo/?version={order.version}" in body
    assert 'hx-target="#order-head"' in body
    undone = office.post(f"/orders/{order.pk}/act/undo/?version={order.version}", headers=HTMX)
    order.refresh_from_db()
    assert (undone.status_code, order.technician_status) == (200, "planned")


def test_pressed_twice_with_one_key_is_one_effect(company: Company, office: Client) -> None:
    order = company.planned()
    once = {"idempotency_key": "same"}
    first = press(office, order, "depart", **once)
    version = ServiceOrder.objects.get(pk=order.pk).version
    again = office.post(
        f"/orders/{order.pk}/act/depart/?on=page",
        {"version": version - 1, **once},
        headers=HTMX,
    )
    assert (first.status_code, again.status_code) == (200, 200)
    assert ServiceOrder.objects.get(pk=order.pk).version == version


def test_what_makes_no_sense_is_refused_in_words(company: Company, office: Client) -> None:
    order = company.order()
    answer = press(office, order, "depart")
    assert answer.status_code == 409
    assert "makes no sense now" in answer.content.decode()


def test_who_was_slower_is_told_what_changed(company: Company, office: Client) -> None:
    order = company.planned()
    old = order.version
    company.act(company.anna, order, "depart")
    answer = office.post(f"/orders/{order.pk}/act/arrive/", {"version": old}, headers=HTMX)
    assert answer.status_code == 412
    body = answer.content.decode()
    assert "Departed (Anna" in body
    assert ServiceOrder.objects.get(pk=order.pk).technician_status == "en_route"


def test_without_a_version_nothing_is_done(company: Company, office: Client) -> None:
    order = company.planned()
    answer = office.post(f"/orders/{order.pk}/act/depart/", headers=HTMX)
    assert answer.status_code == 428
    wrong = office.post(f"/orders/{order.pk}/act/depart/", {"version": "x"}, headers=HTMX)
    assert wrong.status_code == 422


def test_an_action_that_is_none_is_404(company: Company, office: Client) -> None:
    assert press(office, company.order(), "fly").status_code == 404


@pytest.mark.parametrize("action", ["depart", "cancel", "plan", "undo"])
def test_a_technician_and_a_stranger_press_in_vain(
    company: Company, browser: Browser, action: str
) -> None:
    order = company.planned()
    assert press(browser(company.anna), order, action).status_code == 403
    assert press(Client(), order, action).status_code in (302, 401, 403)
    assert press(Client(headers={"Origin": "http://evil.example"}), order, action).status_code in (
        302,
        401,
        403,
    )
    order.refresh_from_db()
    assert order.technician_status == "planned"


def test_cancel_asks_why_and_keeps_what_was_typed(company: Company, office: Client) -> None:
    order = company.planned()
    asked = press(office, order, "cancel", dialog=1, note="")
    assert asked.status_code == 422
    assert "Say why" in asked.content.decode()
    reason = Reason.objects.filter(kind="cancel").first()
    assert reason is not None
    done = press(office, order, "cancel", dialog=1, note="as told", reason_id=str(reason.pk))
    assert (done.status_code, done["HX-Trigger"]) == (200, "co:close")
    order.refresh_from_db()
    assert order.stage == "cancelled"


def test_a_step_takes_the_time_it_truly_happened(company: Company, office: Client) -> None:
    order = company.planned()
    at = soon(-0.5)
    answer = office.post(
        f"/orders/{order.pk}/at/",
        {"version": order.version, "action": "depart", "occurred_at": typed(at)},
        headers=HTMX,
    )
    assert answer.status_code == 200
    visit = order.visits.get()
    assert visit.departed_at == at


def test_a_time_to_come_is_refused_beside_its_field(company: Company, office: Client) -> None:
    order = company.planned()
    answer = office.post(
        f"/orders/{order.pk}/at/",
        {"version": order.version, "action": "depart", "occurred_at": typed(soon(3))},
        headers=HTMX,
    )
    assert answer.status_code == 422
    assert "still to come" in answer.content.decode()


def test_under_way_elsewhere_asks_what_became_of_that(company: Company, office: Client) -> None:
    first, second = company.planned(), company.planned(hours=3)
    press(office, first, "depart")
    asked = press(office, second, "depart")
    body = asked.content.decode()
    assert asked.status_code == 200
    assert 'hx-target="#co-dialog"' in body
    assert f"SO-{first.number:06d}" in body
    done = press(office, second, "depart", other_action="complete")
    assert done.status_code == 200
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.stage, second.technician_status) == ("completed", "en_route")


@pytest.mark.parametrize(("step", "proposed"), [("depart", "break"), ("start-work", "complete")])
def test_what_was_not_begun_is_not_proposed_as_finished(
    company: Company, office: Client, step: str, proposed: str
) -> None:
    first, second = company.planned(), company.planned(hours=3)
    press(office, first, step)
    body = press(office, second, "depart").content.decode()
    assert f'name="other_action" value="{proposed}" checked' in body


def test_a_moment_that_cannot_be_is_asked_again_with_what_was_chosen(
    company: Company, office: Client
) -> None:
    first, second = company.planned(), company.planned(hours=3)
    press(office, first, "depart")
    again = press(
        office, second, "depart", other_action="complete", other_at="2099-01-01T10:00",
        other=f"SO-{first.number:06d}",
    )  # fmt: skip
    body = again.content.decode()
    assert "Choose an earlier time" in body
    assert 'name="other_action" value="complete" checked' in body
    assert 'value="2099-01-01T10:00"' in body
    assert f"What became of SO-{first.number:06d}?" in body
    first.refresh_from_db()
    assert first.technician_status == "en_route"


def test_plan_proposes_and_plans(company: Company, office: Client) -> None:
    order = company.order()
    asked = office.get(f"/orders/{order.pk}/act/plan/", headers=HTMX)
    assert "Anna" in asked.content.decode()
    start = soon(5)
    done = press(
        office,
        order,
        "plan",
        technician_id=str(company.bert.technician_id),
        start=typed(start),
        duration_minutes=45,
    )
    assert done.status_code == 200
    order.refresh_from_db()
    assert (order.stage, order.technician_id, order.start) == (
        "planned",
        company.bert.technician_id,
        start,
    )


def test_whom_one_chooses_by_hand_stands_though_a_proposal_was_chosen_before(
    company: Company, office: Client
) -> None:
    order = company.order()
    anna = company.anna.technician_id
    assert anna
    given = {"pick": pick_value(anna, soon(5)), "technician_id": str(company.bert.technician_id)}
    asked = office.get(f"/orders/{order.pk}/act/plan/", given, headers=HTMX).content.decode()
    assert f'<option value="{company.bert.technician_id}" selected>' in asked
    assert f'<option value="{company.anna.technician_id}" selected>' not in asked


@pytest.mark.parametrize(("typed_too", "warned"), [({"typed": "1"}, True), ({}, False)])
def test_a_start_that_is_typed_is_judged_before_it_is_sent(
    company: Company, office: Client, typed_too: dict[str, str], warned: bool
) -> None:
    order = company.order()
    given = {"technician_id": str(company.anna.technician_id), "start": typed(soon(24 * 40))}
    place = f"/orders/{order.pk}/act/plan/"
    asked = office.get(place, {**given, **typed_too}, headers=HTMX).content.decode()
    assert (f'value="{given["start"]}"' in asked) is warned
    assert ("after the response target" in asked) is warned
    nonsense = {**given, "typed": "1", "start": "soon"}
    assert office.get(place, nonsense, headers=HTMX).status_code == 200


def test_a_double_booking_is_refused_in_the_dialog(company: Company, office: Client) -> None:
    taken, order = company.planned(hours=5), company.order()
    fields = {
        "technician_id": str(company.anna.technician_id),
        "start": typed(taken.start),
        "duration_minutes": 30,
    }
    refused = press(office, order, "plan", **fields)
    assert refused.status_code == 422
    assert f"SO-{taken.number:06d}" in refused.content.decode()
    allowed = press(office, order, "plan", allow_overlap="on", **fields)
    assert allowed.status_code == 200


def test_what_a_helper_has_then_is_told_before_the_plan_is_refused(
    company: Company, office: Client
) -> None:
    taken, order = company.planned(company.bert, hours=5), company.order()
    anna, bert = company.anna.technician_id, company.bert.technician_id
    assert anna
    assert taken.start
    picked = {"pick": pick_value(anna, taken.start), "helper_ids": str(bert)}
    told = f"Bert, who helps: would overlap SO-{taken.number:06d}"
    place = f"/orders/{order.pk}/act/plan/"
    assert told in office.get(place, picked, headers=HTMX).content.decode()
    alone = picked | {"helper_ids": ""}
    assert told not in office.get(place, alone, headers=HTMX).content.decode()


def test_longer_by_a_quarter_of_an_hour(company: Company, office: Client) -> None:
    order = company.planned()
    order.refresh_from_db()
    answer = office.post(
        f"/orders/{order.pk}/act/extend/?on=page&duration_minutes=15",
        {"version": order.version},
        headers=HTMX,
    )
    assert answer.status_code == 200
    visit = order.visits.get()
    assert visit.expected_end == visit.end + timedelta(minutes=15)


def test_the_drops_that_act_at_once(company: Company, office: Client) -> None:
    order = company.planned()
    for to, stage in (("new", "new"),):
        assert drop(office, order, to).status_code == 200
        order.refresh_from_db()
        assert order.stage == stage
    company.plan(order)
    assert drop(office, order, "completed").status_code == 200
    order.refresh_from_db()
    assert order.stage == "completed"
    assert drop(office, order, "new").status_code == 200
    order.refresh_from_db()
    assert order.stage == "new"
    assert drop(office, order, "new").status_code == 204


@pytest.mark.parametrize("to", ["planned", "completed", "cancelled"])
def test_the_drops_from_new_that_ask_first(company: Company, office: Client, to: str) -> None:
    order = company.order()
    answer = drop(office, order, to)
    assert answer.status_code == 200
    assert 'hx-target="#co-dialog"' in answer.content.decode()
    order.refresh_from_db()
    assert order.stage == "new"


def test_from_new_to_completed_asks_who_and_when(company: Company, office: Client) -> None:
    order = company.order()
    done = press(
        office,
        order,
        "complete",
        dialog=1,
        technician_id=str(company.anna.technician_id),
        start=typed(soon(-3)),
        duration_minutes=60,
    )
    assert done.status_code == 200
    order.refresh_from_db()
    assert (order.stage, order.visits.get().entered_afterwards) == ("completed", True)


def test_a_closed_card_dropped_on_planned_is_reopened_and_planned_in_one(
    company: Company, office: Client
) -> None:
    order = company.planned()
    company.act(company.manager, order, "cancel", note="no")
    asked = drop(office, order, "planned")
    assert "reopen-and-plan" in asked.content.decode()
    fields = {
        "technician_id": str(company.bert.technician_id),
        "start": typed(soon(4)),
        "duration_minutes": 30,
    }
    taken = company.planned(company.bert, hours=9)
    refused = press(office, order, "reopen-and-plan", **(fields | {"start": typed(taken.start)}))
    order.refresh_from_db()
    assert (refused.status_code, order.stage) == (422, "cancelled")  # both or nothing
    done = press(office, order, "reopen-and-plan", **fields)
    assert done.status_code == 200
    order.refresh_from_db()
    assert (order.stage, order.technician_id) == ("planned", company.bert.technician_id)
    undo = f"/orders/{order.pk}/act/undo/?version={order.version}"
    assert undo in done.content.decode()
    assert "Undo: Reopen and plan" in office.get(f"/orders/{order.number}/").content.decode()
    assert office.post(undo, headers=HTMX).status_code == 200
    order.refresh_from_db()
    assert order.stage == "cancelled"


def test_the_undo_of_reopen_and_plan_is_refused_once_somebody_went_on(
    company: Company, office: Client
) -> None:
    order = company.planned()
    company.act(company.manager, order, "cancel", note="no")
    press(
        office, order, "reopen-and-plan", technician_id=str(company.anna.technician_id),
        start=typed(soon(4)), duration_minutes=30,
    )  # fmt: skip
    order.refresh_from_db()
    undo = f"/orders/{order.pk}/act/undo/?version={order.version}"
    company.act(company.anna, order, "depart")
    refused = office.post(undo, headers=HTMX)
    assert refused.status_code == 412
    assert "Departed (Anna" in refused.content.decode()
    order.refresh_from_db()
    assert order.technician_status == "en_route"


def test_a_drop_that_makes_no_sense_is_refused_and_the_card_stays(
    company: Company, office: Client
) -> None:
    order = company.planned()
    company.act(company.anna, order, "depart")
    answer = drop(office, order, "new")
    assert answer.status_code == 409
    assert "under way" in answer.content.decode()
    company.act(company.manager, order, "complete")
    refused = drop(office, order, "cancelled")
    assert refused.status_code == 409
    assert "Reopen it first" in refused.content.decode()
    assert drop(office, order, "elsewhere").status_code == 422


def test_a_stale_drop_is_told_even_where_it_would_only_ask(
    company: Company, office: Client
) -> None:
    order = company.order()
    old = order.version
    company.plan(order)
    answer = office.post(
        f"/orders/{order.pk}/move/", {"to": "cancelled", "version": old}, headers=HTMX
    )
    assert answer.status_code == 412
    assert "Planned for" in answer.content.decode()


def test_the_card_s_menu_says_what_is_possible(company: Company, office: Client) -> None:
    order = company.planned()
    company.act(company.anna, order, "depart")
    body = office.get(f"/orders/{order.pk}/menu/", headers=HTMX).content.decode()
    assert "Arrive" in body
    assert "Re-plan" not in body
    assert "Turn back first" in body


def test_a_planned_order_leads_to_its_visit_on_the_board(company: Company, office: Client) -> None:
    order = company.planned()
    order.refresh_from_db()
    assert order.start
    board = f"/planning/?day={local(order.start):%Y-%m-%d}&amp;order={order.pk}"
    menu = f"/orders/{order.pk}/menu/"
    assert board in office.get(menu, headers=HTMX).content.decode()
    assert board in office.get(f"/orders/{order.number}/").content.decode()
    # On the board itself it would lead nowhere; and to nowhere from an order with no slot.
    assert board not in office.get(f"{menu}?on=board", headers=HTMX).content.decode()
    to_plan = company.order()
    assert "order=" not in office.get(f"/orders/{to_plan.pk}/menu/", headers=HTMX).content.decode()


def test_promise_wait_pin_and_check(company: Company, office: Client) -> None:
    order = company.order()
    until = (clock.now() + timedelta(days=5)).date()
    waits = {"version": order.version, "waiting_for": "part", "waiting_until": until.isoformat()}
    assert office.post(f"/orders/{order.pk}/wait/", waits, headers=HTMX).status_code == 200
    company.plan(order)
    order.refresh_from_db()
    promise = {
        "version": order.version,
        "promise_from": typed(soon(2)),
        "promise_to": typed(soon(3)),
    }
    assert office.post(f"/orders/{order.pk}/promise/", promise, headers=HTMX).status_code == 200
    order.refresh_from_db()
    pinned = office.post(f"/orders/{order.pk}/pin/", {"version": order.version}, headers=HTMX)
    assert pinned.status_code == 200
    visit = order.visits.get()
    assert (visit.pinned, visit.promise_from) == (True, soon(2))
    company.act(company.manager, order, "complete")
    order.refresh_from_db()
    checked = office.post(f"/orders/{order.pk}/check/", {"version": order.version}, headers=HTMX)
    assert checked.status_code == 200
    order.refresh_from_db()
    assert order.checked_at is not None


def test_a_note_is_added_and_an_empty_one_told(company: Company, office: Client) -> None:
    order = company.order()
    said = {"text": "Rang: nobody", "kind": "call"}
    answer = office.post(f"/orders/{order.pk}/notes/?tab=notes", said, headers=HTMX)
    assert answer.status_code == 200
    assert Note.objects.get().kind == "call"
    assert "Rang: nobody" in answer.content.decode()
    empty = office.post(f"/orders/{order.pk}/notes/", {"text": " "}, headers=HTMX)
    assert empty.status_code == 422
    assert "Write something first" in empty.content.decode()


def test_the_code_is_for_the_technician_on_the_visit_only(company: Company, office: Client) -> None:
    order = company.planned()
    assert office.post(f"/orders/{order.pk}/code/", headers=HTMX).status_code in (403, 404, 409)
