"""Several orders at once: each judged for itself, the refused ones told, the rest done."""

from typing import Any
from uuid import uuid4

import pytest

from callout.kernel.errors import Forbidden, Invalid
from callout.kernel.models import JournalEntry
from callout.orders.models import ServiceOrder
from callout.orders.selectors.selected import orders_selected
from callout.orders.services import (
    Seen,
    order_check,
    orders_cancel,
    orders_prioritise,
    orders_undo,
    several,
)
from tests.orders.conftest import Company


def seen(*orders: ServiceOrder) -> list[Seen]:
    return [Seen(one.pk, ServiceOrder.objects.get(pk=one.pk).version) for one in orders]


def entries(order: ServiceOrder, kind: str) -> int:
    return JournalEntry.objects.filter(entity_id=order.pk, kind=kind).count()


def stages() -> list[str]:
    return list(ServiceOrder.objects.order_by("number").values_list("stage", flat=True))


def test_what_can_be_cancelled_is_and_each_refused_one_says_why(company: Company) -> None:
    new, planned, done, changed = (
        company.order(),
        company.planned(),
        company.order(),
        company.order(),
    )
    company.act(company.manager, done, "cancel", note="before")
    chosen = [*seen(new, planned, done, changed), Seen(uuid4(), 1)]
    company.plan(changed, company.bert, hours=3)

    became = orders_cancel(actor=company.manager, seen=chosen, note="The firm moved")

    assert [bool(one.refusal) for one in became] == [False, False, True, True, True]
    assert "makes no sense now" in became[2].refusal
    assert became[3].refusal == "It was changed meanwhile."
    assert became[4].refusal == "There is nothing here, or it is not yours."
    assert stages() == ["cancelled", "cancelled", "cancelled", "planned"]
    assert [entries(one, "cancel") for one in (new, planned, done, changed)] == [1, 1, 1, 0]


def test_what_is_told_before_is_what_is_told_afterwards(company: Company) -> None:
    orders = [company.order(), company.order(), company.planned()]
    company.act(company.manager, orders[0], "cancel", note="x")
    chosen = [*seen(*orders), Seen(uuid4(), 1)]
    chosen[1] = Seen(orders[1].pk, 77)

    before = orders_selected(actor=company.manager, seen=chosen, wanted="cancel")
    after = orders_cancel(actor=company.manager, seen=chosen, note="x")

    assert [one.refusal for one in before] == [one.refusal for one in after]


def test_whose_visits_come_back_are_locked_before_the_orders(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [company.planned(company.bert), company.order()]
    orders_cancel(actor=company.manager, seen=seen(*orders), note="Moved away")
    again = seen(*orders)
    locked: list[object] = []
    monkeypatch.setattr(
        several, "technicians_lock", lambda ids, going_on: locked.append(sorted(ids))
    )
    orders_undo(actor=company.manager, seen=again)
    assert locked == [[company.bert.technician_id]]


def test_one_undo_takes_back_what_the_table_allows(company: Company) -> None:
    new, planned = company.order(), company.planned()
    became = orders_cancel(actor=company.manager, seen=seen(new, planned), note="x")
    again = [Seen(one.order_id, one.version) for one in became]
    company.act(company.manager, new, "reopen")

    undone = orders_undo(actor=company.manager, seen=again)

    assert [one.refusal for one in undone] == ["It was changed meanwhile.", ""]
    assert stages() == ["new", "planned"]


def test_a_priority_moves_what_they_are_to_be_answered_by(company: Company) -> None:
    orders = [company.order(), company.planned()]
    before = [one.due_at for one in orders]

    became = orders_prioritise(actor=company.manager, seen=seen(*orders), priority="urgent")

    assert [one.refusal for one in became] == ["", ""]
    after = list(ServiceOrder.objects.order_by("number").values_list("due_at", flat=True))
    assert all(now < then for now, then in zip(after, before, strict=True) if now and then)
    assert [entries(one, "update") for one in orders] == [1, 1]


def test_a_checked_order_keeps_its_priority_and_says_so(company: Company) -> None:
    order = company.planned()
    company.act(company.manager, order, "complete")
    order_check(actor=company.manager, order_id=order.pk)
    chosen = seen(order)

    told = orders_selected(actor=company.manager, seen=chosen, wanted="priority")
    became = orders_prioritise(actor=company.manager, seen=chosen, priority="high")

    assert told[0].refusal == became[0].refusal != ""


@pytest.mark.parametrize("who", ["anna", "bert"])
def test_a_technician_may_do_nothing_of_it(company: Company, who: str) -> None:
    chosen = seen(company.planned())
    actor = getattr(company, who)
    for deed in (
        lambda: orders_cancel(actor=actor, seen=chosen, note="x"),
        lambda: orders_prioritise(actor=actor, seen=chosen, priority="high"),
        lambda: orders_undo(actor=actor, seen=chosen),
        lambda: orders_selected(actor=actor, seen=chosen, wanted="cancel"),
    ):
        with pytest.raises(Forbidden):
            deed()
    assert stages() == ["planned"]


@pytest.mark.parametrize("typed", [{}, {"note": "  "}, {"reason_id": uuid4()}])
def test_without_a_reason_nothing_is_cancelled(company: Company, typed: dict[str, Any]) -> None:
    orders = [company.order(), company.order()]
    with pytest.raises(Invalid) as refused:
        orders_cancel(actor=company.manager, seen=seen(*orders), **typed)
    assert "reason_id" in refused.value.fields
    assert stages() == ["new", "new"]


def test_their_number_is_bounded(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several, "MOST", 1)
    two = seen(company.order(), company.order())
    for chosen in (two, []):
        with pytest.raises(Invalid):
            orders_cancel(actor=company.manager, seen=chosen, note="x")
    assert stages() == ["new", "new"]
