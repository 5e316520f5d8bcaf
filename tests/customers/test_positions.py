"""Positions that cannot be right: which, and what telling them costs."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callout.customers import selectors, services
from callout.customers.models import Site
from callout.customers.positions import PROBLEMS
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden
from callout.workforce import selectors as workforce
from callout.workforce.models import Technician

pytestmark = pytest.mark.django_db


def site(actor: Actor, name: str, *position: float, street: str = "") -> Site:
    values: Any = dict(zip(("latitude", "longitude"), position, strict=False))
    return services.site_create(actor=actor, name=name, street=street or f"{name} 1", **values)


@pytest.fixture
def brabant(manager: Actor) -> list[Site]:
    """Where the company works."""
    return [
        site(manager, f"S{n} {'abcdefghij'[n]}", 50.6 + n / 50, 4.4 + n / 40, street=f"Lane {n}")
        for n in range(10)
    ]


def doubtful(actor: Actor, position: Any = "doubtful") -> dict[str, str]:
    rows = selectors.site_list(actor=actor, position=position).items
    return {row.name: row.problem for row in rows}  # type: ignore[attr-defined]


def test_what_is_missing_at_zero_or_far_is_listed_and_what_is_near_is_not(
    manager: Actor, brabant: list[Site]
) -> None:
    site(manager, "Nowhere")
    site(manager, "Zero", 0, 0)
    site(manager, "Turned", 4.4, 50.6)  # latitude and longitude the other way round
    site(manager, "Liège", 50.63, 5.57)
    archived = site(manager, "Gone")
    services.site_archive(actor=manager, site_id=archived.pk)
    assert doubtful(manager) == {"Nowhere": "missing", "Turned": "far", "Zero": "zero"}
    for problem in PROBLEMS:
        expected = {"missing": "Nowhere", "zero": "Zero", "far": "Turned"}.get(problem)
        assert list(doubtful(manager, problem)) == ([expected] if expected else [])


def test_three_streets_at_one_spot_are_a_town_and_three_numbers_are_not(
    manager: Actor, brabant: list[Site]
) -> None:
    for street in ("Kerkstraat 1", "Kerkstraat 12b", "kerkstraat, 3", "Stationsstraat 4"):
        site(manager, street, 51.0, 4.6, street=street)
    assert doubtful(manager) == {}
    site(manager, "Third", 51.00003, 4.59998, street="Dorp 1")
    assert set(doubtful(manager).values()) == {"shared"}
    assert len(doubtful(manager, "shared")) == 5


def test_a_company_of_two_sites_is_told_nothing_of_far(manager: Actor) -> None:
    site(manager, "Brussels", 50.85, 4.35)
    site(manager, "Tokyo", 35.68, 139.69)
    assert doubtful(manager) == {}
    site(manager, "Ghent", 51.05, 3.72)
    assert doubtful(manager) == {"Tokyo": "far"}


def test_a_company_all_over_the_world_has_nothing_far(manager: Actor) -> None:
    for name, *position in (("A", 50, 4), ("B", 35, 139), ("C", 40, -74), ("D", -33, 151)):
        site(manager, str(name), *map(float, position))
    assert doubtful(manager) == {}


def test_a_technician_is_on_the_list_by_the_home_base(
    manager: Actor, technician: Actor, brabant: list[Site]
) -> None:
    def found() -> list[tuple[str, str]]:
        rows = workforce.technicians_without_position(actor=manager)
        return [(row.name, problem) for row, problem in rows]

    assert found() == [("Tom", "missing")]
    for latitude, longitude, problem in ((0.0, 0.0, "zero"), (4.4, 50.6, "far")):
        Technician.objects.update(latitude=latitude, longitude=longitude)
        assert found() == [("Tom", problem)]
    Technician.objects.update(latitude=50.7, longitude=4.5)
    assert found() == []


def test_it_costs_as_much_for_many(manager: Actor, brabant: list[Site]) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            selectors.site_list(actor=manager, position="doubtful")
            workforce.technicians_without_position(actor=manager)
        return len(queries)

    site(manager, "Nowhere")
    one = cost()
    for n in range(5):
        site(manager, f"Nowhere {n}")
    assert cost() == one <= 6


@pytest.mark.parametrize("who", ["technician", "stranger"])
def test_only_a_manager_is_told(who: str, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        selectors.site_list(actor=actor, position="far")
    with pytest.raises(Forbidden):
        workforce.technicians_without_position(actor=actor)
