"""Filters kept and shared, and each one's own columns and first filter."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callout.accounts.models import User
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, Invalid, NotFound, Stale
from callout.kernel.models import JournalEntry
from callout.orders import services
from callout.orders.columns import USUAL, columns_read, columns_written
from callout.orders.models import SavedFilter
from callout.orders.selectors.views import filter_get, filter_list, filter_seen, own_view
from callout.workforce.services import technician_archive
from tests.orders.conftest import Company, actor_made


@pytest.fixture
def other(company: Company) -> Actor:
    return actor_made("Marc", technician=False)


def saved(actor: Actor, name: str = "Mine", **values: object) -> SavedFilter:
    given: dict[str, object] = {"query": "stage=new&priority=urgent", **values}
    return services.filter_save(actor=actor, name=name, **given)  # type: ignore[arg-type]


def names(actor: Actor) -> list[str]:
    return [one.filter.name for one in filter_list(actor=actor)]


def test_own_filters_come_first_and_others_only_where_they_are_shared(
    company: Company, other: Actor
) -> None:
    saved(other, "A private one")
    saved(other, "A shared one", shared=True)
    saved(company.manager, "Zebra")

    assert names(company.manager) == ["Zebra", "A shared one"]
    assert names(other) == ["A private one", "A shared one"]


def test_however_many_the_others_share_one_s_own_are_there(company: Company, other: Actor) -> None:
    whose = User.objects.get(pk=str(other.user_id))
    SavedFilter.objects.bulk_create(
        SavedFilter(owner=whose, name=f"a{n}", name_sort=f"a{n}", view="list", shared=True)
        for n in range(400)
    )
    saved(company.manager, "Zebra")
    assert names(company.manager)[:2] == ["Zebra", "a0"]


def test_the_whole_address_is_kept_as_it_is_written(company: Company) -> None:
    row = saved(company.manager, query="?priority=urgent,high&stage=new&x=1", view="kanban",
                columns="slot,number,nonsense,customer")  # fmt: skip
    assert (row.view, row.query) == ("kanban", "stage=new&priority=urgent,high")
    assert row.columns == "slot,customer"


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"query": "stage=nowhere"}, "stage"),
        ({"name": " "}, "name"),
        ({"view": "moon"}, "view"),
    ],
)
def test_what_cannot_be_a_filter_is_not_kept(
    company: Company, values: dict[str, str], name: str
) -> None:
    with pytest.raises(Invalid) as refused:
        saved(company.manager, **values)
    assert name in refused.value.fields


def test_a_name_is_taken_once_by_each(company: Company, other: Actor) -> None:
    saved(company.manager)
    saved(other)
    with pytest.raises(Invalid) as refused:
        saved(company.manager)
    assert "name" in refused.value.fields


def test_another_s_filter_is_not_there_to_be_changed_shared_or_not(
    company: Company, other: Actor
) -> None:
    for shared in (False, True):
        row = saved(other, f"Theirs {shared}", shared=shared)
        for deed in (
            lambda row=row: services.filter_update(
                actor=company.manager, filter_id=row.pk, name="Mine now"
            ),
            lambda row=row: services.filter_remove(actor=company.manager, filter_id=row.pk),
            lambda row=row: filter_get(actor=company.manager, filter_id=row.pk),
        ):
            with pytest.raises(NotFound):
                deed()
    assert SavedFilter.objects.count() == 2


def test_an_admin_may_change_what_is_shared(company: Company, other: Actor) -> None:
    row = saved(other, shared=True)
    User.objects.filter(pk=str(company.manager.user_id)).update(is_admin=True)
    admin = replace(company.manager, is_admin=True)

    services.filter_remove(actor=admin, filter_id=row.pk)

    assert not SavedFilter.objects.exists()


def test_a_change_against_an_old_version_is_refused(company: Company) -> None:
    row = saved(company.manager)
    services.filter_update(actor=company.manager, filter_id=row.pk, name="Other", version=1)
    with pytest.raises(Stale):
        services.filter_update(actor=company.manager, filter_id=row.pk, name="More", version=1)
    kinds = JournalEntry.objects.filter(entity_id=row.pk).values_list("kind", flat=True)
    assert sorted(kinds) == ["create", "update"]


def test_the_list_opens_with_it_until_it_is_gone_or_not_shared_any_more(
    company: Company, other: Actor
) -> None:
    row = saved(other, shared=True)
    services.own_filter_set(actor=company.manager, filter_id=row.pk)
    assert own_view(actor=company.manager).opens_with == row

    services.filter_update(actor=other, filter_id=row.pk, shared=False)
    assert own_view(actor=company.manager).opens_with is None
    services.filter_update(actor=other, filter_id=row.pk, shared=True)
    services.filter_remove(actor=other, filter_id=row.pk)
    assert own_view(actor=company.manager).opens_with is None


def test_nobody_opens_with_what_is_not_theirs_to_see(company: Company, other: Actor) -> None:
    for filter_id in (saved(other).pk, uuid4()):
        with pytest.raises(NotFound):
            services.own_filter_set(actor=company.manager, filter_id=filter_id)


def test_columns_are_each_one_s_own(company: Company, other: Actor) -> None:
    services.own_columns_set(actor=company.manager, columns=["slot", "asset", "x"])
    assert own_view(actor=company.manager).columns == ("slot", "asset")
    assert own_view(actor=other).columns == USUAL
    services.own_columns_set(actor=company.manager, columns=[])
    assert own_view(actor=company.manager).columns == USUAL


def test_columns_are_read_and_written_in_the_order_chosen_each_once() -> None:
    assert columns_read("technician,site,technician") == ("technician", "site")
    assert columns_read("") == columns_read("nonsense") == USUAL
    assert columns_written(USUAL) == columns_written([]) == ""
    assert columns_written(reversed(USUAL)) == ",".join(reversed(USUAL))


def test_the_star_goes_where_it_is_put_and_only_from_where_it_was(
    company: Company, other: Actor
) -> None:
    mine, shared = saved(company.manager), saved(other, "Theirs", shared=True)
    services.own_filter_set(actor=company.manager, filter_id=shared.pk)
    services.own_filter_clear(actor=company.manager, filter_id=mine.pk)
    assert own_view(actor=company.manager).opens_with == shared
    services.own_filter_clear(actor=other, filter_id=shared.pk)
    assert own_view(actor=company.manager).opens_with == shared, "each has their own"
    services.own_filter_clear(actor=company.manager, filter_id=shared.pk)
    assert own_view(actor=company.manager).opens_with is None
    with pytest.raises(NotFound):
        services.own_filter_clear(actor=other, filter_id=mine.pk)


def test_a_filter_is_locked_before_the_views_that_open_with_it(company: Company) -> None:
    """Whoever removes it does so too: two of them never wait for each other."""
    row = saved(company.manager)
    for deed in (services.own_filter_set, services.own_filter_clear, services.filter_remove):
        with CaptureQueriesContext(connection) as asked:
            deed(actor=company.manager, filter_id=row.pk)
        held = [re.findall(r"orders_savedfilter|orders_ownview", one["sql"])[0] for one in asked
                if re.search(r"FOR (NO KEY )?UPDATE|^UPDATE", one["sql"])]  # fmt: skip
        assert list(dict.fromkeys(held)) == ["orders_savedfilter", "orders_ownview"], deed


def test_a_technician_has_no_filters_of_the_office(company: Company, other: Actor) -> None:
    row = saved(other, shared=True)
    for deed in (
        lambda: saved(company.anna),
        lambda: filter_list(actor=company.anna),
        lambda: own_view(actor=company.anna),
        lambda: services.filter_update(actor=company.anna, filter_id=row.pk, name="x"),
        lambda: services.filter_remove(actor=company.anna, filter_id=row.pk),
        lambda: services.own_columns_set(actor=company.anna, columns=["slot"]),
        lambda: services.own_filter_set(actor=company.anna, filter_id=row.pk),
        lambda: services.own_filter_clear(actor=company.anna, filter_id=row.pk),
        lambda: filter_seen(actor=company.anna, filter_id=row.pk),
    ):
        with pytest.raises(Forbidden):
            deed()


def test_a_filter_by_somebody_archived_still_finds_their_orders(company: Company) -> None:
    from django.http import QueryDict

    from callout.orders.filters import OrderFilter
    from callout.orders.selectors import order_list

    order = company.planned()
    company.act(company.manager, order, "complete")
    anna = company.anna.technician_id
    assert anna
    row = saved(company.manager, query=f"day=all&technician={anna}")
    technician_archive(actor=company.manager, technician_id=anna)

    wanted = OrderFilter.parse(QueryDict(row.query))

    found = order_list(actor=company.manager, wanted=wanted)
    assert [one.id for one in found.items] == [order.pk]
