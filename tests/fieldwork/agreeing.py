"""The random test's machine: phones, a dispatcher and a bad network; and what must hold at rest."""

import itertools
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from callout.accounts.models import Device, User
from callout.accounts.services import user_deactivate, user_reactivate
from callout.fieldwork.models import InboxCommand
from callout.fieldwork.sync import running, told
from callout.fieldwork.sync.told import Done, Rule, Told
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError
from callout.kernel.ids import uuid7
from callout.kernel.models import Installation
from callout.orders.models import Note, ServiceOrder, TimelineEntry, Visit
from callout.orders.services import Command, order_act
from tests.fieldwork.phones import Asked, Failed, Host, Network
from tests.harness import database
from tests.orders.conftest import Company

ADMIN = Actor.system("tests")
PHONES = {"p1": "anna", "p2": "anna", "p3": "bert"}
STEPS = [
    "depart", "arrive", "start_work", "break", "resume", "turn_back", "complete",
    "customer_absent", "hand_back", "cancel",
]  # fmt: skip
FAULTS = [
    "", "", "", "lost", "answer_lost", "twice", "delayed", "portal", "broken",
    "kill_before", "kill_after",
]  # fmt: skip
FINAL = {"applied", "same", "late", "refused", "unknown"}
DAY_S = 86_400
ORDERS = 4
# Where nobody is signed in on the phone, and nobody can be at the moment.
NOT_NOW = ("Nobody answered", "Not our server", "Refused")


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
    orders: list[UUID] = field(default_factory=list)

    def anew(self) -> Network:
        database.rows_put(self.rows)
        self.clock.at = self.start
        self.poison.on = True
        users = {who: UUID(str(getattr(self.company, who).user_id)) for who in ("anna", "bert")}
        network = Network({name: users[who] for name, who in PHONES.items()})
        self.host.reset(network)
        return network


