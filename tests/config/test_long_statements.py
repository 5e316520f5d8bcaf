"""No statement holds a thread for long: the database ends it, and who asked is told."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from callout.customers import selectors
from tests.api.conftest import World, module_world, world

__all__ = ["module_world", "world"]


def asked(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def test_every_connection_of_the_app_has_a_limit(db: None, settings: Any) -> None:
    assert settings.STATEMENT_TIMEOUT == 15
    assert asked("SHOW statement_timeout") == ("15s",)
    assert asked("SHOW idle_in_transaction_session_timeout") == ("1min",)


@pytest.mark.wide
@pytest.mark.parametrize("limit", ["30ms", "0"])
def test_who_asked_for_too_much_is_told_and_the_next_question_is_answered(
    world: World, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """The control is the limit taken off: then it is waited for."""
    found = selectors.customer_list

    def slow(**given: Any) -> Any:
        with transaction.atomic():
            asked(f"SELECT set_config('statement_timeout', '{limit}', true)")
            asked("SELECT pg_sleep(0.2)")
        return found(**given)

    client = Client(
        raise_request_exception=False, headers={"Authorization": f"Bearer {world.boss.token}"}
    )
    with monkeypatch.context() as patch:
        patch.setattr(selectors, "customer_list", slow)
        answer = client.get("/api/v1/customers")
    assert answer.status_code == (503 if limit != "0" else 200)
    assert client.get("/api/v1/customers").status_code == 200
