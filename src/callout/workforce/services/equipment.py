"""Skills and vehicles: what a technician can do, and drives."""

from typing import TypedDict, Unpack
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.change import constraint_means, row_lock, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid, Refused
from callout.kernel.text import normalise
from callout.workforce import fields, policy
from callout.workforce.models import Skill, Technician, Vehicle
from callout.workforce.services.write import live, state, write


class VehicleValues(TypedDict, total=False):
    registration: str
    name: str


constraint_means(
    "skill_once", lambda: Invalid({"name": [_("There is a skill of this name already.")]})
)
constraint_means(
    "vehicle_once",
    lambda: Invalid({"registration": [_("There is a vehicle with this registration already.")]}),
)


@service
def skill_create(*, actor: Actor, name: str) -> Skill:
    """A new skill."""
    policy.manage(actor)
    row = Skill(**cleaned(fields.SKILL, {"name": name}))
    row.name_sort = normalise(row.name)[:120]
    write.create(actor, row, "skill")
    return row


@service
def skill_update(*, actor: Actor, skill_id: UUID, version: int, name: str) -> Skill:
    """Another name for the same skill."""
    policy.manage(actor)
    clean = cleaned(fields.SKILL, {"name": name})
    row = row_lock(policy.visible_skills(actor), skill_id, version)
    live(row)
    before = state(row)
    row.name = clean["name"]
    row.name_sort = normalise(row.name)[:120]
    write.update(actor, row, "skill", before)
    return row


@service
def skill_archive(*, actor: Actor, skill_id: UUID, version: int | None = None) -> Skill:
    """No longer offered; who has it keeps it."""
    policy.manage(actor)
    return write.archive(actor, policy.visible_skills(actor), "skill", skill_id, version)


@service
def skill_restore(*, actor: Actor, skill_id: UUID, version: int | None = None) -> Skill:
    """Offered again."""
    policy.manage(actor)
    return write.restore(actor, policy.visible_skills(actor), "skill", skill_id, version)


@service
def vehicle_create(*, actor: Actor, **values: Unpack[VehicleValues]) -> Vehicle:
    """A new service vehicle."""
    policy.manage(actor)
    row = Vehicle(**cleaned(fields.VEHICLE, {"registration": "", **values}))
    fields.vehicle_columns(row)
    write.create(actor, row, "vehicle")
    return row


@service
def vehicle_update(
    *, actor: Actor, vehicle_id: UUID, version: int, **values: Unpack[VehicleValues]
) -> Vehicle:
    """Change the fields given."""
    policy.manage(actor)
    clean = cleaned(fields.VEHICLE, values)
    row = row_lock(policy.visible_vehicles(actor), vehicle_id, version)
    live(row)
    before = state(row)
    for name, value in clean.items():
        setattr(row, name, value)
    fields.vehicle_columns(row)
    write.update(actor, row, "vehicle", before)
    return row


@service
def vehicle_archive(*, actor: Actor, vehicle_id: UUID, version: int | None = None) -> Vehicle:
    """Put a vehicle away. Refused while it is a technician's own."""
    policy.manage(actor)
    row = row_lock(policy.visible_vehicles(actor), vehicle_id, version)
    owner = Technician.objects.filter(vehicle=row, archived_at=None).first()
    if owner is not None:
        words = _("It is the own vehicle of %(name)s. Give them another one first.")
        raise Refused(words % {"name": owner.name}, code="in_use")
    return write.archive(actor, policy.visible_vehicles(actor), "vehicle", vehicle_id, version)


@service
def vehicle_restore(*, actor: Actor, vehicle_id: UUID, version: int | None = None) -> Vehicle:
    """Take a vehicle out of the archive."""
    policy.manage(actor)
    return write.restore(actor, policy.visible_vehicles(actor), "vehicle", vehicle_id, version)
