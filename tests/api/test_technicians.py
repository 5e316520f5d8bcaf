"""Technicians, their working weeks and absences."""

import pytest

from tests.api.conftest import World, soon

WEEK = [[["07:00", "15:00"]]] * 5 + [[], []]


def test_every_field_is_written_and_read(world: World) -> None:
    body = {
        "name": "Carla Maes", "initials": "CM", "phone": "+32471223344",
        "email": "carla@example.com", "is_subcontractor": True, "street": "Dorp 1",
        "postcode": "9000", "town": "Gent", "country": "BE", "latitude": 51.0, "longitude": 3.7,
        "vehicle_id": str(world.vehicle), "team_id": str(world.team),
        "calendar_id": str(world.calendar),
        "skill_ids": [str(world.skill)], "days": WEEK,
    }  # fmt: skip
    read = world.boss.post("/technicians", body).body
    assert read["vehicle"]["id"] == str(world.vehicle)
    assert [skill["name"] for skill in read["skills"]] == ["Gas"]
    assert read["team"] == {"id": str(world.team), "name": "North"}
    assert read["calendar"] == {"id": str(world.calendar), "name": "Bavaria"}
    same = set(body) - {"vehicle_id", "team_id", "calendar_id", "skill_ids", "days"}
    assert {name: read[name] for name in same} == {name: body[name] for name in same}
    weeks = world.boss.get(f"/technicians/{read['id']}/weeks").items
    assert [week["days"] for week in weeks] == [WEEK]
    found = world.boss.get(f"/technicians?skill_id={world.skill}").items
    assert [item["id"] for item in found] == [read["id"]]
    found = world.boss.get(f"/technicians?team_id={world.team}").items
    assert [item["id"] for item in found] == [read["id"]]
    team = world.boss.get(f"/teams/{world.team}").body
    assert team["technicians"] == [{"id": read["id"], "name": "Carla Maes"}]
    assert world.boss.delete(f"/teams/{world.team}").code == "in_use"


def test_a_technician_reads_of_colleagues_name_and_reach_and_of_themselves_all(
    world: World,
) -> None:
    colleague = world.anna.api.get(f"/technicians/{world.bert.technician.pk}").body
    assert set(colleague) == {"id", "version", "name", "initials", "phone", "email", "archived_at"}
    own = world.anna.api.get(f"/technicians/{world.anna.technician.pk}").body
    assert own["town"] == "Town Lindens"


def test_a_week_is_set_from_a_day_on(world: World) -> None:
    path = f"/technicians/{world.anna.technician.pk}/weeks"
    body = {"valid_from": "2099-01-05", "days": WEEK}
    first = world.boss.put(path, body)
    assert first.status == 200, first.text
    assert first.etag == '"1"'
    assert world.boss.get(path).items[0]["valid_from"] == "2099-01-05"


def test_a_week_that_is_there_is_replaced_against_its_version(world: World) -> None:
    path = f"/technicians/{world.anna.technician.pk}/weeks"
    world.boss.put(path, {"valid_from": "2099-01-05", "days": WEEK})
    other = {"valid_from": "2099-01-05", "days": [[["09:00", "10:00"]]] * 7}
    assert world.boss.put(path, other).status == 428
    assert world.boss.put(path, other, If_Match='"1"').body["version"] == 2
    stale = world.boss.put(path, other, If_Match='"1"')
    assert (stale.status, stale.body["current"]["version"]) == (412, 2)


def test_the_last_week_stays(world: World) -> None:
    answer = world.boss.delete(f"/weeks/{world.anna.week}")
    assert (answer.status, answer.code) == (409, "last_week")
    path = f"/technicians/{world.anna.technician.pk}/weeks"
    more = world.boss.put(path, {"valid_from": "2099-01-05", "days": WEEK}).body
    assert world.boss.delete(f"/weeks/{more['id']}").status == 204


def test_a_technician_reads_own_weeks_and_absences_only(world: World) -> None:
    own = world.anna.api.get(f"/technicians/{world.anna.technician.pk}/weeks").items
    assert [week["id"] for week in own] == [str(world.anna.week)]
    assert world.anna.api.get(f"/technicians/{world.bert.technician.pk}/weeks").items == []
    assert [item["id"] for item in world.anna.api.get("/absences").items] == [
        str(world.anna.absence)
    ]
    assert world.anna.api.get(f"/absences/{world.bert.absence}").status == 404
    others = world.anna.api.get(f"/absences?technician_id={world.bert.technician.pk}")
    assert others.items == []


def test_an_absence_is_entered_edited_and_taken_back(world: World) -> None:
    body = {
        "technician_id": str(world.anna.technician.pk), "kind": "holiday",
        "start": soon(2000).isoformat(), "end": soon(2100).isoformat(), "note": "Sea",
    }  # fmt: skip
    made = world.boss.post("/absences", body)
    assert made.status == 201, made.text
    path = f"/absences/{made.body['id']}"
    assert made.headers["Location"] == f"/api/v1{path}"
    assert world.boss.patch(path, {"kind": "other"}).status == 428
    edited = world.boss.patch(path, {"kind": "other"}, If_Match=made.etag)
    assert (edited.body["kind"], edited.body["note"]) == ("other", "Sea")
    assert world.boss.patch(path, {"note": ""}, If_Match=made.etag).status == 412
    assert world.boss.delete(path).status == 204
    assert world.boss.get(path).status == 404


def test_two_absences_do_not_overlap(world: World) -> None:
    body = {
        "technician_id": str(world.anna.technician.pk), "kind": "holiday",
        "start": soon(1001).isoformat(), "end": soon(1002).isoformat(),
    }  # fmt: skip
    answer = world.boss.post("/absences", body)
    assert (answer.status, answer.code) == (409, "overlap")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "party"),
        ("start", "2026-01-01"),
        ("end", "2000-01-01T00:00:00Z"),
        ("start", None),
        ("technician_id", "x"),
        ("start", "0001-01-01T00:00:00+23:59"),
    ],
)
def test_a_bad_absence_is_told_beside_its_field(world: World, field: str, value: object) -> None:
    body = {
        "technician_id": str(world.anna.technician.pk), "kind": "holiday",
        "start": soon(2000).isoformat(), "end": soon(2100).isoformat(), field: value,
    }  # fmt: skip
    answer = world.boss.post("/absences", body)
    assert (answer.status, answer.fields()) == (422, {field})
