"""How the demo is told: event by event in the order of time, by the services. days.py has what."""

import heapq
import itertools
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from callout.accounts.zone import at, local
from callout.config.demo.customers import FAULTS
from callout.config.demo.load import Demo, Place
from callout.config.demo.records import Recorder, checklists_load
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Refused
from callout.orders.models import Reason
from callout.orders.services import (
    Command,
    note_add,
    order_act,
    order_check,
    order_create,
    order_wait,
)
from callout.workforce.models import Technician

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CHECKLISTS_DAYS = 4  # since when there are checklists, and visits are recorded and signed
OFFICE_NOTES = [
    "Badge at the reception, ask for Koen.",
    "Customer prefers a call half an hour before.",
    "Parking behind the building, code at the barrier.",
    "Bring the long ladder.",
]


class Story:
    """Events in a queue by time; each is told with the clock held at its moment."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.dice = demo.dice
        self.events: list[tuple[datetime, int, Callable[[], Any]]] = []
        self.count = itertools.count()
        self.orders: dict[int, UUID] = {}
        self.recorder = Recorder(random.Random(20261126))  # noqa: S311 - the same demo each time
        self.checklists_since = demo.now - CHECKLISTS_DAYS * DAY
        reasons = Reason.objects.all()
        self.reasons = {
            kind: [r.pk for r in reasons if r.kind == kind]
            for kind in ("cancel", "hand_back", "absent")
        }

    def tell(self, *what: Callable[["Story"], None]) -> int:
        """Lay out what each of them has to tell, then let it happen. How many orders."""
        self.later(self.checklists_since, partial(checklists_load, self.demo))
        for one in what:
            one(self)
        while self.events:
            moment, _number, event = heapq.heappop(self.events)
            with clock.freeze(min(moment, self.demo.now)):
                event()
        return len(self.orders)

    def later(self, moment: datetime, event: Callable[[], Any]) -> None:
        heapq.heappush(self.events, (moment, next(self.count), event))

    def new(self, received: datetime, place: Place | None = None, **said: Any) -> int:
        """An order received at `received`; its place in the list of orders."""
        number = len(self.orders)
        self.orders[number] = UUID(int=0)
        values = self.values(place or self.dice.choice(self.demo.places)) | said
        actor = self.dice.choice(self.demo.managers)

        def event() -> None:
            order = order_create(actor=actor, received_at=received, **values)
            self.orders[number] = order.pk
            if number % 7 == 0:
                note_add(
                    actor=actor,
                    order_id=order.pk,
                    text=OFFICE_NOTES[number % len(OFFICE_NOTES)],
                    kind="technician",
                )

        self.later(received, event)
        return number

    def values(self, place: Place) -> dict[str, Any]:
        customer, site, assets, contact, kinds = place
        asset = self.dice.choice(assets) if assets else None
        letter = _letter(asset.kind) if asset else (kinds[:1] if kinds else "")
        language = customer.language if customer.language in FAULTS else "nl"
        text = self.dice.choice(FAULTS[language][letter])
        kind = _kind_of(text)
        return {
            "customer_id": customer.pk,
            "site_id": site.pk,
            "asset_id": asset.pk if asset else None,
            "contact_id": contact.pk if contact and contact.site_id == site.pk else None,
            "type_id": self.demo.types[kind].pk,
            "priority": self.dice.choices(
                ["low", "normal", "high", "urgent"],
                weights=[2, 12, 4, 1 if kind != "Breakdown" else 3],
            )[0],
            "description": text,
            "channel": self.dice.choice(["phone", "phone", "email", "form"]),
            "charge": "contract" if kind == "Maintenance" else "chargeable",
        }

    def visit(
        self, order: int, person: tuple[Technician, Actor | None], start: datetime,
        minutes: int, ending: str,
    ) -> None:  # fmt: skip
        """A visit planned the day before, driven to, worked on and ended."""

        def plan() -> None:
            if self.plan(order, person[0], start, minutes):
                self.happen(order, person[1], start, minutes, ending)
            else:  # a second try of another order sits there
                self.later(start - 16 * HOUR, partial(self.cancel, order))

        self.later(start - 18 * HOUR, plan)

    def happen(
        self, order: int, actor: Actor | None, start: datetime, minutes: int, ending: str
    ) -> None:
        if ending == "cancel":
            self.later(start - 2 * HOUR, partial(self.cancel, order))
            return
        steps = [("depart", -20), ("arrive", 2)]
        if ending != "customer_absent":
            steps += [("start_work", 6)]
        for action, offset in steps:
            shift = offset + self.dice.randrange(-2, 3)
            self.later(start + shift * MINUTE, partial(self.act, actor, order, action))
        over = self.dice.choice([-10, -5, 0, 5, 10])
        ends = start + (minutes + over) * MINUTE
        if ending == "complete" and actor and start > self.checklists_since:
            self.record(actor, order, ends)
        self.later(ends, partial(self.end, actor, order, ending))
        checked = start + 26 * HOUR
        if ending == "complete" and self.dice.random() < 0.5 and checked < self.demo.now:
            self.later(checked, partial(self.check, order))

    def record(self, actor: Actor, order: int, ends: datetime) -> None:
        """What the technician's phone says of the visit before its end; of some, afterwards too."""
        tell = lambda: self.recorder.tell(actor, self.orders[order], order)  # noqa: E731
        self.later(ends - 3 * MINUTE, tell)
        if order % 8 == 3 and ends + 10 * MINUTE < self.demo.now:
            forgot = lambda: self.recorder.change_afterwards(actor, self.orders[order])  # noqa: E731
            self.later(ends + 10 * MINUTE, forgot)

    def check(self, order: int) -> None:
        order_check(actor=self.demo.managers[0], order_id=self.orders[order])

    def second_try(self, order: int, start: datetime, number: int) -> None:
        """After an absent customer or a missing part somebody goes again, some days later."""
        people = [row for row in self.demo.technicians if row[1]][7:]

        def plan_again() -> None:
            for days, person in itertools.product((3, 4, 5), people):
                begun = local(start)
                again = at(begun.date() + timedelta(days=days), begun.time())
                if again > self.demo.now - 10 * HOUR:
                    return  # still in the pile today
                if self.plan(order, person[0], again, 60):
                    break
            else:
                return
            if person[1] and again > self.checklists_since:
                self.record(person[1], order, again + 55 * MINUTE)
            for action, offset in [("depart", -15), ("start_work", 5), ("complete", 55)]:
                step = partial(self.act, person[1], order, action)
                self.later(again + offset * MINUTE, step)

        self.later(start + (26 + number % 5) * HOUR, plan_again)

    def under_way(
        self, order: int, person: tuple[Technician, Actor | None], start: datetime,
        stops_at: str, place: int,
    ) -> None:  # fmt: skip
        technician, actor = person
        self.later(start - 20 * HOUR, lambda: self.plan(order, technician, start, 90, promise=True))
        ways = {
            "planned": [],
            "en_route": [("depart", -20)],
            "on_site": [("depart", -25), ("arrive", 3)],
            "working": [("depart", -20), ("arrive", 1), ("start_work", 6)],
            "break": [("depart", -20), ("start_work", 4), ("break", 60)],
        }
        for action, offset in ways[stops_at]:
            self.later(start + offset * MINUTE, partial(self.act, actor, order, action))
        if place == 4:
            command = Command(duration_minutes=60)
            self.later(self.demo.now, lambda: self.act(actor, order, "extend", command))

    def planned(
        self, person: tuple[Technician, Actor | None], start: datetime, minutes: int
    ) -> None:
        order = self.new(self.demo.now - self.dice.randrange(4, 70) * HOUR)
        planned_at = self.demo.now - self.dice.randrange(1, 180) * MINUTE
        self.later(planned_at, lambda: self.plan(order, person[0], start, minutes))

    def plan(
        self, order: int, technician: Technician, start: datetime, minutes: int,
        promise: bool = False,
    ) -> bool:  # fmt: skip
        command = Command(
            technician_id=technician.pk,
            start=start,
            duration_minutes=minutes,
            promise_from=start if promise else None,
            promise_to=start + 2 * HOUR if promise else None,
        )
        try:
            with transaction.atomic():  # one change tells it all: what is refused leaves no trace
                self.act(self.demo.managers[0], order, "plan", command)
        except Refused:
            return False  # the order stays in the pile
        return True

    def act(
        self, actor: Actor | None, order: int, action: str, command: Command | None = None
    ) -> None:
        order_act(
            actor=actor or self.demo.managers[0],
            order_id=self.orders[order],
            action=action,
            command=command,
        )

    def end(self, actor: Actor | None, order: int, ending: str) -> None:
        kind = {"customer_absent": "absent", "hand_back": "hand_back"}.get(ending)
        reason = self.dice.choice(self.reasons[kind]) if kind else None
        self.act(actor, order, ending, Command(reason_id=reason))

    def cancel(self, order: int) -> None:
        reason = Command(reason_id=self.dice.choice(self.reasons["cancel"]))
        self.act(self.demo.managers[1], order, "cancel", reason)

    def wait(self, order: int, place: int) -> None:
        until = local(self.demo.now).date() + timedelta(days=2 + place % 9)
        what = ["part", "customer", "access", "approval"][place % 4]
        self.later(
            self.demo.now,
            lambda: order_wait(
                actor=self.demo.managers[0],
                order_id=self.orders[order],
                waiting_for=what,
                waiting_until=until,
            ),
        )


def _letter(kind: str) -> str:
    letters = {
        "Gas boiler": "b", "Cold room": "c", "Lift": "l", "Ventilation unit": "v",
        "Fire alarm panel": "f", "Generator": "g",
    }  # fmt: skip
    return letters[kind]


def _kind_of(text: str) -> str:
    lower = text.lower()
    if any(word in lower for word in ("entretien", "onderhoud")):
        return "Maintenance"
    if any(word in lower for word in ("contrôle", "keuring", "vérification", "test")):
        return "Inspection"
    if any(word in lower for word in ("remplacement", "vervangen", "remplacer")):
        return "Installation"
    return "Breakdown"
