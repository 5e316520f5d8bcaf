from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from callout.accounts.models import User
from callout.accounts.zone import local
from callout.customers.services import site_code_set
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.models import JournalEntry
from callout.orders.models import Note
from callout.orders.services import note_add
from tests.orders.conftest import Company
from tests.technician.conftest import order_url, tap

Phone = Callable[[Actor], Client]


def test_my_interventions_lists_todays_own_work_and_nobody_elses(
    company: Company, phone: Phone
) -> None:
    mine = company.planned(company.anna, hours=0.5)
    others = company.planned(company.bert, hours=0.5)
    page = phone(company.anna).get("/technician/today/").content.decode()
    assert order_url(mine.pk) in page
    assert order_url(others.pk) not in page


def test_the_next_days_are_one_tap_away(company: Company, phone: Phone) -> None:
    later = company.planned(company.anna, hours=48)
    client = phone(company.anna)
    assert order_url(later.pk) not in client.get("/technician/today/").content.decode()
    assert later.start is not None
    day = local(later.start).date()
    assert order_url(later.pk) in client.get(f"/technician/today/?day={day}").content.decode()


def test_work_left_open_from_an_earlier_day_is_still_todays(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna, hours=0.5)
    with clock.freeze(clock.now() + timedelta(days=2)):
        assert order_url(order.pk) in phone(company.anna).get("/technician/today/").content.decode()


def test_an_order_that_is_not_theirs_is_not_there(company: Company, phone: Phone) -> None:
    order = company.planned(company.bert)
    client = phone(company.anna)
    for rest in ([], ["earlier"], ["note"], ["hours"], ["step"], ["files"], ["do", "depart"]):
        assert client.get(order_url(order.pk, *rest)).status_code == 404, rest
        assert client.get(order_url(uuid4(), *rest)).status_code == 404, rest
    for rest in (["code"], ["note"], ["do", "depart"], ["files"]):
        assert client.post(order_url(order.pk, *rest), {"text": "x"}).status_code == 404, rest


def test_a_manager_who_is_a_technician_sees_own_work_only_here(
    company: Company, phone: Phone
) -> None:
    both = company.anna
    User.objects.filter(name=both.name).update(is_manager=True)
    mine, others = company.planned(both), company.planned(company.bert)
    client = phone(both)
    assert client.get(order_url(mine.pk)).status_code == 200
    assert client.get(order_url(others.pk)).status_code == 404


def test_who_is_both_gets_a_link_between_the_two(company: Company, phone: Phone) -> None:
    client = phone(company.anna)
    assert 'href="/orders/"' not in client.get("/technician/today/").content.decode()
    User.objects.filter(name="Anna").update(is_manager=True)
    assert 'href="/orders/"' in client.get("/technician/today/").content.decode()
    assert 'href="/technician/today/"' in client.get("/orders/").content.decode()


def test_a_manager_who_is_no_technician_is_refused(company: Company, phone: Phone) -> None:
    assert phone(company.manager).get("/technician/today/").status_code == 403


def test_the_big_button_is_the_next_sensible_action_at_every_step(
    company: Company, phone: Phone
) -> None:
    order = company.planned(company.anna)
    client = phone(company.anna)
    for shown, action in [
        ("depart", "depart"),
        ("arrive", "arrive"),
        ("start_work", "start-work"),
        ("complete", "break"),
        ("resume", "resume"),
        ("complete", "complete"),
    ]:
        page = client.get(order_url(order.pk)).content.decode()
        assert f'data-action="{shown}"' in page
        assert tap(client, order.pk, action)[0] == 200
    order.refresh_from_db()
    assert (order.stage, order.technician_status) == ("completed", "done")
    assert "data-action=" not in client.get(order_url(order.pk)).content.decode()


