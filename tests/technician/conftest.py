"""A signed-in phone: the small company of tests/orders, and clients for its people."""

from collections.abc import Callable

import pytest
from django.test import Client

from callout.accounts.models import User
from callout.kernel.actor import Actor
from tests.harness.signing import sign_in
from tests.orders.conftest import Company, company_made

ORIGIN = {"Origin": "http://testserver"}


@pytest.fixture
def company(db: None) -> Company:
    return company_made()


@pytest.fixture
def phone() -> Callable[[Actor], Client]:
    """A browser in which this person is signed in."""

    def made(actor: Actor) -> Client:
        client = Client(headers=ORIGIN)
        sign_in(client, User.objects.get(name=actor.name))
        return client

    return made
