"""Three actors of every test: a manager, a technician, and somebody who is neither."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from callout.accounts.models import User
from callout.accounts.selectors import actor_for_user
from callout.customers import hooks, services
from callout.customers.models import Area, Asset, Contact, Customer, Site
from callout.kernel.actor import Actor
from callout.kernel.models import JournalEntry
from callout.workforce.models import Technician
from tests.harness.signing import sign_in


def _user(name: str, **roles: bool) -> User:
    return User.objects.create(email=f"{name}@example.com", name=name.title(), **roles)


@pytest.fixture
def manager_user(db: None) -> User:
    return _user("mia", is_manager=True)


@pytest.fixture
def technician_user(db: None) -> User:
    user = _user("tom", is_technician=True)
    Technician.objects.create(user=user, name="Tom", name_sort="tom", initials="T", search="tom")
    return user


@pytest.fixture
def manager(manager_user: User) -> Actor:
    return actor_for_user(manager_user, "office")


@pytest.fixture
def technician(technician_user: User) -> Actor:
    return actor_for_user(technician_user, "technician")


@pytest.fixture
def stranger(db: None) -> Actor:
    """Signed in, with no role at all."""
    return actor_for_user(_user("sam"), "office")


@pytest.fixture
def office(client: Client, manager_user: User) -> Client:
    sign_in(client, manager_user)
    return client


@pytest.fixture
def field(client: Client, technician_user: User) -> Client:
    sign_in(client, technician_user)
    return client


@pytest.fixture
def lemaire(manager: Actor) -> Customer:
    return services.customer_create(
        actor=manager,
        name="Boulangerie Lemaire",
        vat_number="BE 0403.170.701",
        phone="010 22 33 44",
        email="Info@Lemaire.example",
        street="Rue du Pont du Christ 12",
        postcode="1300",
        town="Wavre",
    )


@pytest.fixture
def site(manager: Actor, lemaire: Customer) -> Site:
    return services.site_create_linked(
        actor=manager,
        customer_id=lemaire.pk,
        name="Bakery",
        street="Rue du Pont du Christ 12",
        postcode="1300",
        town="Wavre",
    )


@pytest.fixture
def asset(manager: Actor, site: Site) -> Asset:
    return services.asset_create(
        actor=manager, site_id=site.pk, kind="Oven", reference="OV-1", serial_number="SN 19-044"
    )


@pytest.fixture
def contact(manager: Actor, lemaire: Customer) -> Contact:
    return services.contact_create(
        actor=manager, customer_id=lemaire.pk, name="Anne Lemaire", mobile="0498 00 11 22"
    )


class FixedWork:
    """Own work that a test lays down by hand, in the place of the orders' answer."""

    def __init__(self) -> None:
        self.ids: dict[str, list[UUID]] = {"customers": [], "sites": [], "contacts": []}
        self.ids["assets"] = []

    def customers(self, technician_id: UUID) -> Any:
        return Customer.objects.filter(pk__in=self.ids["customers"]).values("pk")

    def sites(self, technician_id: UUID) -> Any:
        return Site.objects.filter(pk__in=self.ids["sites"]).values("pk")

    def contacts(self, technician_id: UUID) -> Any:
        return Contact.objects.filter(pk__in=self.ids["contacts"]).values("pk")

    def assets(self, technician_id: UUID) -> Any:
        return Asset.objects.filter(pk__in=self.ids["assets"]).values("pk")

    def audience(self, entity: str, entity_id: UUID) -> list[UUID]:
        return []


@pytest.fixture
def own_work() -> Iterator[FixedWork]:
    before = hooks.own_work
    fixed = FixedWork()
    hooks.own_work_found_by(fixed)
    yield fixed
    hooks.own_work_found_by(before)


def last_entry(entity_id: UUID) -> JournalEntry:
    """What the journal says last of a thing."""
    return JournalEntry.objects.filter(entity_id=entity_id).order_by("-id")[0]


@pytest.fixture
def coast(manager: Actor) -> Area:
    return services.area_create(actor=manager, name="Coast", postcodes="8300-8499, 86*")
