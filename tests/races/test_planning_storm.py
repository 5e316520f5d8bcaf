"""Everybody at once on the same hours, through whatever plans: one truth is left, and it fits."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from callout.accounts.zone import today
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError
from callout.orders.models import ServiceOrder, Visit
from callout.orders.services import Command
from callout.planning import services as planning
from callout.planning.drafts.applying import draft_apply
from callout.planning.drafts.filling import draft_fill
from callout.planning.drafts.making import draft_absence, draft_auto_plan
from callout.planning.drafts.undoing import draft_undo
from callout.planning.judging import Move
from callout.planning.models import PlanDraft
from callout.planning.placing import Placed, visits_place
from callout.planning.taking_back import visits_place_undo
from callout.workforce import services as workforce
from callout.workforce.models import Absence
from tests.orders.conftest import Company, soon
from tests.races.conftest import together
from tests.races.test_booking import overlaps
from tests.scale import rounds

pytestmark = pytest.mark.race
ROUNDS = rounds(4, 60)
HOUR = timedelta(hours=1)
Work = Callable[[], Any]


@pytest.fixture
def worked(company: Company) -> Company:
    for one in (company.anna, company.bert):
        assert one.technician_id
        workforce.working_week_set(
            actor=company.manager, technician_id=one.technician_id,
            valid_from=today() - timedelta(days=400), days=[[["00:00", "23:45"]]] * 7,
        )  # fmt: skip
    return company


@dataclass
class Storm:
    """One day: eight orders to plan, four that are planned, a draft for either."""

    company: Company
    base: datetime
    pick: random.Random

    def __post_init__(self) -> None:
        self.new = [self.company.order() for _ in range(8)]
        self.planned = [
            self.company.planned(self.who(nth), start=self.base + 2 * nth * HOUR)
            for nth in range(4)
        ]
        manager, technician_id = self.company.manager, self.company.anna.technician_id
        ids = [order.pk for order in self.new]
        day = self.base.date()
        self.drafts = [
            draft_auto_plan(actor=manager, first=day, days=2, order_ids=ids),
            draft_absence(
                actor=manager, technician_id=technician_id, start=self.base - HOUR,
                end=self.base + 10 * HOUR,
            ),
        ]  # fmt: skip
        for draft in self.drafts:
            draft_fill(draft.pk)

    def who(self, nth: int) -> Actor:
        return (self.company.anna, self.company.bert)[nth % 2]

    def works(self) -> list[Work]:
        """Drags and their undo, drafts applied and undone, plans, phones, and an absence."""
        manager, act = self.company.manager, planning.order_act
        absent = self.who(1).technician_id
        assert absent
        works: list[Work] = [self.dragged(nth) for nth in range(6)]
        for draft in (*self.drafts, self.drafts[0]):
            works.append(partial(draft_apply, actor=manager, draft_id=draft.pk))
            works.append(partial(draft_undo, actor=manager, draft_id=draft.pk))
        for nth in range(4):
            command = Command(
                technician_id=self.who(0).technician_id, duration_minutes=60,
                start=self.base + nth * HOUR / 2,
            )  # fmt: skip
            works.append(
                partial(
                    act, actor=manager, order_id=self.new[nth].pk, action="plan", command=command
                )
            )
            works.append(partial(self.company.act, self.who(nth), self.planned[nth], "depart"))
        works.append(
            partial(
                workforce.absence_create, actor=manager, kind="leave", note="",
                technician_id=absent, start=self.base,
                end=self.base + 3 * HOUR,
            )
        )  # fmt: skip
        self.pick.shuffle(works)
        return works

    def dragged(self, nth: int) -> Work:
        """Three orders, wherever they are by then, one after the other; now and then undone."""
        chosen = [order.pk for order in self.pick.sample(self.new + self.planned, 3)]
        actor, technician_id = self.company.manager, self.who(nth).technician_id
        assert technician_id
        undone = nth % 3 == 0

        def work() -> Placed:
            there = ServiceOrder.objects.in_bulk(chosen)
            moves = [
                Move(
                    order_id=pk, version=there[pk].version, visit_id=there[pk].visit_id,
                    technician_id=technician_id, start=self.base + (place + nth % 2) * HOUR,
                    minutes=60,
                )
                for place, pk in enumerate(chosen)
            ]  # fmt: skip
            placed = visits_place(actor=actor, moves=moves, confirmed=True)
            return visits_place_undo(actor=actor, done=placed.done) if undone else placed

        return work

    def over(self) -> None:
        """Nobody is on the way when the next day begins."""
        for visit in Visit.objects.filter(status="en_route", is_open=True).select_related("order"):
            self.company.act(self.company.manager, visit.order, "cancel", note="Next day")


def copies_that_lie() -> int:
    """Orders that say something else than their current visit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM orders_serviceorder o JOIN orders_visit v ON v.id = o.visit_id"
            ' WHERE v.is_open AND (o.technician_id, o."start", o."end")'
            ' IS DISTINCT FROM (v.technician_id, v."start", v."end")'
        )
        return int(cursor.fetchone()[0])


def test_whatever_plans_at_once_leaves_no_overlap_and_everybody_is_told(worked: Company) -> None:
    told: Counter[str] = Counter()
    for number in range(ROUNDS):
        storm = Storm(worked, soon(48 + 24 * number), random.Random(number))
        for one in together(storm.works()):
            known = Placed | PlanDraft | ServiceOrder | Absence | CalloutError
            assert isinstance(one, known), repr(one)
            assert not isinstance(one, CalloutError) or one.message
            told["refused" if isinstance(one, CalloutError) else type(one).__name__] += 1
        assert overlaps() == 0
        assert copies_that_lie() == 0
        storm.over()
    assert told["refused"] > ROUNDS
    assert told["PlanDraft"] > 0
    assert told["ServiceOrder"] > 0
