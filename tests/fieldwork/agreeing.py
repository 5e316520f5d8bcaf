"""The random test's machine: phones, a dispatcher and a bad network; and what must hold at rest."""

import base64
import itertools
import json
import random
from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from callout.accounts.services import user_deactivate, user_reactivate
from callout.fieldwork.models import InboxCommand
from callout.fieldwork.sync import retrying
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError
from callout.kernel.ids import uuid7
from callout.kernel.models import Installation
from callout.orders.models import Note, ServiceOrder, TimelineEntry, Visit
from callout.orders.services import Command, order_act
from tests.fieldwork.agreeing_world import ORDERS, PHONES, Tapped, World
from tests.fieldwork.phones import Asked, Failed
from tests.fieldwork.recording import drawn
from tests.harness import database

ADMIN = Actor.system("tests")
STEPS = [
    "depart", "arrive", "start_work", "break", "resume", "turn_back", "complete",
    "customer_absent", "hand_back", "cancel",
]  # fmt: skip
ABOUT = ["undo", "undo", "correct", "correct"]  # an earlier entry of the same phone
RECORD = ["answer", "answer", "part", "photo", "report", "sign", "cannot_sign", "hours", "found"]
FAULTS = [
    "", "", "", "lost", "answer_lost", "twice", "delayed", "portal", "broken",
    "kill_before", "kill_after",
]  # fmt: skip
FINAL = {"applied", "same", "late", "refused", "unknown"}
DAY_S = 86_400
SIGNED = base64.b64encode(drawn()).decode()
# Where nobody is signed in on the phone, and nobody can be at the moment.
NOT_NOW = ("Nobody answered", "Not our server", "Refused")


# How often what happens, and is entered.
EVENTS = {
    "sync": 16, "work_offline": 12, "dispatch": 10, "kill": 3, "set_clock": 2, "wipe": 1,
    "arrive_late": 3, "time_passes": 3, "account": 2, "worker": 2, "back_up": 3, "restore": 2,
}  # fmt: skip
ENTRIES = [*STEPS, *["note"] * 8, "extend", "extend", *ABOUT, *RECORD]
TEXTS = [*["plain"] * 6, "poison", "dangling"]
JUMPS = [-2 * DAY_S, 0, 2 * DAY_S]  # of a phone's clock
ORDERED = ["give", "move", "move", "cancel", "complete", "unplan"]


