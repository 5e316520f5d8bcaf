"""A list costs as many queries for many things as for few, and no request over 12."""

from collections.abc import Callable
from typing import Any

import pytest

from callout.accounts import company
from callout.customers import services as customers
from callout.orders import services as orders
from callout.workforce import services as workforce
from tests.api.conftest import Api, World, queries, soon

MOST = 12


def _order(world: World, number: int) -> None:
    order = world.planned(hours=100 + 3 * number)
    orders.note_add(actor=world.manager, order_id=order.pk, text="x", kind="technician")


def _site(world: World, number: int) -> None:
    site = customers.site_create(actor=world.manager, name=f"Hall {number}")
    customers.site_link(actor=world.manager, site_id=site.pk, customer_id=world.anna.customer)


def _technician(world: World, number: int) -> None:
    workforce.technician_create(
        actor=world.manager, name=f"T {number}", skill_ids=[world.skill], vehicle_id=world.vehicle,
        team_id=world.team,
    )  # fmt: skip


MAKERS: dict[str, Callable[[World, int], Any]] = {
    "/service-orders": _order,
    "/visits": _order,
    "/customers": lambda w, n: customers.customer_create(
        actor=w.manager, name=f"C {n}", bill_to_id=w.anna.customer
    ),
    "/contacts": lambda w, n: customers.contact_create(
        actor=w.manager, customer_id=w.anna.customer, name=f"P {n}", site_id=w.anna.site
    ),
    "/sites": _site,
    "/site-links": _site,
    "/assets": lambda w, n: customers.asset_create(
        actor=w.manager, site_id=w.anna.site, reference=f"A {n}"
    ),
    "/technicians": _technician,
    "/areas": lambda w, n: customers.area_create(actor=w.manager, name=f"A {n}", postcodes="1*"),
    "/calendars": lambda w, n: workforce.calendar_create(actor=w.manager, name=f"C {n}"),
    "/calendars/{calendar}/holidays": lambda w, n: workforce.holiday_add(
        actor=w.manager, calendar_id=w.calendar, date=f"2098-01-0{n + 1}", name="x"
    ),
    "/teams": _technician,
    "/vehicles": lambda w, n: workforce.vehicle_create(actor=w.manager, registration=f"V-{n}"),
    "/skills": lambda w, n: workforce.skill_create(actor=w.manager, name=f"S {n}"),
    "/types": lambda w, n: orders.type_create(
        actor=w.manager, values={"name": f"K {n}", "skill_ids": [w.skill]}
    ),
    "/reasons": lambda w, n: orders.reason_create(actor=w.manager, kind="cancel", label=f"R {n}"),
    "/absences": lambda w, n: workforce.absence_create(
        actor=w.manager, technician_id=w.anna.technician.pk, kind="other",
        start=soon(3000 + 10 * n), end=soon(3001 + 10 * n),
    ),
}  # fmt: skip


@pytest.mark.wide
@pytest.mark.parametrize("place", sorted(MAKERS))
@pytest.mark.parametrize("who", ["boss", "technician"])
def test_a_list_costs_the_same_for_few_and_many(world: World, place: str, who: str) -> None:
    api = world.boss if who == "boss" else world.anna.api
    made, place = MAKERS[place], place.format(calendar=world.calendar)
    api.get(place)  # what is kept for a while (the company, the use of the token) is read now
    made(world, 0)
    with queries() as few:
        assert api.get(f"{place}?limit=200").status == 200
    for number in range(1, 6):
        made(world, number)
    with queries() as many:
        assert api.get(f"{place}?limit=200").status == 200
    assert len(many) == len(few) <= MOST


@pytest.mark.wide
@pytest.mark.parametrize(
    "path",
    [
        "/service-orders/{anna.order}", "/service-orders/{anna.order}/visits",
        "/service-orders/{anna.order}/notes", "/service-orders/{anna.order}/journal",
        "/service-orders/{anna.order}/attachments", "/customers/{anna.customer}",
        "/contacts/{anna.contact}", "/sites/{anna.site}", "/assets/{anna.asset}",
        "/technicians/{anna.technician.pk}", "/technicians/{anna.technician.pk}/weeks",
        "/assets/{anna.asset}/moves", "/attachments/{anna.attachment}/content",
    ],
)  # fmt: skip
def test_reading_one_thing_takes_few(world: World, path: str) -> None:
    for api in (world.boss, world.anna.api):
        with queries() as asked:
            assert api.get(path.format(anna=world.anna)).status == 200
        assert len(asked) <= MOST


FREE = ("SAVEPOINT", "RELEASE")


def changing(api: Api, path: str, body: Any, **headers: str) -> int:
    """Messages of one change that succeeds; what is asked or written together is one."""
    company.company()  # kept by every process: read once in some seconds
    with queries() as asked:
        answer = api.post(path, body, **headers)
    assert answer.status in {200, 201}, answer.text
    return len([q for q in asked.captured_queries if not q["sql"].startswith(FREE)])


@pytest.mark.parametrize(("key", "most"), [("", 6), ("a-key", 8)])
def test_recording_an_order_takes_few(world: World, key: str, most: int) -> None:
    world.boss.get("/types")  # the use of a token is noted once a minute
    headers = {"Idempotency_Key": key} if key else {}
    assert changing(world.boss, "/service-orders", world.new_body(), **headers) <= most
    helper = str(world.bert.technician.pk)
    planned = world.new_body(
        technician_id=str(world.anna.technician.pk), helper_ids=[helper], more_asset_ids=[]
    )
    headers = {"Idempotency_Key": f"{key}-2"} if key else {}
    assert changing(world.boss, "/service-orders", planned, **headers) <= MOST


@pytest.mark.wide
@pytest.mark.parametrize("who", ["boss", "technician"])
@pytest.mark.parametrize(("key", "most"), [("", 5), ("a-key", 8)])
def test_an_action_takes_few(world: World, who: str, key: str, most: int) -> None:
    api = world.boss if who == "boss" else world.anna.api
    api.get("/types")
    for action in ("depart", "arrive", "complete"):
        headers = {"Idempotency_Key": f"{key}-{action}"} if key else {}
        path = f"/service-orders/{world.anna.order}/actions/{action}"
        asks_the_checklist = who == "technician" and action == "complete"
        assert changing(api, path, {}, **headers) <= most + asks_the_checklist
