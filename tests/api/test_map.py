"""GET /planning/map."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from callout.accounts.models import Device, User
from callout.accounts.zone import local, today
from callout.customers.models import Site
from callout.fieldwork.models import Position
from callout.fieldwork.selectors import positions
from callout.kernel import clock
from callout.orders import services as orders
from callout.orders.models import ServiceOrder
from callout.web.api.day_map import MapOut
from callout.workforce.models import Technician
from tests.api.conftest import World, soon
from tests.harness.statistics import taken_for_large

# Some hours before and after are the same day.
pytestmark = pytest.mark.usefixtures("at_noon")

HOME, THERE = (50.8, 4.3), (50.7, 4.6)


@pytest.fixture
def day(world: World) -> str:
    """The day of a visit of Anna's soon, of whose site and base the positions are known."""
    order = world.planned(hours=0.5)  # over before the world's own, whose "soon" is minutes ago
    Site.objects.filter(pk=order.site_id).update(latitude=THERE[0], longitude=THERE[1])
    anna = Technician.objects.filter(pk=world.anna.technician.pk)
    anna.update(latitude=HOME[0], longitude=HOME[1])
    assert order.start is not None
    return f"{local(order.start).date()}"


def route_of(body: Any, technician_id: object) -> Any:
    return next(row for row in body["technicians"] if row["id"] == str(technician_id))


def test_the_answer_is_what_the_description_says(world: World, day: str) -> None:
    world.order()
    answer = world.boss.get(f"/planning/map?day={day}")
    assert answer.status == 200
    shown = MapOut.model_validate(answer.body).model_dump(mode="json")
    assert shown.keys() == answer.body.keys()
    route, sent = (route_of(one, world.anna.technician.pk) for one in (shown, answer.body))
    assert route.keys() == sent.keys()
    for name in ("stops", "legs"):
        assert [one.keys() for one in route[name]] == [one.keys() for one in sent[name]]
        assert sent[name]
    assert route["totals"].keys() == sent["totals"].keys()
    assert shown["unplanned"][0].keys() == answer.body["unplanned"][0].keys()
    assert len(shown["unplanned"]) == len(answer.body["unplanned"])
    assert answer.body["estimate"] == "Travel is an estimate: straight line × 1.3 at 50 km/h"


def test_points_are_longitude_and_latitude_as_maps_have_them(world: World, day: str) -> None:
    route = route_of(world.boss.get(f"/planning/map?day={day}").body, world.anna.technician.pk)
    assert route["base"] == [HOME[1], HOME[0]]
    assert route["legs"][0]["line"][0] == route["base"]
    assert (route["stops"][0]["lng"], route["stops"][0]["lat"]) == (THERE[1], THERE[0])


def test_a_stop_has_what_moving_it_needs(world: World, day: str) -> None:
    body = world.boss.get(f"/planning/map?day={day}").body
    stop = route_of(body, world.anna.technician.pk)["stops"][0]
    order = ServiceOrder.objects.get(pk=stop["order_id"])
    move = {
        "service_order_id": stop["order_id"], "version": stop["version"],
        "visit_id": stop["visit_id"], "technician_id": str(world.bert.technician.pk),
        "start": soon(60).isoformat(), "duration_minutes": 60,
    }  # fmt: skip
    answer = world.boss.post("/planning/moves", {"moves": [move], "confirmed": True})
    assert answer.status == 200, answer.text
    order.refresh_from_db()
    assert order.technician_id == world.bert.technician.pk


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("day=2026-13-01", "day"),
        ("day=yesterday", "day"),
        ("technician_id=7", "technician_id"),
        ("type_id=x", "type_id"),
        ("priority_id=huge", "priority_id"),
        ("stage=old", "stage"),
        ("q=a", "q"),
        ("from=2026-11-27", "from"),
    ],
)
def test_nonsense_is_told_beside_its_field(world: World, query: str, field: str) -> None:
    answer = world.boss.get(f"/planning/map?{query}")
    assert answer.status == 422
    assert {name.partition(".")[0] for name in answer.fields()} == {field}


def test_it_takes_the_filters_of_the_list(world: World, day: str) -> None:
    anna, bert = world.anna.technician.pk, world.bert.technician.pk
    for query, names in (
        (f"technician_id={anna}", [str(anna)]),
        (f"technician_id={anna}&priority_id=urgent", []),
        (f"technician_id={anna}&type_id={world.kind.pk}&stage=planned", [str(anna)]),
        (f"technician_id={bert}&q=tap", []),
    ):
        body = world.boss.get(f"/planning/map?day={day}&{query}").body
        assert [row["id"] for row in body["technicians"]] == names, query


def test_days_at_the_ends_of_time_are_no_error_of_ours(world: World) -> None:
    for day in ("0001-01-01", "9999-12-31", "1900-01-01"):
        assert world.boss.get(f"/planning/map?day={day}").status in {200, 422}


def test_a_technician_and_a_stranger_get_nothing_of_it(world: World) -> None:
    assert world.anna.api.get("/planning/map").status == 403
    assert world.nobody.get("/planning/map").status == 401


