"""A disk that is really full: nothing acknowledged is lost, and it goes on when there is room."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from callout.config.embedded import SUPERUSER, Embedded
from tests.config.test_embedded import end_postgres
from tests.config.test_serve import eventually, status
from tests.harness.begun import begun
from tests.harness.server import Served

pytestmark = [pytest.mark.process, pytest.mark.alone]
SIZE, MIN_FREE = "400m", "100"
WHO = {"DJANGO_SUPERUSER_EMAIL": "ann@example.com", "DJANGO_SUPERUSER_NAME": "Ann",
       "DJANGO_SUPERUSER_PASSWORD": "a-long-word-for-ann"}  # fmt: skip


@pytest.fixture
def disk() -> Iterator[Path]:
    """A small disk, mounted for the test."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount a small disk")
    folder = Path(tempfile.mkdtemp(prefix="callout-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        folder.rmdir()
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    yield folder
    end_postgres(folder / "data")
    assert eventually(lambda: subprocess.run(["umount", folder]).returncode == 0)
    folder.rmdir()


@dataclass
class Company:
    """`callout serve` on the small disk, and somebody who writes to it all the time."""

    disk: Path
    acknowledged: list[str] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)
    writing: bool = True

    def __post_init__(self) -> None:
        alone = dict.fromkeys(
            ["DATABASE_URL", "DATABASE_OWNER_URL", "CALLOUT_SECRET_KEY", "CALLOUT_FIELD_KEY"], ""
        )
        self.data = self.disk / "data"
        self.data.mkdir()
        begun(self.data)
        self.environment = alone | {
            "CALLOUT_DATA": str(self.data), "CALLOUT_MIN_FREE_MB": MIN_FREE,
        }  # fmt: skip
        self.served = Served(self.environment).wait_until_ready()
        self.command("createsuperuser", "--noinput")
        said = self.command("token", WHO["DJANGO_SUPERUSER_EMAIL"], "--name", "a test")
        self.token = said.split()[-1]
        self.writer = threading.Thread(target=self._write, daemon=True)
        self.writer.start()

    def command(self, *arguments: str) -> str:
        """What one of Callout's other commands prints."""
        done = self.ran(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ran(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One of them, however it ends."""
        base = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        return subprocess.run(
            [sys.executable, "-m", "callout", *arguments],
            env=base | self.environment | WHO, capture_output=True, text=True,
        )  # fmt: skip

    def ask(self, path: str, body: dict[str, str] | None = None) -> dict[str, str]:
        """The API's answer; HTTPError if it is none of 2xx."""
        request = urllib.request.Request(
            self.served.url + path,
            data=json.dumps(body).encode() if body else None,
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return dict(json.load(answer))

    def _write(self) -> None:
        while self.writing:
            try:
                made = self.ask("/api/v1/customers", {"name": f"C {time.monotonic_ns()}"})
                self.acknowledged.append(made["id"])
            except urllib.error.HTTPError as error:
                self.refused.append(json.load(error) | {"status": str(error.code)})
            time.sleep(0.02)

    def writes(self, more: int = 5) -> bool:
        """Whether what is written now is taken again."""
        until = len(self.acknowledged) + more
        return eventually(lambda: len(self.acknowledged) >= until)

    def end(self) -> None:
        """Nothing acknowledged is missing; then stop."""
        self.writing = False
        self.writer.join()
        missing = []
        for made in self.acknowledged:
            try:
                self.ask(f"/api/v1/customers/{made}")
            except urllib.error.HTTPError:
                missing.append(made)
        assert (missing, bool(self.acknowledged)) == ([], True)
        assert self.served.stop() == 0


@pytest.fixture
def company(disk: Path) -> Iterator[Company]:
    """Ended with the test."""
    one = Company(disk)
    yield one
    one.writing = False
    one.served.forget()


def fill(disk: Path) -> None:
    """Somebody else takes what is left of the disk."""
    with open(disk / "others", "ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(65536))
    assert shutil.disk_usage(disk).free < 65536


def sent_a_file(company: Company) -> tuple[int, str]:
    """Status and code of the answer to a file for an order that is not there."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    request = urllib.request.Request(
        f"{company.served.url}/api/v1/service-orders/{UUID(int=1)}/attachments",
        data=head + bytes(100_000) + b"\r\n--x--\r\n",
        headers={
            "Authorization": f"Bearer {company.token}",
            "Content-Type": "multipart/form-data; boundary=x",
        },
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)
    return refused.value.code, str(json.load(refused.value)["code"])


def panic(company: Company) -> None:
    """The server writes to its log until it can no more, which it does not survive."""
    with (
        psycopg.connect(Embedded(company.data).dsn(SUPERUSER), autocommit=True) as connection,
        pytest.raises(psycopg.OperationalError),
    ):
        connection.execute(
            "SELECT pg_logical_emit_message(false, '', repeat('x', 1000000))"
            " FROM generate_series(1, 1000)"
        )


def test_under_writes_a_full_disk_refuses_in_words_and_loses_nothing(company: Company) -> None:
    assert company.writes()
    fill(company.disk)
    company.refused.clear()
    assert eventually(lambda: len(company.refused) > 20)
    fill(company.disk)
    assert {(one["status"], one["code"]) for one in company.refused} == {("503", "disk_full")}
    assert "make room" in company.refused[0]["detail"]
    assert status(company.served, "/readyz") == 503
    assert status(company.served, "/accounts/login/") == 200  # reading goes on
    assert sent_a_file(company) == (503, "disk_full")
    backup = company.ran("backup", str(company.disk / "callout.tar"))
    assert (backup.returncode, "Traceback" in backup.stderr) == (1, False)
    assert "the disk that Callout itself needs" in backup.stderr
    assert {path.name for path in company.disk.iterdir()} == {"data", "others"}
    (company.disk / "others").unlink()
    assert eventually(lambda: status(company.served, "/readyz") == 200)
    assert company.writes()
    assert sent_a_file(company) == (404, "not_found")  # there is room, and no such order
    company.command("backup", str(company.disk / "callout.tar"))
    assert "whole" in company.command("restore", "--check", str(company.disk / "callout.tar"))
    company.end()


def test_a_server_that_a_full_disk_has_stopped_comes_back_in_the_ballasts_room(
    company: Company,
) -> None:
    assert company.writes()
    ballast = company.data / "ballast"
    assert ballast.exists()
    fill(company.disk)
    panic(company)
    assert eventually(lambda: status(company.served, "/accounts/login/") == 200)
    assert not ballast.exists()
    assert status(company.served, "/readyz") == 503
    (company.disk / "others").unlink()
    assert eventually(lambda: status(company.served, "/readyz") == 200)
    assert company.writes()
    assert eventually(ballast.exists)
    company.end()


@pytest.mark.long
def test_it_comes_back_also_from_a_disk_where_others_take_every_room_there_is(
    company: Company,
) -> None:
    assert company.writes()
    fill(company.disk)
    panic(company)
    seen = set()
    for _ in range(60):
        fill(company.disk)
        seen |= {status(company.served, path) for path in ("/accounts/login/", "/readyz")}
        time.sleep(0.1)
    assert 503 in seen <= {200, 503}
    assert status(company.served, "/readyz") == 503
    assert status(company.served, "/healthz") == 200
    (company.disk / "others").unlink()
    assert eventually(lambda: status(company.served, "/readyz") == 200)
    assert company.writes()
    company.end()
