"""What the engine is given of a company's day: the rules of planning as a problem of routes."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callout.accounts.zone import at, today
from callout.kernel import clock
from callout.orders.services import visit_pin, visit_promise
from callout.planning.fit.words import day_words
from callout.routing.asked import Pinned
from callout.routing.building import Built, build
from callout.routing.engine.evaluate import evaluate, route_times
from callout.routing.engine.problem import Block, Lunch
from callout.routing.loading import day_read
from callout.routing.standing import LunchRule
from callout.workforce import services as workforce
from callout.workforce.models import Technician
from tests.routing.world import DAY, HOME, Town, on

pytestmark = pytest.mark.django_db
LUNCH = LunchRule(time(11, 30), time(13, 30), timedelta(minutes=30), timedelta(hours=6))
HOUR = 3600


WITHOUT_BASE = "Bert has no home base: say on their page where they start"


def built(town: Town, **asked: object) -> Built:
    given = town.asked(**asked)
    return build(day_read(town.els, given), given, change_cost=900, lunch=LUNCH)


def route(found: Built, who: object) -> tuple[str, ...]:
    return found.held.routes[f"{who}:{(today() + DAY).isoformat()}"]


def test_the_day_as_it_is_can_be_driven_and_every_visit_may_move(town: Town) -> None:
    first, second = town.planned(9, 1), town.planned(11, 2)
    found = built(town)
    assert route(found, town.anna_id) == (str(first.visit_id), str(second.visit_id))
    assert evaluate(found.problem, found.held).feasible
    order = next(one for one in found.problem.orders if one.id == str(first.visit_id))
    assert (order.must, order.held_at, order.duration) == (True, 9 * HOUR, HOUR)
    assert order.only == frozenset({order.held_by})
    assert not found.problem.fixed


def test_one_drives_before_the_hours_and_works_within_them(town: Town) -> None:
    visit = str(town.planned(9, 4).visit_id)
    found = built(town)
    times = route_times(found.problem, f"{town.anna_id}:{(today() + DAY).isoformat()}", (visit,))
    assert times.stops[0].start == 8 * HOUR  # at the customer, twenty minutes from home
    assert times.stops[0].arrive < 8 * HOUR


def test_a_pause_in_the_hours_is_one_and_a_day_without_owes_lunch(town: Town) -> None:
    town.planned(9)
    anna = built(town).problem.technicians[0]
    assert Block(12 * HOUR, 13 * HOUR, driving=True) in anna.blocks
    assert anna.lunch is None
    whole = [[["08:00", "17:00"]]] * 7
    workforce.working_week_set(
        actor=town.els, technician_id=town.anna_id, valid_from=today(), days=whole
    )
    anna = built(town).problem.technicians[0]
    assert anna.lunch == Lunch(int(11.5 * HOUR), int(13.5 * HOUR), HOUR // 2)


def test_whose_day_as_it_is_leaves_no_time_for_lunch_owes_none(town: Town) -> None:
    whole = [[["08:00", "17:00"]]] * 7
    workforce.working_week_set(
        actor=town.els, technician_id=town.anna_id, valid_from=today(), days=whole
    )
    town.planned(8, 1, duration_minutes=9 * 60)
    assert built(town).problem.technicians[0].lunch is None


def test_what_is_pinned_helped_overlapping_or_after_hours_stands(town: Town) -> None:
    pinned, helped = town.planned(8, 1), town.planned(14, 1, helper_ids=(town.bert_id,))
    visit_pin(actor=town.els, order_id=pinned.pk, visit_id=pinned.visit_id, pinned=True)
    late = town.planned(19, 1)
    twice = [town.planned(10, 1), town.planned(10.5, 1, allow_overlap=True)]
    free = town.planned(16, 2)
    found = built(town)
    anna, bert = (f"{one}:{(today() + DAY).isoformat()}" for one in (town.anna_id, town.bert_id))
    assert found.problem.fixed == {
        f"{pinned.visit_id}:{town.anna_id}": (anna, 8 * HOUR),
        f"{twice[0].visit_id}:{town.anna_id}": (anna, 10 * HOUR),
        f"{helped.visit_id}:{town.anna_id}": (anna, 14 * HOUR),
        f"{late.visit_id}:{town.anna_id}": (anna, 19 * HOUR),
        f"{helped.visit_id}:{town.bert_id}": (bert, 14 * HOUR),
    }
    assert list(found.works) == [str(free.visit_id)]
    assert evaluate(found.problem, found.held).feasible


def test_windows_are_what_was_promised_wished_and_when_the_site_is_open(town: Town) -> None:
    week = [[["09:00", "12:00"], ["14:00", "16:00"]]] * 7
    site = town.site(3, opening_hours=week)
    order = town.company.order(
        site_id=site.pk, duration_minutes=60, wish_from="09:30", wish_to="14:30"
    )
    found = built(town, moves="unplanned", order_ids=(order.pk,))
    one = next(one for one in found.problem.orders if one.id == str(order.pk))
    assert one.windows == ((int(9.5 * HOUR), 11 * HOUR), (14 * HOUR, int(14.5 * HOUR)))
    relaxed = built(town, moves="unplanned", order_ids=(order.pk,), relax_wishes=True)
    one = next(one for one in relaxed.problem.orders if one.id == str(order.pk))
    assert one.windows == ((9 * HOUR, 11 * HOUR), (14 * HOUR, 15 * HOUR))
    planned = town.planned(10)
    visit_promise(
        actor=town.els, order_id=planned.pk, visit_id=planned.visit_id,
        promise_from=on(9.5), promise_to=on(11),
    )  # fmt: skip
    one = built(town).problem.orders[0]
    assert one.windows == ((int(9.5 * HOUR), 11 * HOUR),)


def test_a_visit_that_somebody_put_outside_a_wish_may_stay_there(town: Town) -> None:
    town.planned(10, wish_from="14:00", wish_to="15:00")
    found = built(town)
    assert found.problem.orders[0].windows == ((0, 24 * HOUR - 60),)


def test_no_position_no_base_no_hour_left_are_told_and_the_rest_takes_part(town: Town) -> None:
    Technician.objects.filter(pk=town.bert_id).update(latitude=None, longitude=None)
    nowhere = town.company.order()
    closed = town.order(2, wish_from="05:00", wish_to="06:00", wish_due=at(today(), time(23)))
    good = town.order(1)
    ids = (nowhere.pk, closed.pk, good.pk)
    found = built(town, moves="unplanned", order_ids=ids)
    assert [(one.kind, one.code) for one in found.left_out] == [
        ("technician", "no_base"), ("order", "no_position"), ("order", "wish"),
    ]  # fmt: skip
    assert [one.id for one in found.problem.orders] == [str(good.pk)]
    assert len(found.problem.technicians) == 1


def test_of_several_days_each_that_is_left_out_is_named(town: Town) -> None:
    Technician.objects.filter(pk=town.bert_id).update(latitude=None, longitude=None)
    town.planned(9)
    days = (today() + DAY, today() + 2 * DAY)
    said = [one.words for one in built(town, days=days).left_out]
    assert said == [f"{day_words(day)}: {WITHOUT_BASE}" for day in days]
    (alone,) = built(town).left_out
    assert alone.words == WITHOUT_BASE


def test_today_begins_where_they_are_and_started_work_stays(town: Town) -> None:
    with clock.freeze(on(7.5)):
        first, second = (town.planned(hour, east, start=on(hour, today()))
                         for hour, east in ((8, 5), (10, 1)))  # fmt: skip
    with clock.freeze(on(8.25)):
        town.begun(first)
        found = built(town, days=(today(),))
        anna = next(
            one for one in found.problem.technicians if one.id.startswith(str(town.anna_id))
        )
        places = {row: place for place, row in found.drives.places.items()}
        assert anna.start is not None
        assert places[anna.start].longitude == town.site(5).longitude
        assert anna.shift[0] == 9 * HOUR  # the visit ends then
        bert = next(one for one in found.problem.technicians if one is not anna)
        assert bert.shift[0] == int(8.25 * HOUR)
        assert list(found.works) == [str(second.visit_id)]


def test_pinned_technicians_keep_all_and_pinned_times_their_hour(town: Town) -> None:
    anna, bert = town.planned(9), town.planned(10, who=town.company.bert)
    assert bert.visit_id
    pinned = Pinned(
        technician_ids=frozenset({town.anna_id}), time_visit_ids=frozenset({bert.visit_id})
    )
    found = built(town, moves="technician", pinned=pinned)
    assert [one.id for one in found.problem.orders] == [str(bert.visit_id)]
    assert found.problem.orders[0].windows == ((10 * HOUR, 10 * HOUR),)
    assert str(anna.visit_id) not in found.works


def test_places_of_other_days_are_not_in_the_table(town: Town) -> None:
    for days, east in ((1, 2), (2, 1), (3, 3), (4, 4)):
        town.planned(9, east, start=on(9, today() + days * DAY))
    places = built(town, days=(today() + 2 * DAY,)).drives.places
    assert {one.longitude for one in places} == {HOME[1], town.site(1).longitude}


@pytest.mark.wide
def test_many_are_read_in_as_many_queries_as_one(town: Town) -> None:
    def queries() -> int:
        ids = tuple(town.order(east).pk for east in range(1, 4))
        with CaptureQueriesContext(
            connection,
        ) as told:
            built(town, moves="unplanned", order_ids=ids)
        return len(told)

    town.planned(8)
    queries()
    few = queries()
    for hour in (9, 10, 11, 14, 15):
        town.planned(hour, 2, who=town.company.bert)
    assert queries() == few
