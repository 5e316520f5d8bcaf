"""Reads that may lag go to the replica, and to the primary where there is none that follows."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.utils import InternalError

from callout.kernel import lagging
from callout.kernel.lagging import reads_may_lag
from callout.kernel.models import Installation


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


def test_a_replica_that_does_not_answer_is_done_without(
    replica: None, caplog: pytest.LogCaptureFixture
) -> None:
    replica_named(HOST="127.0.0.1", PORT="1")
    mine = backend()
    with reads_may_lag() as lags:
        assert (lags, backend()) == (False, mine)
    assert "does not answer" in caplog.text
