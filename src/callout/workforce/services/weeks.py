from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts.zone import today
from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import check_version, row_lock, row_save, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import NotFound, Refused
from callout.kernel.hours import Week
from callout.workforce import fields, policy
from callout.workforce.models import WorkingWeek
from callout.workforce.services.write import live

DEFAULT_WEEK: Week = [[["08:00", "12:00"], ["12:30", "16:30"]] for _day in range(5)] + [[], []]


def monday() -> date:
    """The first day of the company's present week."""
    day = today()
    return day - timedelta(days=day.weekday())


@service
def working_week_set(
    *,
    actor: Actor,
    technician_id: UUID,
    valid_from: date | str,
    days: Week,
    version: int | None = None,
) -> WorkingWeek:
    """The week that the technician works from `valid_from` on; one already of that day changes
    (Stale when `version` is given and is not its own)."""
    policy.manage(actor)
    clean = cleaned(fields.WEEK, {"valid_from": valid_from, "days": days})
    technician = row_lock(policy.visible_technicians(actor), technician_id)
    live(technician)
    row = WorkingWeek.objects.filter(technician=technician, valid_from=clean["valid_from"]).first()
    if row is not None:
        check_version(row, version)
    if row is None:
        row = WorkingWeek(technician=technician, **clean)
        row.save(force_insert=True)
    elif row.days != clean["days"]:
        row.days = clean["days"]
        row_save(row, ["days"])
    _record(actor, row, "week_set")
    return row


@service
def working_week_remove(*, actor: Actor, week_id: UUID) -> None:
    """As if the week had never begun: the one before it goes on. The last one stays."""
    policy.manage(actor)
    row = policy.visible_weeks(actor).filter(pk=week_id).first()
    if row is None:
        raise NotFound
    row_lock(policy.visible_technicians(actor), row.technician_id)
    if not WorkingWeek.objects.filter(technician=row.technician_id).exclude(pk=row.pk).exists():
        raise Refused(_("A technician needs one working week. Change this one."), code="last_week")
    deleted, _by_model = WorkingWeek.objects.filter(pk=row.pk).delete()
    if not deleted:
        raise NotFound
    _record(actor, row, "week_remove")


def _record(actor: Actor, row: WorkingWeek, kind: str) -> None:
    journal.record(
        actor,
        entity="technician",
        entity_id=row.technician_id,
        kind=kind,
        facts={"valid_from": row.valid_from.isoformat(), "days": row.days},
        audience=[row.technician_id],
    )
