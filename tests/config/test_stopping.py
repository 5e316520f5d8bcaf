"""A worker, and `serve` as a whole, end soon after SIGTERM whatever the database is doing."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from callout.config.embedded import APP, OWNER, SUPERUSER, Embedded
from tests.config.test_embedded import end_postgres, kill_9, postgres_pids
from tests.config.test_serve import eventually, status
from tests.harness.begun import begun
from tests.harness.server import Served

pytestmark = [pytest.mark.process, pytest.mark.alone]
# Two to three on a quiet machine: no connection is given less than two to answer. Without the
# guards it was 15 for `serve`, and a minute and more for a worker by itself.
SOON = 5.0
# The real worker, with a job that is in the middle of something for as long as one likes.
SLEEPER = """
import time
import django
django.setup()
from procrastinate.contrib.django import app
from callout.kernel import jobs

@app.task(name="sleeper")
def sleeper():
    print("asleep", flush=True)
    time.sleep({seconds})
    print("awake", flush=True)

sleeper.defer()
jobs.worker_run()
"""
RECOVERING = """
import time
from callout.config.supervisor import Supervisor

class Server:
    def revive(self):
        print("recovers", flush=True)
        time.sleep(60)

Supervisor([], None, Server()).run()
"""
# Children that hear nothing, and children that are asked to end as soon as they are there.
CHILDREN = """
import os, signal, time
from callout.config import child, supervisor

def deaf():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("deaf", flush=True)
    time.sleep(60)

child.preload = lambda: None
child.worker = {worker}
supervisor.STOP_SECONDS = {seconds}
one = supervisor.Supervisor(["worker"], None, None)
if {at_once}:
    keep = one._keep
    one._keep = lambda *what: (keep(*what), os.kill(os.getpid(), signal.SIGTERM))
one.run()
"""


@pytest.fixture(scope="module")
def migrated() -> Iterator[Path]:
    """The data folder of a PostgreSQL of somebody else: an embedded one."""
    folder = Path(tempfile.mkdtemp(prefix="callout-"))
    folder.chmod(0o755)
    begun(folder)
    yield folder
    end_postgres(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def outside(migrated: Path) -> Iterator[Embedded]:
    """That server, running; no worker has been there yet."""
    server = Embedded(migrated)
    server.hold()
    with psycopg.connect(server.dsn(SUPERUSER)) as connection:
        connection.execute("TRUNCATE procrastinate_workers, procrastinate_jobs CASCADE")
    yield server
    waken(server)
    server.release()


@pytest.fixture
def start(outside: Embedded) -> Iterator[Callable[..., "Started"]]:
    """Start a Python program on that server; it is ended with the test."""
    started: list[Started] = []

    def begin(*arguments: str) -> Started:
        started.append(Started(outside, *arguments))
        return started[-1]

    yield begin
    for one in started:
        one.process.kill()
        one.process.wait()
        one.log.unlink()


class Started:
    """A program, and what it says."""

    def __init__(self, server: Embedded, *arguments: str) -> None:
        self.log = Path(tempfile.mkstemp(prefix="callout-worker-", suffix=".log")[1])
        base = os.environ | {"DJANGO_SETTINGS_MODULE": "callout.config.settings"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *arguments], env=base | on(server), stdout=log, stderr=log
            )

    def says(self, words: str, seconds: float = 30) -> bool:
        """Whether it has said so in time."""
        return eventually(lambda: words in self.log.read_text(), seconds)

    def end(self) -> float:
        """Ask it to end; how many seconds that took."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) == 0, self.log.read_text()
        return time.monotonic() - begin


def on(server: Embedded) -> dict[str, str]:
    """The environment of a program that uses this server as an external one."""
    url = "postgresql://{}@/callout?host=" + str(server.socket)
    return {
        "CALLOUT_DATA": str(server.data / "not-here"),
        "DATABASE_URL": url.format(APP),
        "DATABASE_OWNER_URL": url.format(OWNER),
        "CALLOUT_SECRET_KEY": "a secret key that is long enough for anybody, made up for a test",
        "CALLOUT_FIELD_KEY": "a field key that is long enough for anybody, made up for a test",
    }


def freeze(server: Embedded) -> None:
    """It takes connections and says nothing any more, like a machine behind a dead network."""
    for pid in postgres_pids(server.data):
        with suppress(ProcessLookupError):  # one of its own that had just ended
            os.kill(pid, signal.SIGSTOP)


def waken(server: Embedded) -> None:
    for pid in postgres_pids(server.data):
        os.kill(pid, signal.SIGCONT)


