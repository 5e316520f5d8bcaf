import math
from dataclasses import replace

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from callout.travel.estimate import Leg, Pace, Place, place, straight_km, travel_estimate
from callout.travel.table import travel_table
from tests.travel.ways import travel_line

BRUSSELS, ANTWERP = Place(50.8467, 4.3525), Place(51.2213, 4.4051)

places = st.builds(
    Place, st.floats(-89.9, 89.9, allow_nan=False), st.floats(-180, 180, allow_nan=False)
)


def test_brussels_to_antwerp_is_the_straight_line_times_a_detour_at_one_speed() -> None:
    straight = straight_km(BRUSSELS, ANTWERP)
    assert straight == pytest.approx(41.8, abs=0.2)
    leg = travel_estimate(BRUSSELS, ANTWERP)
    assert leg.kilometres == pytest.approx(straight * 1.3, abs=0.05)
    assert leg.minutes == math.ceil(straight * 1.3 / 50 * 60)
    assert leg.is_estimate


def test_the_settings_say_how_fast_and_how_straight() -> None:
    with override_settings(TRAVEL_KMH=100, TRAVEL_DETOUR=1.0):
        leg = travel_estimate(BRUSSELS, ANTWERP)
    assert leg.minutes == math.ceil(straight_km(BRUSSELS, ANTWERP) / 100 * 60)


def test_no_way_takes_no_time() -> None:
    assert travel_estimate(BRUSSELS, BRUSSELS) == Leg(0, 0.0)


@given(places, places)
def test_there_and_back_are_the_same_and_never_negative(a: Place, b: Place) -> None:
    leg = travel_estimate(a, b)
    assert leg == travel_estimate(b, a)
    assert leg.minutes >= 0
    assert 0 <= leg.kilometres <= 20_016 * 1.3


@given(places, places, places)
def test_a_detour_is_never_shorter(a: Place, b: Place, c: Place) -> None:
    assert straight_km(a, c) <= straight_km(a, b) + straight_km(b, c) + 1e-6


paces = st.none() | st.builds(Pace, st.floats(1, 3), st.integers(5, 200))


@given(st.lists(st.builds(lambda at, pace: replace(at, pace=pace), places, paces), max_size=5))
def test_a_table_says_of_each_pair_what_the_estimate_says(some: list[Place]) -> None:
    table = travel_table(some)
    legs = [[travel_estimate(a, b) for b in some] for a in some]
    assert table.seconds == [[leg.minutes * 60 for leg in row] for row in legs]
    for row, metres in zip(legs, table.metres, strict=True):
        assert metres == pytest.approx([leg.kilometres * 1000 for leg in row], abs=51)
    assert table.is_estimate
    assert "straight line × 1.3 at 50 km/h" in table.estimate


def test_a_drive_takes_as_long_as_where_it_begins_says() -> None:
    town = replace(BRUSSELS, pace=Pace(1.3, 25))
    assert travel_estimate(town, ANTWERP).minutes == pytest.approx(2 * 66, abs=2)
    assert travel_estimate(ANTWERP, town) == travel_estimate(ANTWERP, BRUSSELS)


def test_a_line_goes_straight_from_place_to_place() -> None:
    line = travel_line([BRUSSELS, ANTWERP, BRUSSELS])
    brussels, antwerp = [4.3525, 50.8467], [4.4051, 51.2213]
    assert line.coordinates == [brussels, antwerp, brussels]
    assert line.parts == [[brussels, antwerp], [antwerp, brussels]]
    assert line.legs == [travel_estimate(BRUSSELS, ANTWERP)] * 2
    assert line.is_estimate


@pytest.mark.parametrize("way", [[], [BRUSSELS]])
def test_a_way_of_no_leg_is_no_line(way: list[Place]) -> None:
    assert (travel_line(way).legs, travel_line(way).coordinates) == ([], [])


def test_half_a_position_is_no_place() -> None:
    assert place(50.0, None) is None
    assert place(None, 4.0) is None
    assert place(0.0, 0.0) == Place(0.0, 0.0)
