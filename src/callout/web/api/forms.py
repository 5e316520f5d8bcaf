"""The form of a request, before its meaning: content type, JSON, names in the address."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.parser import Parser

from callout.kernel.errors import Invalid
from callout.web.api.problems import Malformed, WrongContentType


@dataclass(frozen=True, slots=True)
class Form:
    """What one operation takes."""

    names: frozenset[str]  # in the query of the address
    upload: bool


_forms: dict[tuple[str, str], Form] = {}  # by method and route


def forms_known(api: NinjaAPI, prefix: str) -> None:
    """Learn what each operation of `api`, mounted at `prefix`, takes."""
    for path, operation in operations(api):
        route = prefix + path.lstrip("/").replace("{", "<").replace("}", ">")
        for method in operation.methods:
            _forms[method, route] = _form(operation)


def operations(api: NinjaAPI) -> Iterator[tuple[str, Operation]]:
    """Every operation with its path."""
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                yield f"{bound.prefix}{path}", operation


def _form(operation: Operation) -> Form:
    names: set[str] = set()
    sources = set()
    for model in operation.models:
        sources.add(model.__ninja_param_source__)
        if model.__ninja_param_source__ == "query":
            names |= set(model.__ninja_flatten_map__)
    return Form(frozenset(names), upload="file" in sources)


def form_checked(request: HttpRequest) -> None:
    """Invalid for a name that nothing reads (a filter mistyped would show everything),
    WrongContentType for a body of another kind."""
    match = request.resolver_match
    form = _forms[request.method or "", match.route if match else ""]
    unknown = sorted(set(request.GET) - form.names)
    if unknown:
        raise Invalid({name[:100]: [_("There is no such parameter.")] for name in unknown})
    for name, values in request.GET.lists():
        if len(values) > 1:
            raise Invalid({name: [_("Give it once; several values go in one, with commas.")]})
        storable(values[0], name)
    kind = request.content_type or ""
    if form.upload:
        if kind != "multipart/form-data":
            raise WrongContentType(_("Send the file as multipart/form-data."))
    elif kind != "application/json" and request.method not in {"GET", "HEAD"} and request.body:
        raise WrongContentType(_("Send JSON, with Content-Type: application/json."))


class StrictParser(Parser):
    """JSON as RFC 8259 has it, with texts that the database can keep."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Malformed for what is no JSON; Invalid for what JSON can say and we cannot keep."""
        try:
            body = json.loads(
                request.body.decode("utf-8"),
                parse_constant=_no_constant,
                parse_float=_finite,
                object_pairs_hook=_once_each,
            )
        except (ValueError, RecursionError):
            raise Malformed(_("This is not JSON.")) from None
        _texts_checked(body, "")
        return body


def _no_constant(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _texts_checked(value: Any, name: str) -> None:
    if isinstance(value, str):
        storable(value, name)
    elif isinstance(value, list):
        for one in value:
            _texts_checked(one, name)
    elif isinstance(value, dict):
        for key, one in value.items():
            storable(key, name)
            _texts_checked(one, key)


def storable(text: str, name: str) -> None:
    """Invalid for NUL and half characters, which no text in PostgreSQL can hold."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise Invalid({name: [_("There is a character in it that cannot be kept.")]})
