"""Who works at a company of any size, and for whom, where, on what.

Written by the rooms' own models and column functions, so that sort and search columns are what the
application itself would have written. The same for every run.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.contrib.auth.hashers import make_password
from django.db.models.base import ModelState

from callout.accounts.models import COMPANY_ID, Company, User
from callout.config.demo.places import STREETS, TOWNS, Town
from callout.customers.fields import asset_columns, customer_columns, site_columns
from callout.customers.models import Asset, Customer, CustomerKind, LinkRole, Site, SiteLink
from callout.kernel.ids import uuid7
from callout.kernel.models import Entity
from callout.kernel.text import initials
from callout.workforce.fields import technician_columns, vehicle_columns
from callout.workforce.models import Technician, Vehicle, WorkingWeek

FIRST = (
    *("Anna", "Bart", "Claire", "Dirk", "Els", "Farid", "Greet", "Hugo", "Inge", "Jan", "Karim"),
    *("Lies", "Marc", "Nadia", "Olivier"),
)
LAST = (
    *("Peeters", "Janssens", "Maes", "Jacobs", "Mertens", "Willems", "Claes", "Goossens"),
    *("Wouters", "Dubois", "Lambert", "Dupont", "Martin", "Simon", "Laurent", "Leroy", "Renard"),
    *("Lejeune", "Benali", "Verbeke", "Dumont", "Gérard", "Noël", "Françoise"),
)
TRADES = (
    *("Boulangerie", "Bakkerij", "Brasserie", "Garage", "Hotel", "Résidence", "Pharmacie"),
    *("Kapsalon", "Drukkerij", "Imprimerie", "Clinique", "Crèche", "Supermarkt", "Cinéma"),
)
ROOMS = ["Cellar", "Plant room", "Roof", "Kitchen", "Lobby", "Workshop", "Block A", "Block B"]
KINDS = [("Gas boiler", "Vaillant"), ("Cold room", "Bitzer"), ("Lift", "Schindler"),
         ("Air handler", "Daikin"), ("Fire panel", "Siemens"), ("Heat pump", "Nibe")]  # fmt: skip
DAYS = [[["08:00", "12:00"], ["12:30", "17:00"]]] * 5 + [[], []]
Row = TypeVar("Row", bound=Entity)
BATCH = 2_000
BY_NAME = {town.name: town for town in TOWNS}
CUSTOMER, SITE, LINK, ASSET = Customer(), Site(), SiteLink(role=LinkRole.OWNER), Asset()


@dataclass(frozen=True, slots=True)
class Size:
    """How big a company with this many orders is: the team stays, history and customers grow."""

    orders: int
    domain: str = "bench.example"

    @property
    def manager(self) -> str:
        """Who signs in at the office, by email."""
        return f"manager@{self.domain}"

    @property
    def technicians(self) -> int:
        """60, but for the few orders of a test."""
        return min(60, max(3, self.orders // 100))

    @property
    def customers(self) -> int:
        """New ones come with the years."""
        return 20 + self.technicians * 10 + self.orders // 25


@dataclass(frozen=True, slots=True)
class Customers:
    """Some customers, with what is theirs."""

    customers: list[Customer]
    sites: list[Site]
    links: list[SiteLink]
    assets: list[Asset]

    @property
    def parts(self) -> tuple[Sequence[Entity], ...]:
        """In the order in which they need each other."""
        return self.customers, self.sites, self.links, self.assets


def company_fill(size: Size, password: str = "") -> None:
    """Write people, vans and customers into a database that has none; of orders, nothing."""
    team_fill(size, password)
    for some in customers_of(size):
        for rows in some.parts:
            type(rows[0])._default_manager.bulk_create(rows, BATCH)


def team_fill(size: Size, password: str = "") -> None:
    """Write the people and their vans into a database that has none."""
    hashed = make_password(password or None)
    Company(id=COMPANY_ID, name="Claes & Verbeke Technics").save()
    User.objects.create(
        email=size.manager, name="Els Verbeke", password=hashed, is_manager=True, is_admin=True
    )
    _team(size, random.Random(20261123), hashed)  # noqa: S311 - the same company each time


def customers_of(size: Size) -> Iterator[Customers]:
    """For whom they work, some at a time; not saved."""
    pick = random.Random(20261124)  # noqa: S311 - the same company each time
    for first in range(0, size.customers, BATCH):
        numbers = range(first, min(first + BATCH, size.customers))
        owners = [_customer(number, pick) for number in numbers]
        pairs = [(owner, _site(owner, number)) for owner in owners for number in (0, 1)]
        sites = [site for _owner, site in pairs]
        links = [made(LINK, site_id=site.pk, customer_id=one.pk) for one, site in pairs]
        yield Customers(owners, sites, links, list(_assets(sites, 2 * first, pick)))


def made(like: Row, **values: Any) -> Row:
    """A row like that one but for `values`: a model's `__init__` takes longer than the rest."""
    row = type(like).__new__(type(like))
    row.__dict__ = like.__dict__ | {"id": uuid7(), "_state": ModelState()} | values
    return row


