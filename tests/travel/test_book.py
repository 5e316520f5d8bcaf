"""Drives that are kept are read pair by pair, in one statement, and believed while they count."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import transaction

from callout.kernel import clock
from callout.travel.areas import place_at
from callout.travel.book import Book, book_open
from callout.travel.estimate import Leg, Place, travel_estimate, travel_leg
from callout.travel.kept_drives import PAIR, cell
from callout.travel.models import DrivesKept
from callout.travel.osrm import routing_server
from callout.travel.table import travel_table
from tests.travel.conftest import Fake
from tests.travel.test_osrm import ANTWERP, BRUSSELS, GHENT, TOWNS, by_road, set_first
from tests.travel.ways import travel_line

pytestmark = pytest.mark.django_db


def learned(*ways: tuple[Place, ...]) -> Book:
    server = routing_server()
    assert server
    book = Book(server.key)
    book.learn(ways or [(a, b) for a in TOWNS for b in TOWNS])
    return book


def test_what_a_table_has_told_is_known_pair_by_pair(
    osrm: Fake, django_assert_num_queries: Any
) -> None:
    travel_table(TOWNS)
    with django_assert_num_queries(1):
        book = learned()
    for a in TOWNS:
        for b in TOWNS:
            leg = book.leg(a, b)
            assert leg
            assert (leg.minutes * 60, leg.is_estimate) == (by_road(a, b), False)
    with django_assert_num_queries(0):
        book.learn([TOWNS, (GHENT, GHENT)])
    assert len(osrm.asked) == 1


def test_a_place_knows_its_book_and_without_a_server_there_is_none(
    osrm: Fake, settings: Any
) -> None:
    travel_table(TOWNS)

    def brussels_to_ghent() -> Leg:
        with book_open() as book:
            a, b = (place_at(one.latitude, one.longitude, "") for one in (BRUSSELS, GHENT))
        assert a
        assert b
        if book:
            book.learn([(a, b)])
        return travel_leg(a, b)

    assert brussels_to_ghent().minutes * 60 == by_road(BRUSSELS, GHENT)
    settings.OSRM_URL = ""
    assert brussels_to_ghent() == travel_estimate(BRUSSELS, GHENT)


def test_a_road_of_the_map_is_known_where_no_table_was_asked_for(osrm: Fake) -> None:
    travel_line([BRUSSELS, GHENT])
    leg = learned().leg(BRUSSELS, GHENT)
    assert leg
    assert leg.minutes * 60 == by_road(BRUSSELS, GHENT)
    assert learned().leg(GHENT, BRUSSELS) is None


def test_where_there_is_no_road_or_it_is_of_another_server_or_old_nothing_is_known(
    osrm: Fake, settings: Any
) -> None:
    osrm.answer = set_first(None)
    travel_table(TOWNS)
    assert learned().leg(BRUSSELS, GHENT) is None  # asked from south to north
    assert learned().leg(BRUSSELS, ANTWERP)
    with clock.freeze(clock.now() + timedelta(days=31)):
        assert learned().leg(BRUSSELS, ANTWERP) is None
    settings.OSRM_URL = "http://other.example"
    assert learned().leg(BRUSSELS, ANTWERP) is None


def test_bytes_that_look_like_a_target_by_chance_are_not_believed(osrm: Fake) -> None:
    travel_table(TOWNS)
    row = DrivesKept.objects.get(origin=cell(BRUSSELS))
    pairs = np.frombuffer(bytes(row.drives), PAIR)
    others = pairs[pairs["target"] != cell(GHENT)].copy()
    hidden = np.array(cell(GHENT), "<i8").tobytes()
    others["seconds"] = np.frombuffer(hidden, "<i4")[0]
    others["metres"] = np.frombuffer(hidden, "<i4")[1]
    row.drives = others.tobytes()
    row.save()
    assert learned().leg(BRUSSELS, GHENT) is None


def test_of_a_large_company_the_legs_that_were_planned_are_known_and_the_map_asks_for_the_road(
    osrm: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callout.travel.book.SMALL", 30)
    table = travel_table(TOWNS)
    assert learned().leg(BRUSSELS, GHENT) is None
    book = learned()
    rows = {place: row for row, place in enumerate(TOWNS)}
    book.take(rows, table.seconds, table.metres, is_estimate=True)
    book.keep([(BRUSSELS, GHENT)])
    assert learned().leg(BRUSSELS, GHENT) is None
    book.take(rows, table.seconds, table.metres, is_estimate=False)
    book.keep([(BRUSSELS, GHENT, Place(1, 1), GHENT)])
    book.keep([(BRUSSELS, GHENT)])
    leg = learned().leg(BRUSSELS, GHENT)
    assert leg
    assert (leg.minutes * 60, leg.is_estimate) == (by_road(BRUSSELS, GHENT), False)
    assert learned().leg(GHENT, BRUSSELS) is None
    asked = len(osrm.asked)
    assert len(travel_line([BRUSSELS, GHENT]).parts[0]) == 3
    assert len(osrm.asked) == asked + 1
    book.keep([(BRUSSELS, GHENT)])
    assert len(travel_line([BRUSSELS, GHENT]).parts[0]) == 3
    assert len(osrm.asked) == asked + 1


@pytest.mark.django_db(transaction=True)
def test_what_is_known_is_known_in_the_middle_of_a_change_and_nobody_is_asked(osrm: Fake) -> None:
    travel_table(TOWNS)
    with transaction.atomic():
        assert learned().leg(BRUSSELS, GHENT)
    assert len(osrm.asked) == 1
