"""The map of a day: who goes where in which order, how far, and what waits to be planned."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callout.accounts.zone import today
from callout.customers import services as customers
from callout.customers.models import Site
from callout.kernel import clock
from callout.kernel.errors import Forbidden, Invalid, NotSignedIn
from callout.orders.filters import OrderFilter
from callout.orders.models import ServiceOrder
from callout.planning.map import DayMap, day_of, map_read
from callout.planning.routes import Route
from callout.travel.estimate import Place, travel_estimate
from callout.workforce import services as workforce
from callout.workforce.models import Technician
from tests.orders.conftest import MORNING, Company, company_made, soon
from tests.travel.conftest import Fake, fake, osrm

__all__ = ["fake", "osrm"]
pytestmark = pytest.mark.django_db

HOME = {"latitude": 50.8, "longitude": 4.3}
NEAR, FAR = {"latitude": 50.7, "longitude": 4.6}, {"latitude": 51.2, "longitude": 4.4}


@pytest.fixture
def company(db: None) -> Iterator[Company]:
    with clock.freeze(MORNING):
        made = company_made()
        Technician.objects.filter(name="Anna").update(**HOME)
        yield made


def site(company: Company, **position: Any) -> UUID:
    made = customers.site_create(
        actor=company.manager, name="Shop", street="Dorp 1", postcode="3000", town="Leuven",
        **position,
    )  # fmt: skip
    customers.site_link(actor=company.manager, site_id=made.pk, customer_id=company.customer.pk)
    return made.pk


def at(company: Company, hours: float, place: UUID, **values: Any) -> Any:
    """An order of one hour for Anna, at a site, in so many hours."""
    return company.plan(company.order(site_id=place, **values), hours=hours)


def day_map(company: Company, on: date | None = None, **wanted: Any) -> DayMap:
    return map_read(actor=company.manager, day=on or today(), wanted=OrderFilter(**wanted))


def route_of(found: DayMap, name: str = "Anna") -> Route:
    return next(route for route in found.routes if route.technician.name == name)


def spot(position: dict[str, float]) -> Place:
    return Place(position["latitude"], position["longitude"])


def numbers(route: Route) -> list[int]:
    return [stop.bar.visit.number for stop in route.stops]


def test_stops_are_numbered_as_they_are_gone_to_and_driven_between(company: Company) -> None:
    near, far = site(company, **NEAR), site(company, **FAR)
    second, first = at(company, 4, far), at(company, 2, near)
    route = route_of(day_map(company))
    assert [(stop.nth, stop.bar.visit.number) for stop in route.stops] == [
        (1, first.number),
        (2, second.number),
    ]
    assert [(leg.from_nth, leg.to_nth) for leg in route.legs] == [(0, 1), (1, 2), (2, 0)]
    assert route.legs[1].leg == travel_estimate(spot(NEAR), spot(FAR))
    assert route.legs[1].line == [[one["longitude"], one["latitude"]] for one in (NEAR, FAR)]


def test_what_was_really_first_has_the_first_number(company: Company) -> None:
    place = site(company, **NEAR)
    planned_first, gone_to_first = at(company, 2, place), at(company, 5, place)
    for action in ("depart", "arrive", "start_work", "complete"):
        company.act(company.anna, gone_to_first, action)
    route = route_of(day_map(company))
    assert numbers(route) == [gone_to_first.number, planned_first.number]
    assert [leg.done for leg in route.legs] == [True, False, False]


def test_where_a_routing_server_is_set_legs_follow_the_road(company: Company, osrm: Fake) -> None:
    for hours, place in ((2, NEAR), (4, FAR)):
        at(company, hours, site(company, **place))
    found = day_map(company)
    route = route_of(found)
    assert (found.is_estimate, [leg.leg.is_estimate for leg in route.legs]) == (False, [False] * 3)
    assert [len(leg.line) for leg in route.legs] == [3, 3, 3]
    asked = len(osrm.asked)
    assert route_of(day_map(company)).totals == route.totals
    assert len(osrm.asked) == asked


def test_a_routing_server_that_lies_leaves_the_estimate_and_says_so(
    company: Company, osrm: Fake
) -> None:
    at(company, 2, site(company, **NEAR))
    osrm.answer = lambda service: service.json({"code": "Ok", "routes": [{"legs": "x"}]})
    found = day_map(company)
    assert found.is_estimate
    assert "The routing server gave no times" in found.estimate
    assert route_of(found).totals.kilometres > 0


def test_a_route_is_added_up(company: Company) -> None:
    near, far = site(company, **NEAR), site(company, **FAR)
    anna = company.anna.technician_id
    assert anna is not None
    workforce.working_week_set(
        actor=company.manager, technician_id=anna, valid_from=today() - timedelta(days=400),
        days=[[["08:00", "12:00"], ["13:00", "18:00"]]] * 7,
    )  # fmt: skip
    start = clock.now() + timedelta(hours=1)  # 09:00 in Brussels
    for hours, place in ((1, near), (5, far)):
        company.plan(company.order(site_id=place), start=clock.now() + timedelta(hours=hours))
    totals = route_of(day_map(company)).totals
    drives = [
        travel_estimate(spot(one), spot(other))
        for one, other in ((HOME, NEAR), (NEAR, FAR), (FAR, HOME))
    ]
    assert totals.orders == 2
    assert totals.driving_minutes == sum(leg.minutes for leg in drives)
    assert totals.kilometres == round(sum(leg.kilometres for leg in drives), 1)
    assert (totals.first, totals.last) == (start, start + timedelta(hours=5))
    # From 10:00 to 13:00 at the second, less the drive, and less the pause from 12:00.
    assert totals.waiting == timedelta(hours=2) - timedelta(minutes=drives[1].minutes)
    assert totals.lateness == timedelta()


def test_lateness_is_the_boards(company: Company) -> None:
    order = at(company, 1, site(company, **NEAR))
    with clock.freeze(order.start + timedelta(minutes=30)):
        found = day_map(company)
    (stop,) = route_of(found).stops
    assert stop.bar.course.late == route_of(found).totals.lateness > timedelta(minutes=30)


def test_what_has_no_position_keeps_its_number_and_is_listed(company: Company) -> None:
    near = site(company, **NEAR)
    at(company, 2, near)
    lost = at(company, 4, site(company))
    at(company, 6, near)
    waiting = company.order(site_id=site(company))
    found = day_map(company)
    route = route_of(found)
    assert [stop.place is None for stop in route.stops] == [False, True, False]
    assert [(leg.from_nth, leg.to_nth) for leg in route.legs] == [(0, 1), (1, 3), (3, 0)]
    shown = [(one.order_id, one.address) for one in found.without_position]
    assert shown == [(lost.pk, "Dorp 1, 3000 Leuven"), (waiting.pk, "Dorp 1, 3000 Leuven")]


def test_without_a_base_the_day_begins_at_the_first_stop(company: Company) -> None:
    company.plan(company.order(site_id=site(company, **NEAR)), company.bert, hours=2)
    route = route_of(day_map(company), "Bert")
    assert (route.base, route.legs, route.totals.driving_minutes) == (None, [], 0)


def test_a_helper_goes_there_too(company: Company) -> None:
    company.plan(
        company.order(site_id=site(company, **NEAR)), helper_ids=(company.bert.technician_id,)
    )
    found = day_map(company)
    assert [route_of(found, name).stops[0].bar.is_helper for name in ("Anna", "Bert")] == [
        False,
        True,
    ]


def test_colours_stay_when_the_filter_changes(company: Company) -> None:
    at(company, 2, site(company, **NEAR))
    company.planned(company.bert, hours=2)
    assert [route.colour for route in day_map(company).routes] == [0, 1]
    bert = company.bert.technician_id
    (route,) = day_map(company, technicians=(bert,)).routes
    assert (route.technician.pk, route.colour) == (bert, 1)


def test_who_neither_works_nor_goes_anywhere_is_not_on_it(company: Company) -> None:
    at(company, 2, site(company, **NEAR))
    assert [route.technician.name for route in day_map(company).routes] == ["Anna"]
    assert day_map(company, today() + timedelta(days=1)).routes == []


def test_a_filter_takes_stops_away_and_leaves_the_day_whole(company: Company) -> None:
    near = site(company, **NEAR)
    at(company, 2, near)
    urgent = at(company, 4, near, priority="urgent")
    company.planned(company.bert, hours=2)
    whole = route_of(day_map(company))
    found = day_map(company, priorities=("urgent",))
    (route,) = found.routes
    assert [(stop.nth, stop.bar.visit.number) for stop in route.stops] == [(2, urgent.number)]
    assert (route.legs, route.totals) == (whole.legs, whole.totals)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 2), ({"stages": ("new",)}, 2), ({"stages": ("planned",)}, 0), ({"nobody": True}, 2),
        ({"priorities": ("urgent",)}, 1), ({"q": "leaking"}, 1), ({"waiting": "yes"}, 1),
        ({"day": "tomorrow"}, 2), ({"date_from": date(2020, 1, 1)}, 2),
    ],
)  # fmt: skip
def test_what_is_to_plan_is_narrowed_as_the_list_is(
    company: Company, wanted: dict[str, Any], count: int
) -> None:
    company.order(priority="urgent")
    company.order(description="Leaking tap")
    ServiceOrder.objects.filter(pk=company.order().pk).update(
        waiting_for="part", waiting_until=today() + timedelta(days=3)
    )
    company.planned(hours=2)
    found = day_map(company, **wanted)
    assert (len(found.unplanned), found.unplanned_count) == (count, str(count))


def test_with_a_technician_what_nobody_has_is_left_out_and_with_nobody_the_routes(
    company: Company,
) -> None:
    company.order()
    company.planned(hours=2)
    anna = company.anna.technician_id
    for wanted, routes, unplanned in (
        ({"technicians": (anna,)}, 1, 0),
        ({"nobody": True}, 0, 1),
        ({"technicians": (anna,), "nobody": True}, 1, 1),
    ):
        found = day_map(company, **wanted)
        assert (len(found.routes), len(found.unplanned)) == (routes, unplanned)


def test_a_team_has_its_routes_and_an_area_what_lies_there(company: Company) -> None:
    team = workforce.team_create(actor=company.manager, name="North")
    Technician.objects.filter(name="Bert").update(team=team)
    there, here = site(company, **NEAR), site(company, **FAR)
    Site.objects.filter(pk=there).update(postcode="1300")
    area = customers.area_create(actor=company.manager, name="Wavre", postcodes="13*")
    at(company, 2, there)
    bert = company.plan(company.order(site_id=there), company.bert, hours=2)
    company.plan(company.order(site_id=here), company.bert, hours=4)
    waiting = company.order(site_id=there)
    company.order(site_id=here)
    found = day_map(company, teams=(team.pk,))
    assert [route.technician.name for route in found.routes] == ["Bert"]
    assert len(found.routes[0].stops) == 2
    assert found.unplanned == []
    assert day_map(company, teams=(team.pk,), nobody=True).unplanned_count == "2"
    found = day_map(company, areas=(area.pk,))
    assert [len(route.stops) for route in found.routes] == [1, 1]
    assert route_of(found, "Bert").stops[0].bar.visit.order_id == bert.pk
    assert [one.id for one in found.unplanned] == [waiting.pk]


def test_the_most_urgent_to_plan_comes_first(company: Company) -> None:
    low, urgent = company.order(priority="low"), company.order(priority="urgent")
    assert [one.id for one in day_map(company).unplanned] == [urgent.pk, low.pk]


@pytest.mark.parametrize(
    ("wanted", "day"),
    [
        ({}, 0), ({"day": "now"}, 0), ({"day": "tomorrow"}, 1), ({"day": "week"}, 0),
        ({"date_from": date(2026, 12, 1)}, 8), ({"date_to": date(2026, 12, 1)}, 8),
        ({"date_from": date(2026, 12, 1), "date_to": date(2026, 12, 5)}, 8),
    ],
)  # fmt: skip
def test_a_filters_day_on_the_map(company: Company, wanted: dict[str, Any], day: int) -> None:
    assert day_of(OrderFilter(**wanted)) == today() + timedelta(days=day)


def test_it_is_for_managers(company: Company) -> None:
    with pytest.raises(Forbidden):
        map_read(actor=company.anna, day=today())
    with pytest.raises(NotSignedIn):
        map_read(actor=None, day=today())  # type: ignore[arg-type]


def test_a_text_without_a_word_is_refused(company: Company) -> None:
    company.planned(hours=2)
    with pytest.raises(Invalid):
        day_map(company, q="a")


def test_it_asks_as_much_for_a_full_day_as_for_one_visit(company: Company) -> None:
    wanted: dict[str, Any] = {"priorities": ("normal",)}
    company.planned(hours=1)
    company.order()
    with CaptureQueriesContext(connection) as few:
        day_map(company, **wanted)
    for hours in range(3, 11, 2):
        company.planned(company.bert, hours=hours)
        company.order()
    with CaptureQueriesContext(connection) as many:
        found = day_map(company, **wanted)
    assert (len(found.routes), len(found.without_position)) == (2, 10)
    assert len(many) == len(few) == 7


def test_moments_are_those_of_the_company(company: Company) -> None:
    order = at(company, 2, site(company, **NEAR))
    found = day_map(company)
    assert isinstance(found.now, datetime)
    assert route_of(found).stops[0].bar.visit.start == order.start == soon(2)
