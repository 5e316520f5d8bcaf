"""What holds for every plain thing alike: find, make, read, edit, archive, restore."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.api.conftest import Answer, World

Body = dict[str, Any]
# Place: what a new one is made with, and an edit.
THINGS: dict[str, tuple[Callable[[World], Body], Body]] = {
    "/customers": (lambda _w: {"name": "Brasserie du Lac"}, {"name": "Brasserie de la Mer"}),
    "/contacts": (
        lambda w: {"name": "Mia", "customer_id": str(w.anna.customer)},
        {"job": "Caretaker"},
    ),
    "/sites": (lambda _w: {"name": "Hall 3", "town": "Gent"}, {"access_notes": "Ring twice"}),
    "/assets": (
        lambda w: {"reference": "B-12", "site_id": str(w.anna.site)},
        {"serial_number": "XK-99"},
    ),
    "/technicians": (lambda _w: {"name": "Carla"}, {"phone": "010 65 43 21"}),
    "/areas": (
        lambda _w: {"name": "Brussels", "postcodes": "1000-1299, 15*"},
        {"postcodes": "1000-1299"},
    ),
    "/calendars": (lambda _w: {"name": "Lyon"}, {"days": [[["09:00", "17:00"]]] * 7}),
    "/teams": (lambda _w: {"name": "South"}, {"name": "South and coast"}),
    "/vehicles": (lambda _w: {"registration": "2-xyz-001"}, {"name": "Van 2"}),
    "/skills": (lambda _w: {"name": "Lifts"}, {"name": "Lifts and hoists"}),
    "/types": (lambda _w: {"name": "Survey"}, {"duration_minutes": 30}),
    "/reasons": (lambda _w: {"kind": "cancel", "name": "Too late"}, {"name": "Much too late"}),
}
PLACES = sorted(THINGS)


def made(world: World, place: str) -> Answer:
    answer = world.boss.post(place, THINGS[place][0](world))
    assert answer.status == 201, answer.text
    return answer


@pytest.mark.parametrize("place", PLACES)
def test_what_is_made_can_be_read_and_found(world: World, place: str) -> None:
    answer = made(world, place)
    assert answer.headers["Location"] == f"/api/v1{place}/{answer.body['id']}"
    read = world.boss.get(f"{place}/{answer.body['id']}")
    assert read.body == answer.body
    assert read.etag == answer.etag == '"1"'
    assert read.headers["Cache-Control"] == "no-store"
    assert answer.body in world.boss.get(f"{place}?limit=200").items


@pytest.mark.parametrize("place", PLACES)
def test_an_edit_changes_what_is_sent_and_nothing_else(world: World, place: str) -> None:
    before = made(world, place)
    change = THINGS[place][1]
    answer = world.boss.patch(f"{place}/{before.body['id']}", change, If_Match=before.etag)
    assert answer.status == 200, answer.text
    differing = {name for name, value in before.body.items() if answer.body[name] != value}
    assert differing <= {*change, "version"}
    assert answer.body["version"] == 2
    assert answer.etag == '"2"'


@pytest.mark.wide
@pytest.mark.parametrize("place", PLACES)
def test_an_edit_without_a_version_is_428(world: World, place: str) -> None:
    path = f"{place}/{made(world, place).body['id']}"
    before = world.boss.get(path).body
    for headers in ({}, {"If_Match": "*"}):
        answer = world.boss.patch(path, THINGS[place][1], **headers)
        assert (answer.status, answer.code) == (428, "version_missing")
    assert world.boss.get(path).body == before


@pytest.mark.wide
@pytest.mark.parametrize("place", PLACES)
def test_an_edit_of_an_old_version_is_412_and_shows_what_stands(world: World, place: str) -> None:
    first = made(world, place)
    path = f"{place}/{first.body['id']}"
    second = world.boss.patch(path, THINGS[place][1], If_Match=first.etag)
    answer = world.boss.patch(path, THINGS[place][1], If_Match=first.etag)
    assert (answer.status, answer.code) == (412, "stale")
    assert answer.body["current"] == second.body
    assert world.boss.get(path).body == second.body


@pytest.mark.wide
@pytest.mark.parametrize("place", PLACES)
def test_archiving_takes_it_out_of_the_list_and_keeps_it(world: World, place: str) -> None:
    thing = made(world, place).body
    path = f"{place}/{thing['id']}"
    stale = world.boss.delete(path, If_Match='"99"')
    assert stale.status == 412
    answer = world.boss.delete(path)
    assert answer.status == 200, answer.text
    assert answer.body["archived_at"] is not None
    ids = {item["id"] for item in world.boss.get(f"{place}?limit=200").items}
    assert thing["id"] not in ids
    archived = {item["id"] for item in world.boss.get(f"{place}?limit=200&archived=true").items}
    assert thing["id"] in archived
    assert world.boss.get(path).status == 200


@pytest.mark.wide
@pytest.mark.parametrize("place", PLACES)
def test_what_was_archived_comes_back(world: World, place: str) -> None:
    path = f"{place}/{made(world, place).body['id']}"
    assert world.boss.post(f"{path}/restore").code == "not_archived"
    world.boss.delete(path)
    assert world.boss.delete(path).code == "archived"
    answer = world.boss.post(f"{path}/restore")
    assert (answer.status, answer.body["archived_at"]) == (200, None)


@pytest.mark.wide
@pytest.mark.parametrize("place", PLACES)
def test_what_is_archived_is_not_edited(world: World, place: str) -> None:
    path = f"{place}/{made(world, place).body['id']}"
    etag = world.boss.delete(path).etag
    answer = world.boss.patch(path, THINGS[place][1], If_Match=etag)
    assert (answer.status, answer.code) == (409, "archived")


@pytest.mark.parametrize("place", PLACES)
def test_a_technician_changes_none_of_it(world: World, place: str) -> None:
    path = f"{place}/{made(world, place).body['id']}"
    before = world.boss.get(path).body
    for answer in [
        world.anna.api.post(place, THINGS[place][0](world)),
        world.anna.api.patch(path, THINGS[place][1], If_Match='"1"'),
        world.anna.api.delete(path),
        world.anna.api.post(f"{path}/restore"),
    ]:
        assert (answer.status, answer.code) == (403, "forbidden")
    assert world.boss.get(path).body == before


@pytest.mark.parametrize("place", PLACES)
def test_nobody_gets_401(world: World, place: str) -> None:
    path = f"{place}/{made(world, place).body['id']}"
    for answer in [
        world.nobody.get(place),
        world.nobody.get(path),
        world.nobody.post(place, THINGS[place][0](world), Origin="http://testserver"),
        world.nobody.patch(path, THINGS[place][1], Origin="http://testserver"),
        world.nobody.delete(path, Origin="http://testserver"),
    ]:
        assert (answer.status, answer.code) == (401, "not_signed_in")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("place", PLACES)
def test_what_is_missing_is_404(world: World, place: str) -> None:
    path = f"{place}/{uuid4()}"
    for answer in [
        world.boss.get(path),
        world.boss.patch(path, THINGS[place][1], If_Match='"1"'),
        world.boss.delete(path),
    ]:
        assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize("place", PLACES)
def test_an_unknown_field_is_422_and_nothing_is_made(world: World, place: str) -> None:
    count = len(world.boss.get(f"{place}?limit=200").items)
    body = {**THINGS[place][0](world), "colour_of_hair": "red"}
    answer = world.boss.post(place, body)
    assert (answer.status, answer.fields()) == (422, {"colour_of_hair"})
    assert len(world.boss.get(f"{place}?limit=200").items) == count


@pytest.mark.wide
@pytest.mark.parametrize("place", PLACES)
def test_a_list_is_walked_page_by_page(world: World, place: str) -> None:
    for _number in range(2):
        world.boss.post(place, THINGS[place][0](world))  # some may be once only
    whole = [item["id"] for item in world.boss.get(f"{place}?limit=200").items]
    seen: list[str] = []
    after = ""
    for _turn in range(len(whole) + 1):
        page = world.boss.get(f"{place}?limit=1&after={after}")
        assert page.status == 200, page.text
        seen += [item["id"] for item in page.items]
        after = page.body["next"]
        if after is None:
            break
    assert seen == whole


@pytest.mark.wide
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("after=forged", "after"),
        ("archived=maybe", "archived"),
        ("nonsense=1", "nonsense"),
        ("limit=1&limit=2", "limit"),
    ],
)
def test_a_wrong_parameter_is_told(world: World, place: str, query: str, field: str) -> None:
    answer = world.boss.get(f"{place}?{query}")
    assert (answer.status, answer.fields()) == (422, {field})
