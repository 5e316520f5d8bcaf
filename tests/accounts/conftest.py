from collections.abc import Callable, Iterator
from typing import Any

import pytest

from callout.accounts import company, services
from callout.accounts.models import User
from callout.accounts.selectors import actor_for_user
from callout.kernel.actor import Actor

PASSWORD = "correct horse battery"
SYSTEM = Actor.system("tests", "command")


@pytest.fixture(autouse=True)
def fresh_company() -> Iterator[None]:
    """No test sees the company of the test before."""
    company.KEPT.forget()
    yield
    company.KEPT.forget()


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """A user by name, with any of the roles."""

    def make(name: str, **roles: bool) -> User:
        chosen: Any = roles or {"is_manager": True}
        return services.user_create(
            actor=SYSTEM,
            password=PASSWORD,
            email=f"{name}@example.com",
            name=name.title(),
            **chosen,
        )

    return make


@pytest.fixture
def admin(make_user: Callable[..., User]) -> User:
    return make_user("ada", is_admin=True, is_manager=True)


@pytest.fixture
def manager(make_user: Callable[..., User]) -> User:
    return make_user("mia", is_manager=True)


@pytest.fixture
def technician(make_user: Callable[..., User]) -> User:
    return make_user("tom", is_technician=True)


def acting(user: User) -> Actor:
    """The actor that this user is now, in the office."""
    return actor_for_user(User.objects.get(pk=user.pk), "office")
