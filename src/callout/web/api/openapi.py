"""The OpenAPI 3.1 document: what ninja derives from the code, and what holds for every route."""

import json
from functools import cache
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from callout.web.api.access import ManagerOnly
from callout.web.api.examples import BODIES
from callout.web.api.forms import operations

UNSAFE = {"post", "put", "patch", "delete"}
INTRODUCTION = """\
Everything that the office does, for programs. Send a token as `Authorization: Bearer ...` (made in
the settings, or with `callout token EMAIL --name NAME`); it has its owner's rights and no more. A
technician's token sees own work only; what is not yours is not there (404).

Ids are UUIDs. Times are ISO 8601 with their offset. Lists answer `{items, next}`: send `next` as
`after` for the page that follows. Every answer of one thing has its version as `ETag`; edits send
it back as `If-Match`. An `Idempotency-Key` makes the repeat of a change harmless. What is refused
is answered as problem details (RFC 9457) with a stable `code`."""
PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457). Other members say more, by code.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "example": "about:blank"},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "For the person, in their language."},
        "code": {"type": "string", "description": "For the program; never changes."},
        "errors": {
            "type": "array",
            "description": "422: what is wrong with which field.",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "current": {"type": "object", "description": "412: the thing as it stands now."},
    },
    "example": {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "Anna Maes already has SO-000123 from 09:00 to 10:30.",
        "code": "overlap",
    },
}
REFUSALS = {
    400: "Not to be understood: malformed JSON, nested too deeply.",
    401: "No token or session, or not a live one.",
    403: "Not for this reader, whatever the object.",
    404: "Not there, or not yours.",
    409: "The state, or another booking, forbids it.",
    412: "Somebody was faster; `current` is what stands.",
    413: "Too large.",
    415: "Another content type than the route takes.",
    422: "A value that cannot be; `errors` says which.",
    428: "The version is missing.",
    502: "Whoever would know did not answer; try again in a minute.",
    503: "Not now; try again.",
}
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "Any text of your own, new for each change. Sent again with the same request"
    " within 30 days it gives the same answer (`Idempotency-Replayed: true`) and does nothing;"
    " with another request it is 422.",
}
LIVE = {
    "get": {
        "operationId": "live",
        "tags": ["Live"],
        "summary": "Follow what changes",
        "description": "Server-sent events: hints of what changed (kind and id, never data), for"
        " what the reader may see. `Last-Event-ID` goes on from there; `event: resync` means: load"
        " again. At most six streams for each user.",
        "responses": {
            "200": {
                "description": "The stream.",
                "content": {
                    "text/event-stream": {
                        "schema": {"type": "string"},
                        "example": 'data: {"kind": "service_order", "id": "..."}',
                    }
                },
            },
        },
    }
}


@cache
def described() -> dict[str, Any]:
    """The whole document. Made once: it depends on nothing but the code."""
    from callout.web.api.api import PREFIX, api

    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    document["info"] |= {"description": INTRODUCTION, "license": {"name": "Apache-2.0"}}
    document["servers"] = [{"url": "/"}]
    document["components"]["schemas"]["Problem"] = PROBLEM
    document["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The sign-in of a browser on one of our own pages; changes also need"
            " the page's origin and its CSRF token as X-CSRFToken.",
        },
    }
    document["security"] = [{"token": []}, {"session": []}]
    doors = {operation.operation_id or operation.view_func.__name__: operation.auth_callbacks[0]
             for _path, operation in operations(api)}  # fmt: skip
    _unused_dropped(document)
    for methods in document["paths"].values():
        for method, details in methods.items():
            _completed(method, details, doors[details["operationId"]])
    document["paths"]["/api/v1/live"] = LIVE
    for details in LIVE.values():
        _refusals_added(details, {401, 503})
    return document


def _unused_dropped(document: dict[str, Any]) -> None:
    """Ninja also lists the models that only hold the parameters of an address."""
    schemas = document["components"]["schemas"]
    text = json.dumps(document)
    for name in [name for name in schemas if f'schemas/{name}"' not in text]:
        if name != "Problem":
            del schemas[name]


