import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from callout.accounts.models import User
from callout.accounts.zone import local
from callout.customers.models import SiteLink
from callout.customers.services import (
    contact_create,
    customer_create,
    customer_update,
    site_create,
    site_link,
)
from callout.kernel.models import JournalEntry
from callout.orders.models import ServiceOrder, Visit
from callout.workforce.models import Technician, Vehicle, WorkingWeek
from tests.harness.signing import sign_in
from tests.orders.conftest import Company, company_made, soon

URL = "/orders/new/"
HX = {"HX-Request": "true"}
Send = Callable[..., Any]


@pytest.fixture
def company(db: None) -> Company:
    company = company_made()
    every_day = [[["00:00", "24:00"]]] * 7
    for technician in Technician.objects.all():
        WorkingWeek.objects.create(technician=technician, valid_from="2020-01-01", days=every_day)
    return company


@pytest.fixture
def client(company: Company) -> Client:
    client = Client(headers={"Origin": "http://testserver"})
    sign_in(client, User.objects.get(name="Els"))
    return client


@pytest.fixture
def fields(company: Company) -> dict[str, str]:
    """Step 1 as it is filled in most often."""
    return {
        "customer_id": str(company.customer.pk),
        "location": f"site:{company.site.pk}",
        "site_id": str(company.site.pk),
        "type_id": str(company.kind.pk),
        "priority": "normal",
        "description": "No hot water\nSince this morning",
        "idempotency_key": str(uuid4()),
    }


def sent(client: Client, fields: dict[str, str], go: str, **more: str) -> Any:
    return client.post(URL, {**fields, "go": go, **more}, headers=HX)


def text(answer: Any) -> str:
    words: str = answer.content.decode()
    return words


def slot_fields(hours: float) -> dict[str, str]:
    start = local(soon(hours))
    return {"date": f"{start:%Y-%m-%d}", "start": f"{start:%H:%M}"}


def test_the_form_is_a_panel_for_htmx_and_a_page_by_its_address(client: Client) -> None:
    assert "<html" not in text(client.get(URL, headers=HX))
    page = text(client.get(URL))
    assert "<html" in page
    assert 'id="new-order"' in page


def test_only_managers_open_it(company: Company) -> None:
    client = Client(headers={"Origin": "http://testserver"})
    client.force_login(User.objects.get(name="Anna"))
    for path in ("", "place/", "suggest/", "plan/", "check/", "search/"):
        assert client.get(URL + path).status_code == 403, path
    assert client.post(URL, {"go": "later"}).status_code == 403


def test_next_shows_who_and_when_and_keeps_what_was_typed(
    client: Client, fields: dict[str, str]
) -> None:
    answer = sent(client, fields, "next", caller_name="Bruno", customer_reference="PO-7")
    page = text(answer)
    assert answer.status_code == 200
    assert 'value="save"' in page
    assert "No hot water" in page
    assert 'value="Bruno"' in page
    assert 'value="PO-7"' in page
    back = text(sent(client, fields, "back", caller_name="Bruno"))
    assert 'value="later"' in back
    assert "No hot water" in back
    assert 'value="Bruno"' in back


def test_next_without_customer_says_so_beside_the_field_and_keeps_the_words_typed(
    client: Client, fields: dict[str, str]
) -> None:
    answer = sent(client, fields | {"customer_id": "", "customer_text": "lemair"}, "next")
    assert answer.status_code == 422
    assert "Choose the customer, or create it." in text(answer)
    assert 'value="lemair"' in text(answer)
    assert "No hot water" in text(answer)


def test_save_plan_later_makes_an_order_in_new(client: Client, fields: dict[str, str]) -> None:
    answer = sent(client, fields, "later", draft="new-order")
    assert answer.status_code == 200
    order = ServiceOrder.objects.get()
    assert (order.stage, order.title) == ("new", "No hot water")
    events = json.loads(answer["HX-Trigger"])
    assert events["co:saved"] == {"draft": "new-order"}
    assert "co:close" in events
    assert events["co:changed"]["id"] == str(order.pk)


def test_save_and_plan_makes_it_planned_at_once_and_offers_undo(
    client: Client, fields: dict[str, str], company: Company
) -> None:
    who = {"technician_id": str(company.anna.technician_id), **slot_fields(30)}
    answer = sent(client, fields, "save", duration="1 h 30", **who)
    assert answer.status_code == 200, text(answer)
    order = ServiceOrder.objects.get()
    visit = Visit.objects.get()
    assert (order.stage, visit.technician_id) == ("planned", company.anna.technician_id)
    assert visit.start == soon(30)
    assert visit.end - visit.start == timedelta(minutes=90)
    toast = json.loads(answer["HX-Trigger"])["co:toast"]
    assert f"{local(visit.start):%H:%M}" in toast["text"]
    assert client.post(toast["undo"], headers=HX).status_code == 200
    order.refresh_from_db()
    assert order.stage == "new"


