"""Finding service orders with the filters of the office's list."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F

from callout.orders.models import ServiceOrder
from callout.orders.services import Command, order_act
from tests.api.conftest import World, soon


def ids(world: World, query: str, api: Any = None) -> list[str]:
    answer = (api or world.boss).get(f"/service-orders?{query}")
    assert answer.status == 200, answer.text
    return [item["id"] for item in answer.items]


@pytest.fixture
def new(world: World) -> str:
    """An order of Anna's customer in New."""
    return str(world.order(priority="urgent", description="Gas smell\nIn the hall").pk)


def test_everything_newest_first_when_nothing_is_asked(world: World, new: str) -> None:
    assert ids(world, "") == [new, str(world.bert.order), str(world.anna.order)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("stage=new", {"new"}),
        ("stage=planned", {"anna", "bert"}),
        ("stage=new,planned", {"new", "anna", "bert"}),
        ("stage=completed", set()),
        ("technician_status=planned", {"anna", "bert"}),
        ("technician_status=en_route,on-site", set()),
        ("technician_id={anna.technician.pk}", {"anna"}),
        ("technician_id={anna.technician.pk},{bert.technician.pk}", {"anna", "bert"}),
        ("technician_id=none", {"new"}),
        ("customer_id={bert.customer}", {"bert"}),
        ("site_id={anna.site}", {"anna", "new"}),
        ("asset_id={anna.asset}", {"anna"}),
        ("type_id={kind.pk}", {"new", "anna", "bert"}),
        ("priority_id=urgent", {"new"}),
        ("priority_id=low,high", set()),
        ("q=gas smell", {"new"}),
        ("q=Street Lindens", {"new", "anna"}),
        ("day=overdue", set()),
        ("from=2020-01-01&to=2020-12-31", set()),
        ("waiting=yes", set()),
        ("stage=planned&customer_id={anna.customer}", {"anna"}),
    ],
)
def test_filters_narrow(world: World, new: str, query: str, found: set[str]) -> None:
    names = {"new": new, "anna": str(world.anna.order), "bert": str(world.bert.order)}
    filled = query.format(anna=world.anna, bert=world.bert, kind=world.kind)
    assert set(ids(world, filled)) == {names[name] for name in found}


def test_what_is_at_risk_is_found(world: World, new: str) -> None:
    ServiceOrder.objects.update(due_at=soon(50))
    assert ids(world, "at_risk=true") == []
    ServiceOrder.objects.filter(pk=new).update(due_at=soon(3))
    assert ids(world, "at_risk=true") == [new]
    mine = ServiceOrder.objects.filter(pk=world.anna.order)
    mine.update(due_at=F("start") - timedelta(minutes=1))  # planned for later
    assert set(ids(world, "at_risk=true")) == {new, str(world.anna.order)}
    assert ids(world, "at_risk=true&stage=planned") == [str(world.anna.order)]
    assert len(ids(world, "at_risk=false")) == 3
    assert world.boss.get("/service-orders?at_risk=x").fields() == {"at_risk"}
    assert ids(world, "at_risk=true", world.anna.api) == [str(world.anna.order)]


def test_an_order_is_found_by_its_number_in_both_forms(world: World, new: str) -> None:
    read = world.boss.get(f"/service-orders/{new}").body
    for query in (
        f"number={read['number']}", f"number={read['number_value']}", f"q={read['number']}",
    ):  # fmt: skip
        assert ids(world, query) == [new]
    assert world.boss.get("/service-orders?number=1&q=x").fields() == {"number"}


def test_sorts_put_them_in_order(world: World, new: str) -> None:
    anna, bert = str(world.anna.order), str(world.bert.order)
    assert ids(world, "sort=number") == [anna, bert, new]
    assert ids(world, "sort=start&stage=planned") == [anna, bert]
    assert ids(world, "sort=-start&stage=planned") == [bert, anna]
    assert ids(world, "sort=priority&stage=new,planned")[0] == new


@pytest.mark.wide
@pytest.mark.parametrize("sort", ["number", "-number", "start", "-start", "due", "priority"])
def test_a_list_is_walked_page_by_page(world: World, new: str, sort: str) -> None:
    for number in range(3):
        world.order(description=f"More {number}")
    whole = ids(world, f"sort={sort}&limit=200")
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = world.boss.get(f"/service-orders?sort={sort}&limit=2&after={after}")
        seen += [item["id"] for item in page.items]
        after = page.body["next"]
    assert seen == whole
    assert len(whole) == 6


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("stage=old", "stage"),
        ("technician_status=asleep", "technician_status"),
        ("technician_id=me", "technician_id"),
        ("customer_id=x", "customer_id"),
        ("type_id=x", "type_id"),
        ("priority_id=9", "priority_id"),
        ("sort=colour", "sort"),
        ("from=yesterday", "from"),
        ("from=2026-02-02&to=2026-02-01", "to"),
        ("day=doomsday", "day"),
        ("after=x", "after"),
        ("limit=1000", "limit"),
        ("q=ab", "q"),
        ("technician=x", "technician"),
    ],
)
def test_a_wrong_filter_is_told_by_the_name_it_was_sent_with(
    world: World, query: str, field: str
) -> None:
    answer = world.boss.get(f"/service-orders?{query}")
    assert (answer.status, answer.fields()) == (422, {field}), answer.text


def test_a_filter_by_what_is_not_there_finds_nothing(world: World) -> None:
    assert ids(world, f"customer_id={uuid4()}") == []


def test_a_technician_finds_own_work_whatever_is_asked(world: World, new: str) -> None:
    own = [str(world.anna.order)]
    assert ids(world, "", world.anna.api) == own
    assert ids(world, f"technician_id={world.bert.technician.pk}", world.anna.api) == []
    assert ids(world, f"customer_id={world.bert.customer}", world.anna.api) == []
    assert ids(world, "q=CANARY", world.anna.api) == []


def test_what_was_unplanned_is_a_technicians_no_more(world: World) -> None:
    order_act(actor=world.manager, order_id=world.anna.order, action="unplan", command=Command())
    assert ids(world, "", world.anna.api) == []


def test_each_item_is_the_whole_order(world: World) -> None:
    item = world.boss.get(f"/service-orders?customer_id={world.anna.customer}").items[0]
    assert item == world.boss.get(f"/service-orders/{world.anna.order}").body
