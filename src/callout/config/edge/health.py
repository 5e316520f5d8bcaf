"""/healthz says that the process lives, /readyz that it can serve."""

import asyncio
import json
import shutil
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.db.migrations.executor import MigrationExecutor

from callout.config.edge.types import Send, answer

# A thread of its own: when all others are busy, readiness can still be asked.
POOL = ThreadPoolExecutor(1, thread_name_prefix="readyz")
SECONDS = 5
# No tables yet, or some that a `migrate` killed half-way has not opened to the app's role.
HALF_MADE = """
    SELECT to_regclass('django_migrations') IS NULL OR EXISTS (
        SELECT 1 FROM pg_class WHERE relkind IN ('r', 'p')
        AND relnamespace = 'public'::regnamespace AND NOT has_table_privilege(oid, 'SELECT')
    )
"""
JSON = {"content-type": "application/json", "cache-control": "no-store"}


async def healthz(send: Send) -> None:
    """Alive: the event loop has answered."""
    await answer(send, 200, JSON, b'{"alive": true}')


async def readyz(send: Send) -> None:
    """Ready, or what keeps it from being."""
    try:
        loop = asyncio.get_running_loop()
        problems = await asyncio.wait_for(loop.run_in_executor(POOL, not_ready), SECONDS)
    except TimeoutError:
        problems = ["The database does not answer in time."]
    body = json.dumps({"ready": not problems, "problems": problems}).encode()
    await answer(send, 503 if problems else 200, JSON, body)


def not_ready() -> list[str]:
    """Everything that keeps this process from serving, in words."""
    problems = []
    if disk_is_full():
        problems.append("The disk is full.")
    try:
        close_old_connections()
        if not migrated():
            problems.append("Migrations are due: run `callout migrate`.")
    except Error:
        problems.append("The database does not answer.")
    return problems


def migrated() -> bool:
    """Whether the database is as this code expects it."""
    with connection.cursor() as cursor:
        cursor.execute(HALF_MADE)
        if cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT count(*), max(id) FROM django_migrations")
        state = cursor.fetchone()
    if _seen.get("migrated") != state:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        # Comparing with the code takes long; it need not be done again for the same table.
        _seen["migrated"] = state
    return True


_seen: dict[str, object] = {}


def disk_is_full() -> bool:
    """Whether less is free than a database needs to stay alive."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(settings.DATA).free < settings.MIN_FREE_MB * 2**20
