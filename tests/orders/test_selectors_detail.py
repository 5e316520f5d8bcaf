"""The order's page and the search: what they say, and to whom."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callout.kernel import clock
from callout.kernel.errors import Invalid, NotFound
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import ACTIONS
from callout.orders.numbers import order_number
from callout.orders.selectors import OrderDetail, order_detail, order_list, order_search
from callout.orders.selectors.neighbours import Beside, neighbours_of
from callout.orders.services import note_add, order_follow_up
from callout.workforce.models import Technician
from tests.orders.conftest import Company


def detail(company: Company, order: object) -> OrderDetail:
    return order_detail(actor=company.manager, order=order.pk)  # type: ignore[attr-defined]


def texts(seen: OrderDetail) -> list[str]:
    return [line.text for line in seen.journal if not line.day]


def test_a_stranger_gets_404_for_an_order_not_theirs(company: Company) -> None:
    order = company.planned()
    with pytest.raises(NotFound):
        order_detail(actor=company.bert, order=order.pk)
    assert order_detail(actor=company.anna, order=order.pk).order.pk == order.pk


def test_every_action_is_offered_or_says_why_not(company: Company) -> None:
    order = company.order()
    seen = detail(company, order)
    assert list(seen.offers) == list(ACTIONS)
    assert [code for code, offer in seen.offers.items() if offer.open] == [
        "plan",
        "complete",
        "cancel",
    ]
    assert seen.offers["plan"].next
    assert seen.offers["depart"].why == "Nobody is planned yet. Plan it first."
    company.plan(order)
    company.act(company.anna, order, "arrive")
    seen = detail(company, order)
    assert seen.offers["start_work"].next
    assert seen.offers["arrive"].why == "Already on site."
    assert seen.offers["replan"].why == "Only before the departure."


def test_only_one_action_at_most_is_the_next_sensible_one(company: Company) -> None:
    order = company.planned()
    for action in ("depart", "arrive", "start_work", "break", "resume", "complete"):
        nexts = [code for code, offer in detail(company, order).offers.items() if offer.next]
        assert len(nexts) == 1, action
        company.act(company.manager, order, action)


def test_the_history_is_told_in_words_newest_first(company: Company) -> None:
    order = company.planned()
    company.act(company.anna, order, "depart")
    note_add(actor=company.manager, order_id=order.pk, text="Ask for Koen", kind="technician")
    company.act(company.manager, order, "undo")
    said = texts(detail(company, order))
    assert said[0] == "Undone: Undo" or said[0].startswith("Undone")
    assert said[1:3] == ["Note for the technician", "Departed"]
    assert said[3].startswith("Planned for ")
    assert said[3].endswith(", Anna")
    assert said[4] == "Recorded"


def test_an_action_reported_late_says_when_it_was_received(company: Company) -> None:
    order = company.planned()
    company.act(company.anna, order, "depart", occurred_at=clock.now() - timedelta(minutes=9))
    line = next(line for line in detail(company, order).journal if line.text == "Departed")
    assert "received" in line.who


def test_the_steps_stand_where_the_visit_is(company: Company) -> None:
    order = company.planned()
    company.act(company.anna, order, "arrive")
    current = detail(company, order).current
    assert current is not None
    assert [(step.status, step.state) for step in current.steps] == [
        ("planned", "done"),
        ("en_route", "done"),
        ("on_site", "now"),
        ("working", "todo"),
        ("done", "todo"),
    ]


def test_a_visit_that_ended_otherwise_is_told_beside_the_current_one(company: Company) -> None:
    order = company.planned()
    company.act(company.anna, order, "customer_absent", note="gate closed")
    company.plan(order, company.bert, hours=30)
    seen = detail(company, order)
    assert seen.current is not None
    assert seen.current.technician == "Bert"
    assert [visit.outcome for visit in seen.others] == ["customer_absent"]
    assert seen.others[0].note == "gate closed"


def test_a_technician_is_not_told_of_notes_and_plans_of_others(company: Company) -> None:
    order = company.planned()
    company.act(company.anna, order, "depart")
    company.act(company.anna, order, "hand_back", note="part missing")
    note_add(actor=company.manager, order_id=order.pk, text="canary: internal", kind="internal")
    company.plan(order, company.bert, hours=30)
    seen = order_detail(actor=company.anna, order=order.pk)
    assert "Bert" not in repr(seen.journal)
    assert "canary" not in repr(seen.journal)
    assert seen.current is None
    assert [visit.technician for visit in seen.others] == ["Anna"]
    assert seen.counts["notes"] == 0


def test_the_page_s_queries_do_not_grow_with_what_it_shows(company: Company) -> None:
    order = company.order(asset_id=company.asset.pk)
    company.plan(order)
    company.act(company.manager, order, "unplan")
    detail(company, order)
    with CaptureQueriesContext(connection) as few:
        detail(company, order)
    for _round in range(3):
        company.plan(order)
        company.act(company.anna, order, "arrive")
        company.act(company.anna, order, "hand_back", note="later")
        other = company.order(asset_id=company.asset.pk, follow_up_of_id=order.pk)
        company.act(company.manager, other, "cancel", note="no")
        note_add(actor=company.manager, order_id=order.pk, text="x")
    order_number(1)  # the company's own row is read every few seconds, whoever asks
    with CaptureQueriesContext(connection) as many:
        detail(company, order)
    assert len(many) == len(few) == 1


def test_the_past_of_the_asset_and_what_is_open_there_stand_apart(company: Company) -> None:
    order = company.order(asset_id=company.asset.pk)
    past = company.order(asset_id=company.asset.pk, description="Noise")
    company.act(company.manager, past, "cancel", note="solved")
    is_open = company.order(description="Light")
    seen = detail(company, order).related
    assert [one.id for one in seen.past] == [past.pk]
    assert [one.id for one in seen.open] == [is_open.pk]


def test_a_note_says_whether_it_is_for_the_technician_or_theirs(company: Company) -> None:
    order = company.planned()
    phone = replace(company.anna, door="technician")
    note_add(actor=phone, order_id=order.pk, text="Koen is away", kind="technician")
    assert texts(detail(company, order))[0] == "Note of the technician"
    note_add(actor=company.manager, order_id=order.pk, text="Ask for Jan", kind="technician")
    assert texts(detail(company, order))[0] == "Note for the technician"


def test_a_follow_up_at_the_same_place_stands_there_once(company: Company) -> None:
    order = company.planned()
    made = order_follow_up(actor=company.anna, order_id=order.pk, text="Rattles too")
    seen = detail(company, order).related
    assert [one.id for one in seen.follow_ups] == [made.pk]
    assert seen.open == []


def test_search_finds_number_serial_customer_street_and_phone(company: Company) -> None:
    order = company.order(caller_phone="+32470123456")
    asset = company.asset
    type(asset).objects.filter(pk=asset.pk).update(serial_number="19-04417")
    Technician.objects.filter(pk=str(company.anna.technician_id)).update(search="anna")

    def kinds(q: str) -> list[str]:
        return [hit.kind for hit in order_search(actor=company.manager, q=q)]

    assert order_search(actor=company.manager, q=str(order.number))[0].id == order.pk
    assert kinds("19-04417")[0] == "asset"
    assert kinds("lemaire")[:2] == ["order", "customer"]
    assert "order" in kinds("chaussée de LOUVAIN 41")
    assert "order" in kinds("0470 12 34 56")
    assert kinds("anna") == ["technician"]
    assert kinds("zzz") == kinds("") == kinds("a") == []
    with pytest.raises(Invalid):
        kinds("x" * 101)


def test_search_tells_a_technician_of_own_work_only(company: Company) -> None:
    company.planned()
    assert order_search(actor=company.bert, q="lemaire") == []
    assert [hit.kind for hit in order_search(actor=company.anna, q="hot water")] == ["order"]


@pytest.mark.parametrize("sort", ["number", "-number", "start", "-start", "due", "-priority"])
def test_before_and_after_in_the_filtered_list(company: Company, sort: str) -> None:
    for index in range(6):
        order = company.order(priority=["low", "urgent"][index % 2])
        if index in (1, 2):
            company.plan(order, hours=index * 2)
        if index == 5:
            company.act(company.manager, order, "cancel", note="no")
    wanted = OrderFilter(day="all", sort=sort)
    rows = order_list(actor=company.manager, wanted=wanted).items
    numbers = [None, *(row.bare_number for row in rows), None]
    for place, row in enumerate(rows, 1):
        beside = neighbours_of(actor=company.manager, wanted=wanted, order_id=row.id)
        assert beside == Beside(str(place), "6", numbers[place - 1], numbers[place + 1])
