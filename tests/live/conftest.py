from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from callout.accounts import services
from callout.accounts.models import User
from callout.accounts.selectors import actor_for_user
from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.ids import uuid7
from callout.workforce.models import Technician
from tests.harness.server import Served
from tests.live.streams import Reader

SYSTEM = Actor.system("tests", "command")


@pytest.fixture
def people(transactional_db: None) -> Callable[..., User]:
    """A user by name and roles; a manager if none is said."""

    def make(name: str, *roles: str) -> User:
        return services.user_create(
            actor=SYSTEM,
            email=f"{name}@example.com",
            name=name.title(),
            is_manager="manager" in (roles or ("manager",)),
            is_technician="technician" in roles,
            is_admin="admin" in roles,
        )

    return make


def technician_of(user: User) -> Technician:
    """The technician that this user is from now on."""
    return Technician.objects.create(user=user, name=user.name, name_sort=user.name.lower())


def token_of(user: User) -> str:
    """A new API token."""
    _token, plain = services.token_create(actor=actor_for_user(user, "office"), name="t")
    return plain


@service
def note(*, actor: Actor, entity_id: UUID, audience: list[UUID], kind: str = "noted") -> None:
    """A change that is nothing but its journal entry."""
    journal.record(actor, entity="thing", entity_id=entity_id, kind=kind, audience=audience)


def happen(*audience: UUID, kind: str = "noted") -> str:
    """Something happens to some thing; its id."""
    thing = uuid7()
    note(actor=SYSTEM, entity_id=thing, audience=list(audience), kind=kind)
    return str(thing)


@pytest.fixture
def opened(server: Served) -> Iterator[Callable[..., Reader]]:
    """Readers of the real server, closed at the end."""
    readers: list[Reader] = []

    def make(who: User | None = None, *, session: str = "", **more: Any) -> Reader:
        headers = dict(more.pop("headers", {}))
        if who is not None:
            headers["Authorization"] = f"Bearer {token_of(who)}"
        if session:
            name = f"callout-{server.port}"
            headers["Cookie"] = f"{name}={session}"
        readers.append(Reader(server.port, headers=headers, **more))
        return readers[-1]

    yield make
    for reader in readers:
        if hasattr(reader, "link"):
            reader.close()
