from collections.abc import Callable, Sequence
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from callout.accounts.models import User
from callout.customers.fields import address_checked, position_checked
from callout.kernel import checks
from callout.kernel.actor import Actor
from callout.kernel.change import constraint_means, row_lock, rows_lock, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid
from callout.kernel.hours import Week
from callout.kernel.text import initials
from callout.workforce import fields, policy
from callout.workforce.models import Skill, Technician
from callout.workforce.services.weeks import DEFAULT_WEEK, monday, working_week_set
from callout.workforce.services.write import live, state, write


class TechnicianValues(TypedDict, total=False):
    name: str
    initials: str  # worked out from the name where empty
    phone: str
    email: str
    is_subcontractor: bool
    street: str
    postcode: str
    town: str
    country: str
    latitude: float | str | None
    longitude: float | str | None
    vehicle_id: UUID | str | None
    team_id: UUID | str | None
    calendar_id: UUID | str | None  # None: the company's default
    user_id: UUID | str | None


def _user_taken() -> Invalid:
    return Invalid({"user_id": [_("This user is another technician already.")]})


constraint_means("workforce_technician_user_id_key", _user_taken)


@service
def technician_create(
    *,
    actor: Actor,
    skill_ids: Sequence[UUID | str] = (),
    days: Week | None = None,
    **values: Unpack[TechnicianValues],
) -> Technician:
    """A new technician, working `days` (an ordinary week where none are given) from this Monday."""
    policy.manage(actor)
    row = Technician(**cleaned(fields.TECHNICIAN, {"name": "", **values}))
    row.initials = row.initials or initials(row.name)[:4]
    _complete(actor, row, {})
    skills = _skills(actor, skill_ids, set())
    write.create(actor, row, "technician", skill_ids=sorted(str(s.pk) for s in skills))
    row.skills.set(skills)
    working_week_set(
        actor=actor, technician_id=row.pk, valid_from=monday(), days=days or DEFAULT_WEEK
    )
    return row


@service
def technician_update(
    *,
    actor: Actor,
    technician_id: UUID,
    version: int,
    skill_ids: Sequence[UUID | str] | None = None,
    **values: Unpack[TechnicianValues],
) -> Technician:
    """Change the fields given; `skill_ids` are all the skills from now on."""
    policy.manage(actor)
    clean = cleaned(fields.TECHNICIAN, values)
    row = row_lock(policy.visible_technicians(actor), technician_id, version)
    live(row)
    before = state(row)
    for name, value in clean.items():
        setattr(row, name, value)
    row.initials = row.initials or initials(row.name)[:4]
    _complete(actor, row, before)
    facts = {} if skill_ids is None else _skills_changed(actor, row, skill_ids)
    write.update(actor, row, "technician", before, **facts)
    return row


@service
def technician_archive(
    *, actor: Actor, technician_id: UUID, version: int | None = None
) -> Technician:
    """Put a technician away: no more planning, no more sign-in as a technician."""
    policy.manage(actor)
    rows = policy.visible_technicians(actor)
    return write.archive(actor, rows, "technician", technician_id, version)


@service
def technician_restore(
    *, actor: Actor, technician_id: UUID, version: int | None = None
) -> Technician:
    """Take a technician out of the archive."""
    policy.manage(actor)
    rows = policy.visible_technicians(actor)
    return write.restore(actor, rows, "technician", technician_id, version)


def _complete(actor: Actor, row: Technician, before: dict[str, object]) -> None:
    address_checked(row)
    position_checked(row)
    fields.technician_columns(row)
    _offered(row, before, "vehicle_id", policy.visible_vehicles(actor), _vehicle_words)
    _offered(row, before, "team_id", policy.visible_teams(actor), _team_words)
    _offered(row, before, "calendar_id", policy.visible_calendars(actor), _calendar_words)
    if row.user_id and row.user_id != before.get("user_id"):
        _user_checked(row, row.user_id)


def _vehicle_words() -> str:
    return _("Choose a vehicle that is not archived.")


def _team_words() -> str:
    return _("Choose a team that is not archived.")


def _calendar_words() -> str:
    return _("Choose a calendar that is not archived.")


def _offered(
    row: Technician,
    before: dict[str, object],
    name: str,
    rows: QuerySet[Any],
    words: Callable[[], str],
) -> None:
    """What is chosen anew is there, in use, and held so that nobody archives it meanwhile."""
    pk = getattr(row, name)
    if pk and pk != before.get(name) and not rows_lock(rows.filter(pk=pk, archived_at=None)):
        raise Invalid({name: [words()]})


def _user_checked(row: Technician, user_id: UUID) -> None:
    user = User.objects.filter(pk=user_id).first()
    if user is None or not user.is_active:
        raise Invalid({"user_id": [_("Choose a user who is active.")]})
    if not user.is_technician:
        words = _("%(name)s has not the role technician. An admin can give it.")
        raise Invalid({"user_id": [words % {"name": user.name}]})
    if Technician.objects.filter(user=user).exclude(pk=row.pk).exists():
        raise _user_taken()


def _skills(actor: Actor, skill_ids: Sequence[UUID | str], kept: set[UUID]) -> list[Skill]:
    """The skills named; an archived one only where it was there before."""
    wanted = {checked_id(one) for one in skill_ids}
    found = list(policy.visible_skills(actor).filter(pk__in=wanted))
    usable = [skill for skill in found if skill.archived_at is None or skill.pk in kept]
    if len(usable) != len(wanted):
        raise Invalid({"skill_ids": [_("Choose skills of the list.")]})
    return usable


def checked_id(value: UUID | str) -> UUID:
    """The id of a skill in a list of them."""
    return UUID(str(cleaned({"skill_ids": checks.id_required}, {"skill_ids": value})["skill_ids"]))


def _skills_changed(
    actor: Actor, row: Technician, skill_ids: Sequence[UUID | str]
) -> dict[str, list[str]]:
    before = set(row.skills.values_list("pk", flat=True))
    skills = _skills(actor, skill_ids, before)
    if {skill.pk for skill in skills} == before:
        return {}
    row.skills.set(skills)
    return {"skill_ids": sorted(str(skill.pk) for skill in skills)}
