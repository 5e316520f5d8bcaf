"""Lists in pages by keyset: the next page starts after the last row, however many came before.

A cursor is opaque to its reader and signed: what was not made here for this very order of rows is
Invalid, never a guess at the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from callout.kernel.errors import Invalid

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")

MOST = 200
SALT = "callout.paging"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and the cursor of those after them (None: there are none)."""

    items: list[T]
    next: str | None


def page(
    rows: models.QuerySet[M], order: Sequence[str], *, cursor: str | None = None, limit: int = 50
) -> Page[M]:
    """The rows after `cursor`, sorted by `order`.

    `order` are columns of the model that are never null ("-start" for descending), the last one
    unique. Invalid for a limit outside 1 to 200 and for a cursor that is not of this list.
    """
    if not 1 <= limit <= MOST:
        raise Invalid({"limit": [_("Ask for 1 to %(most)d rows.") % {"most": MOST}]})
    if cursor:
        rows = rows.filter(_after(order, _read(rows.model, order, cursor)))
    found = list(rows.order_by(*order)[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return Page(found, _cursor(found[-1], order) if more else None)


def _after(order: Sequence[str], values: list[Any]) -> Q:
    """Row comparison in words that the planner can use an index for."""
    name, value = order[0].removeprefix("-"), values[0]
    beyond = "lt" if order[0].startswith("-") else "gt"
    if len(order) == 1:
        return Q(**{f"{name}__{beyond}": value})
    rest = _after(order[1:], values[1:])
    return Q(**{f"{name}__{beyond}e": value}) & (Q(**{f"{name}__{beyond}": value}) | rest)


def _cursor(row: models.Model, order: Sequence[str]) -> str:
    names = [name.removeprefix("-") for name in order]
    values = [row._meta.get_field(name).value_to_string(row) for name in names]  # type: ignore[union-attr]
    return signing.dumps([_spec(type(row), order), *values], salt=SALT)


def _read(model: type[models.Model], order: Sequence[str], cursor: str) -> list[Any]:
    try:
        spec, *values = signing.loads(cursor, salt=SALT)
        if spec != _spec(model, order) or len(values) != len(order):
            raise signing.BadSignature
        fields = [model._meta.get_field(name.removeprefix("-")) for name in order]
        return [f.to_python(v) for f, v in zip(fields, values, strict=True)]  # type: ignore[union-attr]
    except (signing.BadSignature, ValidationError, ValueError, TypeError):
        # `from None`: what a stranger sent is not for the log.
        raise Invalid({"cursor": [_("This page is not known. Start the list again.")]}) from None


def _spec(model: type[models.Model], order: Sequence[str]) -> str:
    return ":".join([model._meta.label_lower, *order])
