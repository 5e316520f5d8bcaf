"""Areas say how one drives from there."""

from typing import Any

import pytest

from callout.customers import paces
from callout.customers.paces import AreaPace
from callout.travel.areas import pace_at, place_at
from callout.travel.estimate import Pace, travel_estimate


def test_a_place_has_the_pace_of_the_area_that_holds_its_postcode() -> None:
    paces.KEPT.keep([AreaPace("1000-1299", 160, 25), AreaPace("84*", None, 70)])
    town, coast = place_at(50.85, 4.35, "1050"), place_at(51.23, 2.91, "8400")
    assert town is not None
    assert coast is not None
    assert (town.pace, coast.pace) == (Pace(1.6, 25), Pace(1.3, 70))
    assert travel_estimate(town, coast).minutes > 2 * travel_estimate(coast, town).minutes
    assert pace_at("3000") is None
    assert pace_at("") is None
    assert place_at(None, 4.35, "1050") is None


def test_of_several_areas_the_slowest_counts(settings: Any) -> None:
    paces.KEPT.keep([AreaPace("1*", None, 40), AreaPace("10*", 200, None)])
    assert pace_at("1050") == Pace(2.0, 50)
    settings.TRAVEL_KMH = 100
    assert pace_at("1050") == Pace(1.3, 40)


@pytest.mark.django_db
def test_the_areas_are_read_once_and_again_when_they_are_old(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    paces.KEPT.forget()
    with django_assert_num_queries(1):
        assert [pace_at("1050"), pace_at("8400")] == [None, None]
    monkeypatch.setattr("callout.kernel.kept.TTL", -1.0)
    with django_assert_num_queries(1):
        assert pace_at("1050") is None
