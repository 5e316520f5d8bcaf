"""Teams: who is in one, who changes them, and the technicians' list narrowed to one."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from callout.kernel.models import JournalEntry
from callout.workforce import selectors, services
from callout.workforce.models import Team, Technician

pytestmark = pytest.mark.django_db


@pytest.fixture
def north(manager: Actor) -> Team:
    return services.team_create(actor=manager, name="North")


def joined(manager: Actor, technician: Technician, team: Team | None) -> Technician:
    technician.refresh_from_db()
    return services.technician_update(
        actor=manager,
        technician_id=technician.pk,
        version=technician.version,
        team_id=team.pk if team else None,
    )


def test_a_technician_joins_a_team_and_leaves_it(
    manager: Actor, sofie: Technician, north: Team
) -> None:
    assert joined(manager, sofie, north).team == north
    entry = JournalEntry.objects.latest("id")
    assert (entry.entity, entry.facts["team_id"]) == ("technician", str(north.pk))
    found = selectors.team_detail(actor=manager, team_id=north.pk)
    assert list(found.technicians.all()) == [sofie]
    joined(manager, sofie, None)
    assert list(selectors.team_list(actor=manager).items[0].technicians.all()) == []


def test_a_team_of_the_same_name_is_refused_however_it_is_spelt(
    manager: Actor, north: Team
) -> None:
    with pytest.raises(Invalid, match="of this name already"):
        services.team_create(actor=manager, name="NÓRTH")
    services.team_archive(actor=manager, team_id=north.pk)
    services.team_create(actor=manager, name="north")
    with pytest.raises(Invalid, match="of this name already"):
        services.team_restore(actor=manager, team_id=north.pk)


def test_a_team_is_put_away_when_nobody_is_in_it(
    manager: Actor, sofie: Technician, yassine: Technician, north: Team
) -> None:
    joined(manager, sofie, north)
    joined(manager, yassine, north)
    with pytest.raises(Refused, match="2 technicians are in it"):
        services.team_archive(actor=manager, team_id=north.pk)
    services.technician_archive(actor=manager, technician_id=yassine.pk)
    joined(manager, sofie, None)
    services.team_archive(actor=manager, team_id=north.pk)
    with pytest.raises(Invalid, match="a team that is not archived"):
        joined(manager, sofie, north)


@pytest.mark.parametrize("team_id", [uuid4(), "x"])
def test_a_team_that_is_not_there_is_told_beside_its_field(
    manager: Actor, sofie: Technician, team_id: object
) -> None:
    with pytest.raises(Invalid) as refused:
        services.technician_update(
            actor=manager,
            technician_id=sofie.pk,
            version=1,
            team_id=team_id,  # type: ignore[arg-type]
        )
    assert list(refused.value.fields) == ["team_id"]


def test_the_slower_of_two_managers_is_told(manager: Actor, north: Team) -> None:
    services.team_update(actor=manager, team_id=north.pk, version=1, name="North coast")
    with pytest.raises(Stale):
        services.team_update(actor=manager, team_id=north.pk, version=1, name="Coast")


@pytest.mark.parametrize("who", ["technician", "stranger"])
def test_only_a_manager_changes_teams(
    who: str, north: Team, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    before = JournalEntry.objects.count()
    attempts: list[Callable[[], object]] = [
        lambda: services.team_create(actor=actor, name="Mine"),
        lambda: services.team_update(actor=actor, team_id=north.pk, version=1, name="Mine"),
        lambda: services.team_archive(actor=actor, team_id=north.pk),
        lambda: services.team_restore(actor=actor, team_id=north.pk),
    ]
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()
    assert JournalEntry.objects.count() == before


def test_who_works_here_reads_the_teams_and_a_stranger_none(
    manager: Actor, technician: Actor, stranger: Actor, north: Team
) -> None:
    for actor in (manager, technician):
        assert selectors.team_list(actor=actor).items == [north]
    assert selectors.team_list(actor=stranger).items == []
    with pytest.raises(NotFound):
        selectors.team_detail(actor=stranger, team_id=north.pk)


def test_the_list_of_technicians_is_narrowed_to_a_team(
    office: Client, manager: Actor, sofie: Technician, yassine: Technician, north: Team
) -> None:
    joined(manager, sofie, north)
    text = office.get(reverse("office:team"), {"team": str(north.pk)}).content.decode()
    assert "Sofie De Smet" in text
    assert "Yassine" not in text
    assert f'value="{north.pk}" selected' in text
    whole = office.get(reverse("office:team"), {"team": "nonsense"}).content.decode()
    assert "Sofie De Smet" in whole
    assert "Yassine" in whole


def test_a_technicians_form_offers_the_teams_and_keeps_an_archived_one(
    office: Client, manager: Actor, sofie: Technician, north: Team
) -> None:
    joined(manager, sofie, north)
    Team.objects.filter(pk=north.pk).update(archived_at="2026-01-01T00:00Z")
    address = reverse("office:technician_edit", args=[sofie.pk])
    assert f'value="{north.pk}" selected' in office.get(address).content.decode()
    given = {"name": "Sofie", "version": 2, "team_id": str(north.pk)}
    assert office.post(address, given).status_code == 302
    sofie.refresh_from_db()
    assert sofie.team == north
    new = office.get(reverse("office:technician_new")).content.decode()
    assert str(north.pk) not in new
