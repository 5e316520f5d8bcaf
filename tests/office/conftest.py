"""Three people at the office's doors: a manager, a technician, and nobody."""

from collections.abc import Callable

import pytest
from django.test import Client

from callout.accounts.models import User
from callout.kernel.actor import Actor
from tests.harness.signing import sign_in
from tests.orders.conftest import Company, company_made

__all__ = ["company"]

Browser = Callable[[Actor], Client]


@pytest.fixture
def company(db: None) -> Company:
    """The company of the orders' tests."""
    return company_made()


@pytest.fixture
def browser(db: None) -> Browser:
    """A browser that an actor is signed in with, on one of our own pages."""

    def signed_in(actor: Actor) -> Client:
        client = Client(headers={"Origin": "http://testserver"})
        sign_in(client, User.objects.get(pk=str(actor.user_id)))
        return client

    return signed_in


@pytest.fixture
def office(company: Company, browser: Browser) -> Client:
    """The manager's browser."""
    return browser(company.manager)
