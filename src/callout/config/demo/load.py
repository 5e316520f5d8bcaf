"""Makes the demo company: its people, its customers with their sites and equipment."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from callout.accounts.models import User
from callout.accounts.services import company_update, user_create
from callout.accounts.zone import local
from callout.config.demo.customers import CLIENTS, EQUIPMENT, Client
from callout.config.demo.people import (
    COMPANY,
    DOMAIN,
    MANAGERS,
    PASSWORD,
    SKILLS,
    TEAMS,
    TECHNICIANS,
    VEHICLES,
    Person,
)
from callout.config.demo.places import AREAS, BY_NAME, STREETS, TOWNS, Town
from callout.customers.models import Asset, Contact, Customer, Site
from callout.customers.services import (
    area_create,
    asset_create,
    contact_create,
    customer_create_with_site,
    customer_update,
    site_code_set,
    site_create,
    site_link,
)
from callout.kernel.actor import Actor
from callout.orders.models import InterventionType
from callout.orders.services import type_update
from callout.workforce.models import Skill, Technician, WorkingCalendar
from callout.workforce.services import (
    absence_create,
    calendar_update,
    holidays_fill,
    skill_create,
    team_create,
    technician_create,
    vehicle_create,
)

ASSETS = 160
CONTACT_NAMES = ["Koen Aerts", "Bruno Lambert", "Isabelle Pirard", "Jan Wuyts", "Hélène Noël"]
# Monday to Friday with a lunch between; subcontractors too.
WEEK = [[["08:00", "12:00"], ["12:30", "16:30"]]] * 5 + [[], []]


@dataclass
class Demo:
    """What the story is told with."""

    dice: random.Random
    now: datetime
    managers: list[Actor]
    technicians: list[tuple[Technician, Actor | None]]
    places: list[tuple[Customer, Site, list[Asset], Contact | None, str]]
    types: dict[str, InterventionType]
    skills: dict[str, Skill]


def company_load(now: datetime) -> Demo:
    """The company without its orders, as it stood 90 days before `now`."""
    dice = random.Random(20261123)  # noqa: S311 - the same demo at every load
    system = Actor.system("demo data", "command")
    company_update(
        actor=system, name=COMPANY, phone="+32 2 555 01 01", email=f"office@{DOMAIN}",
        street="Leuvensesteenweg 510", postcode="1930", town="Zaventem",
    )  # fmt: skip
    managers = [_manager(system, *row) for row in MANAGERS]
    skills = {name: skill_create(actor=system, name=name) for name in SKILLS}
    technicians = _technicians(system, skills)
    _calendar(system, now)
    for name, postcodes in AREAS.items():
        area_create(actor=system, name=name, postcodes=postcodes)
    places = []
    customers: dict[str, Customer] = {}
    for client in CLIENTS:
        places += _client(managers[0], client, customers, dice)
    _payers(managers[0], customers)
    _more_assets(managers[0], places, dice)
    return Demo(
        dice=dice,
        now=now,
        managers=managers,
        technicians=technicians,
        places=places,
        types={row.name: row for row in InterventionType.objects.all()},
        skills=skills,
    )


def absences_load(demo: Demo) -> None:
    """One is on holiday for a week, one in training tomorrow morning, one ill since yesterday."""
    actor, people = demo.managers[0], [row for row, _actor in demo.technicians]
    today = datetime.combine(local(demo.now).date(), datetime.min.time(), local(demo.now).tzinfo)
    spans = [
        (people[9], "holiday", today + timedelta(days=3), today + timedelta(days=10)),
        (people[5], "training", today + timedelta(days=1, hours=8), today + timedelta(days=1.5)),
        (people[10], "sickness", today - timedelta(days=1), today + timedelta(days=2)),
    ]
    for technician, kind, start, end in spans:
        absence_create(actor=actor, technician_id=technician.pk, kind=kind, start=start, end=end)


def _calendar(system: Actor, now: datetime) -> None:
    """Belgium, open from 8 to 18, with its public holidays of three years."""
    row = WorkingCalendar.objects.get(is_default=True)
    calendar_update(actor=system, calendar_id=row.pk, version=row.version, name="Belgium")
    year = local(now).year
    for one in (year - 1, year, year + 1):
        holidays_fill(actor=system, calendar_id=row.pk, year=one, country="BE")


def _manager(system: Actor, name: str, login: str, admin: bool) -> Actor:
    user = user_create(
        actor=system,
        email=f"{login}@{DOMAIN}",
        name=name,
        password=PASSWORD,
        is_manager=True,
        is_admin=admin,
    )
    return Actor(user_id=user.pk, name=name, door="office", is_manager=True, is_admin=admin)


def _technicians(system: Actor, skills: dict[str, Skill]) -> list[tuple[Technician, Actor | None]]:
    vehicles = [
        vehicle_create(actor=system, registration=plate, name=name) for plate, name in VEHICLES
    ]
    teams = {name: team_create(actor=system, name=name).pk for name in TEAMS}
    found = []
    for place, person in enumerate(TECHNICIANS):
        user = _technician_user(system, person)
        town = BY_NAME[person.town]
        row = technician_create(
            actor=system,
            name=person.name,
            user_id=user.pk if user else None,
            is_subcontractor=not person.login,
            phone=f"+32 470 00 00 {place + 10}",
            postcode=town.postcode,
            town=town.name,
            latitude=town.latitude,
            longitude=town.longitude,
            vehicle_id=vehicles[place].pk if place < len(vehicles) else None,
            team_id=teams[person.team],
            skill_ids=[skills[name].pk for name in person.skills],
            days=WEEK,
        )
        actor = None
        if user is not None:
            actor = Actor(
                user_id=user.pk,
                name=person.name,
                door="technician",
                is_technician=True,
                technician_id=row.pk,
                language=person.language,
            )
        found.append((row, actor))
    return found


def _technician_user(system: Actor, person: Person) -> User | None:
    if not person.login:
        return None
    return user_create(
        actor=system,
        email=f"{person.login}@{DOMAIN}",
        name=person.name,
        password=PASSWORD,
        language="en",
        is_technician=True,
    )


Place = tuple[Customer, Site, list[Asset], Contact | None, str]


def _client(
    actor: Actor, client: Client, customers: dict[str, Customer], dice: random.Random
) -> list[Place]:
    town = BY_NAME[client.town]
    number = len(customers) + 1
    latitude, longitude = _near(town, dice)
    phone = f"+32 2 555 {number:02d} {dice.randrange(10, 99)}"
    customer, site = customer_create_with_site(
        actor=actor,
        name=client.name,
        kind="person" if client.person else "company",
        language=town.language,
        phone=customers[client.twin].phone if client.twin else phone,
        email=f"contact{number}@{DOMAIN}",
        vat_number="" if client.person else _vat(number),
        alert=client.note,
        street=_street(town, dice),
        postcode=town.postcode,
        town=town.name,
        latitude=latitude,
        longitude=longitude,
    )
    customers[client.name] = customer
    contact = None
    if not client.person:
        contact = contact_create(
            actor=actor,
            customer_id=customer.pk,
            name=CONTACT_NAMES[number % len(CONTACT_NAMES)],
            job="Facility manager" if number % 2 else "Reception",
            mobile=f"+32 471 00 {number:02d} 10",
            site_id=site.pk,
        )
    if number % 9 == 0:
        site_code_set(actor=actor, site_id=site.pk, version=site.version, code=f"{1000 + number}A")
    assets = [_asset(actor, site, letter, dice) for letter in client.kinds]
    found: list[Place] = [(customer, site, assets, contact, client.kinds)]
    for extra in range(2, client.sites + 1):
        found.append(_further_site(actor, client, customer, site, extra, dice))
    return found


def _further_site(
    actor: Actor, client: Client, customer: Customer, first: Site, extra: int, dice: random.Random
) -> Place:
    """A part of the first site (a block, a wing), or another address in a town nearby."""
    inside = extra % 2 == 0
    home = BY_NAME[client.town]
    town = home if inside else dice.choice([t for t in TOWNS if t.language == home.language])
    latitude, longitude = (first.latitude, first.longitude) if inside else _near(town, dice)
    block = "Bloc" if town.language == "fr" else "Blok"
    site = site_create(
        actor=actor,
        name=f"{client.name} – {block} {'ABCDEF'[extra - 1]}"
        if inside
        else f"{client.name} {town.name}",
        parent_id=first.pk if inside else None,
        street=first.street if inside else _street(town, dice),
        postcode=town.postcode,
        town=town.name,
        latitude=latitude,
        longitude=longitude,
    )
    site_link(actor=actor, site_id=site.pk, customer_id=customer.pk, role="owner")
    return (customer, site, [], None, client.kinds or "b")


def _payers(actor: Actor, customers: dict[str, Customer]) -> None:
    for client in CLIENTS:
        if client.payer:
            row = customers[client.name]
            customer_update(
                actor=actor,
                customer_id=row.pk,
                version=row.version,
                bill_to_id=customers[client.payer].pk,
            )


def _more_assets(actor: Actor, places: list[Place], dice: random.Random) -> None:
    missing = ASSETS - sum(len(assets) for _c, _s, assets, _contact, _kinds in places)
    bare = [place for place in places if not place[2] and place[4]]
    for place in bare[:missing]:
        place[2].append(_asset(actor, place[1], dice.choice(place[4]), dice))


def _asset(actor: Actor, site: Site, letter: str, dice: random.Random) -> Asset:
    kind, prefix, makes = EQUIPMENT[letter]
    maker, model = dice.choice(makes)
    year = dice.randrange(2008, 2026)
    return asset_create(
        actor=actor,
        site_id=site.pk,
        kind=kind,
        reference=f"{prefix}-{dice.randrange(1, 30)}",
        manufacturer=maker,
        model=model,
        serial_number=f"{year % 100:02d}-{dice.randrange(1000, 99999):05d}",
        installed_on=date(year, dice.randrange(1, 13), dice.randrange(1, 28)),
    )


def _near(town: Town, dice: random.Random) -> tuple[float, float]:
    return (
        round(town.latitude + dice.uniform(-0.02, 0.02), 5),
        round(town.longitude + dice.uniform(-0.03, 0.03), 5),
    )


def _street(town: Town, dice: random.Random) -> str:
    return f"{dice.choice(STREETS[town.language])} {dice.randrange(1, 240)}"


def _vat(number: int) -> str:
    """A Belgian number whose check digits are right (97 minus the rest by 97)."""
    stem = 4_000_000 + number * 79_193 % 900_000
    return f"BE{stem:08d}{97 - stem % 97:02d}"


def types_need_skills(demo: Demo, actor: Actor) -> None:
    """Nothing needs a skill by its type alone here but installations: they need electricity."""
    row = demo.types["Installation"]
    type_update(actor=actor, type_id=row.pk, values={"skill_ids": [demo.skills["Electricity"].pk]})
