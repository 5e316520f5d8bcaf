"""Whatever is pressed in whatever order, the row of an order is always one of the true ones."""

import random
from collections import Counter
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError
from callout.orders.lifecycle import ACTIONS, OPEN, Status, allows, stage_of
from callout.orders.models import ServiceOrder, Visit
from callout.orders.services import order_check, order_uncheck
from callout.orders.services.settle import current_visit, there_at
from tests.orders.conftest import Company, company_made, soon
from tests.scale import rounds

pytestmark = pytest.mark.wide

STEPS = rounds(600, 10_000)
LIFE = 100  # steps until the oldest of three orders is replaced


@pytest.fixture
def company(db: None) -> Company:
    return company_made()


def told(company: Company, action: str, dice: random.Random) -> dict[str, Any]:
    """A command with random values, some of them nonsense."""
    values: dict[str, Any] = {"note": dice.choice(["", "Because"])}
    if action in ("plan", "plan_another", "replan", "complete"):
        people = [company.anna.technician_id, company.bert.technician_id]
        values |= {
            "technician_id": dice.choice(people),
            "helper_ids": tuple(dice.sample(people, dice.randrange(3))),
            "start": soon(-3 if action == "complete" else dice.choice([-2, *range(1, 200, 3)])),
            "duration_minutes": dice.choice([0, 30, 60, 60, 60, 2000]),
            "allow_overlap": dice.random() < 0.3,
        }
    if action == "extend":
        values["duration_minutes"] = dice.choice([0, 15, 60])
    if action == "depart":
        values["other_action"] = dice.choice(["", "complete", "break"])
    return values


def row_is_true(order_id: Any) -> None:
    """Stage, status, current visit, first arrival and the copies agree; the database finds nothing
    to refuse."""
    order = ServiceOrder.objects.get(pk=order_id)
    status = Status(order.technician_status) if order.technician_status else None
    assert order.stage == stage_of(status)
    visits = list(Visit.objects.filter(order=order).order_by("sequence"))
    assert order.answered_at == min(filter(None, map(there_at, visits)), default=None)
    if status is None:
        assert order.visit_id is None
        assert not any(visit.is_open for visit in visits)
    elif status in OPEN:
        current = current_visit(visits)
        assert current is not None
        assert (order.visit_id, status) == (current.pk, current.status)
    else:
        assert not any(visit.is_open for visit in visits)
        assert order.closed_at is not None
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def pick(order: ServiceOrder, dice: random.Random) -> str:
    """An action, more often than not one that makes sense."""
    row = ServiceOrder.objects.get(pk=order.pk)
    if row.checked_at and dice.random() < 0.5:
        return "uncheck"
    if dice.random() < 0.3:
        return dice.choice([*ACTIONS, "check", "uncheck"])
    status = Status(row.technician_status) if row.technician_status else None
    endings = {"complete", "cancel", "unplan", "undo"}
    sensible = [code for code in ACTIONS if allows(ACTIONS[code], status, {"manager"})]
    # Most days are longer than one step: what ends them is pressed less often.
    return dice.choice([code for code in sensible if code not in endings] * 3 + sensible)


def press(
    company: Company, actor: Actor, order: ServiceOrder, action: str, dice: random.Random
) -> str:
    """Do `action`; its code, or "refused" when it was, in words and with a status of 4xx."""
    try:
        if action == "check":
            order_check(actor=actor, order_id=order.pk)
        elif action == "uncheck":
            order_uncheck(actor=actor, order_id=order.pk)
        else:
            company.act(actor, order, action, **told(company, action, dice))
    except CalloutError as error:
        return "refused" if error.message and 400 <= error.status < 500 else "broken"
    return action


@pytest.mark.parametrize("seed", range(rounds(2, 4)))
def test_a_random_walk_never_leaves_the_table(company: Company, seed: int) -> None:
    dice = random.Random(seed)
    orders = [company.order() for _ in range(3)]
    actors = [company.manager] * 3 + [company.anna, company.bert]
    ended: Counter[str] = Counter()
    for step in range(STEPS):
        if step % LIFE == LIFE - 1:
            # As orders do: one has had its life, another comes. Thousands of steps on one row make
            # the database, in this one transaction, walk through thousands of its versions.
            orders = [*orders[1:], company.order()]
        order = dice.choice(orders)
        ended[press(company, dice.choice(actors), order, pick(order, dice), dice)] += 1
        row_is_true(order.pk)
    assert "broken" not in ended
    assert set(ACTIONS) <= set(ended)


def test_control_a_visit_that_is_not_as_its_order_says_is_found(company: Company) -> None:
    order = company.planned()
    row_is_true(order.pk)
    with transaction.atomic():  # which the database itself would not end with
        Visit.objects.filter(order=order).update(status=Status.EN_ROUTE)
        with pytest.raises(AssertionError):
            row_is_true(order.pk)
        transaction.set_rollback(True)


def test_a_status_without_its_visit_is_refused_by_the_database_itself(company: Company) -> None:
    rows = ServiceOrder.objects.filter(pk=company.order().pk)
    with pytest.raises(IntegrityError, match="order_status_has_visit"):
        rows.update(technician_status=Status.WORKING)
