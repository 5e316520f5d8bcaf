"""A small company for the tests of orders: one manager, two technicians, a customer with a site."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from callout.accounts.models import User
from callout.customers.models import Asset, Customer, Site
from callout.customers.services import asset_create, customer_create, site_create, site_link
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.models import InterventionType, ServiceOrder
from callout.orders.services import Command, order_act, order_create
from callout.workforce.models import Technician
from tests.harness.kept import kept
from tests.harness.minute import soon

__all__ = ["soon"]
MORNING = datetime.fromisoformat("2026-11-23T07:00:00+00:00")


@dataclass
class Company:
    """Who and what a test of orders needs; `order()` and `planned()` make more."""

    manager: Actor
    anna: Actor  # a technician
    bert: Actor  # another
    customer: Customer
    site: Site
    asset: Asset
    kind: InterventionType

    def order(self, **values: Any) -> ServiceOrder:
        given: dict[str, Any] = {
            "customer_id": self.customer.pk,
            "site_id": self.site.pk,
            "type_id": self.kind.pk,
            "description": "No hot water\nSince this morning",
        }
        return order_create(actor=self.manager, **(given | values))

    def planned(
        self, technician: Actor | None = None, hours: float = 1, **command: Any
    ) -> ServiceOrder:
        """An order planned in `hours` from now for an hour, for Anna unless said otherwise."""
        return self.plan(self.order(), technician, hours, **command)

    def plan(
        self, order: ServiceOrder, technician: Actor | None = None, hours: float = 1, **command: Any
    ) -> ServiceOrder:
        given: dict[str, Any] = {
            "technician_id": (technician or self.anna).technician_id,
            "start": soon(hours),
            "duration_minutes": 60,
        }
        return self.act(self.manager, order, "plan", **(given | command))

    def act(self, actor: Actor, order: ServiceOrder, action: str, **command: Any) -> ServiceOrder:
        version = command.pop("version", None)
        return order_act(
            actor=actor,
            order_id=order.pk,
            action=action,
            command=Command(**command),
            version=version,
        )


class Around:
    """A world around this company."""

    company: Company

    @property
    def anna_id(self) -> UUID:
        assert self.company.anna.technician_id
        return self.company.anna.technician_id

    @property
    def bert_id(self) -> UUID:
        assert self.company.bert.technician_id
        return self.company.bert.technician_id


def actor_made(name: str, *, technician: bool) -> Actor:
    email = f"{name.lower()}@example.com"
    user = User.objects.create(
        email=email, name=name, is_manager=not technician, is_technician=technician
    )
    technician_id: UUID | None = None
    if technician:
        row = Technician.objects.create(
            user=user, name=name, name_sort=name.lower(), initials=name[:2].upper(), search=""
        )
        technician_id = row.pk
    return Actor(
        user_id=user.pk,
        name=name,
        door="office",
        is_manager=not technician,
        is_technician=technician,
        technician_id=technician_id,
    )


@pytest.fixture
def morning() -> Iterator[None]:
    """A Monday at eight in Brussels, before anybody has left: see field.py."""
    with clock.freeze(MORNING):
        yield


@pytest.fixture
def company(db: None) -> Company:
    """The company, in the test's own transaction."""
    return company_made()


@kept
def company_made() -> Company:
    manager = actor_made("Els", technician=False)
    customer = customer_create(actor=manager, name="Boulangerie Lemaire", town="Wavre")
    site = site_create(
        actor=manager, name="Bakery", street="Chaussée de Louvain 41", postcode="1300", town="Wavre"
    )
    site_link(actor=manager, site_id=site.pk, customer_id=customer.pk)
    return Company(
        manager=manager,
        anna=actor_made("Anna", technician=True),
        bert=actor_made("Bert", technician=True),
        customer=customer,
        site=site,
        asset=asset_create(actor=manager, site_id=site.pk, reference="CH-1", kind="Gas boiler"),
        kind=InterventionType.objects.get(name="Breakdown"),
    )
