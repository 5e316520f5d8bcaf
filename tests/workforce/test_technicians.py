from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from callout.accounts.models import User
from callout.kernel import change
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError, Forbidden, Invalid, NotFound, Refused, Stale
from callout.kernel.models import JournalEntry
from callout.workforce import hooks, selectors, services
from callout.workforce.models import Skill, Technician, Vehicle, WorkingWeek
from callout.workforce.services.weeks import DEFAULT_WEEK
from tests.workforce.conftest import user

pytestmark = pytest.mark.django_db


def test_a_new_technician_has_initials_a_sort_name_and_an_ordinary_week(sofie: Technician) -> None:
    assert (sofie.initials, sofie.name_sort, sofie.phone) == ("SD", "sofie de smet", "+32498001122")
    week = WorkingWeek.objects.get(technician=sofie)
    assert week.days == DEFAULT_WEEK
    assert week.valid_from.weekday() == 0


def test_a_user_is_one_technician_at_most(manager: Actor, sofie: Technician) -> None:
    with pytest.raises(Invalid, match="another technician already"):
        services.technician_create(actor=manager, name="Twin", user_id=sofie.user_id)

    @change.service
    def raw(*, actor: Actor) -> None:
        Technician.objects.create(user=sofie.user, name="Twin", name_sort="twin", search="")

    with pytest.raises(Invalid, match="another technician already"):
        raw(actor=manager)


def test_only_an_active_user_with_the_role_can_be_a_technician(manager: Actor) -> None:
    gone = user("gone", is_technician=True)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for user_id, words in (
        (user("plain").pk, "has not the role technician"),
        (gone.pk, "who is active"),
        (UUID("01890000-0000-7000-8000-000000000000"), "who is active"),
        ("nobody", "one of the list"),
    ):
        with pytest.raises(Invalid, match=words):
            services.technician_create(actor=manager, name="A", user_id=user_id)
    assert not Technician.objects.exists()


def test_users_to_link_are_those_without_a_technician(manager: Actor, sofie: Technician) -> None:
    free = user("free", is_technician=True)
    user("office", is_manager=True)
    assert [pk for pk, _name in selectors.users_to_link(actor=manager)] == [free.pk]
    kept = selectors.users_to_link(actor=manager, keep=sofie.user_id)
    assert {pk for pk, _name in kept} == {free.pk, sofie.user_id}


