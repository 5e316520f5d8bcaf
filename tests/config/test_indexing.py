"""Indexes of tables in use, changed by migrations that can be stopped anywhere and begun again."""

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from callout.config.ownership import as_owner, grant_to_app
from tests.harness.server import until
from tests.orders.conftest import Company, company, company_made

__all__ = ["company", "company_made"]

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("orders", "0011_answered"), ("customers", "0006_by_town")]
INDEXES = """
SELECT indexdef, indisvalid, indisready FROM pg_indexes
JOIN pg_index ON indexrelid = to_regclass(quote_ident(indexname))
WHERE schemaname = 'public' ORDER BY indexdef
"""
KILLED = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE query LIKE 'CREATE INDEX CONCURRENTLY%orders_visit%' AND wait_event_type = 'Lock'
"""

ONE_HELPS = """
UPDATE orders_assignment SET role = 'helper' WHERE id = (SELECT max(id) FROM orders_assignment)
"""


def indexes(owner: psycopg.Connection) -> list[Any]:
    """All that there are, and whether they are whole."""
    return owner.execute(INDEXES).fetchall()


def nothing_more(execute: Any, *given: Any) -> Any:
    return execute(*given)


def migrate(*targets: tuple[str, str], wrapped: Any = nothing_more) -> None:
    """As `callout migrate`, to these migrations, or to the last of each app."""
    with as_owner() as role, connection.execute_wrapper(wrapped):
        executor = MigrationExecutor(connection)
        executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())
        grant_to_app(role)


@pytest.fixture
def owner(owner_dsn: str) -> Iterator[psycopg.Connection]:
    """Looks on; whatever a test has left undone is done in the end."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        yield owner
        migrate()


class Stop:
    """Lets so many statements about indexes pass, and fails at the next."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, execute: Any, sql: Any, *given: Any) -> Any:
        self.left -= "INDEX CONCURRENTLY" in str(sql)
        if self.left < 0:
            raise DatabaseError("stopped")
        return execute(sql, *given)


def kill_the_builder(dsn: str) -> None:
    """End whoever builds an index of visits; it waits for somebody who has written to them."""
    with psycopg.connect(dsn) as writes, psycopg.connect(dsn, autocommit=True) as kills:
        writes.execute("UPDATE orders_visit SET version = version")
        until(lambda: bool(kills.execute(KILLED).fetchall()))


@pytest.mark.wide
def test_migrations_stopped_and_killed_on_the_way_leave_every_index_as_it_is_to_be(
    owner: psycopg.Connection, owner_dsn: str
) -> None:
    found = indexes(owner)
    migrate(*BEFORE)
    assert indexes(owner) != found
    for after in (1, 12):
        with pytest.raises(DatabaseError, match="stopped"):
            migrate(wrapped=Stop(after))
    kills = threading.Thread(target=kill_the_builder, args=[owner_dsn], daemon=True)
    kills.start()
    with pytest.raises(DatabaseError):
        migrate()
    kills.join()
    assert any(not is_valid for _made, is_valid, _ready in indexes(owner))
    migrate()
    assert indexes(owner) == found


@pytest.mark.wide
def test_a_guard_that_found_two_alike_is_made_when_they_are_no_more(
    owner: psycopg.Connection, company: Company
) -> None:
    """As after an early form of 0013, which had dropped it."""
    found = indexes(owner)
    company.planned(helper_ids=(company.bert.technician_id,))
    owner.execute("DROP INDEX assignment_responsible")
    owner.execute("UPDATE orders_assignment SET role = 'responsible'")
    owner.execute("DELETE FROM django_migrations WHERE app = 'orders' AND name >= '0015'")
    with pytest.raises(IntegrityError):
        migrate()
    owner.execute(ONE_HELPS)
    migrate()
    assert indexes(owner) == found
    with pytest.raises(psycopg.errors.UniqueViolation):
        owner.execute("UPDATE orders_assignment SET role = 'responsible'")
