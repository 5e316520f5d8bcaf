"""Fields too: a technician sends every field of every object, and 0 of them changes."""

import re
from typing import Any

import pytest
from django.db import connection

from callout.web.api.openapi import described
from tests.api.conftest import World, soon
from tests.api.routes import path_of, routes_there

ROOMS = [
    "accounts", "customers", "workforce", "travel", "orders", "planning", "webhooks", "notify",
    "fieldwork", "backup", "kernel",
]  # fmt: skip
PATCHES = [name for name in routes_there() if name.startswith(("PATCH", "PUT"))]


def fields_of(name: str) -> dict[str, Any]:
    """The fields that the route's body has, as the description says."""
    method, path = name.split(" ")
    plain = re.sub(r"{[^}:]+:", "{", f"/api/v1{path}")
    details = described()["paths"][plain][method.lower()]
    shape = details["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
    fields: dict[str, Any] = described()["components"]["schemas"][shape]["properties"]
    return fields


def value_for(schema: dict[str, Any], world: World) -> Any:
    """A value of the right form."""
    if "anyOf" in schema:
        return value_for(schema["anyOf"][0], world)
    if "enum" in schema:
        return schema["enum"][-1]
    if schema.get("format") == "uuid":
        return str(world.anna.site)
    if schema.get("format") in {"date", "time", "date-time"}:
        moment = soon(700)
        forms = {"date": "%Y-%m-%d", "time": "%H:%M", "date-time": "%Y-%m-%dT%H:%M:%S%z"}
        return moment.strftime(forms[schema["format"]])
    if schema.get("type") == "array":
        return [[["01:00", "02:00"]]] * 7 if "array" in str(schema["items"]) else []
    return {"string": "Changed", "integer": 30, "number": 1.5, "boolean": True}[schema["type"]]


def everything(world: World) -> dict[str, list[Any]]:
    """Every row of every room, whoever's, but that a token was used."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND split_part(tablename, '_', 1) = ANY(%s) AND tablename <> 'accounts_apitoken'"
            " ORDER BY 1",
            [ROOMS],
        )
        tables = [table for (table,) in cursor.fetchall()]
        rows = {}
        for table in tables:
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t ORDER BY 1')
            rows[table] = cursor.fetchall()
    return rows


def test_there_is_something_to_send() -> None:
    assert len(PATCHES) >= 12
    assert sum(len(fields_of(name)) for name in PATCHES) >= 90


@pytest.mark.wide
@pytest.mark.parametrize("name", PATCHES)
def test_no_field_of_any_object_is_a_technicians_to_change(world: World, name: str) -> None:
    before = everything(world)
    fields = fields_of(name)
    method, path = name.split(" ")
    for share in (world.anna, world.bert):
        (place,) = path_of(path, world, share, world.anna.order)
        whole = {field: value_for(schema, world) for field, schema in fields.items()}
        for body in [*({field: value} for field, value in whole.items()), whole]:
            answer = world.anna.api(method, place, body, If_Match='"1"')
            assert (answer.status, answer.code) == (403, "forbidden")
    assert everything(world) == before


def test_the_same_fields_do_change_for_a_manager(world: World) -> None:
    """The negative control: what is sent above is right, but for who sends it."""
    path = f"/customers/{world.anna.customer}"
    before = everything(world)
    answer = world.boss.patch(path, {"alert": "Changed"}, If_Match=world.boss.get(path).etag)
    assert answer.status == 200
    assert everything(world) != before
