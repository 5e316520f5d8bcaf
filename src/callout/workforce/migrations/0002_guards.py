"""What Django's models cannot say: absences of one technician never overlap, trigram search."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

NO_OVERLAP = """
ALTER TABLE workforce_absence ADD CONSTRAINT absence_no_overlap
EXCLUDE USING gist (technician_id WITH =, tstzrange("start", "end") WITH &&)
WHERE (archived_at IS NULL) DEFERRABLE INITIALLY IMMEDIATE
"""


def _index(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE INDEX {table}_search ON workforce_{table} USING gin (search gin_trgm_ops)",
        f"DROP INDEX {table}_search",
    )


class Migration(migrations.Migration):
    dependencies = [("workforce", "0001_initial")]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.RunSQL(
            NO_OVERLAP, "ALTER TABLE workforce_absence DROP CONSTRAINT absence_no_overlap"
        ),
        _index("technician"),
        _index("vehicle"),
    ]
