"""`python -m bench.machines`: Callout on what stands for several machines, killed part by part.

One PostgreSQL with a streaming replica, three web processes and two workers, each with a data
folder of its own, one shared folder of files, HAProxy (Debian's package) before them, all on
127.0.0.1. A change made through one is awaited on the streams of the others; then a web process, a
worker, the primary and the replica are killed under load and come back.
"""

import itertools
import os
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from bench import place
from callout.config.embedded import APP, OWNER, SUPERUSER, Embedded
from tests.harness.load import Writer, judged, writers
from tests.harness.server import Served, free_port, get, until
from tests.live.streams import Reader

WEBS, WORKERS, WRITERS = 3, 2, 6
ORDERS = 2_000
CHANGES = 60  # awaited on every screen
# A replica is fed by the role that owns everything; it tells the primary what it still reads.
MORE = """
wal_level = replica
max_wal_senders = 5
hot_standby = on
hot_standby_feedback = on
wal_keep_size = 256MB
"""

BALANCER = """
global
    maxconn 2000
defaults
    mode http
    timeout connect 2s
    timeout client 1h
    timeout server 1h
    option forwardfor
    option redispatch
    retries 3
    retry-on conn-failure
frontend callout
    bind 127.0.0.1:{port}
    default_backend web
backend web
    balance leastconn
    option httpchk
    http-check send meth GET uri /readyz hdr Host localhost:{port}
    default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
{servers}
"""


class Server(Embedded):
    """A PostgreSQL of Callout's own kind that lets itself be copied."""

    def _configure(self) -> None:
        super()._configure()
        with open(self.pg / "pg_hba.conf", "a") as file:
            file.write("local replication all peer map=callout\n")

    def url(self, role: str) -> str:
        """A DATABASE_URL for this role."""
        return f"postgresql://{role}@/callout?host={quote(str(self.socket))}"

    def copied(self, data: Path) -> "Server":
        """A streaming replica of it in another data folder, up."""
        data.mkdir()
        shutil.chown(data, self.user.pw_uid, self.user.pw_gid)
        copy = Server(data, extra=MORE)
        done = self._run("pg_basebackup", "-D", copy.pg, "-R", "-X", "stream", "-c", "fast",
                         "-h", self.socket, "-U", SUPERUSER)  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stdout)
        copy.hold()
        return copy

    def killed(self) -> None:
        """As if its machine had stopped."""
        postmaster = int((self.pg / "postmaster.pid").read_text().split()[0])
        workers = subprocess.run(["pgrep", "-P", str(postmaster)], capture_output=True, text=True)
        for pid in [postmaster, *map(int, workers.stdout.split())]:
            os.kill(pid, signal.SIGKILL)