def test_pressing_save_twice_makes_one_order(client: Client, fields: dict[str, str]) -> None:
    answers = [sent(client, fields, "later") for _press in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 200]
    assert ServiceOrder.objects.count() == 1
    assert len({a["HX-Trigger"] for a in answers}) == 1


def test_without_its_key_each_press_is_an_order(client: Client, fields: dict[str, str]) -> None:
    for _press in range(2):
        sent(client, fields | {"idempotency_key": ""}, "later")
    assert ServiceOrder.objects.count() == 2


def test_a_form_sent_before_and_changed_since_is_told(
    client: Client, fields: dict[str, str]
) -> None:
    sent(client, fields, "later")
    answer = sent(client, fields, "later", customer_reference="changed")
    assert answer.status_code == 422
    assert "was sent before" in text(answer)
    assert ServiceOrder.objects.count() == 1


def test_a_booking_taken_meanwhile_is_told_and_the_next_slot_offered(
    client: Client, fields: dict[str, str], company: Company
) -> None:
    who = {"technician_id": str(company.anna.technician_id), **slot_fields(30)}
    company.planned(company.anna, hours=30)
    answer = sent(client, fields, "save", **who)
    page = text(answer)
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#no-fields"
    assert "already has" in page
    assert "next free slot is filled in" in page
    assert "No hot water" in page
    assert f'name="start" value="{who["start"]}"' not in page
    assert ServiceOrder.objects.count() == 1


def test_without_technician_a_date_is_the_wish_and_a_vehicle_the_proposal(
    client: Client, fields: dict[str, str]
) -> None:
    van = Vehicle.objects.create(registration="1-ABC-123", name_sort="x", search="")
    answer = sent(client, fields, "bare", vehicle_id=str(van.pk), **slot_fields(30))
    assert answer.status_code == 200, text(answer)
    order = ServiceOrder.objects.get()
    assert (order.stage, order.wish_start) == ("new", soon(30))
    assert order.proposed_vehicle_id == van.pk


def test_a_day_alone_is_a_wish_for_that_day(client: Client, fields: dict[str, str]) -> None:
    assert sent(client, fields, "bare", date="2031-05-05").status_code == 200
    order = ServiceOrder.objects.get()
    assert order.wish_not_before is not None
    assert local(order.wish_not_before).isoformat().startswith("2031-05-05T00:00")


def test_a_site_not_linked_asks_for_one_tick_and_links_with_the_order(
    client: Client, fields: dict[str, str], company: Company
) -> None:
    other = site_create(actor=company.manager, name="Depot", street="Kaai 1", town="Boom")
    fields = fields | {"location": f"site:{other.pk}"}
    refused = sent(client, fields, "later")
    assert refused.status_code == 422
    assert 'name="link_site"' in text(refused)
    assert not SiteLink.objects.filter(site=other).exists()
    again = fields | {"idempotency_key": str(uuid4()), "link_site": "1"}
    assert sent(client, again, "later").status_code == 200
    assert SiteLink.objects.filter(site=other, customer=company.customer).count() == 1


def test_a_refused_order_leaves_no_link_behind(
    client: Client, fields: dict[str, str], company: Company
) -> None:
    other = site_create(actor=company.manager, name="Depot", street="Kaai 1", town="Boom")
    company.planned(company.anna, hours=30)
    who = {"technician_id": str(company.anna.technician_id), **slot_fields(30)}
    taken = fields | {"location": f"site:{other.pk}", "link_site": "1", **who}
    assert sent(client, taken, "save").status_code == 409
    assert not SiteLink.objects.filter(site=other).exists()


def test_alert_and_open_orders_are_shown_once_the_place_is_chosen(
    client: Client, fields: dict[str, str], company: Company
) -> None:
    customer_update(
        actor=company.manager, customer_id=company.customer.pk, version=1, alert="Two people"
    )
    there = company.order(description="Ice on the evaporator")
    part = text(client.get(URL + "place/", fields, headers=HX))
    assert "Two people" in part
    assert "Ice on the evaporator" in part
    company.act(company.manager, there, "cancel", note="solved")
    assert "Ice on the evaporator" not in text(client.get(URL + "place/", fields, headers=HX))


