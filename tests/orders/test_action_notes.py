"""What is written with an action, by whichever door: kept as every other text is, without what
turns the direction of reading for the words that stand behind it."""

from collections.abc import Callable
from typing import Any

import pytest

from callout.kernel.errors import Invalid
from callout.kernel.models import JournalEntry
from callout.orders.models import Visit
from callout.orders.services import Command, attempt_record, orders_cancel
from callout.planning.services import order_create_and_plan
from tests.orders.conftest import MORNING, Company
from tests.orders.field import arrives, at, tap
from tests.orders.test_several import seen

pytestmark = pytest.mark.usefixtures("morning")
WRITTEN = " \u202eKey at\u2066 the baker’s\r\nnext door\u2069 "
KEPT = "Key at the baker’s\nnext door"


def by_the_office(company: Company, note: str) -> None:
    company.act(company.manager, company.planned(), "complete", note=note)


def of_many(company: Company, note: str) -> None:
    orders_cancel(actor=company.manager, seen=seen(company.order()), note=note)


def afterwards(company: Company, note: str) -> None:
    there = {"technician_id": company.anna.technician_id, "start": at("05:00")}
    company.act(company.manager, company.order(), "complete", note=note, **there)


def with_a_new_order(company: Company, note: str) -> None:
    plan = Command(technician_id=company.anna.technician_id, start=at("09:00"), note=note)
    given: dict[str, Any] = {"customer_id": company.customer.pk, "site_id": company.site.pk}
    order_create_and_plan(
        actor=company.manager, command=plan, type_id=company.kind.pk, description="x", **given
    )


def by_the_phone(company: Company, note: str) -> None:
    tap(company.anna, company.planned(), "depart", "07:00", note=note)


def by_the_phone_between_others(company: Company, note: str) -> None:
    order = company.planned()
    with arrives("17:00"):
        tap(company.anna, order, "depart", "08:00")
        tap(company.anna, order, "start_work", "09:00")
        tap(company.anna, order, "arrive", "08:30", note=note)


def late(company: Company, note: str) -> None:
    assert company.anna.technician_id
    attempt_record(
        actor=company.manager,
        order_id=company.order().pk,
        technician_id=company.anna.technician_id,
        steps=[("arrive", MORNING), ("complete", MORNING)],
        finish=True,
        note=note,
    )


Door = Callable[[Company, str], None]
DOORS: list[Door] = [
    by_the_office, of_many, afterwards, with_a_new_order, by_the_phone,
    by_the_phone_between_others, late,
]  # fmt: skip


def written() -> set[str]:
    """All that stands of it anywhere."""
    told = JournalEntry.objects.filter(personal__has_key="note")
    closing = Visit.objects.exclude(closing_note="").values_list("closing_note", flat=True)
    return {str((one.personal or {})["note"]) for one in told} | set(closing)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_note_turns_round_no_words_behind_it(company: Company, door: Door) -> None:
    door(company, WRITTEN)
    assert written() == {KEPT}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_note_that_cannot_be_kept_is_refused_by_its_name(company: Company, door: Door) -> None:
    with pytest.raises(Invalid) as refused:
        door(company, "x" * 4001)
    assert set(refused.value.fields) == {"note"}
    assert written() == set()


def test_a_note_of_such_marks_alone_is_no_reason(company: Company) -> None:
    with pytest.raises(Invalid):
        company.act(company.manager, company.order(), "cancel", note="\u202e\u2066")
    with pytest.raises(Invalid):
        orders_cancel(actor=company.manager, seen=seen(company.order()), note="\u202e")
