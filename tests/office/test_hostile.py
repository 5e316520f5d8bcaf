"""Addresses and fields that nobody types by accident: words and 4xx, never a 500."""

import pytest
from django.test import Client

from tests.orders.conftest import Company

HTMX = {"HX-Request": "true"}
LONG = "x" * 5_000
ADDRESSES = [
    "/orders/99999999999999999999999/",
    "/orders/?q=%00",
    "/orders/?q=%ED%A0%80%ED%A0%80abc",
    f"/orders/?q={LONG}",
    "/orders/?q=%27%3B--abc%25%25%25",
    "/orders/?cursor=%00",
    "/orders/rows/?cursor=..%2F..",
    f"/orders/rows/?cursor={LONG}",
    "/orders/rows/?ids=1,2,3",
    "/orders/rows/?ids=" + ",".join(["00000000-0000-0000-0000-000000000000"] * 61),
    "/orders/cards/?ids=%00",
    "/orders/kanban/planned/?cursor=x",
    "/orders/kanban/elsewhere/?cursor=x",
    "/orders/kanban/new/",
    "/orders/filter/technician/?typed=%00",
    "/orders/filter/type/?typed=%00%25",
    f"/orders/filter/customer/?typed={LONG}",
    "/orders/filter/nothing/",
    "/orders/?from=9999-12-31&to=0001-01-01",
    "/orders/?from=2199-12-31&to=2199-12-31",
    "/orders/?technician=" + ",".join(["none"] * 80),
    "/search/?q=%00%00%00%00",
    f"/search/?q={LONG}",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_made_up_is_answered_in_words(
    company: Company, office: Client, address: str
) -> None:
    company.order()
    assert office.get(address).status_code in (200, 400, 404, 422)


@pytest.mark.parametrize(
    "field", ["version", "occurred_at", "visit_id", "duration_minutes", "note"]
)
@pytest.mark.parametrize("value", ["", "x", "-1", "²", "9" * 30, "\x00", LONG, "2026-11-23T25:61"])
def test_a_field_made_up_is_refused_and_changes_nothing(
    company: Company, office: Client, field: str, value: str
) -> None:
    order = company.planned()
    action = "extend" if field == "duration_minutes" else "cancel"
    data = {"version": order.version, "dialog": ""} | {field: value}
    del data["dialog"]
    answer = office.post(f"/orders/{order.pk}/act/{action}/", data, headers=HTMX)
    assert answer.status_code in (404, 409, 412, 422, 428) or (field, value) in [
        ("note", "x"), ("note", "-1"), ("note", "²"), ("note", "9" * 30),
        ("note", "2026-11-23T25:61"),
    ]  # fmt: skip
    order.refresh_from_db()
    if answer.status_code >= 400:
        assert order.technician_status == "planned"


@pytest.mark.parametrize("key", ["\x00", "a\x00b", "é", "x" * 201])
def test_a_key_made_up_is_refused_and_changes_nothing(
    company: Company, office: Client, key: str
) -> None:
    order = company.planned()
    data = {"version": order.version, "idempotency_key": key}
    answer = office.post(f"/orders/{order.pk}/act/depart/", data, headers=HTMX)
    assert answer.status_code == 422
    order.refresh_from_db()
    assert order.technician_status == "planned"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "9" * 9,
        "9" * 30,
        "\x00",
        "2026-02-30T10:00",
        "0001-01-01T00:00",
        "9999-12-31T23:59",
    ],
)
@pytest.mark.parametrize(
    "field", ["technician_id", "start", "duration_minutes", "vehicle_id", "helper_ids"]
)
def test_a_plan_made_up_is_told_beside_its_field(
    company: Company, office: Client, field: str, value: str
) -> None:
    order = company.order()
    data = {
        "version": order.version,
        "technician_id": str(company.anna.technician_id),
        "start": "2027-11-23T10:00",
        "duration_minutes": "60",
    } | {field: value}
    half = data | {"helper_ids": "x"}  # cautions are told while other fields are wrong
    assert office.post(f"/orders/{order.pk}/act/plan/", half, headers=HTMX).status_code == 422
    answer = office.post(f"/orders/{order.pk}/act/plan/", data, headers=HTMX)
    fine = value == "" and field in ("vehicle_id",)
    assert answer.status_code == (200 if fine else 422)
