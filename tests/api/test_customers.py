"""Customers, and what a technician may know of them."""

from tests.api.conftest import World


def test_every_field_is_written_and_read(world: World) -> None:
    body = {
        "kind": "person", "name": "Élise Dupont", "email": "Elise@Example.com",
        "phone": "010 12 34 56", "language": "en", "alert": "Beware of the dog",
        "street": "Rue Haute 1", "postcode": "1300", "town": "Wavre", "country": "BE",
        "notes": "Pays late", "bill_to_id": str(world.anna.customer),
    }  # fmt: skip
    read = world.boss.post("/customers", body).body
    assert read["phone"] == "+3210123456"
    assert read["email"] == "elise@example.com"
    assert read["bill_to"] == {"id": str(world.anna.customer), "name": "Customer Lindens"}
    same = set(body) - {"phone", "email", "bill_to_id"}
    assert {name: read[name] for name in same} == {name: body[name] for name in same}


def test_customers_are_found_by_words_without_accents(world: World) -> None:
    world.boss.post("/customers", {"name": "Crèmerie de l'Étang"})
    found = world.boss.get("/customers?q=cremerie etang").items
    assert [item["name"] for item in found] == ["Crèmerie de l'Étang"]


def test_bad_values_are_told_beside_their_fields(world: World) -> None:
    body = {"name": "", "phone": "12", "email": "no", "country": "XX", "kind": "company"}
    answer = world.boss.post("/customers", body)
    assert answer.status == 422
    assert answer.fields() == {"name", "phone", "email", "country"}


def test_a_technician_reads_the_customers_of_own_work_by_name_and_reach(world: World) -> None:
    assert [item["id"] for item in world.anna.api.get("/customers").items] == [
        str(world.anna.customer)
    ]
    body = world.anna.api.get(f"/customers/{world.anna.customer}").body
    assert set(body) == {
        "id", "version", "kind", "name", "email", "phone", "language", "alert", "street",
        "postcode", "town", "country", "archived_at",
    }  # fmt: skip


def test_a_customer_with_open_work_is_not_archived(world: World) -> None:
    answer = world.boss.delete(f"/customers/{world.anna.customer}")
    assert (answer.status, answer.code) == (409, "in_use")
