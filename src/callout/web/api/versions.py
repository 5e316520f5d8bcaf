"""How the OpenAPI document says that a route takes a version. What is done with it: writing.py."""

from typing import Any


def _if_match(words: str, *, required: bool) -> dict[str, Any]:
    parameter = {
        "in": "header",
        "name": "If-Match",
        "required": required,
        "schema": {"type": "string"},
        "example": '"3"',
        "description": words,
    }
    return {"parameters": [parameter]}


NEEDS_VERSION = _if_match(
    "The ETag that came with what you read. 428 without it, 412 when somebody was faster.",
    required=True,
)
TAKES_VERSION = _if_match(
    "The ETag that came with what you read. Optional; 412 when somebody was faster.",
    required=False,
)
