"""`python -m bench.phones DATABASE RESULT`: phones that sync within one minute, at `callout serve`.

200 technicians with 4,000 open visits in two weeks (as bench/suggest.py), a phone each. In one
minute, each at a moment of its own, every phone fetches everything anew (it has just been opened
after a lost store), asks whether there is news (there is none), and sends five taps of a visit.
"""

import json
import random
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

from bench import place
from bench.client import Browser
from bench.suggest import TECHNICIANS, VISITS, board_fill

SECONDS = 60
HANDS = 24  # of the client: requests that may be under way at a time
TAPS = ("depart", "arrive", "start_work", "note", "part")


@dataclass
class Phone:
    """One phone: its cookie, what it holds, and its counter."""

    browser: Browser
    known: dict[str, str] = field(default_factory=dict)
    visits: list[str] = field(default_factory=list)
    n: int = 0

    def sync(self, *commands: dict[str, Any]) -> tuple[float, dict[str, Any]]:
        """Milliseconds of one request, and its answer; RuntimeError for one that is no success."""
        said = {
            "callout": 1, "now": datetime.now(UTC).isoformat(), "app": "bench", "epoch": None,
            "known": self.known, "commands": commands, "positions": [],
            "unsent": {"commands": 0, "files": 0, "bytes": 0, "since": None},
        }  # fmt: skip
        spent, found = self.browser.timed("POST", "/technician/sync", json.dumps(said).encode())
        answer: dict[str, Any] = json.loads(found)
        for doc in answer["docs"]:
            self.known[doc["id"]] = doc["rev"]
        self.visits += [doc["body"]["id"] for doc in answer["docs"] if doc["id"] != "me"]
        outcomes = {one["outcome"] for one in answer["answers"]}
        if outcomes - {"applied"}:
            raise RuntimeError(f"not applied: {answer['answers']}")
        return spent, answer

    def taps(self) -> list[dict[str, Any]]:
        """The taps of a visit, as an outbox keeps them."""
        bodies: dict[str, dict[str, Any]] = {
            "note": {"id": str(uuid4()), "text": "Pressure was low, filled up to 1.6 bar"},
            "part": {"id": str(uuid4()), "text": "Seal", "quantity": "2", "unit": "pc"},
        }
        return [self._command(action, bodies.get(action, {})) for action in TAPS]

    def _command(self, action: str, body: dict[str, Any]) -> dict[str, Any]:
        self.n += 1
        return {
            "id": str(uuid4()), "n": self.n, "v": 1, "visit": self.visits[0], "action": action,
            "body": body, "at": datetime.now(UTC).isoformat(), "skew": {"ms": 0, "age_s": 5},
            "seen": "",
        }  # fmt: skip


def main(database: str, result: Path) -> None:
    """Fill a migrated database, serve it, let the phones sync, write down."""
    secrets = company_with_phones()
    from bench.serving import served

    with served(place.environment(database)) as server:
        phones = [phone_of(server.port, secret) for secret in secrets]
        found = minute(phones)
    result.write_text(json.dumps({"phones": found}, indent=1))


def company_with_phones() -> list[str]:
    """The full board, each of its technicians signed in on a phone; the phones' secrets."""
    from callout.accounts.models import User
    from callout.accounts.selectors import actor_for_user
    from callout.accounts.services import device_sign_in
    from callout.config.demo.scale.company import Size, company_fill
    from callout.workforce.models import Technician

    class Board(Size):
        """As large a team as the question asks."""

        technicians = TECHNICIANS

    company_fill(Board(orders=VISITS))
    actor = actor_for_user(User.objects.get(is_manager=True), "api")
    print(f"{board_fill(actor):,} open visits of {TECHNICIANS} technicians", flush=True)
    found = []
    for n, row in enumerate(Technician.objects.order_by("pk")):
        user = User.objects.create(email=f"t{n}@bench.example", name=row.name, is_technician=True)
        Technician.objects.filter(pk=row.pk).update(user=user)
        own = actor_for_user(user, "technician")
        found.append(device_sign_in(actor=own, user_agent="bench")[1])
    return found


def phone_of(port: int, secret: str) -> Phone:
    """On a connection of its own, as phones are."""
    headers = {
        "Origin": f"http://localhost:{port}",
        "X-Callout": "1",
        "Content-Type": "application/json",
    }
    return Phone(Browser(port, headers, {f"callout-device-{port}": secret}))


def minute(phones: list[Phone]) -> list[dict[str, Any]]:
    """All phones within a minute; one line for each kind of request."""
    times: dict[str, list[float]] = {"first": [], "pull": [], "push": []}
    failed: list[str] = []
    late: list[float] = []
    guard = threading.Lock()
    begun = time.monotonic()

    def one(phone: Phone, at: float) -> None:
        wait = begun + at - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        try:
            first = phone.sync()[0]
            pull = phone.sync()[0]
            push = phone.sync(*phone.taps())[0]
        except Exception as error:  # noqa: BLE001 - counted and told
            with guard:
                failed.append(f"{type(error).__name__}: {error}"[:300])
            return
        with guard:
            late.append(max(0.0, -wait))
            for name, spent in (("first", first), ("pull", pull), ("push", push)):
                times[name].append(spent)

    pick = random.Random(7)
    moments = sorted(pick.uniform(0, SECONDS) for _phone in phones)
    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(one, phones, moments))
    took = time.monotonic() - begun
    print(f"{len(phones)} phones in {took:.0f} s, {len(failed)} errors {failed[:3]}", flush=True)
    print(f"  the client itself began at most {max(late, default=0):.1f} s late", flush=True)
    words = {
        "first": "everything anew", "pull": "no news", "push": f"{len(TAPS)} taps",
    }  # fmt: skip
    return [told(words[name], spent, len(failed)) for name, spent in times.items()]


def told(words: str, spent: list[float], errors: int) -> dict[str, Any]:
    """Median and p95 of one kind of request, also in a line."""
    spent.sort()
    median, p95 = statistics.median(spent), spent[int(len(spent) * 0.95)]
    print(f"  {words}: median {median:.0f} ms, p95 {p95:.0f} ms", flush=True)
    return {"words": words, "median": median, "p95": p95, "errors": errors}


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1], Path(sys.argv[2]))
