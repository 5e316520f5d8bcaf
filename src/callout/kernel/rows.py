"""Rows written by plain SQL, and sent together.

What a change writes waits on the change and goes to the database in one message: before anything
else is asked in it, and when it ends. A tap writes six rows; six journeys there and back, each
through Django's making of a statement, cost more than the rows themselves. Order and effect are
those of one statement after the other.
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    DataError,
    connection,
    connections,
    models,
)
from django.db.models.expressions import DatabaseDefault

from callout.kernel.message import message
from callout.kernel.prepared import Asked, parts_of, read_of
from callout.kernel.wire import Kept, Part

M = TypeVar("M", bound=models.Model)
Written = Part  # a statement that writes, and its values
NOT_ONE = "22012"  # what `one_row` fails with: a division by zero


@dataclass(frozen=True, slots=True)
class _Column:
    """A field, and how its value becomes the database's: values of `kind` go as they are."""

    attname: str
    column: str
    kind: type | None
    prepare: Callable[..., Any]

    @classmethod
    def of(cls, field: Any) -> "_Column":
        end = field
        while end.remote_field:
            end = end.target_field
        return cls(field.attname, field.column, AS_THEY_ARE.get(type(end)), field.get_db_prep_save)

    def value(self, given: Any, link: Any) -> Any:
        """What goes to the database."""
        plain = type(given) is self.kind
        if plain and (self.kind is not datetime or given.tzinfo is not None):
            return given
        return self.prepare(given, link)


# What Django's own fields hand on unchanged, asked one by one: half of the making of a statement.
AS_THEY_ARE: dict[type, type] = {
    models.UUIDField: UUID,
    models.CharField: str,
    models.TextField: str,
    models.BooleanField: bool,
    models.DateTimeField: datetime,
}


@functools.cache
def _columns(model: type[models.Model]) -> list[_Column]:
    return [_Column.of(field) for field in model._meta.concrete_fields if not field.generated]


def inserted(rows: Sequence[models.Model]) -> Written:
    """The statement that inserts these rows of one kind. Their keys are their own, or unknown."""
    model, link = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    # What is null everywhere is null by not being named: half of an order's columns.
    columns = [
        one for one in _columns(model) if any(_given(getattr(row, one.attname)) for row in rows)
    ]
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    values = [one.value(getattr(row, one.attname), link) for row in rows for one in columns]
    return _insert(model._meta.db_table, tuple([one.column for one in columns]), len(rows)), values


@functools.lru_cache(maxsize=512)
def _insert(table: str, columns: tuple[str, ...], many: int) -> str:
    named = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join(["(" + ", ".join(["%s"] * len(columns)) + ")"] * many)
    return f'INSERT INTO "{table}" ({named}) VALUES {places}'  # noqa: S608 - names of ours


def updated(row: models.Model, names: Iterable[str]) -> Written:
    """The statement that writes the fields of these names (`site` or `site_id`) of a row."""
    link = connections[DEFAULT_DB_ALIAS]
    statement, columns = _update(type(row), tuple(dict.fromkeys(names)))
    return statement, [*(one.value(getattr(row, one.attname), link) for one in columns), row.pk]


@functools.lru_cache(maxsize=512)
def _update(model: type[models.Model], names: tuple[str, ...]) -> tuple[Kept, list[_Column]]:
    columns = [_Column.of(model._meta.get_field(name)) for name in names]
    named = ", ".join(f'"{one.column}" = %s' for one in columns)
    key = model._meta.pk.column
    statement = f'UPDATE "{model._meta.db_table}" SET {named} WHERE "{key}" = %s'  # noqa: S608
    return one_row(statement), columns


@functools.lru_cache(maxsize=512)
def one_row(statement: str) -> Kept:
    """`statement`, which fails where it does not write exactly one row: the database itself looks,
    since what comes after it in the same message may be the COMMIT."""
    return Kept(
        f"WITH written AS ({statement} RETURNING 1)"  # noqa: S608 - a statement of ours
        " SELECT 1 / (count(*) = 1)::int FROM written"
    )


def read(model: type[M], names: Sequence[str], values: Sequence[Any]) -> M:
    """The instance of these columns, as plain SQL gave them; all others are deferred."""
    given = dict(zip(names, values, strict=True))
    known = [f for f in model._meta.concrete_fields if f.attname in given]
    found = [_read(f, given[f.attname]) for f in known]
    return model.from_db(connection.alias, [f.attname for f in known], found)


def _read(field: Any, value: Any) -> Any:
    """What the field makes of a column: JSON comes as text."""
    convert = getattr(field, "from_db_value", None)
    return convert(value, None, connection) if convert else value


def send(
    statements: Sequence[Written], asked: Sequence[Asked] = (), *, commit: bool = False
) -> list[list[Any]]:
    """All of them in one message, in this order, and what is `asked` of what they leave behind.

    `commit` ends the transaction with it, if nothing fails. DatabaseError when a row that was to be
    updated is not there.
    """
    try:
        with message([*statements, *parts_of(asked)], commit=commit) as cursor:
            for _each in statements:
                cursor.nextset()
            return read_of(asked, cursor)
    except DataError as error:
        if getattr(error.__cause__, "sqlstate", None) != NOT_ONE:
            raise
        raise DatabaseError(f"not one row: {[text for text, _values in statements]}") from error


def _given(value: Any) -> bool:
    return value is not None and not isinstance(value, DatabaseDefault)
