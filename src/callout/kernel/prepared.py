"""Queries that are made once and asked often.

To make the SQL of a queryset takes Django longer than PostgreSQL takes to answer it (measured, see
bench/README.md). What is here is made at its first use, with a `Given` in each place that differs
from one asking to the next, and answers as the queryset would. It outlives the request: whatever
belongs to one (the actor, the hour, the language) may be in it as a Given only.

PostgreSQL plans a `Prepared` once for each connection, whatever it is given: it is for what is
looked up by ids. A `Statement` is planned with its values each time unless it is `kept`: for what
is searched, sorted or bounded, since one plan for all texts would walk through all orders for a
rare one (seen).
"""

import copy
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import Expression, Field, ForeignObject, Lookup, QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    NamedValuesListIterable,
    ValuesListIterable,
)
from django.db.models.utils import create_namedtuple_class
from psycopg import sql as literals

from callout.kernel.instances import Instances
from callout.kernel.message import message
from callout.kernel.wire import MOMENTS, Binary, Kept, Part, Wire

T = TypeVar("T")
Values = Mapping[str, Any]
Shape = Callable[[Iterable[Any]], list[Any]]


class Given(Expression):
    """The place of a value that is given with the asking: `filter(pk=Given("order", UUIDField()))`.

    The value goes to psycopg as it is, so it must be what the database keeps: a date, not a text.
    """

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class _Any(Lookup):
    """`pk__any=Given("ids", ...)`: one of a list, whose length is not part of the statement."""

    lookup_name = "any"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY ({right})", (*left_params, *right_params)


class _Like(Lookup):
    """`search__like=Given("word", ...)`: LIKE with the pattern made by `pattern`."""

    lookup_name = "like"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right}", (*left_params, *right_params)


Field.register_lookup(_Any)
ForeignObject.register_lookup(_Any)  # links do not take over what plain fields have
Field.register_lookup(_Like)


class Cursor(ServerBindingCursor):
    """Django's cursor, which reads moments as messages do (wire.py)."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        if MOMENTS is not None:
            self.adapters.register_loader("timestamptz", MOMENTS)  # type: ignore[attr-defined]


def cursors_set(connection: Any, **_signal: Any) -> None:
    """Called for each new connection to the database."""
    connection.connection.cursor_factory = Cursor
    connection.wire = Wire(connection.connection)


def pattern(text: str) -> str:
    """What `__like` is given to find `text` anywhere, with nothing in it taken for a wildcard."""
    for special in ("\\", "%", "_"):
        text = text.replace(special, f"\\{special}")
    return f"%{text}%"


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL, and the names of the values that stand in its places. `kept`: one plan does for all
    values, or there are none; PostgreSQL still compares it with plans for the first few. `binary`:
    it is kept, and what it answers is bytes and texts (kernel/packed.py)."""

    sql: str
    given: tuple[str, ...] = ()
    kept: bool = False
    binary: bool = False

    def filled(self, values: Values) -> tuple[Any, ...]:
        """The values in the order of their places. KeyError for one that is missing."""
        return tuple([values[name] for name in self.given])

    def part(self, values: Values) -> Part:
        """What goes into a message."""
        kind = Binary if self.binary else Kept if self.kept else str
        return kind(self.sql), self.filled(values)

    def ask(self, values: Values) -> list[tuple[Any, ...]]:
        """The rows as plain tuples."""
        with message([self.part(values)]) as cursor:
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found


def statement_of(rows: QuerySet[Any, Any]) -> Statement | None:
    """The statement of a queryset, to be part of a larger one; None if it can find nothing."""
    return _made(rows.query.get_compiler(using=rows.db))


def _made(compiler: Any) -> Statement | None:
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    # What is no Given is a constant of the code. It stands in the statement itself: a parameter
    # would hide from the planner which partial index serves it.
    left = iter(params)
    given: list[str] = []

    def place(found: "re.Match[str]") -> str:
        if found[0] == "%%":
            return "%%"
        value = next(left)
        if type(value) is Given:
            given.append(value.name)
            return "%s"
        compiler.connection.ensure_connection()
        return literals.quote(value, compiler.connection.connection).replace("%", "%%")

    return Statement(re.sub("%%|%s", place, sql), tuple(given))


