"""`callout migrate`, and how it is seen that it is due."""

from collections.abc import Iterator

import psycopg
import pytest
from django.core.management import call_command
from psycopg.errors import InsufficientPrivilege

from callout.config.edge import health
from callout.config.embedded import APP
from tests.harness import database


@pytest.fixture
def half_migrated(owner_dsn: str) -> Iterator[None]:
    """A `migrate` was killed before it could open a new table to the app."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute("CREATE TABLE fresh (id int)")
        yield
        owner.execute("DROP TABLE fresh")


@pytest.mark.django_db(transaction=True)
def test_everything_is_applied_here() -> None:
    assert health.migrated()


def test_a_table_that_is_closed_to_the_app_means_that_migrate_is_due(half_migrated: None) -> None:
    assert not health.migrated()


@pytest.mark.wide
def test_migrate_opens_it(half_migrated: None, app_dsn: str) -> None:
    call_command("migrate", verbosity=0)
    assert health.migrated()
    with psycopg.connect(app_dsn) as app:
        app.execute("INSERT INTO fresh VALUES (1)")


@pytest.mark.wide  # ten seconds
@pytest.mark.usefixtures("app_dsn")
def test_one_app_alone_can_be_migrated_into_an_empty_database() -> None:
    """Its tables are open to the app then; the journal's guards come with the journal."""
    name, may_not = f"{database.NAME}_one_app", pytest.raises(InsufficientPrivilege)
    with database.superuser() as root:
        database.drop(root, name)
        database.create(root, name)
        try:
            database.migrate(name, "travel")
            with psycopg.connect(database.dsn(APP, name)) as app:
                app.execute("SELECT FROM travel_turn")
            with may_not, psycopg.connect(database.dsn(APP, name)) as app:
                app.execute("DELETE FROM django_migrations")
        finally:
            database.drop(root, name)


@pytest.mark.django_db(transaction=True)
def test_an_unapplied_migration_means_that_migrate_is_due(owner_dsn: str) -> None:
    take = "DELETE FROM django_migrations WHERE app = 'sessions' RETURNING app, name, applied"
    put = "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)"
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        [row] = owner.execute(take).fetchall()
        assert not health.migrated()
        owner.execute(put, row)
        assert health.migrated()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_journalentry SET kind = 'x'",
        "DELETE FROM kernel_journalentry",
        "TRUNCATE kernel_journalentry",
        "ALTER TABLE kernel_journalentry DISABLE TRIGGER ALL",
        "DELETE FROM django_migrations",
    ],
)
def test_the_app_may_not_change_the_past(statement: str, app_dsn: str) -> None:
    refused = pytest.raises(InsufficientPrivilege)
    with refused, psycopg.connect(app_dsn) as app:
        app.execute(statement)
