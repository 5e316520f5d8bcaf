"""Sites, what customers are to them, and the code of their door."""

from typing import Any

from callout.customers.models import Site
from callout.kernel.models import JournalEntry
from tests.api.conftest import World

WEEK = [[["08:00", "12:00"]]] * 5 + [[], []]


def test_every_field_is_written_and_read(world: World) -> None:
    body = {
        "name": "Depot", "street": "Kaai 1", "postcode": "9000", "town": "Gent", "country": "BE",
        "latitude": 51.05, "longitude": 3.72, "access_notes": "Gate B", "parking_notes": "Left",
        "key_notes": "At the desk", "opening_hours": WEEK, "parent_id": str(world.anna.site),
    }  # fmt: skip
    read = world.boss.post("/sites", body).body
    assert read["parent"]["id"] == str(world.anna.site)
    assert {name: read[name] for name in body if name != "parent_id"} == {
        name: value for name, value in body.items() if name != "parent_id"
    }


def test_sites_are_found_by_customer(world: World) -> None:
    found = world.boss.get(f"/sites?customer_id={world.anna.customer}").items
    assert [item["id"] for item in found] == [str(world.anna.site)]
    assert found[0]["links"][0]["customer"]["id"] == str(world.anna.customer)


def test_a_site_is_no_part_of_itself(world: World) -> None:
    path = f"/sites/{world.anna.site}"
    etag = world.boss.get(path).etag
    answer = world.boss.patch(path, {"parent_id": str(world.anna.site)}, If_Match=etag)
    assert (answer.status, answer.fields()) == (422, {"parent_id"})


def test_half_a_position_is_none(world: World) -> None:
    answer = world.boss.post("/sites", {"name": "Somewhere", "latitude": 50.0})
    assert answer.status == 422


def test_hours_of_another_form_are_told(world: World) -> None:
    wrong: list[Any] = [
        [],
        [[]] * 6,
        [[["25:00", "26:00"]]] * 7,
        "always",
        [[["12:00", "08:00"]]] * 7,
    ]
    for hours in wrong:
        answer = world.boss.post("/sites", {"name": "Shop", "opening_hours": hours})
        assert answer.status == 422, answer.text


def test_a_customer_is_linked_and_unlinked(world: World) -> None:
    body = {"site_id": str(world.anna.site), "customer_id": str(world.bert.customer),
            "role": "owner"}  # fmt: skip
    link = world.boss.post("/site-links", body)
    assert link.status == 201, link.text
    again = world.boss.post("/site-links", body)
    assert (again.status, again.code) == (409, "already_linked")
    found = world.boss.get(f"/site-links?site_id={world.anna.site}").items
    assert {item["role"] for item in found} == {"occupant", "owner"}
    assert world.boss.delete(f"/site-links/{link.body['id']}").status == 204
    assert world.boss.delete(f"/site-links/{link.body['id']}").status == 404


def test_a_link_that_open_work_needs_stays(world: World) -> None:
    answer = world.boss.delete(f"/site-links/{world.anna.link}")
    assert (answer.status, answer.code) == (409, "in_use")


def test_a_technician_reads_sites_of_own_work_only(world: World) -> None:
    assert [item["id"] for item in world.anna.api.get("/sites").items] == [str(world.anna.site)]
    links = world.anna.api.get("/site-links").items
    assert [item["id"] for item in links] == [str(world.anna.link)]
    assert "parent" not in world.anna.api.get(f"/sites/{world.anna.site}").body


def test_the_code_is_kept_and_in_no_answer(world: World) -> None:
    path = f"/sites/{world.anna.site}"
    etag = world.boss.get(path).etag
    assert world.boss.put(f"{path}/access-code", {"code": "9-8-7"}).status == 428
    answer = world.boss.put(f"{path}/access-code", {"code": "9-8-7"}, If_Match=etag)
    assert answer.status == 200
    assert bytes(Site.objects.get(pk=world.anna.site).access_code_encrypted or b"")
    for text in [answer.text, world.boss.get(path).text, world.boss.get("/sites").text]:
        assert "9-8-7" not in text


def test_the_assigned_technician_looks_at_the_code_and_the_journal_says_so(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/access-code"
    answer = world.anna.api.get(path)
    assert answer.body == {"code": "4711Lindens"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert JournalEntry.objects.filter(entity_id=world.anna.site, kind="code_look").count() == 1


def test_nobody_else_looks_at_the_code(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/access-code"
    assert world.bert.api.get(path).status == 404
    assert world.boss.get(path).status == 404
    far = world.planned(hours=24 * 9)
    early = world.anna.api.get(f"/service-orders/{far.pk}/access-code")
    assert (early.status, early.code) == (409, "code_not_yet")
    assert not JournalEntry.objects.filter(kind="code_look").exists()
