"""Teams: who is planned together."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.kernel.actor import Actor
from callout.kernel.change import constraint_means, row_lock, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid, Refused
from callout.kernel.text import normalise
from callout.workforce import fields, policy
from callout.workforce.models import Team, Technician
from callout.workforce.services.write import live, state, write

constraint_means(
    "team_once", lambda: Invalid({"name": [_("There is a team of this name already.")]})
)


@service
def team_create(*, actor: Actor, name: str) -> Team:
    """A new team, with nobody in it."""
    policy.manage(actor)
    row = Team(**cleaned(fields.TEAM, {"name": name}))
    row.name_sort = normalise(row.name)[:120]
    write.create(actor, row, "team")
    return row


@service
def team_update(*, actor: Actor, team_id: UUID, version: int, name: str) -> Team:
    """Another name for the same team."""
    policy.manage(actor)
    clean = cleaned(fields.TEAM, {"name": name})
    row = row_lock(policy.visible_teams(actor), team_id, version)
    live(row)
    before = state(row)
    row.name = clean["name"]
    row.name_sort = normalise(row.name)[:120]
    write.update(actor, row, "team", before)
    return row


@service
def team_archive(*, actor: Actor, team_id: UUID, version: int | None = None) -> Team:
    """Put a team away. Refused while somebody is in it."""
    policy.manage(actor)
    row = row_lock(policy.visible_teams(actor), team_id, version)
    count = Technician.objects.filter(team=row, archived_at=None).count()
    if count:
        words = ngettext(
            "%(count)d technician is in it. Give them another team first.",
            "%(count)d technicians are in it. Give them another team first.",
            count,
        )
        raise Refused(words % {"count": count}, code="in_use")
    return write.archive(actor, policy.visible_teams(actor), "team", team_id, version)


@service
def team_restore(*, actor: Actor, team_id: UUID, version: int | None = None) -> Team:
    """Take a team out of the archive."""
    policy.manage(actor)
    return write.restore(actor, policy.visible_teams(actor), "team", team_id, version)
