"""Changes of indexes on tables that are in use: nobody who writes to them waits.

Their migration has `atomic = False`. So each operation stands alone, and after one that was stopped
the migration begins again: each of these takes what a first try has left.
"""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, NotInTransactionMixin
from django.db.migrations import AlterField
from django.db.migrations.operations.base import Operation
from django.db.models import Index

IS_WHOLE = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)"


class AddIndexMeanwhile(AddIndexConcurrently):
    """`AddIndex`, built beside whoever writes."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._ensure_not_in_transaction(schema_editor)
        model = to_state.apps.get_model(app_label, self.model_name)
        # One that was not finished is there, though not valid, and every write keeps it up.
        schema_editor.remove_index(model, self.index, concurrently=True)
        super().database_forwards(app_label, schema_editor, from_state, to_state)


class AlterIndexMeanwhile(NotInTransactionMixin, AlterField):
    """`AlterField` where nothing but `db_index` changes.

    Django's own makes the foreign key of such a field anew: it is checked for all rows, of which
    none can be written meanwhile.
    """

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._ensure_not_in_transaction(schema_editor)
        model = from_state.apps.get_model(app_label, self.model_name)
        altered = to_state.apps.get_model(app_label, self.model_name)
        field = altered._meta.get_field(self.name)
        found = schema_editor._constraint_names(
            model, [field.column], unique=False, index=True, type_=Index.suffix,
            exclude={index.name for index in model._meta.indexes},
        )  # fmt: skip
        for name in found:
            schema_editor.execute(schema_editor._delete_index_sql(model, name, concurrently=True))
        if field.db_index:
            made = schema_editor._create_index_sql(altered, fields=[field], concurrently=True)
            schema_editor.execute(made)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self.database_forwards(app_label, schema_editor, from_state, to_state)


class UniqueMeanwhile(NotInTransactionMixin, Operation):
    """A unique index that the models know already, made where the database has none that is whole.

    `IF NOT EXISTS` would take for it what is left of one that was stopped, or that found two alike:
    that has the name, and refuses nothing that it was not told of.
    """

    atomic = False
    reversible = True

    def __init__(self, name: str, of: str) -> None:
        self.name, self.of = name, of

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(self, _app: str, schema_editor: Any, *_states: Any) -> None:
        self._ensure_not_in_transaction(schema_editor)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(IS_WHOLE, [self.name])
            if cursor.fetchone() == (True,):
                return
        name = schema_editor.quote_name(self.name)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        schema_editor.execute(f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {self.of}")

    def database_backwards(self, _app: str, schema_editor: Any, *_states: Any) -> None:
        """It stays: the models have it before this too."""

    def describe(self) -> str:
        return f"Create the unique index {self.name} where it is not"
