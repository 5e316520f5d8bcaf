"""How a thread finds out that its connection is gone, without asking at each request."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

from callout.kernel.postgresql import base

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A connection of a thread that answers requests; `asked` counts what it asked to find out."""
    link: Any = connections.create_connection("default")
    link.ensure_connection()
    link.health_check_enabled = True
    link.asked = 0
    usable = link.is_usable

    def is_usable() -> bool:
        link.asked += 1
        return bool(usable())

    monkeypatch.setattr(link, "is_usable", is_usable)
    yield link
    link.close()


def requested(link: Any) -> int:
    """A request begins, and asks something of the database: which process there answers."""
    link.close_if_unusable_or_obsolete()
    with link.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_a_connection_used_a_moment_ago_is_not_asked_again(link: Any) -> None:
    first = requested(link)
    asked = link.asked
    assert [requested(link) for _n in range(3)] == [first] * 3
    assert link.asked == asked


def test_a_connection_that_rested_is_asked(link: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = requested(link)
    asked = link.asked
    monkeypatch.setattr(base, "TRUSTED", 0.0)
    assert requested(link) == first
    assert link.asked == asked + 1


def test_a_connection_that_the_server_has_ended_is_replaced_before_anything_is_asked(
    link: Any,
) -> None:
    requested(link)
    first = requested(link)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
        assert cursor.fetchone() == (True,)
    time.sleep(0.05)  # its last word is on its way
    assert requested(link) != first


def test_a_connection_that_broke_under_a_request_is_replaced(link: Any) -> None:
    requested(link)
    first = requested(link)
    link.connection.close()
    assert requested(link) != first
