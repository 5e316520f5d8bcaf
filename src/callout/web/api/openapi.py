"""The OpenAPI 3.1 document: what ninja derives from the code, and what holds for every route."""

from functools import cache
from typing import Any


@cache
def described() -> dict[str, Any]:
    """The whole document."""
    from callout.web.api.api import PREFIX, api

    return dict(api.get_openapi_schema(path_prefix=PREFIX))


def readable() -> dict[str, Any]:
    """The same, as the page shows it."""
    return {"document": described()}