@pytest.mark.parametrize("who", ["technician", "stranger"])
def test_only_a_manager_changes_the_team(
    who: str, sofie: Technician, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    hours = WorkingWeek.objects.get()
    for attempt in (
        lambda: services.technician_create(actor=actor, name="Mine"),
        lambda: services.technician_update(
            actor=actor, technician_id=sofie.pk, version=1, name="Me"
        ),
        lambda: services.technician_archive(actor=actor, technician_id=sofie.pk),
        lambda: services.technician_restore(actor=actor, technician_id=sofie.pk),
        lambda: services.working_week_set(
            actor=actor, technician_id=sofie.pk, valid_from="2026-01-05", days=DEFAULT_WEEK
        ),
        lambda: services.working_week_remove(actor=actor, week_id=hours.pk),
        lambda: services.absence_create(
            actor=actor,
            technician_id=sofie.pk,
            kind="holiday",
            start="2026-01-05T08:00Z",
            end="2026-01-05T16:00Z",
        ),
        lambda: services.skill_create(actor=actor, name="Flying"),
        lambda: services.vehicle_create(actor=actor, registration="1-AAA-111"),
        lambda: services.team_create(actor=actor, name="Mine"),
    ):
        before = JournalEntry.objects.count()
        with pytest.raises(Forbidden):
            attempt()
        assert JournalEntry.objects.count() == before


def test_skills_are_set_as_a_whole_and_told_in_the_journal(
    manager: Actor, sofie: Technician
) -> None:
    gas, lifts = (services.skill_create(actor=manager, name=name) for name in ("Gas", "Lifts"))
    row = services.technician_update(
        actor=manager, technician_id=sofie.pk, version=1, skill_ids=[gas.pk, str(lifts.pk)]
    )
    assert (row.version, set(row.skills.all())) == (2, {gas, lifts})
    entry = JournalEntry.objects.filter(entity_id=sofie.pk).order_by("-id")[0]
    assert entry.facts["skill_ids"] == sorted([str(gas.pk), str(lifts.pk)])
    with pytest.raises(Invalid, match="skills of the list"):
        services.technician_update(
            actor=manager, technician_id=sofie.pk, version=2, skill_ids=[sofie.pk]
        )
    with pytest.raises(Invalid):
        services.technician_update(
            actor=manager, technician_id=sofie.pk, version=2, skill_ids=["x"]
        )


def test_an_archived_skill_is_kept_by_who_has_it_and_given_to_nobody(
    manager: Actor, sofie: Technician, yassine: Technician
) -> None:
    gas = services.skill_create(actor=manager, name="Gas")
    services.technician_update(actor=manager, technician_id=sofie.pk, version=1, skill_ids=[gas.pk])
    services.skill_archive(actor=manager, skill_id=gas.pk)
    services.technician_update(
        actor=manager, technician_id=sofie.pk, version=2, skill_ids=[gas.pk], name="Sofie"
    )
    with pytest.raises(Invalid, match="skills of the list"):
        services.technician_update(
            actor=manager, technician_id=yassine.pk, version=1, skill_ids=[gas.pk]
        )


def test_the_slower_of_two_managers_is_told(manager: Actor, sofie: Technician) -> None:
    services.technician_update(actor=manager, technician_id=sofie.pk, version=1, town="Boom")
    with pytest.raises(Stale):
        services.technician_update(actor=manager, technician_id=sofie.pk, version=1, town="Mol")


def test_a_guard_of_a_higher_room_stops_an_archive(
    manager: Actor, sofie: Technician, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "archive_guards", [lambda _entity, _id: "Has planned visits."])
    with pytest.raises(Refused, match="planned visits"):
        services.technician_archive(actor=manager, technician_id=sofie.pk)
    monkeypatch.setattr(hooks, "archive_guards", [])
    services.technician_archive(actor=manager, technician_id=sofie.pk)
    with pytest.raises(Refused, match="archived"):
        services.technician_update(actor=manager, technician_id=sofie.pk, version=2, town="Mol")
    services.technician_restore(actor=manager, technician_id=sofie.pk)


# --- skills and vehicles ---------------------------------------------------------------


def test_a_skill_of_the_same_name_is_refused_however_it_is_spelt(manager: Actor) -> None:
    first = services.skill_create(actor=manager, name="Électricité")
    with pytest.raises(Invalid, match="of this name already"):
        services.skill_create(actor=manager, name="ELECTRICITE")
    services.skill_archive(actor=manager, skill_id=first.pk)
    services.skill_create(actor=manager, name="electricite")
    with pytest.raises(Invalid, match="of this name already"):
        services.skill_restore(actor=manager, skill_id=first.pk)
    assert Skill.objects.filter(archived_at=None).count() == 1


def test_a_plate_is_compared_without_case_and_blanks(manager: Actor) -> None:
    services.vehicle_create(actor=manager, registration="1 abc 234", name="Van 1")
    assert Vehicle.objects.get().registration == "1-ABC-234"
    with pytest.raises(Invalid, match="with this registration already"):
        services.vehicle_create(actor=manager, registration="1-abc-234")
    for wrong in ("", "---", "1_ABC", "é", "x" * 21, "ß" * 11):
        with pytest.raises(Invalid):
            services.vehicle_create(actor=manager, registration=wrong)


def test_a_technicians_own_vehicle_is_not_archived(manager: Actor, sofie: Technician) -> None:
    van = services.vehicle_create(actor=manager, registration="1-ABC-234")
    services.technician_update(actor=manager, technician_id=sofie.pk, version=1, vehicle_id=van.pk)
    with pytest.raises(Refused, match="own vehicle of Sofie De Smet"):
        services.vehicle_archive(actor=manager, vehicle_id=van.pk)
    services.technician_update(actor=manager, technician_id=sofie.pk, version=2, vehicle_id=None)
    services.vehicle_archive(actor=manager, vehicle_id=van.pk)
    with pytest.raises(Invalid, match="not archived"):
        services.technician_update(
            actor=manager, technician_id=sofie.pk, version=3, vehicle_id=van.pk
        )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"initials": "ABCDE"}, "initials"),
        ({"is_subcontractor": "yes"}, "is_subcontractor"),
        ({"latitude": 50}, "longitude"),
        ({"postcode": "x"}, "postcode"),
        ({"vehicle_id": "x"}, "vehicle_id"),
        ({"version": 9}, "version"),
        ({"archived_at": None}, "archived_at"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    manager: Actor, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.technician_create(actor=manager, **({"name": "A"} | values))  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]
    assert not Technician.objects.exists()


def test_half_a_home_base_is_refused_by_the_database_too(sofie: Technician) -> None:
    with pytest.raises(IntegrityError, match="position_whole"), transaction.atomic():
        Technician.objects.filter(pk=sofie.pk).update(longitude=4.0)


# --- who reads what --------------------------------------------------------------------


def test_a_stranger_reads_nothing_of_the_team(stranger: Actor, sofie: Technician) -> None:
    assert selectors.technician_list(actor=stranger).items == []
    assert selectors.technician_search(actor=stranger) == []
    assert selectors.vehicle_list(actor=stranger).items == []
    assert selectors.absence_list(actor=stranger).items == []
    with pytest.raises(NotFound):
        selectors.technician_detail(actor=stranger, technician_id=sofie.pk)
    with pytest.raises(CalloutError):
        selectors.users_to_link(actor=stranger)


def test_a_technician_reads_own_weeks_and_not_a_colleagues(
    technician: Actor, sofie: Technician, yassine: Technician
) -> None:
    mine = selectors.technician_detail(actor=technician, technician_id=sofie.pk)
    theirs = selectors.technician_detail(actor=technician, technician_id=yassine.pk)
    assert (len(mine.weeks), len(theirs.weeks)) == (1, 0)


def test_technicians_are_found_by_name_town_and_phone(
    manager: Actor, sofie: Technician, yassine: Technician
) -> None:
    for typed in ("sofie", "smet", "0498 00 11", "+32498001122"):
        found = selectors.technician_search(actor=manager, q=typed)
        assert [one.label for one in found] == ["Sofie De Smet"]
    assert selectors.technician_search(actor=manager, q="yass")[0].detail == "Subcontractor"
    assert [row.name for row in selectors.technician_list(actor=manager).items] == [
        "Sofie De Smet",
        "Yassine El Amrani",
    ]
