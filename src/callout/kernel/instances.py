"""Instances of models from rows that were read, without asking Django each time how.

Which column is which field of which model is the same at every asking of a prepared statement; and
to make an instance Django calls a descriptor for each field, signals and all, where filling its
`__dict__` says the same: 28 of them in a change of status.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.signals import post_init, pre_init

Row = Sequence[Any]


class Instances:
    """How the rows of one queryset become instances."""

    def __init__(self, rows: QuerySet[Any, Any], compiler: Any) -> None:
        kind, select = compiler.klass_info, compiler.select
        places = kind["select_fields"]
        self._db = rows.db
        self._start, self._end = places[0], places[-1] + 1
        self._names = [one[0].target.attname for one in select[self._start : self._end]]
        self._model = _Plain.of(kind["model"])
        self._joined = get_related_populators(kind, select, rows.db)  # type: ignore[call-arg]
        _plainly(self._joined)
        self._noted = list((compiler.annotation_col_map or {}).items())
        columns = [column[0] for column in select[: compiler.col_count]]
        self._converters = list(compiler.get_converters(columns).items())

    @classmethod
    def of_queryset(cls, rows: QuerySet[Any, Any], compiler: Any) -> "Instances | None":
        """None where only the queryset itself knows: values, or more rows to be fetched."""
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        of_its_own = (
            rows._iterable_class is not ModelIterable
            or rows._prefetch_related_lookups  # type: ignore[attr-defined]
            or rows._known_related_objects  # type: ignore[attr-defined]
            or compiler.has_composite_fields(columns)
        )
        return None if of_its_own else cls(rows, compiler)

    def of(self, found: Iterable[Row]) -> list[Any]:
        """One for each row."""
        if self._converters:
            found = [self._converted(row) for row in found]
        made = []
        for row in found:
            one = self._model.from_db(self._db, self._names, row[self._start : self._end])
            for joined in self._joined:
                joined.populate(row, one)
            for name, place in self._noted:
                setattr(one, name, row[place])
            made.append(one)
        return made

    def _converted(self, row: Row) -> list[Any]:
        values, link = list(row), connections[self._db]
        for place, (converters, expression) in self._converters:
            for convert in converters:
                values[place] = convert(values[place], expression, link)
        return values


class _Plain:
    """A model whose instances are what was read and nothing else."""

    def __init__(self, model: type[Model]) -> None:
        self._model = model

    @classmethod
    def of(cls, model: Any) -> Any:
        """The model itself where somebody wants to know of each instance."""
        own = model.__init__ is not Model.__init__ or (
            model.from_db.__func__ is not Model.from_db.__func__  # type: ignore[attr-defined]
        )
        heard = pre_init.has_listeners(model) or post_init.has_listeners(model)
        return model if own or heard else cls(model)

    def from_db(self, db: str, names: Sequence[str], values: Row) -> Model:
        """As Model.from_db. Fields that were not read are not there: deferred."""
        one = self._model.__new__(self._model)
        state = ModelState()
        state.adding, state.db = False, db
        one.__dict__["_state"] = state
        one.__dict__.update(zip(names, values, strict=True))
        return one


def _plainly(joined: list[Any]) -> None:
    for one in joined:
        one.model_cls = _Plain.of(one.model_cls)
        _plainly(one.related_populators)
