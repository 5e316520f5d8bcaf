"""The journal only grows: update, delete and truncate are refused, whoever asks.

The one exception is the erasure of personal values, and only through `journal_redact`, which runs
as the owner of the table. The triggers are ENABLE ALWAYS: `session_replication_role` does not
switch them off. ERRCODE CJ001 is this project's own.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION journal_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_user = (
        SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID
    ) THEN
        -- Equal in every byte but for the personal values that go.
        OLD.personal := NULL;
        IF NEW *= OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the journal cannot be changed: % refused', lower(TG_OP)
        USING ERRCODE = 'CJ001', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END $$;

CREATE TRIGGER journal_guard_rows BEFORE UPDATE OR DELETE ON kernel_journalentry
    FOR EACH ROW EXECUTE FUNCTION journal_guard();
CREATE TRIGGER journal_guard_truncate BEFORE TRUNCATE ON kernel_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_guard();
ALTER TABLE kernel_journalentry
    ENABLE ALWAYS TRIGGER journal_guard_rows,
    ENABLE ALWAYS TRIGGER journal_guard_truncate;
"""

NO_GUARD = """
DROP TRIGGER journal_guard_truncate ON kernel_journalentry;
DROP TRIGGER journal_guard_rows ON kernel_journalentry;
DROP FUNCTION journal_guard();
"""

# The schema is the one the table really stands in, so that nobody's search_path, and nobody's
# temporary table of the same name, can make the owner write elsewhere.
REDACT = """
DO $do$
DECLARE place text;
BEGIN
    SELECT quote_ident(nspname) INTO STRICT place FROM pg_namespace WHERE oid = (
        SELECT relnamespace FROM pg_class WHERE oid = 'kernel_journalentry'::regclass
    );
    EXECUTE format($make$
        CREATE FUNCTION journal_redact(entity uuid) RETURNS bigint
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
        DECLARE emptied bigint;
        BEGIN
            UPDATE %1$s.kernel_journalentry AS j SET personal = NULL
                WHERE j.entity_id = journal_redact.entity AND j.personal IS NOT NULL;
            GET DIAGNOSTICS emptied = ROW_COUNT;
            RETURN emptied;
        END $body$
    $make$, place);
END $do$;
REVOKE ALL ON FUNCTION journal_redact(uuid) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RunSQL(GUARD, NO_GUARD),
        migrations.RunSQL(REDACT, "DROP FUNCTION journal_redact(uuid)"),
    ]