def test_the_only_site_of_a_customer_is_filled_in(client: Client, company: Company) -> None:
    asked = {"customer_id": str(company.customer.pk)}
    part = text(client.get(URL + "place/", asked, headers=HX))
    assert f'value="site:{company.site.pk}"' in part


def test_choosing_a_technician_shows_the_first_free_slot_and_another_beside_it(
    client: Client, fields: dict[str, str], company: Company
) -> None:
    asked = fields | {"technician_id": str(company.anna.technician_id)}
    first = text(client.get(URL + "plan/", asked, headers=HX))
    assert "First free slot" in first
    start = between(first, 'name="start" value="', '"')
    assert start
    found = {
        name: between(first, f'name="{name}" value="', '"')
        for name in ("date", "start", "date_auto", "start_auto")
    }
    second = text(client.get(URL + "plan/", asked | found | {"skip": "1"}, headers=HX))
    assert "Another free slot" in second
    assert between(second, 'name="start" value="', '"') != start


def test_a_time_typed_by_hand_is_never_replaced_by_a_proposal(
    client: Client, fields: dict[str, str], company: Company
) -> None:
    asked = fields | {
        "technician_id": str(company.anna.technician_id),
        "date": "2031-05-05",
        "start": "07:10",
    }
    part = text(client.get(URL + "plan/", asked, headers=HX))
    assert 'name="start" value="07:10"' in part
    assert 'name="date" value="2031-05-05"' in part


def test_the_technicians_own_vehicle_is_proposed(
    client: Client, fields: dict[str, str], company: Company
) -> None:
    van = Vehicle.objects.create(registration="1-ABC-123", name="Vito", name_sort="v", search="")
    Technician.objects.filter(name="Anna").update(vehicle=van)
    asked = fields | {"technician_id": str(company.anna.technician_id)}
    part = text(client.get(URL + "plan/", asked, headers=HX))
    assert str(van.pk) in part
    assert "their own, proposed" in part


def test_what_speaks_against_a_slot_is_said_and_does_not_forbid_it(
    client: Client, fields: dict[str, str], company: Company
) -> None:
    WorkingWeek.objects.all().delete()
    who = {"technician_id": str(company.anna.technician_id), **slot_fields(30)}
    part = text(client.get(URL + "check/", fields | who, headers=HX))
    assert "Does not work that day" in part
    assert sent(client, fields, "save", **who).status_code == 200


def test_a_vehicle_that_is_on_another_job_then_is_told(
    client: Client, fields: dict[str, str], company: Company
) -> None:
    van = Vehicle.objects.create(registration="1-ABC-123", name="Vito", name_sort="v", search="")
    taken = company.planned(company.bert, hours=30, vehicle_id=van.pk)
    who = {"technician_id": str(company.anna.technician_id), **slot_fields(30)}
    asked = fields | who
    told = f"Vehicle 1-ABC-123 is on SO-{taken.number:06d} then"
    assert told not in text(client.get(URL + "check/", asked, headers=HX))
    chosen = asked | {"vehicle_id": str(van.pk)}
    assert told in text(client.get(URL + "check/", chosen, headers=HX))
    # Proposed as somebody's own and not chosen, it is not the next one's.
    proposed = chosen | {"vehicle_id_auto": str(van.pk)}
    assert told not in text(client.get(URL + "check/", proposed, headers=HX))


@pytest.mark.usefixtures("at_noon")
def test_suggestions_say_why(client: Client, fields: dict[str, str]) -> None:
    page = text(client.get(URL + "suggest/", fields, headers=HX))
    assert page.count('name="pick"') == 2
    assert "2 of 2 have a free slot today" in page


def test_a_suggestion_pressed_takes_the_slot_that_it_showed(
    client: Client, fields: dict[str, str], company: Company
) -> None:
    """Also where that is not the technician's first free one."""
    start = soon(50).replace(minute=0)
    pick = f"{company.bert.technician_id}@{start.isoformat()}"
    page = text(client.get(URL + "plan/", fields | {"pick": pick}, headers=HX))
    assert f'value="{local(start):%Y-%m-%d}"' in page
    assert f'value="{local(start):%H:%M}"' in page
    assert "Proposed slot" in page
    assert "First free slot" not in page
    for nonsense in ("x", "x@y", f"{company.bert.technician_id}@y"):
        assert client.get(URL + "plan/", fields | {"pick": nonsense}, headers=HX).status_code == 200


