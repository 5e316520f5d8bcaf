"""Restore works: a backup made under load, brought back elsewhere, is the same in every table, and
Callout runs on it. And attachments in a folder that two machines share."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from callout.accounts.services import token_create
from callout.config.embedded import APP, OWNER
from callout.kernel.actor import Actor
from callout.orders.models import Attachment
from tests.harness import database
from tests.harness.server import Served, get, on_the_test_database
from tests.orders.conftest import Company, company_made

pytestmark = pytest.mark.process
ELSEWHERE = f"elsewhere_{os.getpid()}"
# What a restore makes this database's own, what a running server writes by itself, and what a
# backup leaves out.
OWN = ("kernel_installation", "kernel_feedposition", "backup_backuprun")
NOT_IN_IT = ("django_session", "usersessions_usersession", "callout_cache")
TABLES = """
SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    AND NOT (c.relname = 'kernel_journalentry' AND a.attname = 'xid')
GROUP BY 1 ORDER BY 1
"""


@dataclass
class Office:
    """Who asks the API of a server, and what it has acknowledged."""

    url: str
    token: str
    done: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        return json.loads(self.fetch(path, data, "application/json"))

    def fetch(self, path: str, data: bytes | None = None, kind: str = "") -> bytes:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(uuid4())}
        headers |= {"Content-Type": kind} if data is not None else {}
        request = urllib.request.Request(f"{self.url}/api/v1{path}", data, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bytes(answer.read())

    def upload(self, order: str, data: bytes) -> str:
        """A text file of an order; its id."""
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        body = head + data + b"\r\n--x--\r\n"
        said = self.fetch(f"/service-orders/{order}/attachments", body,
                          "multipart/form-data; boundary=x")  # fmt: skip
        made = str(json.loads(said)["id"])
        self.files[made] = data
        return made


@dataclass
class Load:
    """Some who write all the time: customers, orders and files."""

    office: Office
    company: Company
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.threads = [threading.Thread(target=self._write, args=(n,)) for n in range(3)]
        for thread in self.threads:
            thread.start()

    def _write(self, number: int) -> None:
        count = 0
        while not self.over.is_set():
            count += 1
            words = f"Order {number}.{count}"
            body = {
                "customer_id": str(self.company.customer.pk), "site_id": str(self.company.site.pk),
                "type_id": str(self.company.kind.pk), "description": words,
            }  # fmt: skip
            order = self.office.ask("/service-orders", body)["id"]
            if count % 9 == 0:  # an order has its file
                self.office.upload(order, f"{words}: what was seen".encode())
            self.office.done.append(order)

    def end(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()


@pytest.fixture
def company(server: Served) -> Company:
    return company_made()


@pytest.fixture
def office(server: Served, company: Company) -> Office:
    _row, token = token_create(
        actor=Actor.system("a test"), user_id=company.manager.user_id, name="t", days=1
    )
    return Office(server.url, token)


@pytest.fixture
def elsewhere(server: Served) -> Iterator[dict[str, str]]:
    """Another database, migrated and empty, and another folder: the environment of its server."""
    template = f"template_{database.fingerprint()}"
    make = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy")
    names = (sql.Identifier(one) for one in (ELSEWHERE, OWNER, template))
    with database.superuser() as connection, tempfile.TemporaryDirectory() as folder:
        database.drop(connection, ELSEWHERE)
        connection.execute(make.format(*names))
        yield {
            "DATABASE_URL": database.dsn(APP, ELSEWHERE),
            "DATABASE_OWNER_URL": database.dsn(OWNER, ELSEWHERE),
            "CALLOUT_DATA": folder,
            "CALLOUT_SECRET_KEY": "another secret key than that of the installation it came from",
            "CALLOUT_FIELD_KEY": settings.FIELD_KEY,
            "CALLOUT_WEB_PROCESSES": "1",
        }
        database.drop(connection, ELSEWHERE)


def callout(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """One of Callout's commands, as an operator runs it."""
    base = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, "-m", "callout", *arguments],
        env=base | environment, capture_output=True, text=True,
    )  # fmt: skip


