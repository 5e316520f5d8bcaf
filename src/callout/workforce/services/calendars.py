"""Working calendars: the company's opening hours, and which calendar is the default."""

from typing import TypedDict, Unpack
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import (
    check_version,
    constraint_means,
    row_lock,
    row_save,
    rows_lock,
    service,
)
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid, NotFound, Refused
from callout.kernel.hours import Week
from callout.kernel.text import normalise
from callout.workforce import fields, policy
from callout.workforce.models import Technician, WorkingCalendar
from callout.workforce.services.write import live, state, write

OFFICE_WEEK: Week = [[["08:00", "18:00"]] for _day in range(5)] + [[], []]


class CalendarValues(TypedDict, total=False):
    name: str
    days: Week


constraint_means(
    "calendar_once", lambda: Invalid({"name": [_("There is a calendar of this name already.")]})
)
for _name in ("calendar_default_once", "calendar_default_there", "calendar_default_in_use"):
    constraint_means(
        _name, lambda: Refused(_("One calendar is the default, always."), code="default_calendar")
    )


@service
def calendar_create(*, actor: Actor, **values: Unpack[CalendarValues]) -> WorkingCalendar:
    """A new calendar without holidays; Monday to Friday, 08:00 to 18:00, unless said otherwise."""
    policy.manage(actor)
    clean = cleaned(fields.CALENDAR, {"name": "", "days": OFFICE_WEEK, **values})
    row = WorkingCalendar(**clean)
    row.name_sort = normalise(row.name)[:120]
    write.create(actor, row, "calendar")
    return row


@service
def calendar_update(
    *, actor: Actor, calendar_id: UUID, version: int, **values: Unpack[CalendarValues]
) -> WorkingCalendar:
    """Change the name or the week. Targets of orders that are there stay as they are."""
    policy.manage(actor)
    clean = cleaned(fields.CALENDAR, values)
    row = row_lock(policy.visible_calendars(actor), calendar_id, version)
    live(row)
    before = state(row)
    for name, value in clean.items():
        setattr(row, name, value)
    row.name_sort = normalise(row.name)[:120]
    write.update(actor, row, "calendar", before)
    return row


@service
def calendar_make_default(
    *, actor: Actor, calendar_id: UUID, version: int | None = None
) -> WorkingCalendar:
    """The calendar of the company, and of each technician who has no other."""
    policy.manage(actor)
    both = policy.visible_calendars(actor)
    held = rows_lock(both.filter(is_default=True) | both.filter(pk=calendar_id))
    row = next((one for one in held if one.pk == calendar_id), None)
    if row is None:
        raise NotFound
    check_version(row, version)
    live(row)
    if row.is_default:
        raise Refused(_("It is the default already."), code="default_calendar")
    # The one before it first: there is never more than one.
    for old in held:
        if old.is_default:
            old.is_default = False
            row_save(old, ["is_default"])
    row.is_default = True
    row_save(row, ["is_default"])
    journal.record(
        actor,
        entity="calendar",
        entity_id=row.pk,
        kind="make_default",
        facts={"instead_of": [str(old.pk) for old in held if old.pk != row.pk]},
    )
    return row


@service
def calendar_archive(
    *, actor: Actor, calendar_id: UUID, version: int | None = None
) -> WorkingCalendar:
    """Put a calendar away. Refused for the default, and while a technician works by it."""
    policy.manage(actor)
    row = row_lock(policy.visible_calendars(actor), calendar_id, version)
    if row.is_default:
        words = _("It is the company's default. Make another one the default first.")
        raise Refused(words, code="default_calendar")
    count = Technician.objects.filter(calendar=row, archived_at=None).count()
    if count:
        words = ngettext(
            "%(count)d technician works by it. Give them another calendar first.",
            "%(count)d technicians work by it. Give them another calendar first.",
            count,
        )
        raise Refused(words % {"count": count}, code="in_use")
    return write.archive(actor, policy.visible_calendars(actor), "calendar", calendar_id, version)


@service
def calendar_restore(
    *, actor: Actor, calendar_id: UUID, version: int | None = None
) -> WorkingCalendar:
    """Take a calendar out of the archive."""
    policy.manage(actor)
    return write.restore(actor, policy.visible_calendars(actor), "calendar", calendar_id, version)
