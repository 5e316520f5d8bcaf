from datetime import datetime, timedelta
from typing import TypedDict, Unpack
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.change import constraint_means, row_lock, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid, NotFound, Refused
from callout.workforce import fields, policy
from callout.workforce.models import Absence, Technician
from callout.workforce.services.write import live, state, write
from callout.workforce.words import absence_words

LONGEST = timedelta(days=3 * 366)


class AbsenceValues(TypedDict, total=False):
    kind: str
    start: datetime | str
    end: datetime | str
    note: str


def _ends_before_start() -> Invalid:
    return Invalid({"end": [_("The end is not after the start.")]})


constraint_means("absence_ends_after_start", _ends_before_start)
constraint_means(
    "absence_no_overlap",
    lambda: Refused(_("There is an absence in this time already."), code="overlap"),
)


@service
def absence_create(
    *, actor: Actor, technician_id: UUID, **values: Unpack[AbsenceValues]
) -> Absence:
    """A time when the technician is not there. Planned visits in it stay where they are: who
    enters it is shown them and decides. Refused over another absence."""
    policy.manage(actor)
    given = {"kind": None, "start": None, "end": None, **values}
    clean = cleaned(fields.ABSENCE, given)
    technician = _technician_held(actor, technician_id)
    live(technician)
    row = Absence(technician=technician, **clean)
    _checked(row)
    write.create(actor, row, "absence", technician_id=str(technician.pk))
    return row


@service
def absence_update(
    *, actor: Actor, absence_id: UUID, version: int, **values: Unpack[AbsenceValues]
) -> Absence:
    """Change the fields given."""
    policy.manage(actor)
    clean = cleaned(fields.ABSENCE, values)
    row = _held(actor, absence_id, version)
    before = state(row)
    for name, value in clean.items():
        setattr(row, name, value)
    _checked(row)
    write.update(actor, row, "absence", before)
    return row


@service
def absence_remove(*, actor: Actor, absence_id: UUID, version: int | None = None) -> Absence:
    """The technician is there after all."""
    policy.manage(actor)
    _held(actor, absence_id, version)
    return write.archive(actor, policy.visible_absences(actor), "absence", absence_id, version)


def _technician_held(actor: Actor, technician_id: UUID) -> Technician:
    # The lock that planning takes: no visit is planned into an absence that is being entered.
    return row_lock(policy.visible_technicians(actor), technician_id)


def _held(actor: Actor, absence_id: UUID, version: int | None) -> Absence:
    rows = policy.visible_absences(actor)
    technician_id = rows.filter(pk=absence_id).values_list("technician_id", flat=True).first()
    if technician_id is None:
        raise NotFound
    _technician_held(actor, technician_id)
    row = row_lock(rows, absence_id, version)
    if row.archived_at is not None:
        raise NotFound
    return row


def _checked(row: Absence) -> None:
    if row.end <= row.start:
        raise _ends_before_start()
    if row.end - row.start > LONGEST:
        raise Invalid({"end": [_("An absence lasts three years at most.")]})
    others = Absence.objects.filter(technician=row.technician_id, archived_at=None)
    other = others.filter(start__lt=row.end, end__gt=row.start).exclude(pk=row.pk).first()
    if other is not None:
        words = _("%(name)s is absent already: %(span)s.") % {
            "name": other.technician.name,
            "span": absence_words(other.start, other.end),
        }
        raise Refused(words, code="overlap")
