"""The real server and the floor, started for a while; who signs in there."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench import machine
from bench.client import Browser, signed_in
from callout.accounts.models import User
from callout.accounts.services import token_create
from callout.config.demo.scale.company import Size
from callout.kernel.actor import Actor
from tests.harness.server import Served, free_port

if TYPE_CHECKING:
    from bench.measure import Doors

MANAGER = Size(0).manager


def manager_made(password: str) -> str:
    """Give the manager a password, and a token for programs; the token."""
    user = User.objects.get(email=MANAGER)
    user.set_password(password)
    user.save()
    actor = Actor(user_id=user.pk, name=user.name, is_manager=True, is_admin=True, door="office")
    _row, plain = token_create(actor=actor, name="bench")
    return plain


@contextmanager
def served(environment: dict[str, str]) -> Iterator[Served]:
    """`callout serve` with its defaults, until the end of the `with`."""
    server = Served(environment)
    try:
        yield server.wait_until_ready(120)
    finally:
        server.forget()


@contextmanager
def floor(dsn: str, threads: int = 0) -> Iterator[int]:
    """The floor's server; its port. `threads`: for so many clients at once."""
    port = free_port()
    command = [sys.executable, "-m", "bench.floor", dsn, str(port), str(threads)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 30
        while not _answers(port):
            if time.monotonic() > end or process.poll() is not None:
                raise RuntimeError("the floor did not come up")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    try:
        return Browser(port).ask("GET", "/list")[0] == 200
    except OSError:
        return False


def doors_opened(server: Served, floor_port: int, token: str, password: str) -> "Doors":
    """Signed in, with a token, and on the floor."""
    from bench.measure import Doors

    port = server.port
    return Doors(
        office=signed_in(port, MANAGER, password),
        api=Browser(port, {"Authorization": f"Bearer {token}", "Accept": "application/json"}),
        floor=Browser(floor_port),
    )


def memory_of(serve: int, data: Path) -> dict[str, float]:
    """Megabytes of Callout's processes and of PostgreSQL's; the largest of Callout's by itself."""
    database = machine.postmaster(data)
    ours = [serve, *machine.children(serve)]
    return {
        "callout": machine.memory(ours),
        "largest": max(map(machine.resident, ours)),
        "postgresql": machine.memory([database, *machine.children(database)]),
    }
