"""A day that cannot be driven as planned any more, or never could, is held as it best can be."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from callout.accounts.zone import today
from callout.kernel import clock
from callout.orders.models import ServiceOrder
from callout.orders.services import visit_pin, visit_promise
from callout.routing.building import Built, build
from callout.routing.engine.evaluate import closed, evaluate, route_times
from callout.routing.engine.problem import Block, Lunch, Order
from callout.routing.loading import day_read
from callout.routing.settling import BARRED, Slot, settled
from callout.routing.standing import LunchRule
from callout.workforce import services as workforce
from callout.workforce.services.absences import absence_create
from tests.routing.world import DAY, Town, on

pytestmark = pytest.mark.django_db
LUNCH = LunchRule(time(11, 30), time(13, 30), timedelta(minutes=30), timedelta(hours=6))
HOUR, MINUTE = 3600, 60
WHOLE = [[["08:00", "17:00"]]] * 7


def built(town: Town, **asked: Any) -> Built:
    given = town.asked(**({"days": (today(),)} | asked))
    return build(day_read(town.els, given), given, change_cost=900, lunch=LUNCH)


def of(found: Built, order: ServiceOrder) -> Order:
    return next(one for one in found.problem.orders if one.id == str(order.visit_id))


def pinned(town: Town, order: ServiceOrder) -> str:
    visit_pin(actor=town.els, order_id=order.pk, visit_id=order.visit_id, pinned=True)
    return f"{order.visit_id}:{town.anna_id}"


def promised(town: Town, order: ServiceOrder, begin: float, end: float, day: date) -> None:
    visit_promise(
        actor=town.els, order_id=order.pk, visit_id=order.visit_id,
        promise_from=on(begin, day), promise_to=on(end, day),
    )  # fmt: skip


def whole_days(town: Town) -> None:
    workforce.working_week_set(
        actor=town.els, technician_id=town.anna_id, valid_from=today(), days=WHOLE
    )


# --- promises that are missed --------------------------------------------------------------------


def test_a_promise_that_is_over_is_kept_as_soon_as_can_be_and_no_later(town: Town) -> None:
    with clock.freeze(on(7)):
        missed = town.planned(8.5, 4, start=on(8.5, today()))
        promised(town, missed, 8, 10, today())
    with clock.freeze(on(10.2)):
        found = built(town, moves="technician")
        order = of(found, missed)
        soonest = int(10.2 * HOUR) + 20 * MINUTE  # Anna is at home
        assert (order.windows, order.due) == (((int(10.2 * HOUR), soonest),), 10 * HOUR)
        assert order.must
        assert evaluate(found.problem, found.held).feasible


def test_a_visit_planned_after_its_promise_goes_no_later(town: Town) -> None:
    late, early = town.planned(13, 1), town.planned(8, 2)
    promised(town, late, 9, 11, today() + DAY)
    promised(town, early, 9, 11, today() + DAY)
    found = built(town, days=(today() + DAY,))
    assert of(found, late).windows == ((9 * HOUR, 13 * HOUR),)
    assert of(found, early).windows == ((8 * HOUR, 11 * HOUR),)


def test_planning_bars_what_would_miss_a_missed_promise_by_more(town: Town) -> None:
    late = town.planned(13, 1)
    promised(town, late, 9, 11, today() + DAY)
    read = day_read(town.els, town.asked())
    for hour, code in ((15, "promise"), (12, None)):
        slot = Slot(town.anna_id, on(hour), on(hour + 1))
        found = settled(
            read.people, read.works, {str(late.visit_id): slot},
            now=read.now, zone=read.days.zone, bars=frozenset(BARRED - {"hours"}),
        )  # fmt: skip
        assert [one.code for one in found.barred.values()] == ([code] if code else [])


def test_a_promise_that_can_still_be_kept_goes_before_what_nobody_was_promised(
    town: Town,
) -> None:
    with clock.freeze(on(7)):
        begun = town.planned(8, 1, start=on(8, today()))
        free = town.planned(9.25, 1, start=on(9.25, today()))
        meant = town.planned(10.75, 1, start=on(10.75, today()))
        promised(town, meant, 10, 11, today())
    with clock.freeze(on(10.5)):
        for action in ("depart", "arrive", "start_work", "complete"):
            town.company.act(town.company.anna, begun, action, visit_id=begun.visit_id)
        found = built(town)
        (route,) = (one for one in found.held.routes.values() if one)
        assert route == (str(meant.visit_id), str(free.visit_id))
        assert of(found, meant).windows == ((int(10.5 * HOUR), 11 * HOUR),)
        assert evaluate(found.problem, found.held).feasible


# --- what is fixed, and past or too early --------------------------------------------------------


def test_a_pinned_visit_that_is_past_is_held_as_soon_as_can_be_and_told(town: Town) -> None:
    with clock.freeze(on(7)):
        past = town.planned(8, 1, start=on(8, today()))
        key = pinned(town, past)
        free = town.planned(11, 2, start=on(11, today()))
    with clock.freeze(on(10.5)):
        found = built(town)
        anna = f"{town.anna_id}:{today().isoformat()}"
        assert found.problem.fixed == {key: (anna, int(10.5 * HOUR) + 5 * MINUTE)}
        assert not closed(found.problem)
        assert found.held.routes[anna] == (key, str(free.visit_id))
        assert of(found, free).must
        assert evaluate(found.problem, found.held).feasible
        (told,) = found.left_out
        assert (told.kind, told.key, told.code) == ("technician", anna, "fixed_late")
        assert told.words.endswith("stays, but cannot begin before 10:35")


def test_a_pinned_visit_that_the_running_one_leaves_too_little_time_for_is_held_later(
    town: Town,
) -> None:
    with clock.freeze(on(7)):
        runs = town.planned(8, 1, start=on(8, today()))
        after = town.planned(9, 5, start=on(9, today()))
        key = pinned(town, after)
        town.planned(10.5, 5, start=on(10.5, today()))
    with clock.freeze(on(8.5)):
        town.begun(runs)
        found = built(town)
        anna = f"{town.anna_id}:{today().isoformat()}"
        assert found.problem.fixed[key] == (anna, 9 * HOUR + 20 * MINUTE)
        assert not closed(found.problem)
        assert len(found.held.routes[anna]) == 2
        assert evaluate(found.problem, found.held).feasible


def test_what_is_fixed_long_before_or_after_the_hours_closes_no_day(town: Town) -> None:
    for hour in (1, 23):
        town.planned(hour, 3)
    found = built(town, days=(today() + DAY,))
    assert {start for _who, start in found.problem.fixed.values()} == {HOUR, 23 * HOUR}
    assert not closed(found.problem)
    assert not found.left_out


# --- days that are too tight ---------------------------------------------------------------------


def test_a_day_too_tight_to_be_driven_keeps_its_lunch_and_its_absence(town: Town) -> None:
    whole_days(town)
    absence_create(
        actor=town.els, technician_id=town.anna_id, start=on(18), end=on(19), kind="meeting"
    )
    three = [town.planned(hour, east, duration_minutes=180)
             for hour, east in ((8, 3), (11, 3), (14, 5))]  # fmt: skip
    found = built(town, days=(today() + DAY,))
    (anna,) = (one for one in found.problem.technicians if one.id.startswith(str(town.anna_id)))
    assert anna.lunch == Lunch(int(11.5 * HOUR), int(13.5 * HOUR), HOUR // 2)
    assert Block(18 * HOUR, 19 * HOUR, driving=False) in anna.blocks
    assert [(of(found, one).must, of(found, one).urgent) for one in three] == [
        (True, False), (True, False), (False, True),
    ]  # fmt: skip
    assert evaluate(found.problem, found.held).feasible


def test_nobody_drives_in_a_visit_without_a_position(town: Town) -> None:
    order = town.company.plan(town.company.order(), start=on(10), duration_minutes=60)
    assert order.visit_id
    town.planned(13, 4)
    found = built(town, days=(today() + DAY,))
    (anna,) = (one for one in found.problem.technicians if one.id.startswith(str(town.anna_id)))
    assert Block(10 * HOUR, 11 * HOUR, driving=False) in anna.blocks
    key = found.held.routes[anna.id][0]
    assert route_times(found.problem, anna.id, (key,)).stops[0].start == 8 * HOUR
