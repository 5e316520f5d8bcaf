"""Travel by a routing server: believed where it can be true, kept, and done without otherwise."""

import json
import math
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from callout.kernel import clock
from callout.travel import asking, tasks
from callout.travel import osrm as interface
from callout.travel.estimate import Place, straight_km, travel_estimate
from callout.travel.kept_drives import PAIR, cell, position
from callout.travel.line import travel_lines
from callout.travel.models import DrivesKept, LineKept
from callout.travel.table import travel_table
from tests.travel.conftest import Fake, Service, hang, osrm_answer, slow_drip
from tests.travel.ways import travel_line

pytestmark = pytest.mark.django_db

BRUSSELS, ANTWERP, GHENT = Place(50.8467, 4.3525), Place(51.2213, 4.4051), Place(51.0543, 3.7174)
TOWNS = [BRUSSELS, ANTWERP, GHENT]
SOON = 0.7  # seconds: more than a server is given at least


def by_road(a: Place, b: Place) -> int:
    """What the fake server's table comes to: a kilometre a minute, in whole minutes."""
    return math.ceil(straight_km(a, b)) * 60


def test_a_table_is_told_by_the_server_and_no_estimate(osrm: Fake) -> None:
    table = travel_table(TOWNS)
    assert table.seconds == [[by_road(a, b) for b in TOWNS] for a in TOWNS]
    assert table.metres[0][1] == pytest.approx(straight_km(BRUSSELS, ANTWERP) * 1000, abs=1)
    assert (table.is_estimate, table.estimate) == (False, "")
    assert len(osrm.asked) == 1


def test_what_was_told_is_not_asked_again_and_costs_one_question_of_the_database(
    osrm: Fake, django_assert_num_queries: Any
) -> None:
    first = travel_table(TOWNS)
    near = [Place(one.latitude + 0.00004, one.longitude, None) for one in TOWNS]
    with django_assert_num_queries(1):
        again = travel_table([*near, near[0]])
    assert again.seconds[0][:3] == first.seconds[0]
    assert again.seconds[3] == again.seconds[0]
    assert not again.is_estimate
    assert len(osrm.asked) == 1


def test_only_what_is_missing_is_asked_and_all_is_written_at_once(osrm: Fake) -> None:
    travel_table(TOWNS[:2])
    with CaptureQueriesContext(connection) as queries:
        table = travel_table(TOWNS)
    assert not table.is_estimate
    assert table.seconds == [[by_road(a, b) for b in TOWNS] for a in TOWNS]
    written = [one["sql"] for one in queries if one["sql"].startswith("INSERT")]
    assert len(written) == 1
    assert len(queries) <= 5  # with the savepoint of the write
    assert DrivesKept.objects.count() == 3


