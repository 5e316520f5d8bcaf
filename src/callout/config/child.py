"""One process under `callout serve`: a web process or the worker.

It is forked from the parent, which has read the whole program already: what none of them changes
is in memory once. It ends by itself when its parent does, however that ended: the parent holds the
other end of a pipe, and a pipe's end closes with its process.
"""

import gc
import os
import resource
import signal
import socket
import sys
import threading
import time
from importlib import import_module
from multiprocessing.connection import Connection

from callout.config.allocator import heap_bounded

GRACE_SECONDS = 10
MOST_FILES = 1 << 16
WAITING = 2048  # connections that may wait to be taken
# New containers after which Python looks for cycles. Its own 700 are an answer half made: a week of
# the board was looked through four times while it was written, 7 of its 38 ms.
LOOKED_THROUGH_AFTER = 10_000

SHARED = (
    "callout.config.edge.bodies",
    "callout.config.edge.heads",
    "callout.config.edge.threads",
    "callout.config.wsgi",
    "callout.kernel.management.commands.worker",
    "callout.web.live.endpoint",
)


def preload() -> None:
    """Read the program into the parent, for its children to share. Starts nothing."""
    from django.template.loader import get_template
    from django.urls import get_resolver

    heap_bounded()
    for module in SHARED:
        import_module(module)
    _ = get_resolver().url_patterns
    get_template("base_office.html")
    gc.set_threshold(LOOKED_THROUGH_AFTER, 5, 5)
    gc.collect()
    gc.freeze()  # else the first collection writes into every page that is shared


def end_with_parent(life: Connection) -> None:
    """Watch the pipe; at its end, end."""

    def watch() -> None:
        life.poll(None)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="life", daemon=True).start()


def web(listener: socket.socket) -> None:
    """Serve HTTP on a socket that the parent has bound."""
    import uvicorn
    from django.conf import settings

    from callout.config.asgi import application
    from callout.config.edge.heads import PunctualHeads
    from callout.kernel.ending import end_if_database_is_away
    from callout.web.live.endpoint import close_streams

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            listener.listen(WAITING)

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            end_if_database_is_away()
            close_streams()  # else it would wait for every open screen
            await super().shutdown(sockets)

    config = uvicorn.Config(
        application,
        http=PunctualHeads,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,  # addresses hold secrets, such as the key of a password reset
        server_header=False,
        proxy_headers=bool(settings.TRUSTED_PROXIES),
        forwarded_allow_ips=settings.TRUSTED_PROXIES,
        # How many connections asyncio takes in one go, too. With more, whoever wakes first takes
        # all that wait: sixteen browsers that came at once all sat in one process (seen). uvloop,
        # which has no such bound, shared them evenly.
        backlog=1,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
    )
    Server(config).run(sockets=[listener])


def worker() -> None:
    """Do the jobs."""
    from django.core.management import call_command

    call_command("worker")


def become(life: Connection, listener: socket.socket | None) -> None:
    """What a fork runs to its end: a web process if it has a socket, else the worker."""
    os.setsid()  # Ctrl-C is for the parent; it tells the children
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    for number in numbers:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)  # the parent held them back for the fork
    keep = {0, 1, 2, life.fileno()} | ({listener.fileno()} if listener else set())
    _others_closed(keep)
    end_with_parent(life)
    if listener is not None:
        web(listener)
    else:
        worker()
    sys.exit(0)


def _others_closed(keep: set[int]) -> None:
    """Close what was the parent's: its locks, which must end with it, and its ends of pipes."""
    most = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], MOST_FILES)
    last = -1
    for number in [*sorted(keep), most]:
        if last + 1 < number:  # an empty range from 0 closes everything (seen in CPython 3.11)
            os.closerange(last + 1, number)
        last = number
