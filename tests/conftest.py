"""Fixtures for all tests; the work is done in tests/harness."""

from collections.abc import Iterator

import pytest
from django.test import Client, TransactionTestCase

from tests.harness import database


@pytest.fixture(scope="session")
def django_db_setup() -> Iterator[None]:
    """Instead of pytest-django's: our own clone, reached as the app's role."""
    mine = database.TestDatabase()
    mine.make()
    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    # Django's own way is TRUNCATE, which the app's role may not do.
    TransactionTestCase._fixture_teardown = lambda _self: mine.wash()  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[attr-defined]
    mine.drop()


@pytest.fixture
def app_dsn(transactional_db: None) -> str:
    """How the app reaches this process's database."""
    return database.dsn("callout_app")


@pytest.fixture
def owner_dsn(transactional_db: None) -> str:
    """How the owning role reaches it."""
    return database.dsn("callout_owner")


@pytest.fixture
def client() -> Client:
    """A browser on one of our own pages: it names its origin."""
    return Client(headers={"Origin": "http://testserver"})
