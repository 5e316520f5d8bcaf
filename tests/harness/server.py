"""The real thing for journeys and races: `callout serve`, on this process's database."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from callout.config import folders
from callout.config.embedded import APP, OWNER
from tests.harness import database


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(url: str, seconds: float = 5, **headers: str) -> tuple[int, bytes]:
    """Status and body of a GET; an error status is an answer too."""
    try:
        request = urllib.request.Request(url, headers=headers)
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def until(true: Callable[[], bool], seconds: float = 120) -> None:
    """Wait for it; nobody answering yet counts as not true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if true():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("It did not become true in time.")


class Served:
    """One `callout serve`, its address, and what it has said."""

    def __init__(self, environment: dict[str, str], *arguments: str) -> None:
        self.port = int(environment.get("PORT", free_port()))
        self.url = f"http://localhost:{self.port}"
        self.log = Path(tempfile.mkstemp(prefix="callout-serve-", suffix=".log")[1])
        without = {"CALLOUT_URL", "CALLOUT_DEMO", "DJANGO_SETTINGS_MODULE"}
        clean = {name: value for name, value in os.environ.items() if name not in without}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "callout", "serve", *arguments],
                env=clean | environment | {"PORT": str(self.port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        """Everything it has written so far."""
        return self.log.read_text(errors="replace")

    def wait_until_ready(self, seconds: float = 180) -> "Served":
        """Return when /readyz says so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if get(f"{self.url}/readyz")[0] == 200:
                    return self
            except OSError:
                pass
            time.sleep(0.1)
        self.stop()
        raise AssertionError(f"callout serve did not become ready:\n{self.said()}")

    def stop(self) -> int:
        """End it as an operator would; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def forget(self) -> None:
        """Stop it, and remove its log."""
        self.stop()
        self.log.unlink(missing_ok=True)


# Where a test of this process may listen for webhooks: whichever of its workers takes a job may
# send there.
RECEIVER = free_port()


def on_the_test_database() -> dict[str, str]:
    """The environment of a server on this test process's own database."""
    return {
        "CALLOUT_WEBHOOKS_INTERNAL": f"http://127.0.0.1:{RECEIVER}",
        "DATABASE_URL": database.dsn(APP),
        "DATABASE_OWNER_URL": database.dsn(OWNER),
        "CALLOUT_SECRET_KEY": settings.SECRET_KEY,
        "CALLOUT_FIELD_KEY": settings.FIELD_KEY,
        "CALLOUT_VAPID_KEY": folders.push_key(),
        "CALLOUT_DATA": str(settings.DATA),
    }
