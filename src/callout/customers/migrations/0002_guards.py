"""What Django's models cannot say: trigram search over the normalised columns."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

TABLES = ["customer", "contact", "site", "asset"]


def _index(table: str) -> migrations.RunSQL:
    # A planner that knows the common trigrams well chooses the index; 100 is too coarse for names.
    return migrations.RunSQL(
        f"ALTER TABLE customers_{table} ALTER COLUMN search SET STATISTICS 1000;"
        f"CREATE INDEX {table}_search ON customers_{table} USING gin (search gin_trgm_ops);",
        f"DROP INDEX {table}_search;",
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [TrigramExtension(), *map(_index, TABLES)]