class Phones(RuleBasedStateMachine):
    """Everything that can happen, in any order; `world` is put in by `machine_of`."""

    world: World

    @initialize(seed=st.integers(0, 2**63 - 1))
    def begin(self, seed: int) -> None:
        # Dice of our own: hypothesis draws some rules seldom and repeats its draws, and what is
        # looked for here takes nearly all of them in one run.
        self.dice = random.Random(seed)
        # In half of the runs nothing is ever restored: the order of notes is looked at in those.
        self.restores = self.dice.random() < 0.5
        self.network = self.world.anew()
        self.tapped: list[Tapped] = []
        self.excused: set[str] = set()
        self.wiped: set[str] = set()
        self.restored = False
        self.count = itertools.count(1)
        self.visits = [self._visit(order) for order in self.world.orders]
        self.ever: dict[str, set[Any]] = defaultdict(set)
        self._look()
        for phone in PHONES:
            self.world.host.do("sync", phone, batch=50)
        self.backup = database.rows_kept()

    # --- what happens ---

    @rule()
    def happens(self) -> None:
        (name,) = self.dice.choices(list(EVENTS), list(EVENTS.values()))
        getattr(self, name)()

    def sync(self) -> None:
        fault, at = self.dice.choice(FAULTS), self.dice.randrange(3)
        batch = self.dice.choice([50, 50, 2])
        self.network.fault, self.network.fault_at, self.network.count = fault, at, 0
        self.world.clock.pass_by(5)
        self._do("sync", self._phone(), batch=batch)
        self.network.fault = ""

    def work_offline(self) -> None:
        phone = self._phone()
        visit = self.dice.choice(self._held(phone) if self.dice.random() < 0.8 else self.visits)
        for _ in range(self.dice.randint(2, 8)):
            if self.dice.random() < 0.5:
                self._do("clock", phone, off=self.dice.choice(JUMPS) * 1000)
            self._tap(phone, visit, self.dice.choice(ENTRIES), self.dice.choice(TEXTS))

    def kill(self) -> None:
        self._do("kill", self._phone())

    def set_clock(self) -> None:
        self._do("clock", self._phone(), off=self.dice.choice(JUMPS) * 1000)

    def wipe(self) -> None:
        phone = self._phone()
        there = {str(pk) for pk in InboxCommand.objects.values_list("pk", flat=True)}
        mine = {one.id for one in self.tapped if one.phone == phone}
        self.excused |= mine - there
        self.wiped |= mine & there
        self._do("wipe", phone)

    def arrive_late(self) -> None:
        self.network.arrive_late()

    def time_passes(self) -> None:
        self.world.clock.pass_by(self.dice.choice([5, 60, 600]) * 60)

    def dispatch(self) -> None:
        place = self.dice.randrange(ORDERS)
        self._dispatch(self.world.orders[place], self.dice.choice(ORDERED))
        self.visits[place] = self._visit(self.world.orders[place]) or self.visits[place]
        self._look()

    def account(self) -> None:
        self._account(self.dice.choice(["anna", "bert"]), active=self.dice.random() < 0.5)

    def worker(self) -> None:
        retrying.retry()

    def back_up(self) -> None:
        self.backup = database.rows_kept()

    def restore(self) -> None:
        if not self.restores:
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
            self._account(who, active=True)
        for phone in PHONES:
            self._do("clock", phone, off=0)
        assert any(self._round() == 0 for _ in range(3)), "queue not empty"
        self._nothing_waits_for_poison()
        self.world.poison.on = False
        # What the phones do not send any more, since they were wiped, is the worker's.
        self.world.clock.pass_by(retrying.LONGEST.total_seconds())
        retrying.retry()
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
        steps = TimelineEntry.objects.filter(actor__in=users).values_list("pk", flat=True)
        assert set(steps) == set(made), "an entry of no command"
        found = InboxCommand.objects.filter(action="found", outcome="applied").count()
        more = ServiceOrder.objects.exclude(pk__in=self.world.orders).count()
        assert more == found, "as many follow-up orders as were asked for"

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

    def _phone(self) -> str:
        return self.dice.choice(list(PHONES))

    def _held(self, phone: str) -> list[str]:
        """Visits that are or were once theirs; all if there is none."""
        actor: Actor = getattr(self.world.company, PHONES[phone])
        return [one for one in self.visits if actor.technician_id in self.ever[one]] or self.visits

    def _account(self, who: str, *, active: bool) -> None:
        actor: Actor = getattr(self.world.company, who)
        change = user_reactivate if active else user_deactivate
        change(actor=ADMIN, user_id=UUID(str(actor.user_id)))

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
        if action == "sign":
            made = self._do("sign", phone, visit=visit, name=text, image=SIGNED)
        else:
            file = {"file": f"bytes {number % 3}"} if action == "photo" else {}
            body = self._body(phone, visit, action, text)
            made = self._do("tap", phone, visit=visit, action=action, body=body, **file)
        if made:
            self.tapped.append(Tapped(made, phone, visit, action, text if action == "note" else ""))

    def _body(self, phone: str, visit: str, action: str, text: str) -> dict[str, Any]:
        number = int(text.split()[-1])
        new, before, item = self._id(), self._before(phone, visit), self.world.items[number % 2]

        def ago(minutes: int) -> str:
            return (clock.now() - timedelta(minutes=minutes)).isoformat()

        bodies: dict[str, dict[str, Any]] = {
            "note": {"id": new, "text": text},
            "extend": {"minutes": 15},
            "undo": {"of": before},
            "correct": {"entry": "", "of": before, "at": ago(1 + number % 3)},
            "answer": {"item": str(item.pk), "value": [True, str(number % 12)][number % 2]},
            "part": {"id": new, "text": text, "quantity": "1", "unit": "pc"},
            "photo": {"id": new, "name": "a.jpg", "type": "image/jpeg", "tag": "before",
                      "item": None},
            "report": {"text": text},
            "cannot_sign": {"why": text},
            "hours": {"id": new, "kind": "other", "start": ago(9), "end": ago(4), "note": text},
            "found": {"id": new, "kind": "order", "text": text},
        }  # fmt: skip
        return bodies.get(action, {"note": "Because"})

    def _before(self, phone: str, visit: str) -> str:
        """The last step that was entered there, which an undo or another time is about."""
        steps = [one.id for one in self.tapped if (one.phone, one.visit) == (phone, visit)
                 and one.action in (*STEPS, "extend")]  # fmt: skip
        return steps[-1] if steps else self._id()

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