def sums(name: str) -> dict[str, str]:
    """Of each table a sum that does not hang on the order of its rows, by the database itself."""
    with database.superuser(name) as connection:
        found = {}
        for table, columns in connection.execute(TABLES).fetchall():
            if table in (*OWN, *NOT_IN_IT):
                continue
            rows = f"SELECT t::text AS row FROM (SELECT {columns} FROM {table}) t"
            ask = f"SELECT concat(count(*), md5(string_agg(row, '' ORDER BY row))) FROM ({rows}) r"
            row = connection.execute(ask.encode()).fetchone()
            assert row is not None
            found[table] = row[0]
    return found


def test_made_under_load_and_brought_back_elsewhere(
    office: Office, company: Company, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    here = on_the_test_database()
    load = Load(office, company)
    try:
        while len(office.done) < 30 and all(one.is_alive() for one in load.threads):
            load.over.wait(0.05)
        before = set(office.done)
        made = callout(here, "backup", str(tmp_path / "loaded.tar"))
        assert len(office.done) > len(before) >= 30
    finally:
        load.end()
    assert made.returncode == 0, made.stderr
    done = callout(elsewhere, "restore", str(tmp_path / "loaded.tar"))
    assert done.returncode == 0, done.stderr
    with psycopg.connect(database.dsn(APP, ELSEWHERE)) as there:
        orders = {str(one) for (one,) in there.execute("SELECT id FROM orders_serviceorder")}
        named = there.execute("SELECT sha256 FROM orders_attachment").fetchall()
    assert before <= orders  # what was acknowledged when it began is in it
    kept = Path(elsewhere["CALLOUT_DATA"]) / "files"
    assert named
    assert all((kept / one[:2] / one[2:4] / one).exists() for (one,) in named)
    the_same_and_alive(office, here, elsewhere, tmp_path)


def the_same_and_alive(
    office: Office, here: dict[str, str], elsewhere: dict[str, str], folder: Path
) -> None:
    """A second one, in the place of the first, while nobody writes."""
    assert callout(here, "backup", str(folder / "quiet.tar")).returncode == 0
    over = callout(elsewhere, "restore", "--replace", str(folder / "quiet.tar"))
    assert over.returncode == 0, over.stderr
    was, now = sums(database.NAME), sums(ELSEWHERE)
    running = {table for table in was if table.startswith("procrastinate_")}  # the worker's, there
    differing = {table for table in was if was[table] != now.get(table)} - running
    # That the backup was made was noted after it; nothing else happened.
    assert differing == {"kernel_journalentry"}
    assert len(was) > 60
    served = Served(elsewhere).wait_until_ready()
    try:
        there = Office(served.url, office.token)
        assert there.ask(f"/service-orders/{office.done[-1]}")["id"] == office.done[-1]
        for file, data in list(office.files.items())[-3:]:
            assert there.fetch(f"/attachments/{file}/content") == data
        assert there.ask("/customers", {"name": "After the restore"})["id"]
    finally:
        served.forget()


def test_a_folder_of_files_is_shared_by_two_machines(
    office: Office, company: Company, server: Served, tmp_path: Path
) -> None:
    order = str(company.order().pk)
    other = Served(
        on_the_test_database()
        | {
            "CALLOUT_DATA": str(tmp_path / "its own"),
            "CALLOUT_FILES": str(settings.MEDIA_ROOT),
            "CALLOUT_WEB_PROCESSES": "1",
        },
        "--only", "web",
    ).wait_until_ready()  # fmt: skip
    try:
        second = Office(other.url, office.token)
        for one, two in ((office, second), (second, office)):
            made = one.upload(order, f"by {one.url}".encode())
            assert two.fetch(f"/attachments/{made}/content") == one.files[made]
        # The same bytes through both at once are one file, whole.
        data = b"the same" * 100_000
        threads = [
            threading.Thread(target=one.upload, args=(order, data))
            for one in (office, second) * 3
        ]  # fmt: skip
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        same = Attachment.objects.filter(size=len(data))
        assert same.count() == 6
        assert len({row.sha256 for row in same}) == 1
        for made in [*office.files, *second.files]:
            assert get(f"{server.url}/api/v1/attachments/{made}/content")[0] == 401
            assert (
                second.fetch(f"/attachments/{made}/content") == (office.files | second.files)[made]
            )
    finally:
        other.forget()
