"""Working calendars and holidays through the API, and targets in working hours."""

from datetime import datetime, timedelta

import pytest

from callout.accounts.zone import local, today
from tests.api.conftest import World, queries

ICS = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261226
SUMMARY:Boxing Day
END:VEVENT
END:VCALENDAR
"""


def test_a_calendar_has_one_default_that_can_be_another(world: World) -> None:
    before = next(one for one in world.boss.get("/calendars").items if one["is_default"])
    made = world.boss.post(f"/calendars/{world.calendar}/default").body
    assert made["is_default"] is True
    assert [one["id"] for one in world.boss.get("/calendars").items if one["is_default"]] == [
        str(world.calendar)
    ]
    assert world.boss.delete(f"/calendars/{world.calendar}").code == "default_calendar"
    assert world.boss.post(f"/calendars/{world.calendar}/default").code == "default_calendar"
    assert world.boss.delete(f"/calendars/{before['id']}").status == 200
    assert world.boss.post(f"/calendars/{before['id']}/default").code == "archived"
    stale = world.boss.post(f"/calendars/{world.calendar}/default", If_Match='"1"')
    assert (stale.status, stale.body["current"]["is_default"]) == (412, True)


def test_holidays_are_added_edited_found_and_taken_away(world: World) -> None:
    place = f"/calendars/{world.calendar}/holidays"
    made = world.boss.post(place, {"date": "2026-12-26", "name": "Boxing Day"})
    assert (made.status, made.headers["Location"]) == (201, f"/api/v1/holidays/{made.body['id']}")
    again = world.boss.post(place, {"date": "2026-12-26", "name": "Again"})
    assert (again.status, again.fields()) == (422, {"date"})
    path = f"/holidays/{made.body['id']}"
    assert world.boss.patch(path, {"name": "Second day"}).status == 428
    edited = world.boss.patch(path, {"name": "Second day"}, If_Match=made.etag)
    assert edited.body["name"] == "Second day"
    assert world.boss.patch(path, {"name": "X"}, If_Match=made.etag).status == 412
    assert [one["name"] for one in world.anna.api.get(f"{place}?year=2026").items] == ["Second day"]
    assert len(world.boss.get(place).items) == 2
    assert world.boss.get(f"{place}?year=1").fields() == {"year"}
    assert world.boss.delete(path).status == 204
    assert world.boss.get(path).status == 404


@pytest.mark.wide
def test_a_year_is_filled_once(world: World) -> None:
    place = f"/calendars/{world.calendar}/holidays/fill"
    body = {"year": 2026, "country": "DE", "region": "BY"}
    first = world.boss.post(place, body, Idempotency_Key="fill")
    assert first.body["added"] > 10
    assert world.boss.post(place, body, Idempotency_Key="fill").body == first.body
    assert world.boss.post(place, body).body == {"added": 0, "there": first.body["added"]}
    for wrong, field in (
        ({"region": "XX"}, "region"), ({"country": "ZZ"}, "country"), ({"year": 3000}, "year"),
        ({"year": "2026"}, "year"),
    ):  # fmt: skip
        answer = world.boss.post(place, {**body, **wrong})
        assert (answer.status, answer.fields()) == (422, {field})


def test_a_file_is_taken_whole_or_not_at_all(world: World) -> None:
    place = f"/calendars/{world.calendar}/holidays"
    done = world.boss.upload(f"{place}/import", "days.ics", ICS, Idempotency_Key="file")
    assert done.body == {"added": 1, "there": 0}
    again = world.boss.upload(f"{place}/import", "days.ics", ICS, Idempotency_Key="file")
    assert again.body == done.body
    before = world.boss.get(place).body
    for name, data in (("a.csv", b"2026-01-01;A\nx;B"), ("a.txt", ICS), ("a.ics", b"x")):
        answer = world.boss.upload(f"{place}/import", name, data)
        assert (answer.status, answer.fields()) == (422, {"file"})
    assert world.boss.upload(f"{place}/import", "a.csv", b"x" * 600_000).status == 413
    extra = world.boss.upload(f"{place}/import", "a.ics", ICS, colour="red")
    assert extra.fields() == {"colour"}
    assert world.boss.get(place).body == before


@pytest.mark.parametrize("technician", [False, True])
def test_a_target_in_working_hours_costs_one_message_more(world: World, technician: bool) -> None:
    etag = world.boss.get("/priorities/high").etag
    body = world.new_body(priority_id="high")
    if technician:
        body["technician_id"] = str(world.anna.technician.pk)
    with queries() as plain:
        assert world.boss.post("/service-orders", body).status == 201
    world.boss.patch("/priorities/high", {"working_hours_only": True}, If_Match=etag)
    with queries() as counted:
        made = world.boss.post("/service-orders", body)
    assert made.body["due_at"] > made.body["received_at"]
    assert len(counted) <= len(plain) + 1


def test_the_first_free_slot_steps_over_holidays(world: World) -> None:
    default = next(one for one in world.boss.get("/calendars").items if one["is_default"])
    day = today()
    for number in range(3):
        body = {"date": (day + timedelta(days=number)).isoformat(), "name": "Free"}
        assert world.boss.post(f"/calendars/{default['id']}/holidays", body).status == 201
    body = world.new_body(technician_id=str(world.anna.technician.pk))  # works day and night
    start = datetime.fromisoformat(world.boss.post("/service-orders", body).body["start"])
    assert local(start).date() == day + timedelta(days=3)
