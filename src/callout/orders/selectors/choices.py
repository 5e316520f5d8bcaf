"""What the chips of the filter offer, and what the ids in it are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, QuerySet, UUIDField, Value
from django.db.models.functions import Concat

from callout.customers import policy as customers
from callout.kernel.actor import Actor
from callout.kernel.prepared import Asked, Given, Prepared
from callout.kernel.text import normalise
from callout.orders.filters import OrderFilter
from callout.orders.models import InterventionType
from callout.orders.policy import manager_required
from callout.orders.selectors.reading import ANY_MANAGER
from callout.workforce.models import Team, Technician, Vehicle

MOST = 12
Named = Mapping[UUID | None, str]


@dataclass(frozen=True, slots=True)
class Thing:
    """One choice."""

    id: UUID
    name: str
    detail: str = ""
    icon: str = ""
    initials: str = ""


def names_asked(actor: Actor, wanted: OrderFilter) -> Asked | None:
    """Asks for the names of all ids in the filter, by id; those not there have none. None where
    there are no ids."""
    asked: dict[str, tuple[UUID, ...]] = {
        "technician": wanted.technicians,
        "team": wanted.teams,
        "type": wanted.types,
        "area": wanted.areas,
        "customer": _one(wanted.customer),
        "site": _one(wanted.site),
        "asset": _one(wanted.asset),
    }
    there = {kind: list(ids) for kind, ids in asked.items() if ids}
    if not there:
        return None
    made = _names_for_managers if actor.is_manager else partial(_names, actor)
    return made(tuple(there)).ask(**there)


def _names(actor: Actor, kinds: tuple[str, ...]) -> Prepared[Any]:
    def make() -> QuerySet[Any]:
        lists = [
            rows.filter(pk__any=Given(kind, UUIDField())).order_by().values_list("pk", column)
            for kind, rows, column in (
                ("technician", _team(actor), "name"),
                ("team", Team.objects.all(), "name"),
                ("type", InterventionType.objects.all(), "name"),
                ("area", customers.visible_areas(actor), "name"),
                ("customer", customers.visible_customers(actor), "name"),
                ("site", customers.visible_sites(actor), "name"),
                ("asset", customers.visible_assets(actor), "reference"),
            )
            if kind in kinds
        ]
        first, *rest = lists
        return first.union(*rest, all=True) if rest else first

    return Prepared(make)


@lru_cache
def _names_for_managers(kinds: tuple[str, ...]) -> Prepared[Any]:
    return _names(ANY_MANAGER, kinds)


def _one(chosen: UUID | None) -> tuple[UUID, ...]:
    return (chosen,) if chosen else ()


def _team(actor: Actor) -> QuerySet[Technician]:
    return Technician.objects.all() if actor.is_manager else Technician.objects.none()


def who_and_with_what(actor: Actor) -> tuple[list[Thing], list[Thing]]:
    """All technicians and all vehicles that can be planned, by name, in one query."""
    manager_required(actor)
    team = _team(actor).filter(archived_at__isnull=True)
    vehicles = Vehicle.objects.filter(archived_at__isnull=True)
    columns = ("kind", "sorted_by", "id", "shown")
    technicians = team.annotate(
        kind=Value("technician", output_field=CharField()),
        sorted_by=F("name_sort"),
        shown=F("name"),
    ).values_list(*columns)
    cars = vehicles.annotate(
        kind=Value("vehicle", output_field=CharField()),
        sorted_by=F("name_sort"),
        shown=Concat(F("registration"), Value(" "), F("name"), output_field=CharField()),
    ).values_list(*columns)
    rows = sorted(technicians.union(cars, all=True), key=lambda row: row[1])
    found: dict[str, list[Thing]] = {"technician": [], "vehicle": []}
    for kind, _sorted, pk, name in rows:
        found[kind].append(Thing(pk, name.strip()))
    return found["technician"], found["vehicle"]


def things(actor: Actor, kind: str, typed: str) -> list[Thing]:
    """Technicians, types, customers, sites or assets whose words begin to match what is typed."""
    manager_required(actor)
    typed = typed[:60].replace("\x00", "")
    words = normalise(typed)
    if kind == "technician":
        team = _team(actor).filter(archived_at__isnull=True, name_sort__contains=words)
        rows = team.order_by("name_sort", "id").values_list("id", "name", "town", "initials")
        return [Thing(pk, name, town, "", initials) for pk, name, town, initials in rows[:60]]
    if kind in ("team", "area"):
        groups: QuerySet[Any] = (
            Team.objects.all() if kind == "team" else customers.visible_areas(actor)
        )
        groups = groups.filter(archived_at__isnull=True, name_sort__contains=words)
        named = groups.order_by("name_sort", "id").values_list("id", "name")
        return [Thing(pk, name) for pk, name in named[:60]]
    if kind == "type":
        types = InterventionType.objects.filter(archived_at__isnull=True)
        found = types.filter(name__icontains=typed).values_list("id", "name", "icon")
        return [Thing(pk, name, "", icon) for pk, name, icon in found[:60]]
    return _places(actor, kind, words)


def towns(actor: Actor, typed: str) -> list[str]:
    """The towns that there are sites in whose names hold what is typed, as they are written."""
    manager_required(actor)
    words = normalise(typed[:60].replace("\x00", ""))
    rows = customers.visible_sites(actor).exclude(town="").order_by("town")
    found = [one for one in rows.values_list("town", flat=True).distinct() if "," not in one]
    return sorted((one for one in found if words in normalise(one)), key=normalise)[:60]


def _places(actor: Actor, kind: str, words: str) -> list[Thing]:
    rows: QuerySet[Any]
    if kind == "asset":
        rows = customers.visible_assets(actor).order_by("reference_sort", "id")
        columns = ("id", "reference", "kind")
    else:
        visible = customers.visible_sites if kind == "site" else customers.visible_customers
        rows = visible(actor).order_by("name_sort", "id")
        columns = ("id", "name", "town")
    for word in words.split():
        rows = rows.filter(search__contains=word)
    return [Thing(*values) for values in rows.values_list(*columns)[:MOST]]
