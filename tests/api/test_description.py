"""The API's description: as OpenAPI 3.1, and as a page."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from callout.web.api.examples import BODIES
from callout.web.api.openapi import described
from tests.api.conftest import World

pytestmark = pytest.mark.wide
UNSAFE = {"post", "put", "patch", "delete"}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described()["paths"].items():
        for method, details in methods.items():
            yield path, method, details


def test_the_document_is_openapi_3_1_and_public(world: World) -> None:
    answer = world.nobody.get("/openapi.json")
    assert answer.status == 200
    assert answer.body["openapi"].startswith("3.1")
    assert answer.body["info"]["title"] == "Callout"


def test_every_reference_in_it_leads_somewhere() -> None:
    text = json.dumps(described())
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert named == set(described()["components"]["schemas"])


def test_every_operation_says_what_it_is_who_may_and_how_it_refuses() -> None:
    for path, method, details in operations():
        assert details["summary"], path
        assert details["description"], (path, method)
        assert details["tags"], path
        statuses = {int(status) for status in details["responses"]}
        assert {401, 503} <= statuses, path
        assert min(statuses) in {200, 201, 202, 204}, path
        if method in UNSAFE:
            names = {parameter["name"] for parameter in details["parameters"]}
            assert "Idempotency-Key" in names, path
    assert described()["security"] == [{"token": []}, {"session": []}]


def test_operation_ids_are_once_and_whole() -> None:
    ids = [details["operationId"] for _path, _method, details in operations()]
    assert len(ids) == len(set(ids))
    assert "__" not in " ".join(ids)


def test_the_issues_things_are_all_there() -> None:
    paths = set(described()["paths"])
    for thing in (
        "customers", "contacts", "sites", "assets", "technicians", "vehicles", "skills", "types",
        "priorities", "reasons", "service-orders", "absences", "live",
    ):  # fmt: skip
        assert f"/api/v1/{thing}" in paths
    for part in ("visits", "notes", "attachments", "journal", "actions/{action}"):
        assert f"/api/v1/service-orders/{{order_id}}/{part}" in paths


def test_every_example_is_of_an_operation_that_takes_a_body() -> None:
    with_body = {d["operationId"] for _path, _method, d in operations() if "requestBody" in d}
    assert set(BODIES) <= with_body


def test_examples_of_single_things_work_as_they_stand(world: World) -> None:
    for place, name in [
        ("/customers", "customers_make"),
        ("/sites", "sites_make"),
        ("/technicians", "technicians_make"),
        ("/skills", "skills_make"),
        ("/types", "type_make"),
        ("/reasons", "reason_make"),
    ]:
        body = BODIES[name] | ({"name": "Hoists"} if name == "skills_make" else {})
        assert world.boss.post(place, body).status == 201, name


def test_the_other_examples_differ_from_a_right_body_by_their_ids_only(world: World) -> None:
    mine = {
        "customer_id": world.anna.customer,
        "site_id": world.anna.site,
        "asset_id": world.anna.asset,
        "type_id": world.kind.pk,
        "technician_id": world.anna.technician.pk,
    }
    ids = {name: str(value) for name, value in mine.items()}
    for place, name in [
        ("/contacts", "contacts_make"),
        ("/assets", "assets_make"),
        ("/absences", "absence_make"),
        ("/service-orders", "order_record"),
    ]:
        body = BODIES[name] | {key: value for key, value in ids.items() if key in BODIES[name]}
        if name == "order_record":
            del body["start"]  # of a day that has its date
        answer = world.boss.post(place, body)
        assert answer.status == 201, (name, answer.text)


@pytest.mark.django_db
def test_the_page_keeps_the_strict_policy() -> None:
    response = Client().get("/api/v1/docs")
    text = response.content.decode()
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "style-src 'self'" in policy
    assert "<script" not in text
    assert " style=" not in text
    assert not re.search(r'(src|href)="(https?:)?//', text)
    for thing in ("/api/v1/service-orders/{order_id}/actions/{action}", "If-Match", "OrderOut"):
        assert thing in text
    style = Client().get("/api/v1/docs.css")
    assert style.headers["Content-Type"].startswith("text/css")


ROOT = Path(__file__).resolve().parents[2]
# The base class, the one function for outgoing HTTP, a drag on the Kanban, and what a phone tells
# late.
OTHER_DOORS = {"error", "address", "outgoing", "move_makes_no_sense"}
OTHER_DOORS |= {"too_old", "time_cannot_be", "place_gone"}
ROOMS = ("kernel", "customers", "workforce", "travel", "orders", "planning", "web/api")


def test_every_code_that_the_api_may_answer_is_in_the_handbook() -> None:
    handbook = (ROOT / "docs/api.md").read_text()
    sources = [path for room in ROOMS for path in (ROOT / "src/callout" / room).rglob("*.py")]
    codes = {
        code
        for path in sources
        for code in re.findall(r'^\s*code = "(\w+)"|code="(\w+)"', path.read_text(), flags=re.M)
        for code in code
        if code
    } - OTHER_DOORS
    assert len(codes) > 25
    assert {code for code in codes if f"`{code}`" not in handbook} == set()


def test_every_parameter_of_the_order_list_is_in_the_handbook() -> None:
    handbook = (ROOT / "docs/api.md").read_text()
    parameters = described()["paths"]["/api/v1/service-orders"]["get"]["parameters"]
    assert {one["name"] for one in parameters if one["name"] not in handbook} == set()
