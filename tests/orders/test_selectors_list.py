"""The list: filters, orders, pages that neither skip nor double a row."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.http import QueryDict

from callout.customers import services as customers
from callout.customers.models import Site
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid
from callout.kernel.prepared import Statement, statement_of
from callout.orders.filters import SORTS, OrderFilter
from callout.orders.models import ServiceOrder
from callout.orders.selectors import list_sql, lists, order_kanban, order_list
from callout.orders.selectors.list_sql import page_statement
from callout.orders.selectors.listing import Listing, after_given
from callout.orders.selectors.narrow import values_of
from callout.orders.selectors.rows import rows_read
from callout.workforce import services as workforce
from callout.workforce.models import Technician
from tests.harness.statistics import taken_for_large
from tests.orders.conftest import Company

ALL = OrderFilter(day="all")
READ = "callout.orders.selectors.lists.rows_read"


def asked(address: str) -> OrderFilter:
    return OrderFilter.parse(QueryDict(address))


def walked(company: Company, wanted: OrderFilter, limit: int) -> list[int]:
    """The numbers of the whole list, read page by page."""
    numbers: list[int] = []
    cursor = None
    while True:
        page = order_list(actor=company.manager, wanted=wanted, cursor=cursor, limit=limit)
        numbers += [row.bare_number for row in page.items]
        cursor = page.next
        if cursor is None:
            return numbers


def many(company: Company) -> int:
    """Orders in every stage, several with equal times, some with none."""
    for index in range(14):
        order = company.order(priority=["low", "normal", "high", "urgent"][index % 4])
        if index % 3 == 0:
            ServiceOrder.objects.filter(pk=order.pk).update(due_at=None)
        if index % 4 == 1:
            company.plan(order, hours=2 + index // 4 * 2)
        if index % 4 == 2:
            company.act(company.manager, order, "cancel", note="no")
        if index in (3, 7):
            company.plan(order, company.bert, hours=2 + index * 2)
            company.act(company.manager, order, "complete")
    return ServiceOrder.objects.count()


@pytest.mark.wide
@pytest.mark.parametrize(("sort", "way"), list(product(SORTS, ("", "-"))))
def test_pages_of_any_order_and_length_hold_each_row_once(
    company: Company, sort: str, way: str
) -> None:
    count = many(company)
    wanted = ALL.but(sort=way + sort)
    whole = walked(company, wanted, 100)
    assert len(whole) == len(set(whole)) == count
    for limit in (1, 2, 5):
        assert walked(company, wanted, limit) == whole


@pytest.mark.wide
@pytest.mark.parametrize("sort", SORTS)
def test_the_other_way_round_is_the_same_list_from_its_end(company: Company, sort: str) -> None:
    many(company)
    forth = walked(company, ALL.but(sort=sort), 100)
    assert walked(company, ALL.but(sort=f"-{sort}"), 100) == forth[::-1]


@pytest.mark.wide
@pytest.mark.parametrize("stages", ["", "new", "new,planned", "cancelled", "completed"])
def test_a_technician_s_list_is_what_the_whole_list_has_of_theirs(
    company: Company, stages: str
) -> None:
    many(company)
    for who in ([company.anna], [company.bert], [company.anna, company.bert]):
        ids = {one.technician_id for one in who}
        mine = ServiceOrder.objects.filter(technician__in=ids).values_list("number", flat=True)
        for sort, way in product(SORTS, ("", "-")):
            everybody = asked(f"day=all&stage={stages}&sort={way}{sort}")
            theirs = asked(
                f"day=all&stage={stages}&sort={way}{sort}&technician={','.join(map(str, ids))}"
            )
            found = [one for one in walked(company, everybody, 100) if one in set(mine)]
            assert walked(company, theirs, 100) == walked(company, theirs, 2) == found, (sort, way)
            assert order_list(actor=company.manager, wanted=theirs, counted=True).count == str(
                len(found)
            )


def test_one_technician_s_list_is_planned_once_since_their_index_has_its_order(
    company: Company,
) -> None:
    days = "from=2026-01-01&to=2026-12-31"
    one, other = company.anna.technician_id, company.bert.technician_id
    company.planned(hours=2)
    taken_for_large("orders_serviceorder")

    def made(address: str) -> tuple[Statement, dict[str, Any]]:
        wanted = asked(address)
        listing = Listing.of(company.manager, wanted)
        return page_statement(listing, 0, False, 60, True), values_of(company.manager, wanted)

    for sort in ("start", "-start"):
        statement, values = made(f"technician={one}&{days}&sort={sort}")
        assert statement.kept
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {statement.sql}", statement.filled(values))
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "using order_technician on" in plan, plan
        assert "Sort" not in plan, plan
    # One plan would not do for all of these.
    for address in (
        f"technician={one},{other}&{days}",
        f"technician={one}&{days}&sort=number",
        f"technician={one}&{days}&q=lift",
        f"technician={one}&{days}&town=Gent",
        f"technician={one},none&{days}",
        f"technician={one}",
        days,
    ):
        assert not made(address)[0].kept, address


def test_a_town_s_list_by_slot_reads_the_index_and_no_order(company: Company) -> None:
    company.planned(hours=2)
    taken_for_large("orders_serviceorder")
    taken_for_large("customers_site", rows=10_000)
    wanted = asked("day=all&town=Gent")
    found = Listing.of(company.manager, wanted)
    (slots,) = [part for part in found.parts() if part.has_slot]
    statement = statement_of(found.of_part(slots).values_list("pk", flat=True)[:61])
    assert statement is not None
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN {statement.sql}", statement.filled(values_of(company.manager, wanted))
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Only Scan using order_site_start" in plan, plan


@pytest.mark.parametrize("sort", ["start", "-start"])
@pytest.mark.parametrize("days", ["day=all", "from=2020-01-01&to=2199-12-31"])
@pytest.mark.parametrize("is_after", [False, True])
def test_all_that_has_a_slot_is_read_in_the_order_of_an_index(
    company: Company, days: str, sort: str, is_after: bool
) -> None:
    company.planned(hours=2)
    taken_for_large("orders_serviceorder")
    wanted = asked(f"{days}&sort={sort}")
    found = Listing.of(company.manager, wanted)
    (slots,) = [part for part in found.parts() if part.has_slot]
    rows = found.of_part(slots)
    if is_after:
        rows = rows.filter(after_given(slots.order))
    statement = statement_of(rows.values_list("pk", flat=True)[:61])
    assert statement is not None
    values = values_of(company.manager, wanted) | {"after_start": clock.now(), "after_number": 1}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement.sql}", statement.filled(values))
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "using order_start on" in plan, plan
    assert "Sort" not in plan, plan


@pytest.mark.parametrize("sort", ["start", "-start"])
@pytest.mark.parametrize("days", ["day=all", "from=2020-01-01&to=2199-12-31"])
def test_what_was_cancelled_and_never_planned_is_read_in_the_order_of_an_index(
    company: Company, days: str, sort: str
) -> None:
    """From it alone: of some days there may be none, and then it is walked through to its end."""
    company.planned(hours=2)
    taken_for_large("orders_serviceorder")
    wanted = asked(f"{days}&sort={sort}")
    found = Listing.of(company.manager, wanted)
    (part,) = [one for one in found.parts() if one.stages == ("cancelled",)]
    statement = statement_of(found.of_part(part).values_list("pk", flat=True)[:61])
    assert statement is not None
    with connection.cursor() as cursor:
        # Whether it can be read so is asked, not how a handful of rows would be.
        cursor.execute("SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        values = values_of(company.manager, wanted)
        cursor.execute(f"EXPLAIN {statement.sql}", statement.filled(values))
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Only Scan" in plan, plan
    assert "using order_never_planned on" in plan, plan
    assert "Sort" not in plan, plan


def test_what_is_narrowed_is_not_looked_for_by_walking_through_all_slots(company: Company) -> None:
    company.planned(hours=2)
    for narrow in ("town=Gent", "stage=planned", "priority=urgent", "q=lift", "late=true"):
        listing = Listing.of(company.manager, asked(f"day=all&sort=start&{narrow}"))
        assert not listing.is_everything, narrow
    assert not Listing.of(company.anna, asked("day=all&sort=start")).is_everything
    assert Listing.of(company.manager, asked("day=all&sort=start")).is_everything


FEW = ("day=all&q=boiler", "from=2020-01-01&to=2199-12-31&type={type}", "q=boiler&stage=planned")


def first_pages(company: Company, address: str) -> tuple[list[int], list[int], str]:
    """The first two, and the count."""
    wanted = asked(address)
    page = order_list(actor=company.manager, wanted=wanted, limit=2, counted=True)
    assert page.next
    second = order_list(actor=company.manager, wanted=wanted, limit=2, cursor=page.next)
    first, after = ([row.bare_number for row in one.items] for one in (page, second))
    return first, after, page.count


@pytest.mark.wide
@pytest.mark.parametrize(("sort", "way"), list(product(SORTS, ("", "-"))))
def test_a_page_of_few_is_the_page_of_many(
    company: Company, sort: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(company)
    ServiceOrder.objects.exclude(number=2).update(search="a boiler")
    for made in FEW:
        address = f"{made.format(type=company.order().type_id)}&sort={way}{sort}"
        assert Listing.of(company.manager, asked(address)).may_be_few
        with monkeypatch.context() as m:
            m.setattr(Listing, "may_be_few", False)
            of_many = first_pages(company, address)
        assert first_pages(company, address) == of_many


@pytest.mark.wide
@pytest.mark.parametrize(("sort", "way"), list(product(SORTS, ("", "-"))))
def test_of_more_than_are_counted_the_first_are_shown(
    company: Company, sort: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(company)
    ServiceOrder.objects.update(search="a boiler")
    whole = walked(company, ALL.but(sort=way + sort), 100)
    for module in (lists, list_sql):
        monkeypatch.setattr(module, "COUNTED", 5)
    # Neither is kept for the next test.
    for name in ("few_statement", "page_statement"):
        monkeypatch.setattr(lists, name, getattr(list_sql, name).__wrapped__)
    assert first_pages(company, f"day=all&q=boiler&sort={way}{sort}") == (
        *(whole[:2], whole[2:4], "1,000+"),
    )


def test_few_are_looked_up_once_for_the_page_and_the_count(company: Company) -> None:
    company.order(description="A boiler")
    taken_for_large("orders_serviceorder")
    wanted = asked("q=boiler")
    statement = list_sql.few_statement(Listing.of(company.manager, wanted), 60)
    with connection.cursor() as cursor:
        values = values_of(company.manager, wanted)
        cursor.execute(f"EXPLAIN {statement.sql}", statement.filled(values))
        plan = "\n".join(line for (line,) in cursor.fetchall())
    of_orders = plan.count("on orders_serviceorder") - plan.count("CTE Scan on orders_serviceorder")
    assert plan.count("on order_search") == of_orders == 1, plan


def test_the_sites_of_a_town_are_read_from_an_index_alone(company: Company) -> None:
    taken_for_large("customers_site", rows=100_000)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # of a single page, here
        cursor.execute("EXPLAIN SELECT id FROM customers_site WHERE town = ANY ('{Gent}')")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Only Scan using site_by_town" in plan, plan


def test_a_town_s_of_a_type_in_some_days_are_looked_up_by_their_slots(company: Company) -> None:
    company.planned(hours=2)
    taken_for_large("orders_serviceorder")
    taken_for_large("customers_site", rows=10_000)
    wanted = asked(f"town=Gent&type={uuid4()}&from=2026-10-01&to=2026-10-31")
    listing = Listing.of(company.manager, wanted)
    assert listing.may_be_few
    statement = list_sql.few_statement(listing, 60)
    with connection.cursor() as cursor:
        values = values_of(company.manager, wanted)
        cursor.execute(f"EXPLAIN {statement.sql}", statement.filled(values))
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "using site_by_town" in plan, plan
    assert "order_type" in plan or "order_site_start" in plan, plan
    assert "Seq Scan" not in plan, plan


@pytest.mark.wide
@pytest.mark.parametrize("sort", ["start", "-start", "due", "priority"])
def test_a_row_that_moves_while_its_page_is_read_takes_none_with_it(
    company: Company, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(company)
    wanted = ALL.but(sort=sort)
    whole = walked(company, wanted, 100)
    for limit in range(1, len(whole)):
        last = whole[limit - 1]

        def moved(actor: Actor, ids: Sequence[UUID], last: int = last, **more: Any) -> list[Any]:
            far = timedelta(days=900)
            times = {name: F(name) + far for name in ("start", "end", "due_at", "closed_at")}
            ServiceOrder.objects.filter(number=last).update(priority_id=1, **times)
            return rows_read(actor, ids, **more)

        with transaction.atomic():
            monkeypatch.setattr(READ, moved)
            first = order_list(actor=company.manager, wanted=wanted, limit=limit)
            monkeypatch.setattr(READ, rows_read)
            second = order_list(actor=company.manager, wanted=wanted, cursor=first.next)
            rest = [row.bare_number for row in second.items]
            transaction.set_rollback(True)
        assert [number for number in rest if number != last] == whole[limit:]


def test_a_row_that_arrives_between_two_pages_doubles_none(company: Company) -> None:
    many(company)
    wanted = ALL.but(sort="-number")
    first = order_list(actor=company.manager, wanted=wanted, limit=5)
    company.order()
    second = order_list(actor=company.manager, wanted=wanted, cursor=first.next, limit=5)
    assert not {row.id for row in first.items} & {row.id for row in second.items}
    assert second.items[0].bare_number == first.items[-1].bare_number - 1


def test_priority_begins_with_the_most_urgent_to_plan(company: Company) -> None:
    company.order(priority="low")
    urgent = company.order(priority="urgent")
    rows = order_list(actor=company.manager, wanted=ALL.but(sort="priority")).items
    assert rows[0].id == urgent.pk


def test_now_shows_what_is_to_plan_today_s_and_overdue(company: Company) -> None:
    with clock.freeze(clock.now().replace(hour=9, minute=0)):
        to_plan = company.order()
        later = company.planned(hours=24 * 4)
        ServiceOrder.objects.filter(pk=later.pk).update(received_at=clock.now() - timedelta(days=3))
        today = company.planned(hours=1)
        came_in_today = company.planned(hours=24 * 6)
        waiting = company.order()
        ServiceOrder.objects.filter(pk=waiting.pk).update(
            waiting_for="part", waiting_until=clock.now().date() + timedelta(days=9)
        )
        ended = company.planned(company.bert, hours=2)
        company.act(company.manager, ended, "cancel", note="no")
        found = {row.id for row in order_list(actor=company.manager, wanted=asked("")).items}
    assert found == {to_plan.pk, today.pk, came_in_today.pk, ended.pk}


def test_overdue_are_those_that_should_have_begun_or_ended(company: Company) -> None:
    fine = company.planned(hours=1)
    late = company.planned(company.bert, hours=1)
    unanswered = company.order(priority="urgent")
    with clock.freeze(clock.now() + timedelta(hours=5)):
        company.act(company.manager, fine, "complete")
        rows = order_list(actor=company.manager, wanted=asked("day=overdue")).items
    assert {row.id for row in rows} == {late.pk, unanswered.pk}
    assert next(row for row in rows if row.id == late.pk).late.startswith("+4 h")


def test_each_filter_finds_its_orders_and_no_others(company: Company) -> None:
    planned = company.planned()
    high = company.order(priority="high", asset_id=company.asset.pk)
    for address, expected in [
        ("stage=planned", planned),
        ("status=planned", planned),
        (f"technician={company.anna.technician_id}", planned),
        ("technician=none", high),
        ("priority=high,urgent", high),
        (f"asset_id={company.asset.pk}", high),
        (f"customer={company.customer.pk}&stage=new", high),
    ]:
        rows = order_list(actor=company.manager, wanted=asked(f"day=all&{address}")).items
        assert [row.id for row in rows] == [expected.pk], address
    none = order_list(actor=company.manager, wanted=asked(f"type={uuid4()}"), counted=True)
    assert none.count == "0"


def test_a_team_s_orders_are_those_of_who_goes_and_an_area_s_those_that_lie_there(
    company: Company,
) -> None:
    team = workforce.team_create(actor=company.manager, name="North")
    Technician.objects.filter(name="Anna").update(team=team)
    coast = customers.area_create(actor=company.manager, name="Coast", postcodes="84*")
    Site.objects.filter(pk=company.site.pk).update(postcode="8400")
    anna = company.plan(company.order(), hours=2)
    bert = company.plan(company.order(), company.bert, hours=2)
    waiting = company.order()

    def found(address: str) -> set[int]:
        page = order_list(actor=company.manager, wanted=asked(f"day=all&{address}"))
        return {row.bare_number for row in page.items}

    assert found(f"team={team.pk}") == {anna.number}
    assert found(f"team={team.pk}&technician=none") == {anna.number, waiting.number}
    assert found(f"team={team.pk}&technician={company.bert.technician_id}") == set()
    assert found(f"area={coast.pk}") == {anna.number, bert.number, waiting.number}
    Site.objects.filter(pk=company.site.pk).update(postcode="9000")
    assert found(f"area={coast.pk}") == set()
    assert found(f"team={uuid4()}") == found(f"area={uuid4()}") == set()


def test_a_number_finds_its_order_alone(company: Company) -> None:
    order = company.order(description="The first")
    other = company.order(description=f"Double of {order.number}")
    for typed in (f"SO-{order.number:06d}", str(order.number)):
        rows = order_list(actor=company.manager, wanted=asked(f"q={typed}")).items
        assert [row.id for row in rows] == [order.pk]
    rows = order_list(actor=company.manager, wanted=asked("q=double+of")).items
    assert [row.id for row in rows] == [other.pk]


def test_every_word_typed_must_stand_in_the_order_with_or_without_accents(
    company: Company,
) -> None:
    order = company.order(description="Chaudière en défaut")
    company.order(description="Chaudière bruyante")
    rows = order_list(actor=company.manager, wanted=asked("q=CHAUDIERE+défaut")).items
    assert [row.id for row in rows] == [order.pk]


@pytest.mark.parametrize("typed", ["100%25", "__________", "%5C%5C%5C", "'; drop--"])
def test_signs_of_the_database_s_own_language_are_letters(company: Company, typed: str) -> None:
    company.order()
    assert order_list(actor=company.manager, wanted=asked(f"q={typed}")).items == []


def test_a_technician_finds_own_work_only(company: Company) -> None:
    own = company.planned()
    company.planned(company.bert)
    rows = order_list(actor=company.anna, wanted=ALL).items
    assert [row.id for row in rows] == [own.pk]


def test_a_technician_is_not_told_what_is_planned_for_another(company: Company) -> None:
    order = company.planned()
    company.act(company.anna, order, "depart")
    company.act(company.anna, order, "hand_back", note="a part is missing")
    company.plan(order, company.bert, hours=30)
    row = order_list(actor=company.anna, wanted=ALL).items[0]
    assert (row.technician, row.start, row.end) == ("", None, None)
    seen = order_list(actor=company.manager, wanted=ALL).items[0]
    assert seen.technician == "Bert"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("stage=later", "stage"),
        ("status=", ""),
        ("priority=7", "priority"),
        ("technician=anna", "technician"),
        ("customer=1", "customer"),
        ("from=2026-02-30", "from"),
        ("from=2026-03-02&to=2026-03-01", "to"),
        ("day=yesterday", "day"),
        ("sort=customer", "sort"),
        ("q=" + "a" * 101, "q"),
        ("q=%00", "q"),
        ("type=" + ",".join(str(uuid4()) for _ in range(51)), "type"),
        ("site=a&site=b", "site"),
    ],
)
def test_a_wrong_value_is_told_beside_its_name(address: str, name: str) -> None:
    if not name:
        assert asked(address).statuses == ()
        return
    with pytest.raises(Invalid) as told:
        asked(address)
    assert list(told.value.fields) == [name]


def test_a_forged_cursor_is_told(company: Company) -> None:
    with pytest.raises(Invalid):
        order_list(actor=company.manager, wanted=ALL, cursor="made-up")
    page_of_another = order_kanban(actor=company.manager, wanted=ALL)
    assert page_of_another[0].next is None


def test_the_address_says_the_filter_again(company: Company) -> None:
    for address in (
        "",
        "?day=all",
        f"?stage=new,planned&technician={company.anna.technician_id},none&priority=high&sort=-due",
        f"?customer={company.customer.pk}",
        f"?day=now&customer={company.customer.pk}&q=pump",
        "?from=2026-11-01&to=2026-11-30&waiting=yes&at_risk=true",
    ):
        wanted = asked(address.removeprefix("?"))
        assert asked(wanted.query().removeprefix("?")) == wanted
        assert sorted(wanted.query()) == sorted(address.replace(" ", "+"))


@pytest.mark.wide
@pytest.mark.parametrize("sort", SORTS)
def test_a_row_s_key_sorts_as_the_list_does(company: Company, sort: str) -> None:
    many(company)
    keys = [
        row.sort
        for row in order_list(actor=company.manager, wanted=ALL.but(sort=sort), limit=100).items
    ]
    assert keys == sorted(keys)
    back = order_list(actor=company.manager, wanted=ALL.but(sort=f"-{sort}"), limit=100).items
    assert [row.sort for row in back] == keys[::-1]


def test_at_risk_is_what_may_miss_its_response_target_or_has(company: Company) -> None:
    def due(order: ServiceOrder, hours: float) -> UUID:
        moment = clock.now() + timedelta(hours=hours)
        ServiceOrder.objects.filter(pk=order.pk).update(due_at=moment)
        return order.pk

    berts = due(company.planned(company.bert, hours=1), 2)  # late by the time that is asked
    risky = {
        berts, due(company.order(), 3.9), due(company.order(), -50),
        due(company.planned(hours=6), 5),  # planned for later
    }  # fmt: skip
    due(company.order(), 9)
    due(company.planned(hours=8), 20)
    ServiceOrder.objects.filter(pk=company.planned(hours=10).pk).update(due_at=None)
    there = company.planned(hours=12)
    due(company.act(company.manager, there, "start_work"), 3)
    due(company.act(company.manager, company.planned(hours=14), "complete"), 3)
    waits = company.order()
    due(waits, 1)
    ServiceOrder.objects.filter(pk=waits.pk).update(
        waiting_for="part", waiting_until=clock.now().date() + timedelta(days=9)
    )
    wanted = asked("at_risk=true&day=all")
    found = {row.id for row in order_list(actor=company.manager, wanted=wanted).items}
    assert len(risky - found) == 1  # the one who is not late yet
    with clock.freeze(clock.now() + timedelta(hours=2.5)):
        rows = order_list(actor=company.manager, wanted=wanted, counted=True)
        assert {row.id for row in rows.items} == risky
        assert rows.count == "4"
        columns = order_kanban(actor=company.manager, wanted=wanted)
        assert [len(column.cards) for column in columns] == [2, 2, 0, 0]
        theirs = [row.id for row in order_list(actor=company.bert, wanted=wanted).items]
        assert theirs == [berts]
