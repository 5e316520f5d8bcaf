"""kill -9 at any moment under load: nothing acknowledged is lost, nothing else is there by half."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from callout.config.embedded import OWNER, SUPERUSER, Embedded
from tests.harness.begun import begun
from tests.harness.load import judged, writers
from tests.harness.server import Served, free_port, get, until
from tests.scale import rounds

pytestmark = pytest.mark.process
WRITERS = 3
ALONE = {
    "CALLOUT_DEMO": "", "CALLOUT_URL": "", "DATABASE_URL": "", "DATABASE_OWNER_URL": "",
    "CALLOUT_SECRET_KEY": "", "CALLOUT_FIELD_KEY": "", "CALLOUT_VAPID_KEY": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def company() -> Iterator[tuple[dict[str, str], str]]:
    """An installation of its own with a small company: its environment, and a manager's token."""
    folder = Path(tempfile.mkdtemp(prefix="callout-"))
    folder.chmod(0o755)
    environment = os.environ | ALONE | {
        "CALLOUT_DATA": str(folder / "data"), "PORT": str(free_port()),
        "DJANGO_SETTINGS_MODULE": "callout.config.settings",
    }  # fmt: skip
    (folder / "data").mkdir()
    begun(folder / "data")
    callout(environment, "demo-data", "--orders", "400")
    token = callout(environment, "token", "manager@bench.example", "--name", "load")
    yield environment, token.split()[-1]
    kill_all(postgres_of(folder / "data"))
    shutil.rmtree(folder, ignore_errors=True)


def callout(environment: dict[str, str], *arguments: str) -> str:
    """What a command of Callout's says."""
    done = subprocess.run(
        [sys.executable, "-m", "callout", *arguments],
        env=environment, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def postgres_of(data: Path) -> list[int]:
    """All processes of the embedded database."""
    return [pid for pid in every_process() if link(pid) == str(data / "pg18")]


def every_process() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def link(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return ""


def children_of(pid: int) -> list[int]:
    """Its children and theirs."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return found + [deeper for child in found for deeper in children_of(child)]


def kill_all(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def web_process(served: Served, _data: Path, dice: random.Random) -> None:
    """One of those that answer."""
    kill_all([dice.choice(children_of(served.process.pid))])


def whole_server(served: Served, _data: Path, _dice: random.Random) -> None:
    """The parent with all its children; it does not come back by itself."""
    kill_all([served.process.pid, *children_of(served.process.pid)])
    served.process.wait(20)


def database(_served: Served, data: Path, _dice: random.Random) -> None:
    """PostgreSQL, all of it, as if the machine had stopped."""
    kill_all(postgres_of(data))


VICTIMS = {"a process": web_process, "the server": whole_server, "the database": database}


@pytest.mark.parametrize(
    ("victim", "times"),
    [
        pytest.param("a process", rounds(3, 100), marks=pytest.mark.dear),
        pytest.param("the server", rounds(2, 100), marks=pytest.mark.long),
        ("the database", rounds(2, 200)),
    ],
)
def test_nothing_acknowledged_is_lost_and_nothing_is_there_by_half(
    company: tuple[dict[str, str], str], victim: str, times: int
) -> None:
    environment, token = company
    data, port = Path(environment["CALLOUT_DATA"]), int(environment["PORT"])
    dice = random.Random(f"{victim} {times}")
    kill: Callable[[Served, Path, random.Random], None] = VICTIMS[victim]
    served = Served(environment).wait_until_ready()
    dsn = Embedded(data).dsn(OWNER)
    try:
        with psycopg.connect(dsn) as connection:
            asked = writers(connection, port, token, WRITERS, seed=times)
        for writer in asked:
            writer.start()
        for _round in range(times):
            time.sleep(dice.uniform(0.2, 1.2))
            kill(served, data, dice)
            if served.process.poll() is not None:
                served = Served(environment)
            answered(asked, served)
        asked[0].stop.set()
        for writer in asked:
            writer.join(60)
        with psycopg.connect(dsn) as connection:
            verdict = judged(connection, asked)
    finally:
        served.forget()
    assert verdict.wrong == []
    assert verdict.acknowledged > 2 * times
    print(f"{victim}: {times} kills, {verdict}")


def test_control_a_database_that_acknowledges_before_it_has_written_is_found(
    company: tuple[dict[str, str], str],
) -> None:
    """The guard taken out: commits are acknowledged that are on no disk for some seconds."""
    environment, token = company
    data, port = Path(environment["CALLOUT_DATA"]), int(environment["PORT"])
    served = Served(environment).wait_until_ready()
    dsn = Embedded(data).dsn(SUPERUSER)
    hasty = {
        "synchronous_commit": "off",
        "wal_writer_delay": "10s",
        "wal_writer_flush_after": "1GB",
    }
    try:
        with psycopg.connect(dsn, autocommit=True) as connection:
            for name, value in hasty.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
            connection.execute("SELECT pg_reload_conf()")
            asked = writers(connection, port, token, WRITERS, seed=1)
        for writer in asked:
            writer.start()
        while min(len(writer.answers) for writer in asked) < 10:
            time.sleep(0.02)
        database(served, data, random.Random(1))
        asked[0].stop.set()
        for writer in asked:
            writer.join(60)
        until(lambda: get(f"{served.url}/readyz")[0] == 200)
        with psycopg.connect(dsn, autocommit=True) as connection:
            verdict = judged(connection, asked)
            for name in hasty:
                connection.execute(f"ALTER SYSTEM RESET {name}".encode())
            connection.execute("SELECT pg_reload_conf()")
    finally:
        served.forget()
    assert [words for words in verdict.wrong if "is lost" in words], verdict


def answered(asked: list, served: Served) -> None:  # type: ignore[type-arg]
    """Wait until the writers are answered again: each kill falls into work."""
    since, end = time.monotonic(), time.monotonic() + 60
    while time.monotonic() < end:
        if all(writer.answers and writer.answers[-1] > since for writer in asked):
            return
        time.sleep(0.02)
    try:
        ready = str(get(f"{served.url}/readyz"))
    except OSError as error:
        ready = repr(error)
    silent = [writer for writer in asked if not (writer.answers and writer.answers[-1] > since)]
    raise AssertionError(
        f"{len(silent)} of {len(asked)} writers are not answered any more; ready: {ready}"
        f"\n{served.said()[-2000:]}"
    )
