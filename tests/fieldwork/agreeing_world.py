"""The world of the random test: its clock, a service that raises, and what a run begins with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from callout.accounts.models import Device, User
from callout.fieldwork.models import ChecklistItem
from callout.fieldwork.sync import running, told
from callout.fieldwork.sync.told import Done, Rule, Told
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.models import Note, Visit
from tests.fieldwork.phones import Host, Network
from tests.fieldwork.recording import line
from tests.harness import database
from tests.orders.conftest import Company

PHONES = {"p1": "anna", "p2": "anna", "p3": "bert"}
ORDERS = 4


class Clock:
    """The server's time: goes on by itself a little with each look, so that no two are equal."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 30, 7, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(microseconds=200)
        return self.at

    def ms(self) -> int:
        return int(self.at.timestamp() * 1000)

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Poison:
    """A service that raises, as long as `on`: at once, or when the database looks at its work."""

    on: bool = True

    @contextmanager
    def mixed_in(self) -> Iterator[None]:
        real = told.HANDLERS["note"]

        def handler(actor: Actor, visit: Visit, said: Told) -> Done:
            text = said.body.get("text", "")
            if self.on and text.startswith("poison"):
                raise RuntimeError("a service that raises")
            done = real.handler(actor, visit, said)
            if self.on and text.startswith("dangling"):
                # Nobody's: the foreign key is looked at when the transaction ends.
                Note.objects.filter(pk=said.body["id"]).update(author_id=uuid4())
            return done

        told.HANDLERS["note"] = Rule(handler, real.helpers)
        try:
            yield
        finally:
            told.HANDLERS["note"] = real


@dataclass
class Tapped:
    """An entry that the phone has marked as kept."""

    id: str
    phone: str
    visit: str
    action: str
    text: str = ""


@dataclass
class World:
    """What a run begins with, and goes back to."""

    company: Company
    host: Host
    clock: Clock
    poison: Poison
    rows: dict[str, bytes]
    start: datetime
    orders: list[UUID]
    items: list[ChecklistItem]

    def anew(self) -> Network:
        database.rows_put(self.rows)
        self.clock.at = self.start
        self.poison.on = True
        users = {who: UUID(str(getattr(self.company, who).user_id)) for who in ("anna", "bert")}
        network = Network({name: users[who] for name, who in PHONES.items()})
        self.host.reset(network)
        return network


@contextmanager
def world_made(company: Company, program: Any, patch: pytest.MonkeyPatch) -> Iterator[World]:
    """Four orders, two technicians, three phones that have signed in, and their process."""
    tick = Clock()
    patch.setattr(clock, "now", tick.now)
    patch.setattr(running.log, "disabled", True)  # what is held is held on purpose
    orders = [
        company.planned(company.anna if n % 2 == 0 else company.bert, hours=1 + n).pk
        for n in range(ORDERS)
    ]
    items = [line(company), line(company, "number", low="0", high="9")]
    assert User.objects.count() == 3
    assert not Device.objects.exists()
    host = Host(program, tick.ms)
    poison = Poison()
    try:
        with poison.mixed_in():
            rows = database.rows_kept()
            yield World(company, host, tick, poison, rows, tick.at, orders, items)
    finally:
        host.stop()
