"""Travel times, positions of addresses, and sites whose position is doubtful, for programs."""

import pytest

from callout.customers.models import Site
from callout.travel.estimate import Place, travel_estimate
from tests.api.conftest import World
from tests.travel import conftest as travel
from tests.travel.conftest import Fake

pytestmark = pytest.mark.django_db
fake, osrm, photon = travel.fake, travel.osrm, travel.photon  # fixtures

BRUSSELS, GHENT = Place(50.8467, 4.3525), Place(51.0543, 3.7174)
BOTH = "/travel?places=50.8467;4.3525,51.0543;3.7174"
ADDRESS = "/positions?text=Chauss%C3%A9e+de+Louvain+41+Wavre"


def test_the_drives_between_places_are_told_with_how_they_are_known(
    world: World, fake: Fake
) -> None:
    answer = world.boss.get(BOTH)
    leg = travel_estimate(BRUSSELS, GHENT)
    assert answer.status == 200, answer.body
    assert answer.body["minutes"] == [[0, leg.minutes], [leg.minutes, 0]]
    assert answer.body["kilometres"] == [[0, leg.kilometres], [leg.kilometres, 0]]
    assert answer.body["is_estimate"]
    assert "straight line" in answer.body["estimate"]


def test_a_routing_server_tells_them_better(world: World, osrm: Fake) -> None:
    answer = world.boss.get(BOTH)
    assert answer.body["minutes"] == [[0, 51], [51, 0]]
    assert (answer.body["is_estimate"], answer.body["estimate"]) == (False, "")


@pytest.mark.parametrize(
    "query",
    [
        "", "places=50;4", "places=50;4,x", "places=50;4,91;4", "places=50;4,5;181",
        "places=50;4,nan;4", "places=50;4,1e9;4", "places=50;4,", "places=50;4,50;4&other=1",
        "places=50;4,50;\u0664", "places=" + ",".join(["50;4"] * 26), "places=" + "9" * 701,
    ],
)  # fmt: skip
def test_what_is_no_place_is_told(world: World, query: str) -> None:
    answer = world.boss.get(f"/travel?{query}")
    assert answer.status == 422
    assert {name.partition(".")[0] for name in answer.fields()} <= {"places", "other"}


def test_an_address_is_found(world: World, photon: Fake) -> None:
    answer = world.boss.get(ADDRESS)
    assert answer.status == 200
    (found,) = answer.items
    assert (found["latitude"], found["longitude"]) == (50.7172, 4.6075)
    assert "Wavre" in found["label"]


def test_why_no_address_is_found_is_told_by_a_code(world: World, photon: Fake) -> None:
    photon.answer = lambda service: service.say(b"<html>")
    answer = world.boss.get(ADDRESS)
    assert (answer.status, answer.body["code"]) == (502, "geocoder")
    assert world.boss.get("/positions?text=ab").status == 422


def test_without_a_geocoder_that_is_the_answer(world: World) -> None:
    answer = world.boss.get(ADDRESS)
    assert (answer.status, answer.body["code"]) == (409, "no_geocoder")


def test_sites_are_found_by_what_is_wrong_with_their_position(world: World) -> None:
    Site.objects.update(latitude=50.8, longitude=4.4)
    site = world.anna.site
    Site.objects.filter(pk=site).update(latitude=None, longitude=None)
    for position in ("missing", "doubtful"):
        answer = world.boss.get(f"/sites?position={position}")
        assert [one["id"] for one in answer.items] == [str(site)]
    assert world.boss.get("/sites?position=zero").items == []
    assert world.boss.get("/sites?position=lost").status == 422


@pytest.mark.parametrize("path", [BOTH, ADDRESS, "/sites?position=missing"])
def test_only_the_office_asks(world: World, path: str, photon: Fake) -> None:
    assert world.anna.api.get(path).status == 403
    assert world.nobody.get(path).status == 401
    assert photon.asked == []
