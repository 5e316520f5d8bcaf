"""`callout serve` as an operator meets it: what it refuses, what it survives, how it ends."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session

from callout.config.embedded import APP, OWNER, Embedded
from tests.config.test_embedded import all_gone, end_postgres, kill_9, postgres_pids
from tests.harness.begun import begun
from tests.harness.server import Served, get

pytestmark = pytest.mark.process


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder of its own, for an embedded server."""
    folder = Path(tempfile.mkdtemp(prefix="callout-"))
    folder.chmod(0o755)
    yield folder
    end_postgres(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def at_work(data: Path) -> None:
    """It was served before. Without this `serve` begins with nothing, as at a first start."""
    begun(data)


@pytest.fixture
def serve(data: Path) -> Iterator[Callable[..., Served]]:
    """Start `callout serve` on that data folder; all are ended afterwards."""
    started: list[Served] = []

    def start(*arguments: str, **environment: str) -> Served:
        alone = {"DATABASE_URL": "", "DATABASE_OWNER_URL": "", "CALLOUT_SECRET_KEY": "",
                 "CALLOUT_FIELD_KEY": "", "CALLOUT_DATA": str(data)}  # fmt: skip
        started.append(Served(alone | environment, *arguments))
        return started[-1]

    yield start
    for served in started:
        served.forget()


def children(pid: int) -> list[int]:
    """The processes that this one has started."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def eventually(true: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether it becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


def cookie(served: Served) -> str:
    """The cookie of a session that is not there."""
    return f"callout-{served.port}=" + "x" * 32


def status(served: Served, path: str) -> int:
    """The status of a GET by somebody with a session, so that the database is asked; or 0."""
    try:
        return get(served.url + path, Cookie=cookie(served))[0]
    except OSError:
        return 0


def test_it_serves_this_tests_database(server: Served) -> None:
    assert status(server, "/readyz") == 200
    assert Session.objects.count() == 0


def test_sigterm_ends_everything_with_status_0(serve: Callable[..., Served], data: Path) -> None:
    served = serve().wait_until_ready()
    pids = children(served.process.pid)
    assert len(pids) == 3
    assert served.stop() == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert all_gone(data)


@pytest.mark.usefixtures("at_work")
def test_a_second_serve_is_refused_and_the_first_goes_on(serve: Callable[..., Served]) -> None:
    first = serve().wait_until_ready()
    second = serve()
    assert second.process.wait(30) == 1
    assert "Another `callout serve` runs" in second.said()
    assert "Traceback" not in second.said()
    assert status(first, "/readyz") == 200


@pytest.mark.usefixtures("at_work")
def test_who_starts_it_as_root_is_told(serve: Callable[..., Served]) -> None:
    said = serve().wait_until_ready().said()
    assert "Nobody has an account yet" in said
    assert ("It runs as root" in said) == (os.geteuid() == 0)


@pytest.mark.usefixtures("at_work")
def test_web_and_worker_can_run_alone(serve: Callable[..., Served]) -> None:
    web = serve("--only", "web").wait_until_ready()
    worker = serve("--only", "worker")
    assert eventually(lambda: "worker is running" in worker.said())
    assert len(children(web.process.pid)) == 2
    assert eventually(lambda: len(children(worker.process.pid)) == 1)
    assert worker.stop() == 0
    assert status(web, "/readyz") == 200


def test_a_taken_port_is_said(serve: Callable[..., Served]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        served = serve(PORT=str(taken.getsockname()[1]))
        assert served.process.wait(30) == 1
    assert "cannot be used" in served.said()
    assert "Set PORT to another one" in served.said()
    assert "Traceback" not in served.said()


def test_a_full_disk_is_said_and_nothing_is_damaged(serve: Callable[..., Served]) -> None:
    refused = serve(CALLOUT_MIN_FREE_MB="1000000")
    assert refused.process.wait(30) == 1
    assert "Make room and start again" in refused.said()
    assert serve().wait_until_ready().stop() == 0


@pytest.mark.usefixtures("at_work")
def test_a_killed_child_is_replaced(serve: Callable[..., Served]) -> None:
    served = serve().wait_until_ready()
    before = children(served.process.pid)
    kill_9(before)
    assert eventually(lambda: len(set(children(served.process.pid)) - set(before)) == 3)
    assert eventually(lambda: status(served, "/readyz") == 200)


@pytest.mark.usefixtures("at_work")
def test_children_end_with_a_killed_parent(serve: Callable[..., Served]) -> None:
    served = serve().wait_until_ready()
    pids = children(served.process.pid)
    served.process.kill()
    served.process.wait()
    assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
    serve(PORT=str(served.port)).wait_until_ready()


@pytest.mark.alone
@pytest.mark.usefixtures("at_work")
def test_a_killed_database_is_a_clear_page_and_comes_back(
    serve: Callable[..., Served], data: Path
) -> None:
    served = serve().wait_until_ready()
    kill_9(postgres_pids(data))
    begin = time.monotonic()
    assert status(served, "/readyz") in (200, 503)
    assert time.monotonic() - begin < 6
    assert eventually(lambda: status(served, "/readyz") == 200)
    assert eventually(lambda: status(served, "/accounts/login/") == 200)
    assert status(served, "/healthz") == 200


@pytest.mark.alone
@pytest.mark.long
def test_with_an_external_database_down_a_page_says_so_and_recovers(
    serve: Callable[..., Served], data: Path
) -> None:
    """The external one is an embedded one that this test starts and stops."""
    outside = Embedded(data / "outside")
    outside.hold()
    url = "postgresql://{}@/callout?host=" + str(outside.socket)
    environment = {
        "DATABASE_URL": url.format(APP),
        "DATABASE_OWNER_URL": url.format(OWNER),
        "CALLOUT_SECRET_KEY": "a secret key that is long enough for anybody, made up for a test",
        "CALLOUT_FIELD_KEY": "a field key that is long enough for anybody, made up for a test",
    }
    try:
        due = serve(**environment)
        assert due.process.wait(30) == 1
        assert "Run `callout migrate` first" in due.said()
        assert callout("migrate", environment).returncode == 0
        served = serve(**environment).wait_until_ready()
        assert status(served, "/accounts/login/") == 200
        outside.release()
        code, page = get(served.url + "/accounts/login/", Cookie=cookie(served))
        assert code == 503, page
        assert b"The database does not answer" in page
        assert status(served, "/readyz") == 503
        assert status(served, "/healthz") == 200
        outside.hold()
        assert eventually(lambda: status(served, "/accounts/login/") == 200, 5)
        assert status(served, "/readyz") == 200
    finally:
        outside.release()
        end_postgres(data / "outside")


def callout(name: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """One of the other commands, as an operator runs it."""
    base = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "callout", name]
    return subprocess.run(command, env=base | environment, capture_output=True, text=True)


@pytest.mark.long
def test_a_demo_is_reset_only_while_nobody_serves_it(
    serve: Callable[..., Served], data: Path
) -> None:
    demo = {"CALLOUT_DEMO": "true", "CALLOUT_DATA": str(data), "DATABASE_URL": ""}
    served = serve(CALLOUT_DEMO="true").wait_until_ready(400)
    assert "els@demo.callout.example" in served.said()
    assert "Another `callout serve` runs" in callout("demo-reset", demo).stderr
    served.stop()
    elsewhere = serve()
    assert elsewhere.process.wait(30) == 1
    assert "everybody knows its passwords" in elsewhere.said()
    assert callout("demo-reset", demo).returncode == 0
    fresh = serve().wait_until_ready()
    assert "Nobody has an account yet" in fresh.said()


def test_what_is_no_demo_is_never_reset(data: Path) -> None:
    for environment in ({}, {"CALLOUT_DEMO": "false"}):
        done = callout("demo-reset", {"CALLOUT_DATA": str(data), "DATABASE_URL": "", **environment})
        assert done.returncode == 1
        assert "This is no demo" in done.stderr
