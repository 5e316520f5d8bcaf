"""What the app's database role may do: read and write rows, but own nothing and keep the journal.

Runs after every migration by the owner's role, so that an external server needs no default
privileges set by hand. The triggers refuse changes of the journal besides; see migration 0002.
"""

from typing import Any

from django.conf import settings
from django.db import connections

GRANTS = """
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
GRANT EXECUTE ON FUNCTION journal_redact(uuid) TO {role};
REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON kernel_journalentry FROM {role};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role};
"""


def grant_after_migrating(*, using: str, **_signal: Any) -> None:
    """A `post_migrate` receiver: nothing to do where the app itself owns the tables."""
    role = settings.DATABASES["default"].get("USER") or ""
    connection = connections[using]
    if connection.settings_dict.get("USER") == role or not role:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(current_schema()), quote_ident(%s),"
            " to_regprocedure('journal_redact(uuid)') IS NOT NULL",
            [role],
        )
        schema, quoted, complete = cursor.fetchone()
        if not complete:  # migrated backwards: there is nothing to give rights to
            return
        cursor.execute(GRANTS.format(schema=schema, role=quoted))
