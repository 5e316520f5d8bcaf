"""The office at once: several orders changed together beside others, imports, filters, webhooks."""

from collections import Counter
from functools import partial
from itertools import chain, pairwise
from typing import Any
from uuid import uuid4

import pytest

from callout.customers.imports import making
from callout.customers.imports.checking import import_check
from callout.customers.imports.running import import_portion
from callout.customers.models import Customer, Import
from callout.customers.services import customer_archive, customer_create
from callout.kernel import change
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError, NotFound, Refused
from callout.kernel.idempotency import Answer, answer_once
from callout.kernel.models import JournalEntry
from callout.orders import services
from callout.orders.lifecycle import Status, stage_of
from callout.orders.models import Assignment, OwnView, SavedFilter, ServiceOrder
from callout.orders.selectors.views import own_view
from callout.orders.services import Became, Seen
from callout.workforce.models import Skill
from callout.workforce.services import skill_archive, skill_create
from tests.customers.test_races import Two
from tests.orders.conftest import Company
from tests.races.conftest import together
from tests.scale import rounds

pytestmark = pytest.mark.race


def seen(orders: list[ServiceOrder]) -> list[Seen]:
    return [Seen(one.pk, one.version) for one in orders]


def through_the_door(actor: Actor, work: Any) -> list[Became]:
    """As a form does it: a key, and one more try for whoever loses a deadlock."""
    found: list[list[Became]] = []

    def once() -> Answer:
        found.append(work())
        return Answer(200, {})

    answer_once(actor, str(uuid4()), b"x", once, lambda error: Answer(error.status, {}))
    return found[-1]


def test_cancelled_together_and_completed_one_by_one_each_order_ends_once(
    company: Company,
) -> None:
    ended: Counter[str] = Counter()
    for number in range(rounds(4, 100)):
        start = 1 + number * 6
        orders = [company.planned(hours=start + at, technician=(company.anna, company.bert)[at % 2])
                  for at in range(6)]  # fmt: skip
        cancel = partial(
            services.orders_cancel, actor=company.manager, seen=seen(orders), note="Storm"
        )
        completes = [
            partial(company.act, company.manager, one, "complete", version=one.version)
            for one in reversed(orders)
        ]
        all_at_once, *each = together(
            [partial(through_the_door, company.manager, cancel), *completes]
        )
        assert isinstance(all_at_once, list), all_at_once
        told = {one.order_id: one.refusal for one in all_at_once}
        for order, said in zip(reversed(orders), each, strict=True):
            row = ServiceOrder.objects.get(pk=order.pk)
            assert isinstance(said, ServiceOrder | CalloutError), said
            assert row.technician_status in {"done", "cancelled"}
            assert row.stage == stage_of(Status(row.technician_status))
            assert isinstance(said, ServiceOrder) is (row.technician_status == "done")
            assert (told[order.pk] == "") is (row.technician_status == "cancelled")
            kinds = JournalEntry.objects.filter(entity_id=order.pk, kind__in=["complete", "cancel"])
            assert kinds.count() == 1
            ended[row.technician_status] += 1
    assert sum(ended.values()) == 6 * rounds(4, 100)


def test_two_who_cancel_and_take_back_the_same_orders_the_other_way_round_end_in_one_state(
    company: Company,
) -> None:
    for number in range(rounds(3, 60)):
        orders = [company.planned(hours=1 + number * 4 + at) for at in range(4)]
        gone = services.orders_cancel(actor=company.manager, seen=seen(orders), note="Storm")
        now = [Seen(one.order_id, one.version) for one in gone]
        back = partial(services.orders_undo, actor=company.manager, seen=now)
        other = partial(services.orders_undo, actor=company.manager, seen=now[::-1])
        plan = partial(company.planned, hours=1 + number * 4)
        results = together([
            partial(through_the_door, company.manager, back),
            partial(through_the_door, company.manager, other),
            plan,
        ])  # fmt: skip
        assert all(isinstance(one, list | ServiceOrder | CalloutError) for one in results), results
        done = Counter(one.order_id for one in chain(*results[:2]) if not one.refusal)
        assert max(done.values(), default=1) == 1
        there = set(ServiceOrder.objects.filter(stage="planned").values_list("pk", flat=True))
        assert set(done) <= there
        # No hour of hers is given away twice.
        hers = Assignment.objects.filter(is_open=True, technician=company.anna.technician_id)
        slots = sorted(hers.values_list("start", "end"))
        assert all(one[1] <= other[0] for one, other in pairwise(slots))


