"""Rows on their way into the tables of a new company, by COPY.

A table without rows is truncated first: then its rows are there for everybody at once (FREEZE),
and neither the log (with wal_level = minimal) nor a later VACUUM writes them a second time.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from django.db.models import Model
from psycopg import sql

from callout.backup import tables

AS_IT_IS = {str, int, float, date, datetime, UUID, type(None)}


class Loading:
    """One transaction of the owning role, within `put_away`: no foreign keys stand in the way."""

    def __init__(self, raw: "psycopg.Connection[Any]") -> None:
        self.raw = raw
        self.how: dict[str, str] = {}

    def text(self, table: str, names: Sequence[str], lines: bytes) -> None:
        """Rows as COPY reads them."""
        with self.raw.cursor() as cursor, cursor.copy(self._into(table, names)) as copy:
            copy.write(lines)

    def rows(self, rows: Sequence[Model]) -> None:
        """Rows of one model with all that they hold, as saving would write it."""
        meta = rows[0]._meta
        fields = [field for field in meta.concrete_fields if not field.generated]
        into = self._into(meta.db_table, [str(field.column) for field in fields])
        with self.raw.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                held = [(field, row.__dict__[field.attname]) for field in fields]
                copy.write_row(
                    [
                        value
                        if type(value) in AS_IT_IS
                        else field.get_db_prep_save(value, connection)
                        for field, value in held
                    ]
                )

    def _into(self, table: str, names: Sequence[str]) -> sql.Composed:
        if table not in self.how:
            name = sql.Identifier(table)
            there = self.raw.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(name)).rowcount
            if not there:
                self.raw.execute(sql.SQL("TRUNCATE {}").format(name))
            self.how[table] = "FROM STDIN" if there else "FROM STDIN (FREEZE)"
        return tables.copying(table, list(names), self.how[table])
