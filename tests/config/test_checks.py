"""What the checks say about the database."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.checks import CheckMessage
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django import Settings

import callout
from callout.accounts.models import User
from callout.config import checks
from callout.config.ownership import as_owner


def said() -> list[str]:
    """The ids of what the database's check finds."""
    found: list[CheckMessage] = checks.database_is_usable(databases=["default"])
    return [str(one.id) for one in found]


@pytest.fixture
def connected_as_owner(transactional_db: None) -> Iterator[None]:
    """As with a single role, which owns what it writes to."""
    with as_owner():
        yield


@pytest.mark.django_db
def test_the_apps_own_role_is_fine() -> None:
    assert said() == []


def test_a_role_that_owns_the_tables_is_warned_of(connected_as_owner: None) -> None:
    assert said() == ["callout.W001"]


@pytest.mark.django_db
def test_an_old_postgresql_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "OLDEST", 990000)
    assert said() == ["callout.E002"]
    found = connections["default"].pg_version // 10000  # type: ignore[attr-defined]
    assert checks.too_old() == f"This is PostgreSQL {found}. Callout needs PostgreSQL 99 or newer."


@pytest.mark.django_db(transaction=True)
def test_migrate_refuses_an_old_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "OLDEST", 990000)
    with pytest.raises(CommandError, match="needs PostgreSQL 99 or newer"):
        call_command("migrate", verbosity=0)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("callout_app",)


def test_each_check_has_an_id_of_its_own() -> None:
    sources = Path(callout.__file__).parent.rglob("*.py")
    ids = [one for path in sources for one in re.findall(r'id="(callout\.\w+)"', path.read_text())]
    assert len(ids) > 3
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.django_db
@pytest.mark.parametrize(("demo", "found"), [(False, ["callout.E003"]), (True, [])])
def test_the_demos_users_are_not_served_outside_a_demo(
    demo: bool, found: list[str], settings: Settings
) -> None:
    settings.DEMO = demo
    User.objects.create(email=f"els@{settings.DEMO_DOMAIN}", name="Els")
    assert said() == found


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
