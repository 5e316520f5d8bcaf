"""`callout serve`: web processes and a worker, kept alive; the embedded server too, if used."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import connections

from callout.accounts.selectors import there_is_a_user
from callout.accounts.services import setup_code_create
from callout.config import command
from callout.config.demo.people import sign_ins
from callout.config.edge import health
from callout.config.supervisor import Supervisor
from callout.kernel.actor import Actor


class Command(BaseCommand):
    """Runs until it is told to stop (SIGTERM, Ctrl-C)."""

    help = "Serve Callout: web processes and the worker."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Each part can run alone, on a machine of its own."""
        parser.add_argument("--only", choices=["web", "worker"], help="run only this part")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Check everything that can be checked, then serve."""
        parts = [options["only"]] if options["only"] else ["web", "worker"]
        with ExitStack() as stack:
            if settings.EMBEDDED:
                for part in parts:
                    stack.enter_context(only_one(part))
            listener = stack.enter_context(bound()) if "web" in parts else None
            self._ready_the_database()
            kinds = ["web"] * settings.WEB_PROCESSES * ("web" in parts) + ["worker"] * (
                "worker" in parts
            )
            self._greet(listener)
            if os.geteuid() == 0 and not settings.DEMO:
                self.stdout.write("It runs as root. Better give it a user: see docs/operations.md.")
            connections.close_all()
            server = command.embedded() if settings.EMBEDDED else None
            Supervisor(kinds, listener, server).run()

    def _ready_the_database(self) -> None:
        if not health.migrated():
            if not settings.EMBEDDED:
                raise CommandError("The database is not up to date. Run `callout migrate` first.")
            call_command("migrate", verbosity=0)
        self.check(databases=["default"])
        if settings.DEMO and not there_is_a_user():
            self.stdout.write("Loading the demo company.")
            call_command("demo-data", stdout=StringIO())

    def _greet(self, listener: socket.socket | None) -> None:
        if listener is None:
            self.stdout.write("Callout's worker is running. Ctrl-C ends it.")
            return
        self.stdout.write(f"Callout is on {settings.URL} (Ctrl-C ends it).")
        if settings.DEMO:
            for line in sign_ins():
                self.stdout.write(line)
        elif not there_is_a_user():
            code = setup_code_create(actor=Actor.system("callout serve"))
            self.stdout.write("Nobody has an account yet. Make the first admin with this code:")
            self.stdout.write(f"  {settings.URL}/setup/  {code}")


@contextmanager
def only_one(part: str) -> Iterator[None]:
    """A second serve of the same part on the same data folder is refused."""
    with open(settings.DATA / f"serve-{part}.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(
                f"Another `callout serve` runs on the data folder {settings.DATA}."
                " Stop it first, or set CALLOUT_DATA to another folder."
            ) from None
        yield


@contextmanager
def bound() -> Iterator[socket.socket]:
    """The socket that all web processes accept from; a taken port is found out here."""
    family = socket.AF_INET6 if ":" in settings.BIND else socket.AF_INET
    # Said to be TCP, or asyncio leaves Nagle's delay on: 40 ms more for each small answer.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.BIND, settings.PORT))
        except OSError as error:
            raise CommandError(
                f"Port {settings.PORT} on {settings.BIND} cannot be used ({error.strerror})."
                " Set PORT to another one."
            ) from None
        listener.listen(2048)
        yield listener
