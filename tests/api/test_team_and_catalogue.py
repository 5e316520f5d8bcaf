"""Vehicles, skills, types, priorities and reasons: what is their own."""

import pytest

from tests.api.conftest import World


def test_a_registration_is_kept_in_capitals_and_once(world: World) -> None:
    made = world.boss.post("/vehicles", {"registration": "3 klm 555", "name": "Van 3"}).body
    assert made["registration"] == "3-KLM-555"
    again = world.boss.post("/vehicles", {"registration": "3-KLM-555"})
    assert (again.status, again.fields()) == (422, {"registration"})


def test_a_vehicle_says_whose_own_it_is_and_stays_while_it_is(world: World) -> None:
    path = f"/technicians/{world.anna.technician.pk}"
    etag = world.boss.get(path).etag
    world.boss.patch(path, {"vehicle_id": str(world.vehicle)}, If_Match=etag)
    vehicle = world.boss.get(f"/vehicles/{world.vehicle}").body
    assert [one["name"] for one in vehicle["technicians"]] == ["Anna of the team"]
    assert world.boss.delete(f"/vehicles/{world.vehicle}").code == "in_use"


def test_a_skill_is_there_once_whatever_its_accents(world: World) -> None:
    answer = world.boss.post("/skills", {"name": "gàs"})
    assert (answer.status, answer.fields()) == (422, {"name"})


def test_a_type_says_how_long_and_which_skills(world: World) -> None:
    body = {
        "name": "Tune-up", "duration_minutes": 45, "icon": "flame", "position": 9,
        "skill_ids": [str(world.skill)],
    }  # fmt: skip
    made = world.boss.post("/types", body).body
    assert [skill["name"] for skill in made["skills"]] == ["Gas"]
    assert (made["duration_minutes"], made["icon"], made["position"]) == (45, "flame", 9)
    order = world.boss.post("/service-orders", world.new_body(type_id=made["id"])).body
    assert order["duration_minutes"] == 45


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("duration_minutes", 4),
        ("duration_minutes", 1441),
        ("position", -1),
        ("position", 40_000),
        ("icon", "skull"),
        ("name", " "),
        ("skill_ids", ["01a20899-f2b4-766f-859e-c5d89b6c2924"]),
    ],
)
def test_a_bad_type_is_told_beside_its_field(world: World, field: str, value: object) -> None:
    answer = world.boss.post("/types", {"name": "Visit", field: value})
    assert (answer.status, answer.fields()) == (422, {field})


def test_an_archived_type_is_offered_no_more(world: World) -> None:
    kind = world.boss.post("/types", {"name": "Old way"}).body
    world.boss.delete(f"/types/{kind['id']}")
    answer = world.boss.post("/service-orders", world.new_body(type_id=kind["id"]))
    assert (answer.status, answer.fields()) == (422, {"type_id"})


def test_the_four_priorities_are_read_and_worded(world: World) -> None:
    codes = [item["id"] for item in world.anna.api.get("/priorities").items]
    assert codes == ["low", "normal", "high", "urgent"]
    read = world.boss.get("/priorities/urgent")
    body = {"name": "At once", "colour": "#aa0000", "response_hours": 2, "working_hours_only": True}
    assert world.boss.patch("/priorities/urgent", body).status == 428
    edited = world.boss.patch("/priorities/urgent", body, If_Match=read.etag)
    assert {name: edited.body[name] for name in body} == body
    stale = world.boss.patch("/priorities/urgent", body, If_Match=read.etag)
    assert stale.body["current"] == edited.body


@pytest.mark.parametrize(
    ("field", "value"),
    [("colour", "red"), ("colour", None), ("response_hours", 0), ("response_hours", 2**40),
     ("name", ""), ("rank", 9), ("working_hours_only", "yes"), ("working_hours_only", None)],
)  # fmt: skip
def test_a_bad_priority_is_told_beside_its_field(world: World, field: str, value: object) -> None:
    answer = world.boss.patch("/priorities/low", {field: value}, If_Match='"1"')
    assert answer.status == 422, answer.text


def test_there_is_no_fifth_priority(world: World) -> None:
    assert world.boss.get("/priorities/extreme").status == 404
    assert world.boss.patch("/priorities/extreme", {"name": "X"}, If_Match='"1"').status == 404
    assert world.boss.post("/priorities", {"name": "X"}).status == 405


def test_reasons_are_found_by_kind(world: World) -> None:
    found = world.anna.api.get("/reasons?kind=absent&limit=200").items
    assert {item["kind"] for item in found} == {"absent"}
    assert str(world.reasons["absent"]) in {item["id"] for item in found}
    assert world.boss.get("/reasons?kind=mood").fields() == {"kind"}


def test_the_whole_team_reads_the_lists_it_works_with(world: World) -> None:
    for place in ("/vehicles", "/skills", "/types", "/priorities", "/reasons"):
        assert world.anna.api.get(place).items == world.boss.get(place).items