def test_a_large_table_is_asked_in_squares(osrm: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callout.travel.table.SIDE", 4)
    places = [Place(50 + n / 100, 4 + n / 100) for n in range(10)]
    table = travel_table(places)
    assert table.seconds == [[by_road(a, b) for b in places] for a in places]
    assert len(osrm.asked) == 9


def test_the_longest_question_may_be_sent(osrm: Fake) -> None:
    places = [Place(-50 - n / 999, -120 - n / 999) for n in range(2 * interface.SIDE)]
    assert not travel_table(places).is_estimate
    assert 4_000 < max(map(len, osrm.asked)) < 8_000


def test_a_line_follows_the_road(osrm: Fake) -> None:
    line = travel_line(TOWNS)
    corners = [[4.4051, 50.8467], [3.7174, 51.2213]]
    ends = [[4.3525, 50.8467], [4.4051, 51.2213], [3.7174, 51.0543]]
    assert line.coordinates == [ends[0], corners[0], ends[1], corners[1], ends[2]]
    assert [leg.minutes * 60 for leg in line.legs] == [
        by_road(BRUSSELS, ANTWERP), by_road(ANTWERP, GHENT),
    ]  # fmt: skip
    assert (line.is_estimate, line.legs[0].is_estimate) == (False, False)


def test_next_door_needs_no_road_and_makes_no_estimate(osrm: Fake) -> None:
    """Two visits in one building."""
    line = travel_line([TOWNS[0], TOWNS[1], TOWNS[1]])
    assert (line.is_estimate, [leg.is_estimate for leg in line.legs]) == (False, [False, False])
    assert line.legs[1].minutes == 0


def test_of_a_route_that_changed_only_the_new_legs_are_asked(
    osrm: Fake, django_assert_num_queries: Any
) -> None:
    before = travel_line(TOWNS)
    osrm.asked.clear()
    changed = [BRUSSELS, ANTWERP, GHENT, BRUSSELS]
    assert travel_line(changed).parts[:2] == before.parts
    assert [path.count(";") for path in osrm.asked] == [1]
    with django_assert_num_queries(1):
        lines = travel_lines([changed, TOWNS, [GHENT, GHENT, BRUSSELS]])
    assert [line.is_estimate for line in lines] == [False] * 3
    assert len(osrm.asked) == 1


# --- what a server must not be believed ----------------------------------------------------------


def wrong(change: Callable[[dict[str, Any]], object]) -> Callable[[Service], None]:
    """The true answer with something changed in it."""

    def answer(service: Service) -> None:
        say, said = service.say, {}
        service.say = lambda body, *_more: said.update(json.loads(body))  # type: ignore[method-assign]
        osrm_answer(service)
        service.say = say  # type: ignore[method-assign]
        change(said)
        service.json(said)

    return answer


def set_first(value: object) -> Callable[[Service], None]:
    def change(said: dict[str, Any]) -> None:
        if "durations" in said:
            said["durations"][0][1] = value
        else:
            said["routes"][0]["legs"][0]["duration"] = value

    return wrong(change)


def dropped(said: dict[str, Any]) -> None:
    (said["durations"] if "durations" in said else said["routes"][0]["legs"]).pop()


def off_the_earth(said: dict[str, Any]) -> None:
    if "durations" in said:
        said["distances"][0][1] = 1e9
    else:
        said["routes"][0]["legs"][0]["steps"][0]["geometry"]["coordinates"][0] = [4.0, 91.0]


def endless(service: Service, length: int | None = None) -> None:
    """It writes until nobody reads any more."""
    service.send_response(200)
    if length is not None:
        service.send_header("content-length", str(length))
    service.end_headers()
    try:
        while True:
            service.wfile.write(b" " * 1_000_000)
    except OSError:
        service.close_connection = True


HOSTILE: dict[str, Callable[[Service], None]] = {
    "hangs": hang,
    "drips": slow_drip,
    "NaN": set_first(float("nan")),
    "infinite": lambda service: service.say(b'{"code":"Ok","durations":[[1e999]]}'),
    "negative": set_first(-1),
    "a text": set_first("12"),
    "a yes": set_first(True),
    "a huge whole number": set_first(10**400),
    "more than a week": set_first(9e9),
    "a list": set_first([1]),
    "too few": wrong(dropped),
    "off the earth": wrong(off_the_earth),
    "another code": wrong(lambda said: said.update(code="TooBig")),
    "no figures": wrong(lambda said: [said.pop("durations", 0), said.pop("routes", 0)]),
    "a number": lambda service: service.say(b"7"),
    "nothing": lambda service: service.say(b""),
    "HTML": lambda service: service.say(b"<html>Welcome</html>"),
    "an HTML error": lambda service: service.say(b"<html>", 502),
    "deep": lambda service: service.say(b"[" * 200_000),
    "a redirect": lambda service: service.say(b"", 302, location="http://127.0.0.1:1/"),
    "a redirect to the cloud's secrets": lambda service: service.say(
        b"", 302, location="http://169.254.169.254/latest/meta-data/"
    ),
    "a redirect to a file": lambda service: service.say(b"", 307, location="file:///etc/passwd"),
    "ten gigabytes": lambda service: endless(service, length=10**10),
    "without end": lambda service: endless(service),
    "huge": lambda service: service.say(b" " * 31_000_000),
    "closes": lambda service: service.connection.close(),
}


@pytest.mark.wide
@pytest.mark.parametrize("name", HOSTILE)
def test_a_server_that_lies_or_hangs_is_done_without_and_then_left_alone(
    name: str, osrm: Fake
) -> None:
    osrm.answer = HOSTILE[name]
    begun = time.monotonic()
    table, line = travel_table(TOWNS, seconds=SOON), travel_line(TOWNS, seconds=SOON)
    assert time.monotonic() - begun < 30
    assert table.seconds == [[travel_estimate(a, b).minutes * 60 for b in TOWNS] for a in TOWNS]
    assert line.legs == [travel_estimate(BRUSSELS, ANTWERP), travel_estimate(ANTWERP, GHENT)]
    for said in (table, line):
        assert said.is_estimate
        assert "The routing server gave no times" in said.estimate
    assert len(osrm.asked) == 1  # the line did not ask any more
    assert not DrivesKept.objects.exists()
    assert not LineKept.objects.exists()
    asking.rested()
    assert travel_line(TOWNS, seconds=SOON).is_estimate
    assert len(osrm.asked) == 2
    assert not LineKept.objects.exists()


def test_a_server_that_is_down_is_asked_again_after_a_rest(
    osrm: Fake, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OSRM_URL = "http://127.0.0.1:9"
    settings.OUTGOING_INTERNAL = [settings.OSRM_URL]
    now = [1_000.0]
    monkeypatch.setattr("callout.travel.asking.time.monotonic", lambda: now[0])
    assert "could not be reached" in travel_table(TOWNS).estimate
    assert "failed a moment ago" in travel_table(TOWNS).estimate
    now[0] += asking.REST + 1
    assert "could not be reached" in travel_table(TOWNS).estimate


def test_a_server_inside_that_the_settings_do_not_name_is_not_asked(
    osrm: Fake, settings: Any
) -> None:
    settings.OUTGOING_INTERNAL = []
    table = travel_table(TOWNS)
    assert table.is_estimate
    assert "may be asked" in table.estimate
    assert osrm.asked == []


def test_where_there_is_no_road_the_rest_is_told_all_the_same(osrm: Fake) -> None:
    osrm.answer = set_first(None)
    table = travel_table(TOWNS)  # asked from south to north
    assert table.seconds[0][2] == travel_estimate(BRUSSELS, GHENT).minutes * 60
    assert table.seconds[0][1] == by_road(BRUSSELS, ANTWERP)
    assert table.is_estimate
    assert "knows no road" in table.estimate
    assert travel_table(TOWNS).seconds == table.seconds
    assert len(osrm.asked) == 1


def test_a_line_with_a_leg_without_a_road_keeps_its_other_legs(osrm: Fake) -> None:
    def answer(service: Service) -> None:
        if "4.3525,50.8467;4.4051,51.2213" in service.path:
            service.json({"code": "NoRoute"}, 400)
        else:
            osrm_answer(service)

    osrm.answer = answer
    line = travel_line(TOWNS)
    assert [leg.is_estimate for leg in line.legs] == [True, False]
    assert line.is_estimate
    assert "knows no road" in line.estimate
    asked = len(osrm.asked)
    assert travel_line(TOWNS) == line
    assert len(osrm.asked) == asked


def test_of_a_line_asked_leg_by_leg_what_was_told_before_it_failed_is_kept(osrm: Fake) -> None:
    def answer(service: Service) -> None:
        if service.path.count(";") > 1:
            service.json({"code": "NoRoute"}, 400)
        elif len(osrm.asked) < 3:
            osrm_answer(service)
        else:
            service.say(b"<html>")

    osrm.answer = answer
    assert [leg.is_estimate for leg in travel_line(TOWNS).legs] == [False, True]
    osrm.answer, before = osrm_answer, len(osrm.asked)
    asking.rested()
    assert not travel_line(TOWNS).is_estimate
    assert len(osrm.asked) - before == 1


def test_a_line_keeps_its_shape_and_no_more_points_than_that_needs(osrm: Fake) -> None:
    """A straight road, a bend, into a dead end and out again, and nearly straight on."""
    straight = [[4.3 + step / 10_000, 50.8] for step in range(1000)]
    corner, end, exit_ = [4.4, 50.8], [4.4, 50.9], [4.4, 50.85]
    spur = [[4.4, 50.8 + step / 1000] for step in range(101)]
    wanted = [straight[0], corner, end, exit_, [4.5, 50.85]]
    bump = [[4.45, 50.85002]]  # two metres aside
    points = [*straight, corner, *spur[1:], *spur[-2:49:-1], *bump, [4.5, 50.85]]

    def answer(service: Service) -> None:
        leg = {"duration": 60, "distance": 900, "steps": [{"geometry": {"coordinates": points}}]}
        service.json({"code": "Ok", "routes": [{"legs": [leg]}]})

    osrm.answer = answer
    (part,) = travel_line([BRUSSELS, ANTWERP]).parts
    assert [[round(x, 4), round(y, 4)] for x, y in part] == wanted


def test_what_was_told_before_it_failed_is_kept(
    osrm: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callout.travel.table.SIDE", 1)

    def answer(service: Service) -> None:
        osrm_answer(service) if len(osrm.asked) < 3 else service.say(b"<html>")

    osrm.answer = answer
    table = travel_table(TOWNS)
    assert table.is_estimate
    assert table.seconds[0][1:] == [by_road(BRUSSELS, ANTWERP), by_road(BRUSSELS, GHENT)]
    assert table.seconds[2][0] == travel_estimate(GHENT, BRUSSELS).minutes * 60
    osrm.answer, before = osrm_answer, len(osrm.asked)
    asking.rested()
    assert not travel_table(TOWNS).is_estimate
    assert len(osrm.asked) - before == 4


@pytest.mark.django_db(transaction=True)
def test_in_the_middle_of_a_change_nobody_is_asked(osrm: Fake) -> None:
    with transaction.atomic():
        table, line = travel_table(TOWNS), travel_line(TOWNS)
    assert osrm.asked == []
    assert table.is_estimate
    assert "in the middle of a change" in line.estimate
    assert not travel_table(TOWNS).is_estimate
    with transaction.atomic():
        assert not travel_table(TOWNS).is_estimate  # what is kept needs no asking


# --- what is kept --------------------------------------------------------------------------------


def test_what_is_a_month_old_is_asked_anew_and_purged(osrm: Fake) -> None:
    others = [Place(50.1, 4.1), Place(50.2, 4.2)]
    with clock.freeze(clock.now() - timedelta(days=31)):
        travel_table(TOWNS)
        travel_line(TOWNS)
    with clock.freeze(clock.now() - timedelta(days=29)):
        travel_table(others)
        travel_line(others)
    osrm.asked.clear()
    assert tasks.kept_purge(timestamp=0) == 5
    assert (DrivesKept.objects.count(), LineKept.objects.count()) == (2, 1)
    travel_table(others)
    travel_line(others)
    assert osrm.asked == []
    travel_table(TOWNS)
    travel_line(TOWNS)
    assert len(osrm.asked) > 1


def test_a_drive_grows_old_though_its_origin_is_asked_of_again(osrm: Fake) -> None:
    with clock.freeze(clock.now() - timedelta(days=31)):
        travel_table([BRUSSELS, ANTWERP])
    travel_table([BRUSSELS, GHENT])
    asked = len(osrm.asked)
    travel_table([BRUSSELS, ANTWERP])
    assert len(osrm.asked) == asked + 1


def test_another_server_is_another_story(osrm: Fake, settings: Any) -> None:
    travel_table(TOWNS)
    settings.OSRM_URL = f"{osrm.url}/v2"
    settings.OUTGOING_INTERNAL = [osrm.url]
    osrm.answer = lambda service: service.say(b"<html>", 404)
    assert travel_table(TOWNS).is_estimate


def test_an_origin_keeps_its_newest_drives(osrm: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callout.travel.kept_drives.MOST", 2)
    travel_table(TOWNS)
    row = DrivesKept.objects.get(origin=cell(BRUSSELS))
    assert len(np.frombuffer(bytes(row.drives), PAIR)) == 2


@pytest.mark.parametrize("there", [Place(-90, -180), Place(90, 180), Place(-0.00004, 0), GHENT])
def test_a_cell_is_the_place_to_eleven_metres(there: Place) -> None:
    latitude, longitude = position(cell(there))
    assert latitude == pytest.approx(there.latitude, abs=0.00005)
    assert longitude == pytest.approx(there.longitude, abs=0.00005)