class Prepared(Generic[T]):
    """A queryset made once: `Prepared(lambda: Order.objects.filter(pk=Given("id", ...)))`."""

    def __init__(self, make: Callable[[], QuerySet[Any, T]], *, binary: bool = False) -> None:
        self.make, self.binary = make, binary
        self._made: tuple[QuerySet[Any, T], Any, Statement | None] | None = None
        self._shape: Shape | None = None

    def all(self, **values: Any) -> list[T]:
        """All rows: instances or values as the queryset gives them, joins and prefetches too."""
        statement = self.statement()
        if statement is None:
            return []
        return self.read(statement.ask(values))

    def ask(self, **values: Any) -> "Asked":
        """The same, to be asked `together` with others."""
        return self, values

    def read(self, found: list[tuple[Any, ...]]) -> list[T]:
        """What the queryset makes of these rows of its statement."""
        if self._made is None:
            self._prepare()
        if self._shape is None:
            return self._again(found)
        return self._shape(found)

    def statement(self) -> Statement | None:
        """The SQL; None where nothing can be found."""
        _rows, _compiler, statement = self._made or self._prepare()
        return statement

    def _again(self, found: list[tuple[Any, ...]]) -> list[T]:
        """The queryset once more, with what the database answered given."""
        rows, kept, _statement = self._made or self._prepare()
        # The kept compiler knows which column is what; the connection is this thread's own.
        compiler = copy.copy(kept)
        compiler.connection = connections[rows.db]
        compiler.execute_sql = lambda *_args, **_kwargs: [found]
        again = rows.all()
        again.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        return list(again)

    def first(self, **values: Any) -> T | None:
        """The first row, None for none. Whatever order and limit there is, the queryset has."""
        found = self.all(**values)
        return found[0] if found else None

    def _prepare(self) -> tuple[QuerySet[Any, T], Any, Statement | None]:
        rows = self.make()
        compiler = rows.query.get_compiler(using=rows.db)
        statement = _made(compiler)
        if statement is not None:
            statement = replace(statement, kept=True, binary=self.binary)
            # Which columns are read how is the same each time too, and takes as long as the rows.
            columns = [column[0] for column in compiler.select[: compiler.col_count]]
            converters = compiler.get_converters(columns)
            compiler.get_converters = lambda _columns: converters
            self._shape = _shape(rows, compiler, converters)
            if self._shape is None and (instances := Instances.of_queryset(rows, compiler)):
                self._shape = instances.of
        self._made = rows, compiler, statement
        return self._made


def _shape(rows: Any, compiler: Any, converters: Any) -> Shape | None:
    """How rows of a statement become what `values_list` gives, without a queryset for each asking;
    None where there is more to make than tuples."""
    kind: Any = rows._iterable_class
    make: Callable[[Any], Any] = tuple
    if kind is NamedValuesListIterable and rows._fields:
        make = create_namedtuple_class(*rows._fields)._make
    elif kind is FlatValuesListIterable:
        make = itemgetter(0)
    elif kind is not ValuesListIterable:
        return None

    def made(found: Iterable[Any]) -> list[Any]:
        if converters:
            own = copy.copy(compiler)
            own.connection = connections[rows.db]
            found = own.apply_converters(found, converters)
        return list(map(make, found))

    return made


Asked = tuple[Prepared[Any], Values]
NOTHING = Statement("SELECT 1 WHERE false", kept=True)


def together(*asked: Asked) -> list[list[Any]]:
    """The rows of each, asked in this order in one message: one journey there and back."""
    with message(parts_of(asked)) as cursor:
        return read_of(asked, cursor)


def parts_of(asked: Sequence[Asked]) -> list[Part]:
    """What goes into a message for these."""
    return [(one.statement() or NOTHING).part(values) for one, values in asked]


def read_of(asked: Sequence[Asked], cursor: Any) -> list[list[Any]]:
    """The rows of each, from the message's cursor."""
    found = []
    for one, _values in asked:
        found.append(one.read(cursor.fetchall()))
        cursor.nextset()
    return found
