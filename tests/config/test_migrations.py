"""What a migration of a company's years of orders must not do: keep everybody waiting."""

import re
import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from callout.config import ownership
from callout.config.ownership import MIGRATING, alone
from tests.harness.server import until

# The last one of each app that was written while no company had any orders yet.
FIRST = {
    "accounts": 5, "backup": 1, "customers": 6, "fieldwork": 5, "kernel": 2, "notify": 3,
    "orders": 11, "planning": 4, "travel": 1, "webhooks": 4, "workforce": 5,
}  # fmt: skip
# Those that grow with every order, and those that have a row for each customer, site or asset.
LARGE = re.compile(
    "kernel_|orders_(serviceorder|orderasset|visit|assignment|time|note|attachment)|customers_|"
    "fieldwork_|notify_|planning_|webhooks_|travel_"
)
# Reads a whole table while nobody may write to it, writes it anew, or locks its rows. A constraint
# NOT VALID, or made of an index that is there, reads nothing; nor does a text that may be longer.
UNDER_LOCK = re.compile(
    r'CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)[^;]*? ON (?:ONLY )?"?(?P<indexed>\w+)[^;]*'
    r'|ALTER TABLE "?(?P<altered>\w+)"? (?:[^;]*, )?(?:'
    r"ADD CONSTRAINT (?![^;]*(?:NOT VALID|USING INDEX))"
    r"|ADD COLUMN [^;]* STORED"
    r'|ALTER COLUMN "?\w+"? (?:SET NOT NULL|(?:SET DATA )?TYPE (?!varchar|text))'
    r")[^;]*"
    r'|(?:UPDATE|DELETE FROM) (?:ONLY )?"?(?P<written>\w+)[^;]*',
    re.IGNORECASE,
)
# What Django says of Python in a migration: it may do all that, and nobody sees it here.
UNSEEN = "THIS OPERATION CANNOT BE WRITTEN AS SQL"
# Those that somebody has looked into all the same, and why they keep nobody waiting.
LOOKED_INTO: dict[str, str] = {}


def under_lock(statements: str) -> list[str]:
    """The statements that read or write a large table while others may not write to it."""
    made = set(re.findall(r'CREATE TABLE "?(\w+)', statements))
    return [
        found[0]
        for found in UNDER_LOCK.finditer(statements)
        if LARGE.match(table := next(filter(None, found.groups()))) and table not in made
    ]


@pytest.mark.wide
@pytest.mark.django_db(transaction=True)
def test_no_migration_since_then_reads_a_large_table_under_a_lock() -> None:
    loader = MigrationLoader(connection)
    ours = [
        migration
        for (app, name), migration in loader.disk_migrations.items()
        if type(migration).__module__.startswith("callout.") and int(name[:4]) > FIRST.get(app, 0)
    ]
    assert len(ours) >= 2
    for migration in ours:
        statements = "\n".join(loader.collect_sql([(migration, False)]))
        is_seen = UNSEEN not in statements and not under_lock(statements)
        assert is_seen or str(migration) in LOOKED_INTO, str(migration)


@pytest.mark.django_db
def test_what_a_migration_does_in_python_is_not_seen() -> None:
    loader = MigrationLoader(connection)
    python = loader.get_migration("orders", "0003_defaults")
    assert UNSEEN in "\n".join(loader.collect_sql([(python, False)]))


@pytest.mark.parametrize(
    ("statement", "is_found"),
    [
        ('CREATE INDEX "a" ON "orders_visit" ("start")', True),
        ("CREATE UNIQUE INDEX a ON orders_visit USING gin (search) WHERE b", True),
        ('CREATE INDEX CONCURRENTLY "a" ON "orders_visit" ("start")', False),
        ('CREATE TABLE "orders_visit" (); CREATE INDEX "a" ON "orders_visit" ("start")', False),
        ('CREATE INDEX "a" ON "orders_interventiontype" ("name")', False),
        ('ALTER TABLE "orders_visit" ADD CONSTRAINT "a" UNIQUE ("order_id")', True),
        ('ALTER TABLE "orders_visit" ADD CONSTRAINT "a" CHECK (b > 0)', True),
        ('ALTER TABLE "orders_visit" ADD CONSTRAINT "a" CHECK (b > 0) NOT VALID', False),
        ('ALTER TABLE "orders_visit" ADD CONSTRAINT "a" UNIQUE USING INDEX "b"', False),
        ('ALTER TABLE "orders_visit" ADD COLUMN "b" integer NULL', False),
        ('ALTER TABLE "orders_visit" ADD COLUMN "b" text AS (lower(a)) STORED', True),
        ('ALTER TABLE "orders_visit" ALTER COLUMN "b" SET NOT NULL', True),
        ('ALTER TABLE "orders_visit" ALTER COLUMN "b" TYPE bigint USING "b"::bigint', True),
        ('ALTER TABLE "orders_visit" ALTER COLUMN "b" TYPE varchar(99)', False),
        ('ALTER TABLE "orders_visit" ALTER COLUMN "b" DROP NOT NULL', False),
        ('UPDATE "orders_visit" SET "b" = 0 WHERE "b" IS NULL', True),
        ("DELETE FROM orders_visit WHERE b", True),
        ("UPDATE orders_interventiontype SET b = 0", False),
    ],
)
def test_what_reads_a_large_table_under_a_lock_is_seen(statement: str, is_found: bool) -> None:
    assert bool(under_lock(f"{statement};")) is is_found


@pytest.fixture
def migrates(owner_dsn: str) -> Iterator[psycopg.Connection]:
    """Somebody who is migrating."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        alone(owner.cursor())
        owner.execute("CREATE TABLE indexed (id int)")
        yield owner
        owner.execute("DROP TABLE indexed")


def test_who_waits_to_migrate_keeps_no_index_from_being_built(
    migrates: psycopg.Connection,
    owner_dsn: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(ownership, "SAID_AFTER", 0)
    with psycopg.connect(owner_dsn, autocommit=True) as second:
        waits = threading.Thread(target=alone, args=[second.cursor()])
        waits.start()
        asked = "SELECT query FROM pg_stat_activity WHERE pid = %s"
        pid = second.info.backend_pid
        until(lambda: "advisory" in str(migrates.execute(asked, [pid]).fetchone()))
        migrates.execute("CREATE INDEX CONCURRENTLY indexed_id ON indexed (id)")
        assert waits.is_alive()
        migrates.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
        waits.join(60)
        held = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"
        assert migrates.execute(held, [MIGRATING]).fetchall() == [(pid,)]
    assert capsys.readouterr().err.count("Somebody else is migrating") == 1, "told, and once"