class Phones(RuleBasedStateMachine):
    """Everything that can happen, in any order; `world` is put in by `machine_of`."""

    world: World
    phones = st.sampled_from(sorted(PHONES))
    places = st.integers(0, ORDERS - 1)
    texts = st.sampled_from([*["plain"] * 6, "poison", "dangling"])
    actions = st.sampled_from([*STEPS, *["note"] * 8, "extend", "extend", "part", "photo"])
    jumps = st.sampled_from([None, None, -2 * DAY_S, 0, 2 * DAY_S])

    @initialize(restores=st.booleans())
    def begin(self, restores: bool) -> None:
        # In half of the runs nothing is ever restored: the order of notes is looked at in those.
        self.restores = restores
        self.network = self.world.anew()
        self.tapped: list[Tapped] = []
        self.excused: set[str] = set()
        self.wiped: set[str] = set()
        self.backup: dict[str, bytes] | None = None
        self.restored = False
        self.count = itertools.count(1)
        self.dice = random.Random(1)
        self.visits = [self._visit(order) for order in self.world.orders]
        self.ever: dict[str, set[Any]] = defaultdict(set)
        self._look()
        for phone in PHONES:
            self.world.host.do("sync", phone, batch=50)

    # --- what happens ---

    @rule(phone=phones, fault=st.sampled_from(FAULTS), at=st.integers(0, 2),
          batch=st.sampled_from([50, 2, 2]))  # fmt: skip
    def sync(self, phone: str, fault: str, at: int, batch: int) -> None:
        self.network.fault, self.network.fault_at, self.network.count = fault, at, 0
        self.world.clock.pass_by(5)
        self._do("sync", phone, batch=batch)
        self.network.fault = ""

    @rule(phone=phones, place=places,
          taps=st.lists(st.tuples(actions, texts, jumps), min_size=2, max_size=8))  # fmt: skip
    def work_offline(self, phone: str, place: int, taps: list[tuple[str, str, int | None]]) -> None:
        for action, text, jump in taps:
            if jump is not None:
                self._do("clock", phone, off=jump * 1000)
            self._tap(phone, self.visits[place], action, text)

    @rule(phone=phones)
    def kill(self, phone: str) -> None:
        self._do("kill", phone)

    @rule(phone=phones, jump=st.sampled_from([-2 * DAY_S, 0, 2 * DAY_S]))
    def set_clock(self, phone: str, jump: int) -> None:
        self._do("clock", phone, off=jump * 1000)

    @rule(phone=phones, sure=st.integers(0, 3))
    def wipe(self, phone: str, sure: int) -> None:
        if sure:
            return  # once in a while is enough: most runs are to have something to lose
        there = {str(pk) for pk in InboxCommand.objects.values_list("pk", flat=True)}
        mine = {one.id for one in self.tapped if one.phone == phone}
        self.excused |= mine - there
        self.wiped |= mine & there
        self._do("wipe", phone)

    @rule()
    def arrive_late(self) -> None:
        self.network.arrive_late()

    @rule(minutes=st.sampled_from([5, 60, 600]))
    def time_passes(self, minutes: int) -> None:
        self.world.clock.pass_by(minutes * 60)

    @rule(place=places, what=st.sampled_from(["give", "move", "cancel", "complete", "unplan"]))
    def dispatch(self, place: int, what: str) -> None:
        self._dispatch(self.world.orders[place], what)
        self.visits[place] = self._visit(self.world.orders[place]) or self.visits[place]
        self._look()

    @rule(who=st.sampled_from(["anna", "bert"]), active=st.booleans())
    def account(self, who: str, active: bool) -> None:
        actor: Actor = getattr(self.world.company, who)
        change = user_reactivate if active else user_deactivate
        change(actor=ADMIN, user_id=UUID(str(actor.user_id)))

    @rule()
    def back_up(self) -> None:
        self.backup = database.rows_kept()

    @rule()
    def restore(self) -> None:
        if self.backup is None or not self.restores:
            return
        database.rows_put(self.backup)
        Installation.objects.update(epoch=uuid7())
        self.restored = True
        there = {str(pk) for pk in InboxCommand.objects.values_list("pk", flat=True)}
        self.excused |= self.wiped - there
        self.visits = [self._visit(order) or old for order, old in
                       zip(self.world.orders, self.visits, strict=True)]  # fmt: skip
        self._look()

    # --- at rest ---

    def teardown(self) -> None:
        if hasattr(self, "network"):
            self._rest()

    def _rest(self) -> None:
        self.network.delayed.clear()
        for who in ("anna", "bert"):
            self.account(who=who, active=True)
        for phone in PHONES:
            self._do("clock", phone, off=0)
        assert any(self._round() == 0 for _ in range(3)), "queue not empty"
        self._nothing_waits_for_poison()
        self.world.poison.on = False
        self._round()
        self._round()
        self._nothing_lost()
        self._nothing_doubled()
        self._nothing_foreign()
        self._notes_in_order()
        for phone in PHONES:
            self._agrees(phone)

    def _round(self) -> int:
        """Every phone syncs with nothing in its way; how much is left on them."""
        left = 0
        for phone in PHONES:
            self.world.clock.pass_by(5)
            if self._do("sync", phone, batch=50) in ("sign_in", "deactivated"):
                self.world.host.do("sign_in", phone)
                self.world.host.do("sync", phone, batch=50)
            left += self.world.host.do("left", phone)
        return left

    def _nothing_waits_for_poison(self) -> None:
        bad = {one.id for one in self.tapped if one.text.startswith(("poison", "dangling"))}
        for pk, outcome in InboxCommand.objects.values_list("pk", "outcome"):
            assert outcome in FINAL or str(pk) in bad, f"{pk} waits: {outcome!r}"

    def _nothing_lost(self) -> None:
        rows = {str(row.pk): row for row in InboxCommand.objects.all()}
        for one in self.tapped:
            assert one.id in rows or one.id in self.excused, f"lost: {one}"
        for row in rows.values():
            assert row.outcome in FINAL, f"not answered: {row.action} {row.outcome!r}"
            assert (row.report_id is not None) == (row.outcome == "late"), f"desk: {row.action}"

    def _nothing_doubled(self) -> None:
        applied = InboxCommand.objects.filter(outcome="applied").exclude(entry=None)
        made = applied.values_list("entry_id", flat=True)
        assert len(made) == len(set(made)), "two commands made one entry"
        users = list(self.network.users.values())
        steps = TimelineEntry.objects.filter(actor__in=users).exclude(action="undo")
        assert set(steps.values_list("pk", flat=True)) == set(made), "an entry of no command"

    def _nothing_foreign(self) -> None:
        # What a hand-over holds of others' visits is kept for nobody: on no visit, at no desk.
        kept = InboxCommand.objects.exclude(outcome="refused", code="deactivated", visit=None)
        for row in kept.exclude(outcome="unknown"):
            visit = json.loads(row.raw or "{}")["visit"]
            assert row.technician_id in self.ever[visit], f"foreign: {row.action}"

    def _notes_in_order(self) -> None:
        """Of each phone on each visit, by its taps; but for those that a restore brought back
        after later ones, and those that were held."""
        if self.restored:
            return
        shown = list(Note.objects.order_by("created_at", "pk").values_list("text", flat=True))
        by: dict[tuple[str, str], list[str]] = defaultdict(list)
        for one in self.tapped:
            if one.action == "note" and one.text.startswith("plain") and one.text in shown:
                by[one.phone, one.visit].append(one.text)
        for taps in by.values():
            assert [text for text in shown if text in taps] == taps, "order of notes"

    def _agrees(self, phone: str) -> None:
        """What the phone shows is what the server would tell a phone that knows nothing."""
        shown = self.world.host.do("show", phone)
        server = self._pulled(phone)
        assert shown["docs"] == server, f"{phone} holds something else than the server says"
        views = {name: body for name, body in server.items() if name != "me"}
        assert shown["views"] == views, f"{phone} shows something else than it holds"
        rows = InboxCommand.objects.in_bulk([UUID(one["id"]) for one in shown["entries"]])
        for one in shown["entries"]:
            applied = rows[UUID(one["id"])].outcome in ("applied", "same")
            assert one["mark"] == ("applied" if applied else "needs_look"), one

    def _pulled(self, phone: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        known: dict[str, str] = {}
        while True:
            body = {"callout": 1, "now": clock.now().isoformat(), "app": "test",
                    "epoch": None, "known": known, "commands": [], "positions": [],
                    "unsent": None}  # fmt: skip
            asked = Asked(phone, "POST", "/technician/sync", json.dumps(body).encode(), {})
            answer = self.network.serve(asked)["json"]
            for doc in answer["docs"]:
                found[doc["id"]], known[doc["id"]] = doc["body"], doc["rev"]
            if not answer["more"]:
                return found

    # --- by what ---

    def _do(self, op: str, phone: str, **given: Any) -> Any:
        """Failed is allowed where nobody is signed in on the phone and nobody can be."""
        try:
            return self.world.host.do(op, phone, **given)
        except Failed as failed:
            if not any(word in str(failed) for word in NOT_NOW):
                raise
            return None

    def _tap(self, phone: str, visit: str, action: str, text: str) -> None:
        self.world.clock.pass_by(60)
        number = next(self.count)
        text = f"{text} {number}"
        bodies: dict[str, dict[str, Any]] = {
            "note": {"id": self._id(), "text": text},
            "extend": {"minutes": 15},
            "part": {"id": self._id(), "text": text, "quantity": "1", "unit": "pc"},
            "photo": {"id": self._id(), "name": "a.jpg", "type": "image/jpeg",
                      "tag": "before", "item": None},
        }  # fmt: skip
        body = bodies.get(action, {"note": "Because"})
        file = {"file": f"bytes {number % 3}"} if action == "photo" else {}
        made = self._do("tap", phone, visit=visit, action=action, body=body, **file)
        if made:
            self.tapped.append(Tapped(made, phone, visit, action, text if action == "note" else ""))

    def _id(self) -> str:
        """The same ones in the same run, each time."""
        return str(UUID(int=self.dice.getrandbits(128), version=4))

    def _dispatch(self, order_id: UUID, what: str) -> None:
        company = self.world.company
        order = ServiceOrder.objects.get(pk=order_id)
        people = [company.anna.technician_id, company.bert.technician_id]
        there = order.technician_id
        other = people[0] if there == people[1] else people[1]
        given: dict[str, Any] = {}
        action = what
        if what in ("give", "move"):
            action = "replan" if order.visit_id and order.stage == "planned" else "plan"
            start = (clock.now() + timedelta(hours=2)).replace(second=0, microsecond=0)
            given = {
                "technician_id": other if what == "give" or not there else there,
                "start": start, "duration_minutes": 60, "allow_overlap": True,
            }  # fmt: skip
        if what == "cancel":
            given = {"note": "Because"}
        with suppress(CalloutError):  # refused in words, as it may be
            order_act(
                actor=company.manager, order_id=order_id, action=action,
                command=Command(**given),
            )  # fmt: skip

    def _visit(self, order_id: UUID) -> str:
        found = ServiceOrder.objects.filter(pk=order_id).values_list("visit_id", flat=True)
        return str(found[0]) if found[0] else ""

    def _look(self) -> None:
        """Whose each visit is now, so once was."""
        for pk, technician in Visit.objects.values_list("pk", "technician_id"):
            self.ever[str(pk)].add(technician)


def machine_of(world: World) -> type[Phones]:
    """The machine of this world."""
    return type("PhonesOfThisWorld", (Phones,), {"world": world})


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
    assert User.objects.count() == 3
    assert not Device.objects.exists()
    host = Host(program, tick.ms)
    poison = Poison()
    try:
        with poison.mixed_in():
            yield World(company, host, tick, poison, database.rows_kept(), tick.at, orders)
    finally:
        host.stop()
