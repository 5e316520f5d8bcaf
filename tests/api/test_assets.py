"""Assets, and where they stood."""

from callout.customers.services import site_create
from tests.api.conftest import World, soon


def test_every_field_is_written_and_read(world: World) -> None:
    body = {
        "site_id": str(world.anna.site), "reference": "CH-7", "kind": "Boiler",
        "manufacturer": "Acme", "model": "T1", "serial_number": "0001",
        "installed_on": "2020-02-29", "warranty_until": "2025-02-28", "notes": "In the cellar",
    }  # fmt: skip
    read = world.boss.post("/assets", body).body
    assert read["site"]["id"] == str(world.anna.site)
    assert read["name"] == "Boiler CH-7"
    assert {name: read[name] for name in body if name != "site_id"} == {
        name: value for name, value in body.items() if name != "site_id"
    }


def test_assets_are_found_by_site_customer_and_serial_number(world: World) -> None:
    world.boss.post(
        "/assets", {"site_id": str(world.bert.site), "serial_number": "SN-4455", "kind": "Pump"}
    )
    own = [str(world.anna.asset)]
    for query in (f"site_id={world.anna.site}", f"customer_id={world.anna.customer}"):
        assert [item["id"] for item in world.boss.get(f"/assets?{query}").items] == own
    assert [item["kind"] for item in world.boss.get("/assets?q=sn-4455").items] == ["Pump"]


def test_a_move_takes_the_asset_and_leaves_past_orders_where_they_were(world: World) -> None:
    path = f"/assets/{world.anna.asset}"
    site = site_create(actor=world.manager, name="New hall", town="Gent")
    body = {"site_id": str(site.pk), "moved_at": soon(-1).isoformat()}
    assert world.boss.post(f"{path}/move", body).status == 428
    moved = world.boss.post(f"{path}/move", body, If_Match=world.boss.get(path).etag)
    assert moved.body["site"] == {"id": str(site.pk), "name": "New hall"}
    order = world.boss.get(f"/service-orders/{world.anna.order}").body
    assert order["site"]["id"] == str(world.anna.site)
    moves = world.boss.get(f"{path}/moves").items
    assert [move["to_site"]["name"] for move in moves] == ["New hall"]
    assert world.boss.post(f"{path}/move", body, If_Match='"1"').status == 412


def test_a_technician_does_not_learn_where_an_asset_went(world: World) -> None:
    path = f"/assets/{world.anna.asset}"
    etag = world.boss.get(path).etag
    world.boss.post(f"{path}/move", {"site_id": str(world.bert.site)}, If_Match=etag)
    read = world.anna.api.get(path)
    assert read.status == 200
    assert "site" not in read.body
    assert world.anna.api.get(f"{path}/moves").items == []
    assert "CANARY" not in world.anna.api.get("/assets").text


def test_a_warranty_does_not_end_before_the_installation(world: World) -> None:
    body = {
        "site_id": str(world.anna.site), "reference": "X", "installed_on": "2024-01-02",
        "warranty_until": "2024-01-01",
    }  # fmt: skip
    assert world.boss.post("/assets", body).fields() == {"warranty_until"}
