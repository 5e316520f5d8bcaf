"""Keeps the processes of `callout serve` and the embedded server alive until told to stop."""

import logging
import multiprocessing
import signal
import socket
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from types import FrameType

from callout.config import child as child_process
from callout.config.embedded import Embedded
from callout.config.machine import Refused

logger = logging.getLogger("callout.serve")
LOOK_SECONDS = 0.25
END_LOOK_SECONDS = 0.05
SERVER_LOOK_SECONDS = 2.0
STEADY_SECONDS = 10.0
LONGEST_WAIT = 10.0
STOP_SECONDS = 15.0
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
FORK = multiprocessing.get_context("fork")


class Stopped(Exception):
    """Asked to end while the server was being started: that may last, and nobody waits for it."""


@dataclass
class Child:
    """One process that should be running."""

    kind: str
    process: ForkProcess | None = None
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
        for number in SIGNALS:
            signal.signal(number, self._stop)
        life, hold_open = FORK.Pipe(duplex=False)
        child_process.preload()
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
            hold_open.close()
            life.close()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        if self.reviving:
            self.reviving = False
            raise Stopped

    def _keep(self, child: Child, life: Connection) -> None:
        now = time.monotonic()
        if child.process and child.process.exitcode is not None:
            logger.error("The %s process ended (%s).", child.kind, child.process.exitcode)
            steady = now - child.started > STEADY_SECONDS
            child.wait = 0.5 if steady else min(child.wait * 2, LONGEST_WAIT)
            child.due, child.process = now + child.wait, None
        if child.process is None and now >= child.due:
            child.process, child.started = self._spawn(child.kind, life), now

    def _spawn(self, kind: str, life: Connection) -> ForkProcess:
        listener = self.listener if kind == "web" else None
        process = FORK.Process(target=child_process.become, args=(life, listener), name=kind)
        # What is asked of the child before it is itself would be heard by the parent's handler in
        # it, and lost: it waits until the child has its own (see child.become).
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        return process

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
            # No join(seconds): a child closes the pipe by which that knows that it has ended, and
            # then it waits for ever.
            while process.exitcode is None and time.monotonic() < end:
                time.sleep(END_LOOK_SECONDS)
            if process.exitcode is None:
                process.kill()
                process.join()