class Machines:
    """All of them, and how to end one."""

    def __init__(self, folder: Path, held: ExitStack) -> None:
        self.folder, self.held, self.port = folder, held, free_port()
        self.primary = Server(folder / "primary", extra=MORE)
        self.primary.data.mkdir(parents=True)
        shutil.chown(self.primary.data, self.primary.user.pw_uid, self.primary.user.pw_gid)
        self.primary.hold()
        held.callback(self.primary.release)
        self.common = {
            **place.KEYS,
            "DATABASE_URL": self.primary.url(APP),
            "CALLOUT_URL": f"http://localhost:{self.port}",
            "CALLOUT_FILES": str(folder / "files"),
            "CALLOUT_WEB_PROCESSES": "1",
            "CALLOUT_TRUSTED_PROXIES": "127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "callout.config.settings",
            "CALLOUT_DEMO": "",
        }
        Path(self.common["CALLOUT_FILES"]).mkdir()
        self.ports = [free_port() for _ in range(WEBS)]

    def filled(self) -> str:
        """A small company; a manager's token."""
        owner = {"DATABASE_OWNER_URL": self.primary.url(OWNER)}
        self.callout("migrate", "--verbosity", "0", **owner)
        self.callout("demo-data", "--orders", str(ORDERS), **owner)
        return self.callout("token", "manager@bench.example", "--name", "machines").split()[-1]

    def callout(self, *arguments: str, **more: str) -> str:
        """What a command says."""
        environment = os.environ | self.common | {"CALLOUT_DATA": str(self.folder)} | more
        command = [sys.executable, "-m", "callout", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout

    def begun(self) -> None:
        """Replica, web processes, workers and balancer, ready."""
        self.replica = self.primary.copied(self.folder / "replica")
        self.held.callback(self.replica.release)
        self.common["DATABASE_REPLICA_URL"] = self.replica.url(APP)
        self.webs = [self.web(number) for number in range(WEBS)]
        self.workers = [self.served(f"worker{n}", "worker", free_port()) for n in range(WORKERS)]
        self.held.enter_context(balanced(self.folder, self.port, self.ports))
        for port in (*self.ports, self.port):
            ready(port)

    def web(self, number: int) -> Served:
        """Web process `number`, on its port."""
        return self.served(f"web{number}", "web", self.ports[number])

    def served(self, name: str, part: str, port: int) -> Served:
        """One part of `callout serve` as on a machine of its own."""
        data = self.folder / name
        data.mkdir(exist_ok=True)
        served = Served(
            self.common | {"CALLOUT_DATA": str(data), "PORT": str(port)}, "--only", part
        )
        self.held.callback(served.forget)
        return served


def ready(port: int) -> None:
    """Wait until somebody serves there."""
    until(lambda: get(f"http://localhost:{port}/readyz")[0] == 200, 90)


@contextmanager
def balanced(folder: Path, port: int, ports: list[int]) -> Iterator[None]:
    """HAProxy before the web processes."""
    program = shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise SystemExit("There is no load balancer here: apt-get install haproxy")
    lines = [f"    server web{n} 127.0.0.1:{one} check" for n, one in enumerate(ports)]
    file = folder / "haproxy.cfg"
    file.write_text(BALANCER.format(port=port, servers="\n".join(lines)))
    process = subprocess.Popen([program, "-db", "-f", file], stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def tree_killed(served: Served) -> None:
    """kill -9 of a part with all its processes."""
    children = subprocess.run(
        ["pgrep", "-P", str(served.process.pid)], capture_output=True, text=True
    )
    for pid in [served.process.pid, *map(int, children.stdout.split())]:
        os.kill(pid, signal.SIGKILL)
    served.process.wait(20)


def shown_elsewhere(machines: Machines, token: str) -> list[float]:
    """Milliseconds from the answer of a change at one web process to the hint at each of all."""
    bearer = {"Authorization": f"Bearer {token}", "Host": f"localhost:{machines.port}"}
    screens = [Reader(port, dict(bearer)).ready() for port in machines.ports]
    with psycopg.connect(machines.primary.dsn(OWNER)) as connection:
        (writer,) = writers(connection, machines.ports[0], token, 1, seed=1)
    found: list[float] = []
    for number in range(CHANGES):
        told = threading.Barrier(len(screens) + 1)
        moments: list[float] = []

        def listen(screen: Reader, told: Any = told, moments: Any = moments) -> None:
            told.wait()
            if screen.next(10) is not None:
                moments.append(time.monotonic())

        threads = [threading.Thread(target=listen, args=(screen,)) for screen in screens]
        for thread in threads:
            thread.start()
        told.wait()
        key = f"shown-{number}"
        status, body = writer._ask(
            "/api/v1/service-orders", writer.order | {"customer_reference": key}, key
        )
        answered = time.monotonic()
        if status != 201:
            raise RuntimeError(f"{status} {body!r}")
        for thread in threads:
            thread.join()
        if len(moments) != len(screens):
            raise RuntimeError("a change was not shown on another machine's screen")
        found += [(moment - answered) * 1_000 for moment in moments]
        for screen in screens:
            screen.all(0.1)  # whatever else was said of this change
    for screen in screens:
        screen.link.close()
    return found


def longest_silence(asked: list[Writer], since: float, until_: float) -> float:
    """The longest time in which nobody was answered."""
    moments = sorted(
        [since, until_, *(at for one in asked for at in one.answers if since < at < until_)]
    )
    return max(after - before for before, after in itertools.pairwise(moments))


def survived(machines: Machines, token: str) -> list[str]:
    """Each kill under load, and what became of what was acknowledged; RuntimeError if not all."""
    with psycopg.connect(machines.primary.dsn(OWNER)) as connection:
        asked = writers(connection, machines.port, token, WRITERS, seed=2)
    for writer in asked:
        writer.start()
    time.sleep(4)
    lines = []

    def round_of(what: str, kill: Callable[[], None], back: Callable[[], object]) -> None:
        begun = time.monotonic()
        kill()
        time.sleep(3)
        back()
        time.sleep(6)
        silence = longest_silence(asked, begun, time.monotonic())
        count = sum(len([at for at in one.answers if at > begun]) for one in asked)
        lines.append(f"| {what} | {silence:.1f} | {count / (time.monotonic() - begun):.0f} |")

    def web_back() -> None:
        machines.webs[1] = machines.web(1)
        ready(machines.ports[1])

    def worker_back() -> None:
        machines.workers[0] = machines.served("worker0", "worker", free_port())

    round_of("nothing", lambda: None, lambda: None)
    round_of("a web process", lambda: tree_killed(machines.webs[1]), web_back)
    round_of("a worker", lambda: tree_killed(machines.workers[0]), worker_back)
    round_of("the primary", machines.primary.killed, machines.primary.revive)
    round_of("the replica", machines.replica.killed, machines.replica.revive)
    asked[0].stop.set()
    for writer in asked:
        writer.join(60)
    with psycopg.connect(machines.primary.dsn(OWNER)) as connection:
        verdict = judged(connection, asked)
        count = "SELECT count(*) FROM orders_serviceorder"
        (wanted,) = connection.execute(count).fetchone() or (0,)
    with psycopg.connect(machines.replica.dsn(APP), autocommit=True) as copy:
        until(lambda: (copy.execute(count).fetchone() or (0,))[0] == wanted)
    if verdict.wrong:
        raise RuntimeError("\n".join(verdict.wrong[:20]))
    lines += ["", f"{verdict.acknowledged:,} changes were acknowledged, 0 of them lost; of"
              f" {verdict.left:,} left without an answer {verdict.left_but_there} are wholly there,"
              " all others not at all. The replica has what the primary has."]  # fmt: skip
    return lines


def main() -> None:
    """Set up, show, kill, say."""
    folder = place.folder() / "machines"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with ExitStack() as held:
            machines = Machines(folder, held)
            token = machines.filled()
            machines.begun()
            delays = shown_elsewhere(machines, token)
            spread = statistics.quantiles(delays, n=20)
            print(f"{CHANGES} changes through one web process, on the screens of all {WEBS}:"
                  f" median {statistics.median(delays):.0f} ms after the answer,"
                  f" p95 {spread[-1]:.0f} ms\n")  # fmt: skip
            print("| killed under load | longest time without an answer (s) | changes a second |")
            print("|---|--:|--:|")
            print("\n".join(survived(machines, token)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