def test_a_suggestion_pressed_fills_technician_and_slot_even_over_a_proposal_before(
    client: Client, fields: dict[str, str], company: Company
) -> None:
    proposal = {"date": "2031-05-05", "date_auto": "2031-05-05", "start": "07:00"}
    asked = fields | proposal | {"start_auto": "07:00", "pick": str(company.bert.technician_id)}
    page = text(client.get(URL + "plan/", asked, headers=HX))
    assert f'name="technician_id" value="{company.bert.technician_id}"' in page
    assert 'name="date" value="2031-05-05"' not in page


def test_a_follow_up_begins_with_the_place_and_names_its_order(
    client: Client, company: Company
) -> None:
    before = company.order(description="Pump leaks")
    page = text(client.get(f"{URL}?follow_up_of={before.pk}", headers=HX))
    assert company.customer.name in page
    assert f'value="{before.pk}"' in page
    assert 'data-draft="new-order:follow_up_of:' in page


def test_a_copy_begins_with_what_was_to_be_done(client: Client, company: Company) -> None:
    before = company.order(description="Yearly check\nboth boilers", duration_minutes=150)
    page = text(client.get(f"{URL}?copy={before.pk}", headers=HX))
    assert "Yearly check" in page
    assert 'name="duration" value="2 h 30"' in page


def test_a_form_for_a_customer_site_or_asset_begins_there(client: Client, company: Company) -> None:
    page = text(client.get(f"{URL}?customer={company.customer.pk}", headers=HX))
    assert f'value="{company.customer.pk}"' in page
    page = text(client.get(f"{URL}?asset={company.asset.pk}", headers=HX))
    assert f'value="asset:{company.asset.pk}"' in page


@pytest.mark.wide
def test_a_customer_s_site_s_and_asset_s_page_lead_to_their_orders_and_a_new_one(
    client: Client, company: Company
) -> None:
    order = company.order(asset_id=company.asset.pk)
    own = f"customer={company.customer.pk}"
    for by, pk, query in (
        ("customer", company.customer.pk, own),
        ("site", company.site.pk, f"{own}&amp;site={company.site.pk}"),
        ("asset", company.asset.pk, f"{own}&amp;asset={company.asset.pk}"),
    ):
        page = text(client.get(f"/{by}s/{pk}/"))
        assert f'href="/orders/?{by}={pk}"' in page
        assert order.title in text(client.get(f"/orders/?{by}={pk}"))
        assert f'href="{URL}?{query}"' in page
        form = client.get(f"{URL}?{query}".replace("&amp;", "&"), headers=HX)
        assert form.context["place"].customer.value == str(company.customer.pk)
    assert form.context["place"].location.value == f"asset:{company.asset.pk}"


def test_a_site_of_several_customers_does_not_guess_who_orders(
    client: Client, company: Company
) -> None:
    other = customer_create(actor=company.manager, name="Other")
    site_link(actor=company.manager, site_id=company.site.pk, customer_id=other.pk)
    page = text(client.get(f"/sites/{company.site.pk}/"))
    assert f'href="{URL}?site={company.site.pk}"' in page


def test_a_follow_up_of_nothing_is_not_there(client: Client) -> None:
    assert client.get(f"{URL}?follow_up_of={uuid4()}").status_code == 404
    assert client.get(f"{URL}?copy=x").status_code == 404


def test_everything_behind_more_is_kept(
    client: Client, fields: dict[str, str], company: Company
) -> None:
    contact = contact_create(
        actor=company.manager, customer_id=company.customer.pk, name="Koen Aerts"
    )
    before = company.order()
    more = {
        "channel": "email",
        "caller_name": "Bruno",
        "caller_phone": "0470 12 34 56",
        "contact_id": str(contact.pk),
        "customer_reference": "PO-7",
        "charge": "warranty",
        "follow_up_of_id": str(before.pk),
        "wish_from": "08:00",
        "wish_to": "12:00",
    }
    assert sent(client, fields, "later", **more).status_code == 200
    order = ServiceOrder.objects.exclude(pk=before.pk).get()
    assert (order.channel, order.caller_name, order.charge) == ("email", "Bruno", "warranty")
    assert order.caller_phone == "+32470123456"
    assert (order.contact_id, order.follow_up_of_id) == (contact.pk, before.pk)
    assert (str(order.wish_from), order.customer_reference) == ("08:00:00", "PO-7")


