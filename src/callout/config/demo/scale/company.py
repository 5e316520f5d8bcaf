"""Who works at a company of any size, and for whom, where, on what.

Written by the rooms' own models and column functions, so that sort and search columns are what the
application itself would have written. The same for every run.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.hashers import make_password

from callout.accounts.models import COMPANY_ID, Company, User
from callout.config.demo.places import STREETS, TOWNS, Town
from callout.customers.fields import asset_columns, customer_columns, site_columns
from callout.customers.models import Asset, Customer, CustomerKind, LinkRole, Site, SiteLink
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
BATCH = 2_000


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


def company_fill(size: Size, password: str = "") -> None:
    """Write team, customers, sites and assets into a database that has none."""
    hashed = make_password(password or None)
    pick = random.Random(20261123)  # noqa: S311 - the same company each time
    Company(id=COMPANY_ID, name="Claes & Verbeke Technics").save()
    User.objects.create(
        email=size.manager, name="Els Verbeke", password=hashed, is_manager=True, is_admin=True
    )
    _team(size, pick, hashed)
    customers = [_customer(number, pick) for number in range(size.customers)]
    Customer.objects.bulk_create(customers, BATCH)
    sites = [_site(customer, number) for customer in customers for number in (0, 1)]
    Site.objects.bulk_create(sites, BATCH)
    owners = zip(sites, (customer for customer in customers for _ in (0, 1)), strict=True)
    SiteLink.objects.bulk_create(
        (SiteLink(site=site, customer=one, role=LinkRole.OWNER) for site, one in owners), BATCH
    )
    Asset.objects.bulk_create(_assets(sites, pick), BATCH)


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
    row = Customer(
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
    own = next(town for town in TOWNS if town.name == customer.town)
    town = own if number == 0 else TOWNS[(TOWNS.index(own) + 7) % len(TOWNS)]
    serial = int(customer.phone[-6:])
    address = _address(town, serial if number == 0 else serial * 3 + 1)
    row = Site(
        name=customer.name if number == 0 else f"{customer.name}, {ROOMS[serial % len(ROOMS)]}",
        latitude=town.latitude + serial % 97 / 9_700,
        longitude=town.longitude + serial % 89 / 8_900,
        **address,
    )
    site_columns(row)
    return row


def _assets(sites: list[Site], pick: random.Random) -> Iterator[Asset]:
    for number, site in enumerate(sites):
        for more in range(1 + number % 2):
            kind, maker = pick.choice(KINDS)
            row = Asset(
                site=site,
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


def ids(model: type[Technician] | type[Customer], limit: int) -> list[UUID]:
    """The first ids by name."""
    return list(model.objects.order_by("name_sort", "pk").values_list("pk", flat=True)[:limit])
