"""Fixtures for all tests; the work is done in tests/harness."""

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client, TransactionTestCase

from callout.accounts import company
from callout.accounts.models import Company
from callout.customers import paces
from callout.orders import priorities
from tests.harness import chromium, collecting, database, minute, plans
from tests.harness.noon import noon_zone
from tests.harness.server import Served, on_the_test_database
from tests.scale import random_cases

if TYPE_CHECKING:
    from playwright.sync_api import Browser

plans.keep()
# Compiled once, and not by each process of each run, whatever the shell says.
sys.dont_write_bytecode = False


def pytest_configure(config: pytest.Config) -> None:
    laid = collecting.Laid(config)
    config.pluginmanager.register(laid)
    random_cases(few=laid.is_fast)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    minute.begin()


@pytest.fixture(scope="session")
def django_db_setup() -> Iterator[database.TestDatabase]:
    """Instead of pytest-django's: our own clone, reached as the app's role."""
    mine = database.TestDatabase()
    mine.make()
    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    # Django's own way is TRUNCATE, which the app's role may not do.
    TransactionTestCase._fixture_teardown = lambda _self: mine.wash()  # type: ignore[attr-defined]
    yield mine
    TransactionTestCase._fixture_teardown = original  # type: ignore[attr-defined]
    mine.drop()


@pytest.fixture(autouse=True)
def company_read_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The company is kept for a test, however long that takes, and never for the next one: how many
    messages something costs hangs neither on the clock nor on who went before."""
    monkeypatch.setattr("callout.kernel.kept.TTL", 3600.0)
    # No area says how one drives there until a test says so: asked once in five seconds by a whole
    # process, that is no part of what a page costs.
    paces.KEPT.keep(())
    priorities.KEPT.keep({})  # nor is one renamed, until a test does
    yield
    company.KEPT.forget()


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


@pytest.fixture(scope="session")
def _served(django_db_setup: None, django_db_blocker: Any) -> Iterator[Served]:
    served = Served(on_the_test_database())
    try:
        yield served.wait_until_ready()
    finally:
        served.forget()


@pytest.fixture
def server(_served: Served, transactional_db: None) -> Served:
    """`callout serve` (two web processes and a worker) on this test's database: `server.url`."""
    return _served


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """A real Chromium, for the whole session; take a context of your own from it."""
    from playwright.sync_api import expect, sync_playwright

    path = chromium.found()
    if path is None:
        pytest.fail("There is no Chromium. `make chromium` gets one, or says how.")
    # Playwright runs an event loop in this thread; the tests' queries beside it are none of its.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=chromium.PATIENCE)
    with sync_playwright() as playwright:
        # The map is drawn by WebGL, here without a graphics card.
        arguments = ["--enable-unsafe-swiftshader"]
        arguments += ["--no-sandbox"] if os.geteuid() == 0 else []
        driven = playwright.chromium.launch(executable_path=path, args=arguments)
        yield driven
        driven.close()


@pytest.fixture
def at_noon(db: None) -> None:
    """For a file on the true clock: the company lives where it is about noon."""
    Company.objects.create(time_zone=noon_zone())
    company.KEPT.forget()
