"""Checklists: the template of each type, changed in the settings; what was found on a visit."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from callout.fieldwork.models import ChecklistAnswer, ChecklistItem
from callout.fieldwork.policy import author_of, visit_to_record
from callout.fieldwork.services.telling import record
from callout.kernel import checks, clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import fields_set, row_lock, row_save, rows_add, rows_lock, service
from callout.kernel.checks import Check, Wrong, cleaned
from callout.kernel.errors import Invalid, NotFound, Refused
from callout.kernel.writing import live
from callout.orders import policy
from callout.orders.models import InterventionType

MOST_ITEMS, MOST_CHOICES = 100, 20
KIND_CODES = [code for code, _label in ChecklistItem.KINDS]
NUMBER = checks.decimal(whole=9, places=3)


def _number_or_none(value: Any) -> Decimal | None:
    return None if value in (None, "") else NUMBER(value)


def _choices(value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or len(value) > MOST_CHOICES:
        raise Wrong(_("At most 20 choices."))
    return list(dict.fromkeys(word for one in value if (word := checks.text(80)(one))))


ITEM: dict[str, Check] = {
    "text": checks.text(200, required=True),
    "kind": checks.choice(KIND_CODES),
    "required": checks.flag,
    "low": _number_or_none,
    "high": _number_or_none,
    "unit": checks.text(16),
    "choices": _choices,
}


# --- the template --------------------------------------------------------------------------------


@service
def checklist_item_create(*, actor: Actor, type_id: UUID, values: dict[str, Any]) -> ChecklistItem:
    """A line more, at the end. `values`: text, kind, required, low, high, unit, choices."""
    policy.manager_required(actor)
    kind = row_lock(InterventionType.objects.all(), type_id)  # one at a time count and place
    live(kind)
    given = cleaned(ITEM, {"text": "", **values})
    mine = ChecklistItem.objects.filter(type=kind, archived_at=None)
    if mine.count() >= MOST_ITEMS:
        raise Refused(_("A checklist has 100 lines at most."), code="too_many_items")
    last = mine.aggregate(last=Max("position"))["last"]
    row = ChecklistItem(type=kind, position=0 if last is None else last + 1, **given)
    _fits(row)
    rows_add(row)
    _tell(actor, row, "create", sorted(given))
    return row


@service
def checklist_item_update(
    *, actor: Actor, item_id: UUID, values: dict[str, Any], version: int | None = None
) -> ChecklistItem:
    """Word a line anew, or change what it takes. Its kind stays: what was answered is of that."""
    policy.manager_required(actor)
    row = row_lock(ChecklistItem.objects.all(), item_id, version)
    live(row)
    given = cleaned(ITEM, values)
    if given.get("kind", row.kind) != row.kind:
        raise Invalid({"kind": [_("The kind stays. Archive this line and add another.")]})
    changed = fields_set(row, given)
    _fits(row)
    if changed:
        row_save(row, changed)
        _tell(actor, row, "update", changed)
    return row


@service
def checklist_item_archive(
    *, actor: Actor, item_id: UUID, version: int | None = None
) -> ChecklistItem:
    """Ask it no more; visits where it was answered keep it."""
    policy.manager_required(actor)
    row = row_lock(ChecklistItem.objects.all(), item_id, version)
    if row.archived_at is not None:
        raise Refused(_("It is archived already."), code="archived")
    row.archived_at = clock.now()
    row_save(row, ["archived_at"])
    _tell(actor, row, "archive", [])
    return row


@service
def checklist_item_restore(
    *, actor: Actor, item_id: UUID, version: int | None = None
) -> ChecklistItem:
    """Ask it again."""
    policy.manager_required(actor)
    row = row_lock(ChecklistItem.objects.all(), item_id, version)
    if row.archived_at is None:
        raise Refused(_("It is not archived."), code="not_archived")
    row.archived_at = None
    row_save(row, ["archived_at"])
    _tell(actor, row, "restore", [])
    return row


@service
def checklist_reorder(*, actor: Actor, type_id: UUID, item_ids: Sequence[UUID]) -> None:
    """Put the lines of a type in this order: all of those in use, each once."""
    policy.manager_required(actor)
    kind = row_lock(InterventionType.objects.all(), type_id)
    rows = {row.pk: row for row in rows_lock(_in_use(kind.pk))}
    if sorted(item_ids) != sorted(rows):
        words = _("The lines have changed in the meantime. Look at what is new, then retry.")
        raise Refused(words, code="other_lines")
    _place(actor, kind.pk, [rows[pk] for pk in item_ids])


@service
def checklist_item_move(*, actor: Actor, item_id: UUID, up: bool) -> ChecklistItem:
    """One place up, or down; at the end of the list nothing happens."""
    policy.manager_required(actor)
    found = ChecklistItem.objects.filter(pk=item_id).first()
    if found is None:
        raise NotFound
    live(found)
    row_lock(InterventionType.objects.all(), found.type_id)
    rows_lock(_in_use(found.type_id))
    rows = list(_in_use(found.type_id).order_by("position", "id"))
    place = next(at for at, row in enumerate(rows) if row.pk == item_id)
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
        _place(actor, found.type_id, rows)
    return found


def _in_use(type_id: UUID) -> Any:
    return ChecklistItem.objects.filter(type=type_id, archived_at=None)


def _place(actor: Actor, type_id: UUID, rows: Sequence[ChecklistItem]) -> None:
    """Positions raise no version: a form that somebody has open on a line stays good."""
    for position, row in enumerate(rows):
        if row.position != position:
            ChecklistItem.objects.filter(pk=row.pk).update(position=position)
    _tell_type(actor, type_id, "checklist_reorder", {})


def _fits(row: ChecklistItem) -> None:
    """What a line takes goes with its kind. Invalid beside the field."""
    wrong: dict[str, list[str]] = {}
    if row.kind != ChecklistItem.NUMBER and (row.low is not None or row.high is not None):
        wrong["low"] = [_("Only a number has a range.")]
    if row.kind != ChecklistItem.NUMBER and row.unit:
        wrong["unit"] = [_("Only a number has a unit.")]
    if row.low is not None and row.high is not None and row.low > row.high:
        wrong["high"] = [_("The highest is below the lowest.")]
    if row.kind == ChecklistItem.CHOICE and len(row.choices) < 2:
        wrong["choices"] = [_("Give it two choices or more.")]
    if row.kind != ChecklistItem.CHOICE and row.choices:
        wrong["choices"] = [_("Only a choice has choices.")]
    if wrong:
        raise Invalid(wrong)


def _tell(actor: Actor, row: ChecklistItem, what: str, fields: list[str]) -> None:
    facts = {"item": str(row.pk), "fields": fields}
    _tell_type(actor, row.type_id, f"checklist_{what}", facts)


def _tell_type(actor: Actor, type_id: UUID, kind: str, facts: dict[str, Any]) -> None:
    journal.record(actor, entity="type", entity_id=type_id, kind=kind, facts=facts)


# --- the answers ---------------------------------------------------------------------------------


@service
def answer_set(
    *,
    actor: Actor,
    visit_id: UUID,
    item_id: UUID | str,
    value: Any,
    at: datetime | None = None,
) -> bool:
    """What was found for one line; None takes it back. False where it was said already."""
    visit = visit_to_record(actor, visit_id, helpers=True)
    pk = cleaned({"item": checks.id_required}, {"item": item_id})["item"]
    item = ChecklistItem.objects.filter(pk=pk).first()
    if item is None:
        raise Invalid({"item": [_("Choose one of the list.")]})
    if item.type_id != visit.order.type_id:
        words = _("The order is of another type now, with another checklist.")
        raise Refused(words, code="other_checklist")
    value = answer_checked(item, value)
    row = ChecklistAnswer.objects.filter(visit=visit, item=item).first()
    if (row.value if row else None) == value:
        return False
    if value is None and row is not None:
        row.delete()
    else:
        ChecklistAnswer.objects.update_or_create(
            visit=visit,
            item=item,
            defaults={
                "asked": item.text,
                "value": value,
                "at": at or clock.now(),
                "author_id": author_of(actor),
            },
        )
    record(actor, visit, "answer_set", {"item": str(pk)}, {"asked": item.text, "value": value},
        at=at)  # fmt: skip
    return True


def answer_checked(item: ChecklistItem, value: Any) -> bool | str | None:
    """The value as it is kept. Invalid in words for what the line does not take."""
    try:
        return None if value is None else _KINDS[item.kind](item, value)
    except Wrong as error:
        raise Invalid({"value": [str(error)]}) from None


def _tick(_item: ChecklistItem, value: Any) -> bool:
    return checks.flag(value)


def _number(item: ChecklistItem, value: Any) -> str | None:
    if value == "":
        return None
    number: Decimal = NUMBER(value)
    low, high = item.low, item.high
    if (low is not None and number < low) or (high is not None and number > high):
        raise Wrong(range_words(item))
    return plain(number)


def range_words(item: ChecklistItem) -> str:
    """Which numbers a line takes."""
    words = {
        "low": plain(item.low) if item.low is not None else "",
        "high": plain(item.high) if item.high is not None else "",
        "unit": item.unit,
    }
    if item.low is None:
        text = _("At most %(high)s %(unit)s.")
    elif item.high is None:
        text = _("At least %(low)s %(unit)s.")
    else:
        text = _("Between %(low)s and %(high)s %(unit)s.")
    return (text % words).replace(" .", ".")


def plain(number: Decimal) -> str:
    """The digits that count: 9.500 is 9.5, 100 stays 100."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(_item: ChecklistItem, value: Any) -> str | None:
    given: str = checks.text(2000, lines=True)(value)
    return given or None


def _choice(item: ChecklistItem, value: Any) -> str | None:
    if value == "":
        return None
    return str(checks.choice(item.choices)(value))


def _photo(_item: ChecklistItem, _value: Any) -> bool:
    raise Wrong(_("This line takes a photo."))


_KINDS = {
    ChecklistItem.TICK: _tick,
    ChecklistItem.NUMBER: _number,
    ChecklistItem.TEXT: _text,
    ChecklistItem.CHOICE: _choice,
    ChecklistItem.PHOTO: _photo,
}
