"""Keeps the processes of `callout serve` and the embedded server alive until told to stop."""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

from callout.config.embedded import Embedded, Refused

logger = logging.getLogger("callout.serve")
LOOK_SECONDS = 0.25
SERVER_LOOK_SECONDS = 2.0
STEADY_SECONDS = 10.0
LONGEST_WAIT = 10.0
STOP_SECONDS = 15.0


class Stopped(Exception):
    """Asked to end while the server was being started: that may last, and nobody waits for it."""


@dataclass
class Child:
    """One process that should be running."""

    kind: str
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = 0.5
    due: float = 0.0


@dataclass
class Supervisor:
    """Starts the children, restarts what ends, and stops them all on a signal."""

    kinds: list[str]
    listener: socket.socket | None
    server: Embedded | None
    stopping: bool = False
    reviving: bool = False
    children: list[Child] = field(default_factory=list)

    def run(self) -> None:
        """Return when a signal has asked for the end and every child has ended."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        life, hold_open = os.pipe()
        self.children = [Child(kind) for kind in self.kinds]
        next_look = 0.0
        try:
            while not self.stopping:
                for child in self.children:
                    self._keep(child, life)
                if self.server and time.monotonic() > next_look:
                    self._revive(self.server)
                    next_look = time.monotonic() + SERVER_LOOK_SECONDS
                time.sleep(LOOK_SECONDS)
        except Stopped:
            logger.info("Ending while the embedded PostgreSQL was being looked after.")
        finally:
            self._end_all()
            os.close(hold_open)
            os.close(life)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        if self.reviving:
            self.reviving = False
            raise Stopped

    def _keep(self, child: Child, life: int) -> None:
        now = time.monotonic()
        if child.process and child.process.poll() is not None:
            logger.error("The %s process ended (%s).", child.kind, child.process.returncode)
            steady = now - child.started > STEADY_SECONDS
            child.wait = 0.5 if steady else min(child.wait * 2, LONGEST_WAIT)
            child.due, child.process = now + child.wait, None
        if child.process is None and now >= child.due:
            child.process, child.started = self._spawn(child.kind, life), now

    def _spawn(self, kind: str, life: int) -> subprocess.Popen[bytes]:
        listener = self.listener.fileno() if self.listener else -1
        return subprocess.Popen(
            [sys.executable, "-m", "callout.config.child", kind, str(life), str(listener)],
            stdin=subprocess.DEVNULL,
            pass_fds=[life] + ([listener] if kind == "web" else []),
            start_new_session=True,  # Ctrl-C is for the parent; it tells the children
        )

    def _revive(self, server: Embedded) -> None:
        self.reviving = True
        try:
            if server.revive():
                logger.error("The embedded PostgreSQL had stopped; it is up again.")
        except (Refused, OSError) as error:
            logger.error("The embedded PostgreSQL is down; trying again. %s", error)
        finally:
            self.reviving = False

    def _end_all(self) -> None:
        running = [child.process for child in self.children if child.process]
        for process in running:
            process.terminate()
        end = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
