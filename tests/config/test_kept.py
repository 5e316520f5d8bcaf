"""A world laid down as rows is the world that the services build, and every test has its own."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from callout.accounts.models import Company as CompanyRow
from callout.accounts.models import User
from callout.customers.models import Asset, Customer, Site
from callout.kernel import clock
from callout.kernel.models import JournalEntry
from callout.orders.models import InterventionType, ServiceOrder
from tests.harness import kept
from tests.orders.conftest import Company, company, company_made

__all__ = ["company"]
EVENING = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
build = company_made.__wrapped__  # type: ignore[attr-defined]
met: list[Company] = []


def told(rows: kept.Rows, moment: datetime, *worlds: Company) -> kept.Rows:
    """Rows, whatever their ids and their moment are."""
    names: dict[str, str] = {}
    for made in worlds:
        for name in ("customer", "site", "asset"):
            names[str(getattr(made, name).pk)] = name
        for name in ("manager", "anna", "bert"):
            names[str(getattr(made, name).user_id)] = name
            names[str(getattr(made, name).technician_id)] = f"{name}'s work"
    texts = {}
    for table, some in rows.items():
        known = [kept.ID.sub(lambda one: names.get(one[0], "another"), row) for row in some]
        texts[table] = sorted(row.replace(kept.written(moment), "now") for row in known)
    return texts


def left_by(made: Any) -> kept.Rows:
    """The rows after `made`, without what PostgreSQL counts."""
    with transaction.atomic(), clock.freeze(EVENING.replace(microsecond=7)):
        done = made()
        rows = told(kept.rows(), clock.now(), done)
        entries = JournalEntry.objects.order_by("pk").values_list("entity", "kind", "facts")
        rows["kernel_journalentry"] = [
            kept.ID.sub("", f"{entity} {kind} {facts}") for entity, kind, facts in entries
        ]
        transaction.set_rollback(True)
    return rows


@pytest.mark.django_db
def test_what_is_laid_down_is_what_the_services_write() -> None:
    built = left_by(build)
    assert left_by(company_made) == built
    assert left_by(company_made) == built
    assert len(built["accounts_user"]) == 3
    assert len(built["kernel_journalentry"]) == 4


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_no_test_sees_the_rows_or_the_objects_of_the_one_before(
    company: Company, turn: int
) -> None:
    assert Customer.objects.get() == company.customer
    assert {one.name for one in User.objects.all()} == {"Els", "Anna", "Bert"}
    assert not ServiceOrder.objects.exists()
    assert company.customer.name == "Boulangerie Lemaire"
    for other in met:
        assert other.customer.pk != company.customer.pk
        assert other.manager.user_id != company.manager.user_id
        assert other.kind == company.kind  # the migrations', the same for all
    # What this one leaves, in the database and in the objects, is for the next to miss.
    company.planned()
    company.customer.name = "Changed"
    company.customer.save()
    met.append(company)


def test_it_holds_together_and_can_be_worked_with(company: Company) -> None:
    order = company.plan(company.order(asset_id=company.asset.pk))
    assert (order.customer, order.site, order.type) == (
        Customer.objects.get(), Site.objects.get(), InterventionType.objects.get(name="Breakdown"),
    )  # fmt: skip
    assert Asset.objects.get().site_id == company.site.pk
    assert order.technician_id == company.anna.technician_id
    last = JournalEntry.objects.order_by("-pk")[0]
    assert last.entity == "service_order"  # its number is higher than those laid down
    assert {row.xid for row in JournalEntry.objects.all()} == {last.xid}


@pytest.mark.parametrize("hour", [6, 21])
def test_it_is_laid_down_at_the_moment_of_the_test(db: None, hour: int) -> None:
    moment = datetime(2026, 3, 29, hour, 30, tzinfo=UTC)
    with clock.freeze(moment):
        made = company_made()
    assert made.customer.created_at == moment
    assert Customer.objects.get().created_at == moment
    assert {entry.at for entry in JournalEntry.objects.all()} == {moment}


def test_rows_that_were_there_before_stay(db: None) -> None:
    CompanyRow.objects.create(name="Before")
    company_made()
    assert CompanyRow.objects.get().name == "Before"


def test_where_a_test_commits_it_is_built(transactional_db: None) -> None:
    made = company_made()
    assert made.customer == Customer.objects.get()


# --- as it was ---------------------------------------------------------------------------------


def test_a_world_that_is_repeated_is_the_same_to_the_id_and_the_hour(db: None) -> None:
    @kept.repeated
    def soon() -> Company:
        made: Company = build()
        made.planned(hours=2)
        return made

    left = []
    for _ in range(2):
        with transaction.atomic():
            made = soon()
            order = ServiceOrder.objects.get()
            assert (order.customer, order.technician_id) == (made.customer, made.anna.technician_id)
            left.append((order.number, order.start, made.manager.user_id, made.customer.created_at))
            assert not any(made is other for other in met)
            met.append(made)
            transaction.set_rollback(True)
    assert left[0] == left[1]
    assert not Customer.objects.exists()
    with clock.freeze(clock.now() + kept.FRESH * 2):
        assert soon().manager.user_id != made.manager.user_id, "what is soon has to be soon"


# --- what cannot be kept is said -------------------------------------------------------------


def test_a_world_that_changes_what_was_there_is_refused(db: None) -> None:
    @kept.kept
    def changed() -> int:
        return InterventionType.objects.filter(name="Breakdown").update(name="Other")

    with pytest.raises(RuntimeError, match="only adds rows"):
        changed()
    assert InterventionType.objects.filter(name="Breakdown").exists()


def test_a_world_that_reckons_with_the_hour_is_refused(db: None) -> None:
    @kept.kept
    def soon() -> Any:
        return Customer.objects.create(name="x", archived_at=clock.now().replace(microsecond=0))

    with pytest.raises(RuntimeError, match="the whole moment, or the day alone"):
        soon()
