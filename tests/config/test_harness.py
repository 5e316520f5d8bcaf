"""The ground the tests stand on holds."""

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone


def _a_session() -> None:
    Session.objects.create(session_key="abc", session_data="", expire_date=timezone.now())


@pytest.mark.django_db
def test_tests_run_as_the_apps_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("callout_app",)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_washed_away(turn: int, app_dsn: str) -> None:
    with psycopg.connect(app_dsn) as other:
        assert other.execute("SELECT count(*) FROM django_session").fetchone() == (0,)
        _a_session()
        assert other.execute("SELECT count(*) FROM django_session").fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_the_app_may_neither_truncate_nor_make_tables(app_dsn: str) -> None:
    for statement in ("TRUNCATE django_session", "CREATE TABLE mine (id int)"):
        refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
        with refused, psycopg.connect(app_dsn) as other:
            other.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_a_plan_outlives_its_test(turn: int) -> None:
    for _ in range(2):
        assert not Session.objects.filter(session_key="of nobody").exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE 'SELECT $1 AS%django_session%'"
        )
        [(generic, custom)] = cursor.fetchall()
    assert custom == 0
    assert generic >= (1, 3)[turn - 1]
