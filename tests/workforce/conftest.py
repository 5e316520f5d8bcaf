"""Three actors of every test: a manager, a technician, and somebody who is neither."""

import pytest
from django.test import Client

from callout.accounts.models import User
from callout.accounts.selectors import actor_for_user
from callout.kernel.actor import Actor
from callout.workforce import services
from callout.workforce.models import Technician
from tests.harness.signing import sign_in


def user(name: str, **roles: bool) -> User:
    return User.objects.create(email=f"{name}@example.com", name=name.title(), **roles)


@pytest.fixture
def manager_user(db: None) -> User:
    return user("mia", is_manager=True)


@pytest.fixture
def manager(manager_user: User) -> Actor:
    return actor_for_user(manager_user, "office")


@pytest.fixture
def sofie(manager: Actor) -> Technician:
    """A technician who signs in, with the ordinary week."""
    signs_in = user("sofie", is_technician=True)
    return services.technician_create(
        actor=manager, name="Sofie De Smet", user_id=signs_in.pk, phone="0498 00 11 22"
    )


@pytest.fixture
def yassine(manager: Actor) -> Technician:
    """Another one, a subcontractor who does not sign in."""
    return services.technician_create(
        actor=manager, name="Yassine El Amrani", is_subcontractor=True
    )


@pytest.fixture
def technician(sofie: Technician) -> Actor:
    return actor_for_user(sofie.user, "technician")


@pytest.fixture
def stranger(db: None) -> Actor:
    """Signed in, with no role at all."""
    return actor_for_user(user("sam"), "office")


@pytest.fixture
def office(client: Client, manager_user: User) -> Client:
    sign_in(client, manager_user)
    return client


@pytest.fixture
def field(client: Client, sofie: Technician) -> Client:
    assert sofie.user is not None
    sign_in(client, sofie.user)
    return client