def test_an_ending_is_told_as_what_it_was(world: World) -> None:
    absent, done = world.planned(hours=4), world.planned(hours=6)
    orders.order_act(actor=world.manager, order_id=absent.pk, action="customer_absent")
    orders.order_act(actor=world.manager, order_id=done.pk, action="complete")
    body = world.boss.get("/planning/map").body
    stops = route_of(body, world.anna.technician.pk)["stops"]
    told = {stop["order_id"]: (stop["status"], stop["status_label"]) for stop in stops}
    assert told[str(absent.pk)] == ("customer_absent", "Customer absent")
    assert told[str(done.pk)] == ("done", "Done")


# --- where technicians are -----------------------------------------------------------------------


def said(world: World, visit: UUID | None, minutes: float = 0, *, latitude: float = 50.75) -> None:
    assert visit is not None
    Position.objects.create(
        technician=world.anna.technician, visit_id=visit, latitude=latitude, longitude=4.5,
        at=soon(-minutes / 60),
    )  # fmt: skip


def place_of(world: World) -> Any:
    body = world.boss.get("/planning/map").body
    return route_of(body, world.anna.technician.pk)["position"]


@pytest.fixture
def under_way(world: World) -> ServiceOrder:
    """A visit that Anna is driving to, with a phone that may say where it is."""
    Device.objects.create(
        user_id=str(world.anna.actor.user_id), secret_hash="x" * 64, name="Phone",
        last_seen_at=clock.now(), expires_at=soon(24), position_consent_at=soon(-2),
    )  # fmt: skip
    order = world.planned(hours=0.1)
    return orders.order_act(actor=world.manager, order_id=order.pk, action="depart")


def test_the_last_place_of_who_is_under_way_is_told(world: World, under_way: ServiceOrder) -> None:
    assert place_of(world) is None
    said(world, under_way.visit_id, 20, latitude=50.1)
    said(world, under_way.visit_id, 10)
    place = place_of(world)
    assert (place["lat"], place["lng"], place["status"]) == (50.75, 4.5, "en_route")


@pytest.mark.parametrize("action", ["turn_back", "customer_absent", "complete"])
def test_nobodys_place_is_told_off_duty(world: World, under_way: ServiceOrder, action: str) -> None:
    said(world, under_way.visit_id)
    assert place_of(world) is not None
    orders.order_act(actor=world.manager, order_id=under_way.pk, action=action)
    assert place_of(world) is None


def test_in_a_break_nobodys_place_is_told(world: World, under_way: ServiceOrder) -> None:
    for action in ("start_work", "break"):
        orders.order_act(actor=world.manager, order_id=under_way.pk, action=action)
    said(world, under_way.visit_id)
    assert place_of(world) is None
    orders.order_act(actor=world.manager, order_id=under_way.pk, action="resume")
    assert place_of(world)["status"] == "working"


def test_what_was_said_on_the_visit_before_tells_nothing_of_this_one(
    world: World, under_way: ServiceOrder
) -> None:
    said(world, world.planned(hours=9).visit_id)
    assert place_of(world) is None


def test_a_consent_taken_back_takes_the_place_away(world: World, under_way: ServiceOrder) -> None:
    said(world, under_way.visit_id)
    assert place_of(world) is not None
    Device.objects.filter(user=world.anna.actor.user_id).update(position_consent_at=None)
    assert place_of(world) is None


@pytest.mark.parametrize("column", ["signed_out_at", "revoked_at", "lost_at"])
def test_a_consent_ends_with_the_phone_it_was_given_on(
    world: World, under_way: ServiceOrder, column: str
) -> None:
    said(world, under_way.visit_id)
    assert place_of(world) is not None
    Device.objects.filter(user=world.anna.actor.user_id).update(**{column: clock.now()})
    assert place_of(world) is None


@pytest.mark.parametrize("column", ["is_active", "is_technician"])
def test_nobodys_place_is_told_who_works_here_no_more(
    world: World, under_way: ServiceOrder, column: str
) -> None:
    said(world, under_way.visit_id)
    assert place_of(world) is not None
    assert world.anna.actor.user_id
    User.objects.filter(pk=world.anna.actor.user_id).update(**{column: False})
    assert place_of(world) is None


def test_where_somebody_was_yesterday_is_not_where_they_are(
    world: World, under_way: ServiceOrder
) -> None:
    Device.objects.update(position_consent_at=soon(-48))
    said(world, under_way.visit_id, minutes=25 * 60)
    assert place_of(world) is None
    said(world, under_way.visit_id, minutes=23 * 60)
    assert place_of(world) is not None


def test_places_are_of_today_alone(world: World, under_way: ServiceOrder) -> None:
    said(world, under_way.visit_id)
    tomorrow = world.planned(hours=24)
    assert tomorrow.start is not None
    body = world.boss.get(f"/planning/map?day={local(tomorrow.start).date()}")
    assert route_of(body.body, world.anna.technician.pk)["position"] is None
    assert f"{today()}" != body.body["day"]


def test_the_last_places_are_found_by_index(world: World, under_way: ServiceOrder) -> None:
    said(world, under_way.visit_id)
    taken_for_large("orders_visit", "fieldwork_position")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {positions._LAST}", {"since": clock.now()})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan on orders_visit" not in plan, plan
    assert "position_once" in plan