def _team(size: Size, pick: random.Random, hashed: str) -> None:
    for number in range(size.technicians):
        name = f"{FIRST[number % len(FIRST)]} {LAST[(number * 7) % len(LAST)]}"
        user = User.objects.create(
            email=f"technician{number}@{size.domain}",
            name=name,
            password=hashed,
            is_technician=True,
        )
        vehicle = Vehicle(registration=f"1-BEN-{number:03d}", name=f"Van {number}")
        vehicle_columns(vehicle)
        vehicle.save()
        town = pick.choice(TOWNS)
        row = Technician(
            user=user,
            name=name,
            initials=initials(name),
            vehicle=vehicle,
            town=town.name,
            postcode=town.postcode,
            latitude=town.latitude,
            longitude=town.longitude,
        )
        technician_columns(row)
        row.save()
        WorkingWeek.objects.create(technician=row, valid_from=date(2015, 1, 1), days=DAYS)


def _customer(number: int, pick: random.Random) -> Customer:
    town = pick.choice(TOWNS)
    person = number % 3 == 0
    last = LAST[number % len(LAST)]
    known = f"{pick.choice(FIRST)} {last}" if person else f"{pick.choice(TRADES)} {last}"
    row = made(
        CUSTOMER,
        kind=CustomerKind.PERSON if person else CustomerKind.COMPANY,
        name=f"{known} {number // len(LAST)}" if number >= len(LAST) else known,
        phone=f"+32475{number:06d}",
        email=f"office{number}@customer.example",
        **_address(town, number),
    )
    customer_columns(row)
    return row


def _address(town: Town, number: int) -> dict[str, str]:
    streets = STREETS[town.language]
    return {
        "street": f"{streets[number % len(streets)]} {1 + number * 7 % 240}",
        "postcode": town.postcode,
        "town": town.name,
        "country": "BE",
    }


def _site(customer: Customer, number: int) -> Site:
    """At the customer's own address, and one in another town."""
    own = BY_NAME[customer.town]
    town = own if number == 0 else TOWNS[(TOWNS.index(own) + 7) % len(TOWNS)]
    serial = int(customer.phone[-6:])
    address = _address(town, serial if number == 0 else serial * 3 + 1)
    row = made(
        SITE,
        name=customer.name if number == 0 else f"{customer.name}, {ROOMS[serial % len(ROOMS)]}",
        latitude=town.latitude + serial % 97 / 9_700,
        longitude=town.longitude + serial % 89 / 8_900,
        **address,
    )
    site_columns(row)
    return row


def _assets(sites: list[Site], first: int, pick: random.Random) -> Iterator[Asset]:
    for number, site in enumerate(sites, first):
        for more in range(1 + number % 2):
            kind, maker = pick.choice(KINDS)
            row = made(
                ASSET,
                site_id=site.pk,
                reference=f"{kind[:2].upper()}-{number * 2 + more + 1}",
                kind=kind,
                manufacturer=maker,
                model=f"{maker[:3]}-{pick.randrange(100, 999)}",
                serial_number=serial_of(number * 2 + more),
                installed_on=date(2010 + number % 15, 1 + number % 12, 1),
            )
            asset_columns(row)
            yield row


def serial_of(number: int) -> str:
    """The serial number of the asset with this running number."""
    return f"SN{(number * 7_919 + 104_729) % 1_000_003:07d}X{number % 97:02d}"
