"""The journal can't be edited: tried with raw SQL, as the app's own database role and as others.

There are three fences. The app's role lacks the privilege; with it, a trigger refuses; only the
owner of the table can switch the trigger off. Each is shown to hold by taking the others away.
"""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from tests.harness import database
from tests.kernel.entries import write

CHANGES = [
    "UPDATE kernel_journalentry SET kind = 'forged'",
    "UPDATE kernel_journalentry SET personal = '{}'",
    "UPDATE kernel_journalentry SET personal = NULL, kind = 'forged'",
    "UPDATE kernel_journalentry SET personal = NULL, facts = '{\"a\": 1.0}'",
    "DELETE FROM kernel_journalentry",
    "TRUNCATE kernel_journalentry",
    "TRUNCATE kernel_journalentry CASCADE",
    "MERGE INTO kernel_journalentry j USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    "INSERT INTO kernel_journalentry SELECT * FROM kernel_journalentry"
    " ON CONFLICT (id) DO UPDATE SET kind = 'forged'",
]
BY_OWNERS_ONLY = [
    "ALTER TABLE kernel_journalentry DISABLE TRIGGER ALL",
    "ALTER TABLE kernel_journalentry DISABLE TRIGGER journal_guard_rows",
    "DROP TRIGGER journal_guard_rows ON kernel_journalentry",
    "DROP TABLE kernel_journalentry",
    "CREATE OR REPLACE FUNCTION journal_guard() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN NEW; END'",
    "CREATE RULE quiet AS ON INSERT TO kernel_journalentry DO INSTEAD NOTHING",
    "ALTER TABLE kernel_journalentry OWNER TO callout_app",
    "SET ROLE callout_owner",
    "SET session_replication_role = replica",
]


@pytest.fixture
def app(app_dsn: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(app_dsn, autocommit=True) as link:
        write(link)
        yield link


@pytest.fixture
def owner(app: psycopg.Connection, owner_dsn: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(owner_dsn, autocommit=True) as link:
        yield link


def kinds(link: psycopg.Connection) -> list[tuple[str, object]]:
    return link.execute("SELECT kind, personal FROM kernel_journalentry").fetchall()


UNTOUCHED = [("noted", {"name": "Ann Peeters"})]


@pytest.mark.parametrize("change", CHANGES)
def test_the_apps_role_has_no_right_to_change_an_entry(
    app: psycopg.Connection, change: str
) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(change)
    assert kinds(app) == UNTOUCHED


@pytest.mark.parametrize("change", CHANGES)
def test_with_all_rights_on_the_table_the_trigger_refuses(
    app: psycopg.Connection, owner: psycopg.Connection, change: str
) -> None:
    owner.execute("GRANT ALL ON kernel_journalentry TO callout_app")
    try:
        with pytest.raises(psycopg.DatabaseError) as refused:
            app.execute(change)
        assert refused.value.sqlstate == "CJ001"
        assert kinds(app) == UNTOUCHED
    finally:
        owner.execute("REVOKE ALL ON kernel_journalentry FROM callout_app")
        owner.execute("GRANT SELECT, INSERT ON kernel_journalentry TO callout_app")


@pytest.mark.parametrize("change", CHANGES)
def test_the_owner_is_refused_too(owner: psycopg.Connection, change: str) -> None:
    with pytest.raises(psycopg.DatabaseError) as refused:
        owner.execute(change)
    assert refused.value.sqlstate == "CJ001"
    assert kinds(owner) == UNTOUCHED


@pytest.mark.parametrize("change", CHANGES)
def test_control_without_the_trigger_each_of_these_changes_the_journal(
    owner: psycopg.Connection, change: str
) -> None:
    with owner.transaction(force_rollback=True):
        owner.execute("ALTER TABLE kernel_journalentry DISABLE TRIGGER ALL")
        owner.execute(change)
        assert kinds(owner) != UNTOUCHED


def test_control_without_its_trigger_a_superusers_replica_session_could_write(
    app: psycopg.Connection,
) -> None:
    with database.superuser(database.NAME) as root:
        root.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.DatabaseError, match="update refused"):
            root.execute(CHANGES[0])  # ENABLE ALWAYS holds even here
        with root.transaction(force_rollback=True):
            root.execute("ALTER TABLE kernel_journalentry ENABLE TRIGGER journal_guard_rows")
            root.execute(CHANGES[0])
            assert kinds(root) != UNTOUCHED


@pytest.mark.parametrize("attempt", BY_OWNERS_ONLY)
def test_the_apps_role_cannot_take_the_fence_down(app: psycopg.Connection, attempt: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(attempt)


def test_the_apps_role_cannot_give_itself_the_right(app: psycopg.Connection) -> None:
    app.execute("GRANT ALL ON kernel_journalentry TO callout_app")  # PostgreSQL only warns
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(CHANGES[0])


@pytest.mark.parametrize("attempt", BY_OWNERS_ONLY)
def test_control_whoever_has_the_rights_can(app: psycopg.Connection, attempt: str) -> None:
    with database.superuser(database.NAME) as root, root.transaction(force_rollback=True):
        root.execute(attempt)


def test_redacting_empties_the_personal_part_of_one_thing_only(app: psycopg.Connection) -> None:
    gone = uuid4()
    write(app, gone, "created")
    write(app, gone, "renamed")
    assert app.execute("SELECT journal_redact(%s)", [gone]).fetchone() == (2,)
    assert app.execute("SELECT journal_redact(%s)", [gone]).fetchone() == (0,)
    assert sorted(kinds(app), key=str) == [
        ("created", None),
        ("noted", {"name": "Ann Peeters"}),
        ("renamed", None),
    ]


def test_redacting_cannot_be_led_astray_by_a_table_or_function_of_ones_own(
    app: psycopg.Connection,
) -> None:
    gone = uuid4()
    write(app, gone)
    app.execute("CREATE TEMP TABLE kernel_journalentry (entity_id uuid, personal jsonb)")
    app.execute("INSERT INTO pg_temp.kernel_journalentry VALUES (%s, '{}')", [gone])
    app.execute("SET search_path = pg_temp, public")
    assert app.execute("SELECT public.journal_redact(%s)", [gone]).fetchone() == (1,)
    mine = app.execute("SELECT personal FROM pg_temp.kernel_journalentry").fetchall()
    assert mine == [({},)]


def test_a_role_that_only_reads_may_not_redact(app: psycopg.Connection) -> None:
    with database.superuser(database.NAME) as root, root.transaction(force_rollback=True):
        root.execute("CREATE ROLE a_reader")
        root.execute("GRANT SELECT ON kernel_journalentry TO a_reader")
        root.execute("SET LOCAL ROLE a_reader")
        with pytest.raises(errors.InsufficientPrivilege):
            root.execute("SELECT journal_redact(%s)", [uuid4()])