def _completed(method: str, details: dict[str, Any], door: Any) -> None:
    """What every operation shares, by its method and by who stands at its door."""
    details.pop("security", None)  # as the whole document
    details["description"] = " ".join(details.get("description", "").split())
    if isinstance(door, ManagerOnly) and "Managers only." not in details["description"]:
        details["description"] += " Managers only."
    _refusals_added(details, _refusals(method, details))
    if method in UNSAFE:
        details["parameters"].append(KEY)
    body = details.get("requestBody")
    if body and details["operationId"] in BODIES:
        for content in body["content"].values():
            content["example"] = BODIES[details["operationId"]]
    for status, response in details["responses"].items():
        schema = response.get("content", {}).get("application/json", {}).get("schema", {})
        if status in (200, 201, 202) and not schema.get("$ref", "").endswith("List"):
            response["headers"] = {
                "ETag": {"description": "Its version.", "schema": {"type": "string"}}
            }


def _refusals(method: str, details: dict[str, Any]) -> set[int]:
    found = {400, 401, 403, 422, 503}
    names = {parameter["name"] for parameter in details["parameters"]}
    if any(parameter["in"] == "path" for parameter in details["parameters"]):
        found.add(404)
    if "If-Match" in names:
        found.add(412)
        required = {p["name"] for p in details["parameters"] if p["required"]}
        if "If-Match" in required or details["operationId"] in {"order_act", "week_set"}:
            found.add(428)
    if details["operationId"] == "position_find":
        found |= {409, 502}
    if method in UNSAFE:
        found |= {409, 413, 415}
    return found


def _refusals_added(details: dict[str, Any], statuses: set[int]) -> None:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in sorted(statuses):
        details["responses"][status] = {"description": REFUSALS[status], "content": content}


# --- the same, to read ---------------------------------------------------------------------------


def readable() -> dict[str, Any]:
    """The document as the page shows it: by tag, with types in words."""
    document = described()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, details in methods.items():
            row = _readable_operation(path, method, details)
            groups.setdefault(details["tags"][0], []).append(row)
    shapes = document["components"]["schemas"]
    return {
        "introduction": [_marked(one) for one in document["info"]["description"].split("\n\n")],
        "groups": [{"name": name, "id": _id(name), "rows": rows} for name, rows in groups.items()],
        "shapes": [
            {"name": name, "words": _marked(shape.get("description", "")), "fields": _fields(shape)}
            for name, shape in sorted(shapes.items())
        ],
        "refusals": {status: _marked(words) for status, words in REFUSALS.items()},
    }


def _readable_operation(path: str, method: str, details: dict[str, Any]) -> dict[str, Any]:
    body = details.get("requestBody", {}).get("content", {})
    answers = [
        (status, _type(next(iter(response["content"].values()))["schema"]))
        if response.get("content")
        else (status, "")
        for status, response in details["responses"].items()
        if int(status) < 300
    ]
    return {
        "id": details["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": details["summary"],
        "words": _marked(details.get("description", "")),
        "parameters": [
            {
                "name": parameter["name"],
                "where": parameter["in"],
                "type": _type(parameter["schema"]),
                "required": parameter["required"],
                "words": _marked(parameter.get("description", "")),
            }
            for parameter in details.get("parameters", [])
        ],
        "bodies": [
            (kind, _type(content["schema"]).removesuffix(" or null"))
            for kind, content in body.items()
        ],
        "answers": answers,
        "refusals": [status for status in details["responses"] if int(status) >= 400],
    }


def _fields(shape: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "type": _type(field),
            "required": name in shape.get("required", []),
            "words": _marked(field.get("description", "")),
        }
        for name, field in shape.get("properties", {}).items()
    ]


def _type(schema: dict[str, Any]) -> str:
    """A schema in words: "text or null", "list of Linked", "one of: new, planned"."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return "one of: " + ", ".join(str(one) or "(empty)" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    words = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    kind = str(schema.get("format") or schema.get("type") or "anything")
    return words.get(kind, kind)


def _marked(words: str) -> SafeString:
    """What stands between backticks, as code."""
    parts = enumerate(words.split("`"))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", p) if n % 2 else p,) for n, p in parts)
    )


def _id(name: str) -> str:
    return name.lower().replace(" ", "-")