@pytest.mark.wide
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("caller_phone", "12", "phone number"),
        ("duration", "soon", "Type a duration"),
        ("duration", "9999", "24 hours"),
        ("start", "25:99", "Type a time"),
        ("date", "2031-02-30", "Choose a date"),
        ("location", "site:x", "Choose one of the list"),
        ("location", f"site:{UUID(int=0)}", "not archived"),
        ("type_id", str(UUID(int=0)), "Choose one of the types"),
        ("priority", "extreme", "Choose one of the list"),
        ("charge", "free", "Choose one of the list"),
        ("description", "x" * 20_001, "too long"),
        ("caller_name", "a\x00b", "cannot be kept"),
        ("wish_to", "7h7h", "Type a time"),
        ("follow_up_of_id", str(UUID(int=0)), "no such order"),
        ("vehicle_id", str(UUID(int=0)), "no such vehicle"),
        ("contact_id", "nobody", "Choose one of the list"),
    ],
)
def test_a_wrong_value_is_an_error_beside_its_field_and_nothing_is_lost(
    client: Client, fields: dict[str, str], field: str, value: str, words: str
) -> None:
    answer = sent(client, fields | {"customer_reference": "PO-7"} | {field: value}, "bare")
    assert answer.status_code == 422, text(answer)
    assert words in text(answer)
    assert 'value="PO-7"' in text(answer)
    assert not ServiceOrder.objects.exists()


def test_script_in_a_field_comes_back_as_text(client: Client, fields: dict[str, str]) -> None:
    payload = '"><script>alert(1)</script>'
    page = text(
        sent(client, fields | {"customer_id": "", "customer_text": payload}, "next",
             caller_name=payload, description=payload, duration=payload)
    )  # fmt: skip
    assert "<script>" not in page


def test_the_form_names_no_order_of_a_customer_that_is_not_there(client: Client) -> None:
    asked = {"customer_id": str(uuid4()), "location": f"asset:{uuid4()}"}
    assert client.get(URL + "place/", asked, headers=HX).status_code == 200
    assert client.get(URL + "plan/", asked, headers=HX).status_code == 200


def test_the_order_to_follow_is_found_by_number_and_words(client: Client, company: Company) -> None:
    before = company.order(description="Pump leaks")
    for q in (str(before.number), "pump"):
        found = client.get(URL + "search/", {"q": q}).json()["items"]
        assert [item["id"] for item in found] == [str(before.pk)]


@pytest.mark.wide
def test_each_state_of_the_form_costs_at_most_twelve_queries(
    client: Client, fields: dict[str, str], company: Company
) -> None:
    asked = fields | {"technician_id": str(company.anna.technician_id)}
    client.get(URL, headers=HX)
    states: dict[str, Callable[[], Any]] = {
        "open": lambda: client.get(URL, headers=HX),
        "place": lambda: client.get(URL + "place/", asked, headers=HX),
        "next": lambda: sent(client, fields, "next"),
        "suggest": lambda: client.get(URL + "suggest/", asked, headers=HX),
        "plan": lambda: client.get(URL + "plan/", asked, headers=HX),
        "check": lambda: client.get(URL + "check/", asked | slot_fields(3), headers=HX),
    }
    for name, ask in states.items():
        with CaptureQueriesContext(connection) as queries:
            assert ask().status_code == 200
        assert len(queries) <= 12, (name, len(queries), [q["sql"][:80] for q in queries])


def test_the_journal_says_who_recorded_it_by_which_door(
    client: Client, fields: dict[str, str], company: Company
) -> None:
    sent(client, fields, "later")
    entry = JournalEntry.objects.get(entity="service_order", kind="create")
    assert (entry.actor_id, entry.door) == (company.manager.user_id, "office")


def between(page: str, before: str, after: str) -> str:
    start = page.index(before) + len(before)
    return page[start : page.index(after, start)]


def test_what_is_planned_at_once_was_recorded_before_it_was_planned(
    client: Client, company: Company, fields: dict[str, str]
) -> None:
    start = local(soon(3))
    when = {"date": f"{start:%Y-%m-%d}", "start": f"{start:%H:%M}", "duration": "1 h"}
    sent(client, fields, "save", technician_id=str(company.anna.technician_id), **when)
    happened = JournalEntry.objects.filter(entity="service_order").order_by("at", "id")
    assert [entry.kind for entry in happened] == ["create", "plan"]


def test_a_button_made_up_saves_nothing(client: Client, fields: dict[str, str]) -> None:
    answer = sent(client, fields, "everything")
    assert answer.status_code == 422
    assert "Press one of the buttons" in text(answer)
    assert not ServiceOrder.objects.exists()