def kill(server: Embedded) -> None:
    kill_9(postgres_pids(server.data))


def idle(server: Embedded) -> bool:
    """Whether a worker waits for jobs."""
    with psycopg.connect(server.dsn(SUPERUSER)) as connection:
        row = connection.execute("SELECT count(*) FROM procrastinate_workers").fetchone()
    return bool(row and row[0])


WORKER = ("-m", "callout", "worker")


def test_a_worker_with_nothing_to_do_ends_at_once(
    outside: Embedded, start: Callable[..., Started]
) -> None:
    worker = start(*WORKER)
    assert eventually(lambda: idle(outside))
    assert worker.end() < SOON


@pytest.mark.parametrize("fails", [kill, pytest.param(freeze, marks=pytest.mark.long)])
def test_a_worker_that_never_found_its_database_ends(
    outside: Embedded, start: Callable[..., Started], fails: Callable[[Embedded], None]
) -> None:
    fails(outside)
    worker = start(*WORKER)
    assert worker.says("cannot read the journal")
    assert worker.end() < SOON


@pytest.mark.parametrize("seconds", [*(pytest.param(n, marks=pytest.mark.long) for n in (0, 1)), 7])
@pytest.mark.parametrize("fails", [kill, freeze])
def test_a_worker_that_has_lost_its_database_ends(
    outside: Embedded,
    start: Callable[..., Started],
    fails: Callable[[Embedded], None],
    seconds: float,
) -> None:
    worker = start(*WORKER)
    assert eventually(lambda: idle(outside))
    fails(outside)
    time.sleep(seconds)
    assert worker.end() < SOON


@pytest.mark.dear
@pytest.mark.parametrize("fails", [kill, freeze])
def test_a_worker_in_the_middle_of_a_job_ends_when_the_job_cannot(
    outside: Embedded, start: Callable[..., Started], fails: Callable[[Embedded], None]
) -> None:
    worker = start("-c", SLEEPER.format(seconds=60))
    assert worker.says("asleep")
    fails(outside)
    assert worker.end() < SOON


def test_a_job_that_can_is_finished_first(outside: Embedded, start: Callable[..., Started]) -> None:
    worker = start("-c", SLEEPER.format(seconds=4))
    assert worker.says("asleep")
    worker.end()
    assert worker.says("awake", 0.1)
    with psycopg.connect(outside.dsn(SUPERUSER)) as connection:
        own = "SELECT status FROM procrastinate_jobs WHERE task_name = 'sleeper'"
        row = connection.execute(own).fetchone()
    assert row == ("succeeded",)


@pytest.mark.parametrize("fails", [kill, freeze])
def test_serve_ends_when_its_database_has_gone(
    outside: Embedded, fails: Callable[[Embedded], None]
) -> None:
    served = Served(on(outside)).wait_until_ready()
    fails(outside)
    asked = [ThreadPoolExecutor(1).submit(status, served, "/accounts/login/") for _ in range(4)]
    time.sleep(0.5)
    begin = time.monotonic()
    assert served.stop() == 0
    assert time.monotonic() - begin < SOON
    assert {one.result() for one in asked} <= {0, 503}
    served.forget()


def test_serve_ends_when_its_embedded_server_was_killed(outside: Embedded) -> None:
    outside.release()  # `serve` is to hold it
    served = Served({"CALLOUT_DATA": str(outside.data), "DATABASE_URL": ""}).wait_until_ready()
    kill(outside)
    begin = time.monotonic()
    assert served.stop() == 0
    assert time.monotonic() - begin < SOON
    served.forget()


def test_nobody_waits_for_a_server_that_recovers_for_long() -> None:
    command = [sys.executable, "-c", RECOVERING]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "recovers\n"
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert time.monotonic() - begin < SOON


def test_a_child_that_does_not_end_is_ended() -> None:
    program = CHILDREN.format(worker="deaf", seconds=1, at_once=False)
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "deaf\n"
        process.send_signal(signal.SIGTERM)
        assert gone(process)


def test_a_child_that_is_hardly_there_hears_that_it_must_end() -> None:
    program = CHILDREN.format(worker="lambda: time.sleep(60)", seconds=60, at_once=True)
    with subprocess.Popen([sys.executable, "-c", program]) as process:
        assert gone(process)


def gone(process: "subprocess.Popen[Any]") -> bool:
    """Whether it has ended soon, by itself and as it should; in any case it has ended."""
    try:
        return process.wait(SOON) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        process.kill()
