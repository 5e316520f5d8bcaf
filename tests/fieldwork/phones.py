"""The real outbox of phones, in node, against the real endpoints: what test_phones_agree drives.

The core is built to one file (frontend/tests/host) and spoken to over stdin and stdout. Whatever a
phone asks comes here, and goes to Django's test client with the phone's own cookies, or wrong.
"""

import base64
import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client

from callout.accounts.models import User
from callout.fieldwork.sync import limits
from tests.harness.database import REPO
from tests.harness.signing import sign_in

FRONTEND = REPO / "frontend"
HEADERS = {"Origin": "http://testserver", "X-Callout": "1"}
# What the phone is told of what it asked: see phone-host.ts.
Told = dict[str, Any]
LOST: Told = {"error": "nobody answered"}
PORTAL: Told = {"status": 200, "json": None}
BROKEN: Told = {"status": 502, "json": None}
KILLED: Told = {"kill": True}


def host_built(folder: Path, mutant: str = "") -> Path:
    """The phone as one file for node; broken on purpose for a mutant."""
    environment = os.environ | {
        "HOST_FOLDER": str(folder),
        "MUTANT": mutant,
        "PATH": f"{REPO / '.venv/bin'}:{os.environ['PATH']}",
    }
    vite = [str(FRONTEND / "node_modules/.bin/vite"), "build", "--logLevel", "error"]
    subprocess.run(
        [*vite, "-c", "tests/host/vite.config.ts"], cwd=FRONTEND, env=environment, check=True
    )
    return folder / f"{mutant or 'true'}.mjs"


@dataclass
class Asked:
    """One request of a phone."""

    phone: str
    method: str
    path: str
    body: bytes | None
    headers: dict[str, str]


@dataclass
class Network:
    """Between phones and server: carries what is asked, with the fault of the moment."""

    users: dict[str, UUID]
    clients: dict[str, Client] = field(default_factory=dict)
    delayed: list[Asked] = field(default_factory=list)
    # What happens to the request of this number, counted from 0 in each operation.
    fault: str = ""
    fault_at: int = 0
    count: int = 0

    def __post_init__(self) -> None:
        # What breaks is answered 500, as a server does.
        self.clients = {name: Client(raise_request_exception=False) for name in self.users}

    def carry(self, asked: Asked) -> Told:
        """What the phone hears."""
        fault = self.fault if self.count == self.fault_at else ""
        self.count += 1
        before: dict[str, Told] = {"lost": LOST, "portal": PORTAL, "kill_before": KILLED}
        after: dict[str, Told] = {"answer_lost": LOST, "kill_after": KILLED, "broken": BROKEN}
        if fault in before:
            return before[fault]
        if fault == "delayed":
            self.delayed.append(asked)
            return LOST
        told = self.serve(asked)
        if fault == "twice":
            told = self.serve(asked)
        return after.get(fault, told)

    def arrive_late(self) -> None:
        """The oldest of what was underway comes to the server after all; nobody hears of it."""
        if self.delayed:
            self.serve(self.delayed.pop(0))

    def serve(self, asked: Asked) -> Told:
        """The server's answer."""
        client = self.clients[asked.phone]
        limits.forget()
        if asked.path == "/technician/device":
            for user in User.objects.filter(pk=self.users[asked.phone], is_active=True):
                sign_in(client, user)
        answer = client.generic(
            asked.method,
            asked.path,
            asked.body or b"",
            "application/octet-stream" if asked.method == "PUT" else "application/json",
            headers={**HEADERS, **asked.headers},
        )
        client.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        is_json = answer["Content-Type"].startswith("application/json")
        return {
            "status": answer.status_code,
            "json": json.loads(answer.content) if is_json else None,
        }


class Failed(Exception):
    """The operation ended in an error on the phone."""


class Host:
    """The phones' process. `now` is the server's time, ms, told with each line."""

    def __init__(self, program: Path, now: Callable[[], int]) -> None:
        node = REPO / ".venv/bin/node"
        self.process = subprocess.Popen(
            [str(node) if node.exists() else "node", str(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.now = now
        self.lines = 0
        self.network: Network | None = None

    def reset(self, network: Network) -> None:
        """New phones with nothing on them."""
        self.network = network
        self.do("reset", "", phones=list(network.users))

    def do(self, op: str, phone: str, **given: Any) -> Any:
        """Do it, serving meanwhile what the phone asks. Failed for an error of the phone's."""
        self.lines += 1
        line = self.lines
        self._say({"k": line, "op": op, "p": phone, "now": self.now(), **given})
        while True:
            told = self._hear()
            if "http" in told:
                self._say({"reply": told["http"], **self._carry(told)})
            elif told["done"] == line:
                if "failed" in told:
                    raise Failed(told["failed"])
                return told.get("result")

    def _carry(self, told: dict[str, Any]) -> Told:
        assert self.network is not None
        body = told.get("text")
        raw = base64.b64decode(told["bytes"]) if "bytes" in told else None
        asked = Asked(
            told["p"],
            told["method"],
            told["path"],
            body.encode() if body is not None else raw,
            told.get("headers") or {},
        )
        return self.network.carry(asked)

    def _say(self, told: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the phones' process has ended")
        told: dict[str, Any] = json.loads(line)
        return told

    def stop(self) -> None:
        """End it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(20)