def test_internal_notes_and_calls_are_not_shown(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna)
    for kind in (Note.INTERNAL, Note.CALL, Note.TECHNICIAN):
        note_add(actor=company.manager, order_id=order.pk, text=f"said {kind}", kind=kind)
    page = phone(company.anna).get(order_url(order.pk)).content.decode()
    assert "said technician" in page
    assert "said internal" not in page
    assert "said call" not in page


def test_calls_and_the_way_are_one_tap(company: Company, phone: Phone) -> None:
    order = company.order(caller_name="Bruno", caller_phone="0470 12 34 56")
    order = company.plan(order)
    page = phone(company.anna).get(order_url(order.pk)).content.decode()
    assert 'href="tel:+32470123456"' in page
    assert 'href="geo:' in page


def test_earlier_interventions_here_say_when_what_and_by_whom_only(
    company: Company, phone: Phone
) -> None:
    past = company.order(description="Burner replaced\nsecret detail")
    past = company.plan(past, company.bert)
    company.act(company.bert, past, "start_work")
    company.act(company.bert, past, "complete", note="canary of the closing note")
    planned = company.plan(company.order(description="Future work of others"), company.bert, 30)
    mine = company.planned(company.anna, hours=3)
    page = phone(company.anna).get(order_url(mine.pk)).content.decode()
    assert "Burner replaced" in page
    assert "Bert" in page
    for hidden in ("secret detail", "canary of the closing note", "Future work of others"):
        assert hidden not in page
    assert str(planned.pk) not in page


def test_the_code_shows_from_the_day_before_until_the_visit_closes(
    company: Company, phone: Phone
) -> None:
    site_code_set(
        actor=company.manager, site_id=company.site.pk, version=company.site.version, code="4711A"
    )
    order = company.planned(company.anna, hours=72)
    assert order.start is not None
    client = phone(company.anna)

    def look() -> tuple[int, bool]:
        answer = client.post(order_url(order.pk, "code"), headers={"HX-Request": "true"})
        return answer.status_code, "4711A" in answer.content.decode()

    assert "4711A" not in client.get(order_url(order.pk)).content.decode()
    assert look() == (409, False)
    with clock.freeze(order.start - timedelta(hours=12)):
        assert look() == (200, True)
        assert JournalEntry.objects.filter(kind="code_look").count() == 1
        assert phone(company.bert).post(order_url(order.pk, "code")).status_code == 404
    with clock.freeze(order.start):
        company.act(company.anna, order, "start_work")
        company.act(company.anna, order, "complete")
        assert look() == (409, False)


def test_a_helper_sees_the_visit_and_has_no_status_buttons(company: Company, phone: Phone) -> None:
    order = company.planned(company.anna, helper_ids=(company.bert.technician_id,))
    client = phone(company.bert)
    page = client.get(order_url(order.pk)).content.decode()
    assert "data-action=" not in page
    assert "/do/" not in page
    assert tap(client, order.pk, "depart")[0] == 404
    note = {"text": "ladder is on the roof"}
    assert client.post(order_url(order.pk, "note"), note).status_code == 302
    assert Note.objects.get().text == "ladder is on the roof"


def test_the_pages_cost_the_same_with_much_work(company: Company, phone: Phone) -> None:
    for hours in (1, 2.5):
        company.planned(company.anna, hours=hours)
    client = phone(company.anna)
    client.get("/technician/today/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/technician/today/")
    for hours in (4, 5.5, 7):
        company.planned(company.anna, hours=hours)
    with CaptureQueriesContext(connection) as many:
        client.get("/technician/today/")
    assert len(many) == len(few) <= 12


def test_one_orders_page_stays_within_twelve_queries(company: Company, phone: Phone) -> None:
    order = company.plan(company.order(asset_id=company.asset.pk), company.anna)
    for number in range(4):
        note_add(actor=company.anna, order_id=order.pk, text=f"note {number}")
    client = phone(company.anna)
    client.get(order_url(order.pk))
    with CaptureQueriesContext(connection) as asked:
        client.get(order_url(order.pk))
    assert len(asked) <= 12, [q["sql"][:90] for q in asked]