def checked(manager: Actor, table: str, kind: str = "customers") -> Import:
    run = making.import_send(actor=manager, kind=kind, file_name="t.csv", data=table.encode())
    making.import_columns_set(
        actor=manager, import_id=run.pk, version=run.version, columns=run.columns, has_head=True
    )
    import_check(run.pk)
    run.refresh_from_db()
    assert run.state == "checked", run.failure
    return run


def test_an_import_and_who_archives_its_customers_meanwhile_leave_each_row_told_and_whole(
    company: Company, imports_by_hand: None
) -> None:
    ended: Counter[str] = Counter()
    for number in range(rounds(2, 40)):
        there = [
            customer_create(actor=company.manager, name=f"Known {number} {at}", postcode="1300")
            for at in range(8)
        ]
        table = "name;postcode;town\n" + "".join(f"{one.name};1300;Wavre\n" for one in there)
        run = checked(company.manager, table)
        making.import_confirm(
            actor=company.manager, import_id=run.pk, version=run.version, with_changes=True
        )

        def archived(there: list[Customer] = there) -> None:
            for one in reversed(there):
                customer_archive(actor=company.manager, customer_id=one.pk)

        portion = partial(import_portion, actor=company.manager, import_id=run.pk)
        results = together([portion, portion, archived])
        assert not [one for one in results if isinstance(one, Exception)], results
        while import_portion(actor=company.manager, import_id=run.pk):
            pass
        run.refresh_from_db()
        assert run.state == "done"
        outcomes = dict(run.rows.values_list("target_id", "outcome"))
        for one in there:
            row = Customer.objects.get(pk=one.pk)
            assert row.archived_at is not None
            assert (row.town == "Wavre") is (outcomes[one.pk] == "changed")
            ended[outcomes[one.pk]] += 1
        assert Customer.objects.filter(name__startswith=f"Known {number} ").count() == 8
    assert sum(ended.values()) == 8 * rounds(2, 40)


def test_an_import_confirmed_by_two_at_once_begins_once(
    company: Company, imports_by_hand: None
) -> None:
    for number in range(rounds(3, 20)):
        run = checked(company.manager, f"name;postcode\nNew {number};1300\n")
        confirm = partial(
            making.import_confirm, actor=company.manager, import_id=run.pk, version=run.version
        )
        drop = partial(making.import_drop, actor=company.manager, import_id=run.pk)
        results = together([confirm, confirm, drop])
        won = [one for one in results if not isinstance(one, Exception)]
        assert len(won) == 1, results
        assert all(isinstance(one, CalloutError) for one in results if one not in won)


def test_a_filter_starred_while_it_is_removed_or_shared_no_more_opens_nothing(
    company: Company,
) -> None:
    from tests.orders.conftest import actor_made

    other = actor_made("Marc", technician=False)
    for number in range(rounds(5, 100)):
        row = services.filter_save(actor=company.manager, name=f"F{number}", shared=True)
        star = partial(services.own_filter_set, filter_id=row.pk)
        results = together([
            partial(star, actor=other),
            partial(star, actor=company.manager),
            partial(services.filter_remove, actor=company.manager, filter_id=row.pk),
        ])  # fmt: skip
        assert all(one is None or isinstance(one, NotFound) for one in results), results
        assert not SavedFilter.objects.filter(pk=row.pk).exists()
        assert not OwnView.objects.exclude(opens_with=None).exists()
        assert own_view(actor=other).opens_with is None


def test_a_skill_that_a_type_is_being_given_is_not_archived_meanwhile(company: Company) -> None:
    two, skill = Two(), skill_create(actor=company.manager, name="Gas")
    values = {"name": "Boilers", "duration_minutes": 60, "skill_ids": [skill.pk]}

    @change.service
    def giving(*, actor: Actor) -> None:
        services.type_create(actor=actor, values=values)
        two.stop()

    said = two.run(
        partial(giving, actor=company.manager),
        partial(skill_archive, actor=company.manager, skill_id=skill.pk),
    )
    assert isinstance(said["second"], Refused)
    assert Skill.objects.get(pk=skill.pk).archived_at is None
