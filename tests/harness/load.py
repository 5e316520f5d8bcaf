"""Writers that go on whatever happens to the server, and know what they were told.

Each makes orders and plans them, through the API, with a key of its own for each change. What is
not answered is sometimes sent again with the same key until it is, and sometimes left: nobody
knows then, but it must be wholly there or not at all.
"""

import http.client
import json
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg

LEFT = 0.5  # of what is not answered


@dataclass
class Intent:
    """One order that a writer wanted: what it was told of it. `reference` is the customer's."""

    reference: str = field(default_factory=lambda: str(uuid4()))
    created: str = ""  # the id told, when it was
    planned: bool = False


@dataclass
class Writer(threading.Thread):
    """One client. `order` are the fields of an order, `technician` who is planned, hour by hour."""

    port: int
    token: str
    order: dict[str, str]
    technician: str
    free: datetime  # from when on nothing is planned
    stop: threading.Event
    dice: random.Random
    intents: list[Intent] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)  # when each change was acknowledged
    refused: list[str] = field(default_factory=list)  # what no kill explains

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Until it is told to stop; then it finishes the change it is at."""
        while not self.stop.is_set():
            intent = Intent()
            self.intents.append(intent)
            fields = self.order | {"customer_reference": intent.reference}
            found = self._change("/api/v1/service-orders", fields, f"{intent.reference}/create")
            if found is None:
                continue
            intent.created = found["id"]
            self.free += timedelta(hours=1)
            slot = {"technician_id": self.technician, "start": self.free.isoformat(),
                    "duration_minutes": 60}  # fmt: skip
            path = f"/api/v1/service-orders/{intent.created}/actions/plan"
            intent.planned = self._change(path, slot, f"{intent.reference}/plan") is not None

    def _change(self, path: str, fields: dict[str, Any], key: str) -> dict[str, Any] | None:
        """The answer of a change that was acknowledged, None of one that was left."""
        while True:
            try:
                status, body = self._ask(path, fields, key)
            except (OSError, http.client.HTTPException):
                self.link.close()
                status, body = 0, b""
                time.sleep(0.2)
            if 200 <= status < 300:
                self.answers.append(time.monotonic())
                answer: dict[str, Any] = json.loads(body)
                return answer
            if 400 <= status < 500 and status != 429:
                self.refused.append(f"{status} {body[:300]!r}")
                return None
            if self.stop.is_set() or self.dice.random() < LEFT:
                return None

    def _ask(self, path: str, fields: dict[str, Any], key: str) -> tuple[int, bytes]:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Host": f"localhost:{self.port}",
            "Idempotency-Key": key,
        }
        self.link.request("POST", path, json.dumps(fields).encode(), headers)
        answer = self.link.getresponse()
        return answer.status, answer.read()


def writers(
    database: "psycopg.Connection[Any]", port: int, token: str, count: int, seed: int
) -> list[Writer]:
    """So many of them, not begun, for a company that is there; each has a technician of its own."""
    row = database.execute(
        "SELECT customer_id, site_id, type_id FROM orders_serviceorder LIMIT 1"
    ).fetchone()
    assert row is not None
    names = ("customer_id", "site_id", "type_id")
    order = {name: str(value) for name, value in zip(names, row, strict=True)}
    order["description"] = "Made under load"
    planned = database.execute('SELECT max("end") FROM orders_visit').fetchone()
    free = max(planned[0] if planned else datetime.now(UTC), datetime.now(UTC)) + timedelta(days=1)
    team = database.execute("SELECT id FROM workforce_technician ORDER BY id LIMIT %s", [count])
    stop = threading.Event()
    return [
        Writer(port, token, order, str(pk), free, stop, random.Random(seed + place))
        for place, (pk,) in enumerate(team.fetchall())
    ]


@dataclass(frozen=True)
class Verdict:
    """What became of all intents. `wrong` says each that was lost, doubled or half."""

    acknowledged: int
    left: int
    left_but_there: int
    wrong: list[str]


# Of one order, by the customer's reference: how often each part of its two changes is there.
PARTS = """
SELECT o.customer_reference, count(*) OVER (PARTITION BY o.customer_reference),
    (SELECT count(*) FROM kernel_journalentry j WHERE j.entity_id = o.id AND j.kind = 'create'),
    (SELECT count(*) FROM kernel_idempotencykey k WHERE k.key = o.customer_reference || '/create'),
    (SELECT count(*) FROM orders_visit v WHERE v.order_id = o.id),
    (SELECT count(*) FROM orders_assignment a JOIN orders_visit v ON v.id = a.visit_id
        WHERE v.order_id = o.id),
    (SELECT count(*) FROM orders_timelineentry t WHERE t.order_id = o.id AND t.action = 'plan'),
    (SELECT count(*) FROM kernel_journalentry j WHERE j.entity_id = o.id AND j.kind = 'plan'),
    (SELECT count(*) FROM kernel_idempotencykey k WHERE k.key = o.customer_reference || '/plan'),
    (o.stage = 'planned' AND o.visit_id IS NOT NULL)::int
FROM orders_serviceorder o WHERE o.description = 'Made under load'
"""


def judged(database: "psycopg.Connection[Any]", asked: Sequence[Writer]) -> Verdict:
    """Whether all that was acknowledged is there once, and all else wholly or not at all."""
    there = {name: parts for name, *parts in database.execute(PARTS).fetchall()}
    wrong = [words for writer in asked for words in writer.refused]
    acknowledged = left = left_but_there = 0
    for writer in asked:
        for intent in writer.intents:
            created = tuple(there.get(intent.reference, (0,) * 9)[:3])
            planned = tuple(there.get(intent.reference, (0,) * 9)[3:])
            for told, parts, what in (
                (bool(intent.created), created, "create"),
                (intent.planned, planned, "plan"),
            ):
                if len(set(parts)) > 1 or parts[0] > 1:
                    wrong.append(f"{intent.reference} {what} is there in parts: {parts}")
                if told and parts[0] != 1:
                    wrong.append(f"{intent.reference} {what} was acknowledged and is lost")
                acknowledged += told
                left += not told
                left_but_there += not told and parts[0] == 1
    return Verdict(acknowledged, left, left_but_there, wrong)
