"""Rows written by plain SQL, and sent together.

What a change writes waits on the change and goes to the database in one message: before anything
else is asked in it, and when it ends. A tap writes six rows; six journeys there and back, each
through Django's making of a statement, cost more than the rows themselves. Order and effect are
those of one statement after the other.
"""

import functools
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import DatabaseError, DataError, connection, models
from django.db.models.expressions import DatabaseDefault

from callout.kernel.message import message
from callout.kernel.prepared import Asked, parts_of, read_of
from callout.kernel.wire import Kept, Part

M = TypeVar("M", bound=models.Model)
Written = Part  # a statement that writes, and its values
NOT_ONE = "22012"  # what `one_row` fails with: a division by zero


def inserted(rows: Sequence[models.Model]) -> Written:
    """The statement that inserts these rows of one kind. Their keys are their own, or unknown."""
    table = rows[0]._meta.db_table
    # What is null everywhere is null by not being named: half of an order's columns.
    fields = [
        field
        for field in rows[0]._meta.concrete_fields
        if not field.generated and any(_given(getattr(row, field.attname)) for row in rows)
    ]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["(" + ", ".join(["%s"] * len(fields)) + ")"] * len(rows))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    values = [_value(row, field) for row in rows for field in fields]
    return f'INSERT INTO "{table}" ({columns}) VALUES {places}', values  # noqa: S608 - names of ours


def updated(row: models.Model, names: Iterable[str]) -> Written:
    """The statement that writes the fields of these names (`site` or `site_id`) of a row."""
    fields: list[Any] = [row._meta.get_field(name) for name in dict.fromkeys(names)]
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    values = [*(_value(row, field) for field in fields), row.pk]
    key = row._meta.pk.column
    return one_row(f'UPDATE "{row._meta.db_table}" SET {columns} WHERE "{key}" = %s'), values  # noqa: S608


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


def _value(row: models.Model, field: Any) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)
