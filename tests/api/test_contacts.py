"""Contacts of customers."""

from tests.api.conftest import World


def test_contacts_are_found_by_customer_and_by_site(world: World) -> None:
    for query in (f"customer_id={world.anna.customer}", f"site_id={world.anna.site}"):
        found = world.boss.get(f"/contacts?{query}").items
        assert [item["id"] for item in found] == [str(world.anna.contact)]


def test_a_contact_is_of_a_site_of_its_customer(world: World) -> None:
    body = {"customer_id": str(world.anna.customer), "name": "Mia", "site_id": str(world.bert.site)}
    answer = world.boss.post("/contacts", body)
    assert (answer.status, answer.fields()) == (422, {"site_id"})


def test_a_contact_without_its_customer_is_422(world: World) -> None:
    assert world.boss.post("/contacts", {"name": "Mia"}).fields() == {"customer_id"}


def test_a_technician_reads_the_contacts_of_own_work_without_the_offices_notes(
    world: World,
) -> None:
    found = world.anna.api.get("/contacts").items
    assert [item["id"] for item in found] == [str(world.anna.contact)]
    assert {"notes", "site"}.isdisjoint(found[0])
