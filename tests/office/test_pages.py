"""List, Kanban and the order's page: who may open them, what they show, how much they ask."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from callout.kernel import clock
from callout.orders.models import Attachment, Note, ServiceOrder
from callout.orders.services import note_add
from callout.web.office.orders.order import SHOWN
from tests.office.conftest import Browser
from tests.orders.conftest import Company

PAYLOAD = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


def pages(order: ServiceOrder) -> list[str]:
    return [
        "/orders/",
        "/orders/kanban/",
        "/orders/rows/",
        f"/orders/rows/?ids={order.pk}",
        f"/orders/cards/?ids={order.pk}",
        "/orders/filter/technician/",
        "/orders/filter/day/",
        "/orders/filter/stage/",
        "/orders/filter/customer/?typed=bou",
        f"/orders/{order.number}/",
        f"/orders/{order.number}/?tab=notes",
        f"/orders/{order.number}/?tab=files",
        f"/orders/{order.number}/?tab=time",
        f"/orders/{order.pk}/live/",
        f"/orders/{order.pk}/tab/notes/",
        f"/orders/{order.pk}/beside/?day=all",
        f"/orders/{order.pk}/menu/",
        f"/orders/{order.pk}/act/cancel/",
        f"/orders/{order.pk}/act/plan/",
        f"/orders/{order.pk}/act/replan/",
        f"/orders/{order.pk}/at/",
        f"/orders/{order.pk}/edit/",
        f"/orders/{order.pk}/promise/",
        f"/orders/{order.pk}/wait/",
        "/search/?q=lemaire",
    ]


def test_every_page_opens_for_a_manager(company: Company, office: Client) -> None:
    order = company.planned()
    for address in pages(order):
        answer = office.get(address)
        assert answer.status_code == 200, address


@pytest.mark.parametrize("tab", ["notes", "files"])
def test_of_many_notes_and_files_the_newest_are_shown_and_all_when_asked(
    company: Company, office: Client, tab: str
) -> None:
    order, now = company.order(), clock.now()
    for n in range(SHOWN + 5):
        at = now - timedelta(minutes=n)
        if tab == "notes":
            Note.objects.create(order=order, text=f"It is {n}.", kind="internal", created_at=at)
        else:
            Attachment.objects.create(
                order=order, name=f"It is {n}.", kind="document", size=1, created_at=at
            )
    shown = office.get(f"/orders/{order.pk}/tab/{tab}/").content.decode()
    assert "It is 0." in shown
    assert f"It is {SHOWN}." not in shown
    assert "5 older ones are not shown" in shown
    assert f"/orders/{order.pk}/tab/{tab}/?all=1" in shown
    for whole in (
        f"/orders/{order.pk}/tab/{tab}/?all=1",
        f"/orders/{order.number}/?tab={tab}&all=1",
    ):
        page = office.get(whole).content.decode()
        assert all(f"It is {n}." in page for n in range(SHOWN + 5))
        assert "not shown" not in page
        assert f"tab={tab}&amp;all=1" in page, "what is shown stays shown when it changes"


def test_a_technician_and_a_stranger_are_kept_out_of_the_office(
    company: Company, browser: Browser
) -> None:
    order = company.planned()
    technician, nobody = browser(company.anna), Client()
    for address in pages(order):
        assert technician.get(address).status_code == 403, address
        away = nobody.get(address)
        assert (away.status_code, away["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_what_is_not_there_is_404(company: Company, office: Client) -> None:
    missing = company.order()
    for address in pages(missing):
        gone = address.replace(str(missing.pk), str(company.customer.pk))
        gone = gone.replace(f"/{missing.number}/", "/999999/")
        if gone != address and "ids=" not in gone:
            assert office.get(gone).status_code == 404, gone


@pytest.mark.wide
@pytest.mark.parametrize("address", ["/orders/", "/orders/kanban/", "/orders/rows/"])
@pytest.mark.parametrize("query", ["stage=x", "sort=x", "day=x", "customer=x", "cursor=x", "q=ab"])
def test_a_wrong_address_is_told_in_words(office: Client, address: str, query: str) -> None:
    answer = office.get(f"{address}?{query}")
    if query == "cursor=x" and address != "/orders/rows/":
        assert answer.status_code == 200
        return
    assert answer.status_code == 422
    assert "Traceback" not in answer.content.decode()


@pytest.mark.wide
def test_a_page_asks_no_more_when_there_is_more_to_show(company: Company, office: Client) -> None:
    order = company.planned()
    company.planned(company.bert)
    counted = {}
    for address in pages(order):
        office.get(address)
        with CaptureQueriesContext(connection) as queries:
            office.get(address)
        counted[address] = len(queries)
    assert {address: count for address, count in counted.items() if count > 12} == {}
    for hours in (30, 40, 50):
        other = company.planned(hours=hours, technician=company.bert)
        note_add(actor=company.manager, order_id=order.pk, text="x")
        company.act(company.manager, other, "cancel", note="no")
    for address in pages(order):
        with CaptureQueriesContext(connection) as queries:
            office.get(address)
        assert len(queries) <= counted[address], address


@pytest.mark.wide
def test_what_people_typed_is_shown_as_text_everywhere(company: Company, office: Client) -> None:
    type(company.customer).objects.filter(pk=company.customer.pk).update(
        name=PAYLOAD, alert=PAYLOAD
    )
    type(company.site).objects.filter(pk=company.site.pk).update(
        name=PAYLOAD, town=PAYLOAD[:90], street=PAYLOAD, access_notes=PAYLOAD, key_notes=PAYLOAD
    )
    type(company.asset).objects.filter(pk=company.asset.pk).update(
        reference=PAYLOAD[:80], kind=PAYLOAD[:80]
    )
    type(company.kind).objects.filter(pk=company.kind.pk).update(name=PAYLOAD[:60])
    order = company.order(
        description=f"{PAYLOAD}\n{PAYLOAD}",
        asset_id=company.asset.pk,
        caller_name=PAYLOAD,
        customer_reference=PAYLOAD[:80],
    )
    company.plan(order)
    note_add(actor=company.manager, order_id=order.pk, text=PAYLOAD)
    company.act(company.anna, order, "customer_absent", note=PAYLOAD)
    company.plan(order)
    for address in [*pages(order), f"/orders/?q={PAYLOAD[:50]}"]:
        body = office.get(address).content.decode()
        assert "<script>alert" not in body, address
        assert "<img src=x" not in body, address


def test_the_list_says_what_a_dispatcher_decides_by(company: Company, office: Client) -> None:
    order = company.order(priority="urgent")
    body = office.get("/orders/").content.decode()
    for words in (
        f"SO-{order.number:06d}",
        "Boulangerie Lemaire",
        "Wavre",
        "No hot water",
        "Urgent",
    ):
        assert words in body


def test_list_and_kanban_keep_the_same_filter_in_their_addresses(office: Client) -> None:
    query = "?day=all&amp;stage=new&amp;priority=high"
    for address in ("/orders/", "/orders/kanban/"):
        body = office.get(f"{address}?priority=high&stage=new&day=all").content.decode()
        assert f'href="/orders/{query}"' in body
        assert f'href="/orders/kanban/{query}"' in body


def test_an_empty_list_says_what_to_do_next(office: Client) -> None:
    assert "Show all days" in office.get("/orders/").content.decode()


def test_a_row_that_left_the_filter_is_left_out_of_the_answer(
    company: Company, office: Client
) -> None:
    order = company.order()
    asked = f"ids={order.pk}&stage=new"
    assert str(order.pk) in office.get(f"/orders/rows/?{asked}").content.decode()
    assert str(order.pk) in office.get(f"/orders/cards/?{asked}").content.decode()
    company.plan(order)
    assert str(order.pk) not in office.get(f"/orders/rows/?{asked}").content.decode()
    assert str(order.pk) not in office.get(f"/orders/cards/?{asked}").content.decode()


def test_the_next_rows_follow_where_the_page_ended(
    company: Company, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callout.web.office.orders.lists.PAGE", 2)
    orders = [company.order() for _round in range(5)]
    seen: list[str] = []
    answer = office.get("/orders/?sort=number&day=all")
    while True:
        seen += [row.number for row in answer.context["rows"]]
        if not answer.context["more"]:
            break
        answer = office.get(answer.context["more"])
    assert seen == [f"SO-{order.number:06d}" for order in orders]


def test_a_number_typed_in_the_search_opens_its_order(company: Company, office: Client) -> None:
    order = company.order()
    answer = office.get(f"/search/?q=SO-{order.number:06d}")
    assert (answer.status_code, answer["Location"]) == (302, f"/orders/{order.number}/")
    options = office.get("/search/?q=lemaire", headers={"HX-Request": "true"}).content.decode()
    assert f'data-href="/orders/{order.number}/"' in options


def test_what_is_at_risk_is_one_press_away_and_kept_in_the_address(
    company: Company, office: Client
) -> None:
    close, far, now = company.order(), company.order(), clock.now()
    due = now + timedelta(hours=2)
    ServiceOrder.objects.filter(pk=close.pk).update(due_at=due)
    ServiceOrder.objects.filter(pk=far.pk).update(due_at=now + timedelta(hours=40))
    with clock.freeze(now):
        for place in ("/orders/", "/orders/kanban/"):
            body = office.get(place).content.decode()
            assert f'href="{place}?at_risk=true"' in body
            assert f"order-{far.pk}" in body
            body = office.get(f"{place}?at_risk=true").content.decode()
            assert f"order-{close.pk}" in body
            assert f"order-{far.pk}" not in body
            assert "2 h left" in body
            # The bare address of the list is for one's own filter: the usual days are said.
            usual = f"{place}?day=now" if place == "/orders/" else place
            assert f'class="co-chip-x" href="{usual}"' in body
        page = office.get(f"/orders/{close.number}/").content.decode()
    assert f'data-due="{due.isoformat()}">2 h left<' in page


def test_every_view_of_late_orders_is_told_what_comes_and_no_other_view(
    company: Company, office: Client
) -> None:
    order, hx = company.order(), {"HX-Request": "true"}
    ServiceOrder.objects.filter(pk=order.pk).update(due_at=clock.now() + timedelta(minutes=9))
    for path in ("", "kanban/", "kanban/team/", "rows/", "cards/", "kanban/team/cards/"):
        parts = "ids=" if path.endswith(("rows/", "cards/")) else ""
        for filtered, is_told in (("late=true", True), ("priority=normal", False)):
            page = office.get(f"/orders/{path}?{filtered}&{parts}", headers=hx if parts else {})
            assert (f'data-coming="{order.pk}=' in page.content.decode()) is is_told, path
