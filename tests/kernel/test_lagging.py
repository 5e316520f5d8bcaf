"""Reads that may lag go to the replica, and to the primary where there is none that follows."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.utils import InternalError, OperationalError
from django.test.utils import CaptureQueriesContext

from callout.customers.export import things_table
from callout.kernel import lagging
from callout.kernel.lagging import lagging_read, reads_may_lag
from callout.kernel.models import Installation
from callout.orders.filters import OrderFilter
from callout.orders.selectors.export import order_table
from tests.orders.conftest import company_made


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def replica_named(**changed: Any) -> None:
    entry = connections.settings["default"] | changed
    read_only = f"{entry['OPTIONS']['options']} -c default_transaction_read_only=on"
    entry |= {"OPTIONS": entry["OPTIONS"] | {"options": read_only}}
    connections.settings["replica"] = entry
    # The tests' guard knows databases by their alias.
    connections["replica"] = type(connections["default"])(entry, "default")


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another test has found of its replica is forgotten."""
    monkeypatch.setattr(lagging, "_asked_again", 0.0)


@pytest.fixture
def replica(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same database once more, that only reads and says that it follows."""
    replica_named()
    monkeypatch.setattr(lagging, "KEEPS_UP", "SELECT true")
    yield
    connections["replica"].close()
    del connections.settings["replica"], connections["replica"]


def test_without_a_replica_the_primary_reads(transactional_db: None) -> None:
    mine = backend()
    with reads_may_lag() as lags:
        assert (lags, backend()) == (False, mine)


def test_within_the_replica_reads_and_nothing_is_written(replica: None) -> None:
    mine = backend()
    with reads_may_lag() as lags:
        assert lags
        assert backend() != mine
        with pytest.raises(InternalError, match="read-only"):
            Installation.objects.update(epoch=None)
        with reads_may_lag() as again:
            assert not again
            assert backend() != mine
    assert backend() == mine


def test_what_fails_within_gives_the_primary_back(replica: None) -> None:
    mine = backend()
    with pytest.raises(ZeroDivisionError), reads_may_lag():
        raise ZeroDivisionError
    assert backend() == mine


def test_a_transaction_under_way_stays_where_it_is(replica: None) -> None:
    with transaction.atomic():
        mine = backend()
        with reads_may_lag() as lags:
            assert (lags, backend()) == (False, mine)


def test_a_server_that_is_no_replica_is_not_read_from(
    replica: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    with reads_may_lag() as lags:
        assert not lags


@pytest.mark.parametrize(("seconds", "follows"), [(5, True), (61, False), (None, False)])
def test_one_whose_last_word_of_a_worker_is_old_is_not_read_from(
    replica: None, monkeypatch: pytest.MonkeyPatch, seconds: int | None, follows: bool
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(lagging, "_asked_again", 0.0)
    replaying = lagging.KEEPS_UP.replace("pg_is_in_recovery()", "true")  # it is no replica here
    monkeypatch.setattr(lagging, "KEEPS_UP", replaying)
    if seconds is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - %s * interval '1 second')",
                [seconds],
            )
    with reads_may_lag() as lags:
        assert lags == follows


def test_a_replica_that_does_not_answer_is_done_without(
    replica: None, caplog: pytest.LogCaptureFixture
) -> None:
    replica_named(HOST="127.0.0.1", PORT="1")
    mine = backend()
    with reads_may_lag() as lags:
        assert (lags, backend()) == (False, mine)
    assert "does not answer" in caplog.text


def test_one_that_was_away_is_not_waited_for_by_everybody(
    replica: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    replica_named(HOST="127.0.0.1", PORT="1")
    for _number in range(3):
        with reads_may_lag() as lags:
            assert not lags
    assert caplog.text.count("does not answer") == 1
    replica_named()
    monkeypatch.setattr(lagging, "_asked_again", 0.0)  # half a minute later
    with reads_may_lag() as lags:
        assert lags


def test_where_it_goes_away_meanwhile_the_primary_is_asked_the_same(replica: None) -> None:
    mine, asked = backend(), []

    def read() -> int:
        asked.append(backend())
        if len(asked) == 1:
            raise OperationalError("canceling statement due to conflict with recovery")
        return asked[-1]

    assert lagging_read(read) == mine
    assert asked[0] != mine
    asked.clear()
    with pytest.raises(OperationalError):  # the primary, now, which has nobody behind it
        lagging_read(read)


def asked_of(alias: str, work: Callable[[], object]) -> int:
    """How many questions a connection was asked meanwhile."""
    with CaptureQueriesContext(connections[alias]) as context:
        work()
    return len(context)


def test_tables_of_what_a_filter_finds_come_from_the_replica_and_chosen_ones_do_not(
    replica: None,
) -> None:
    company = company_made()
    order = company.order()
    wanted: dict[str, Any] = {"actor": company.manager, "wanted": OrderFilter(), "columns": []}
    tables: dict[str, Callable[[], Iterator[list[Any]]]] = {
        "found": lambda: order_table(**wanted),
        "chosen": lambda: order_table(**wanted, ids=[order.pk]),
        **{
            kind: partial(things_table, actor=company.manager, kind=kind)
            for kind in ("customers", "sites", "assets")
        },
    }
    rows = {name: list(make()) for name, make in tables.items()}
    assert all(len(found) > 1 for name, found in rows.items() if name != "assets")
    here = {name: asked_of("default", lambda m=make: list(m())) for name, make in tables.items()}  # type: ignore[misc]
    there = {name: asked_of("replica", lambda m=make: list(m())) for name, make in tables.items()}  # type: ignore[misc]
    assert {name for name, count in here.items() if count == 0} == set(tables) - {"chosen"}
    assert {name for name, count in there.items() if count == 0} == {"chosen"}
