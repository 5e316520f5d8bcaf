"""Commands that write the record of a visit: what was found, used, seen, written and signed."""

from callout.fieldwork.services.checklists import answer_set
from callout.fieldwork.services.parts import part_remove, part_set
from callout.fieldwork.services.photos import photo_announce, photo_remove
from callout.fieldwork.services.reports import report_set, unsigned_set
from callout.fieldwork.services.signing import signature_add
from callout.fieldwork.sync.told import Done, Told, handles
from callout.kernel.actor import Actor
from callout.orders.models import Visit


@handles("answer", helpers=True)
def answer(actor: Actor, visit: Visit, told: Told) -> Done:
    item, value = told.body.get("item", ""), told.body.get("value")
    changed = answer_set(actor=actor, visit_id=visit.pk, item_id=item, value=value, at=told.at)
    return Done(same=not changed)


@handles("photo", helpers=True)
def photo(actor: Actor, visit: Visit, told: Told) -> Done:
    body = told.body
    changed = photo_announce(
        actor=actor,
        visit_id=visit.pk,
        photo_id=body.get("id", ""),
        file=body.get("file", ""),
        size=body.get("size", 0),
        name=body.get("name", ""),
        type=body.get("type", ""),
        tag=body.get("tag") or "other",
        item=body.get("item"),
        taken_at=body.get("taken_at"),
        at=told.at,
    )
    return Done(same=not changed)


@handles("photo_remove", helpers=True)
def photo_off(actor: Actor, visit: Visit, told: Told) -> Done:
    pk = told.body.get("id", "")
    return Done(same=not photo_remove(actor=actor, visit_id=visit.pk, photo_id=pk, at=told.at))


@handles("part")
def part(actor: Actor, visit: Visit, told: Told) -> Done:
    body = told.body
    part_set(
        actor=actor,
        visit_id=visit.pk,
        part_id=body.get("id", ""),
        text=body.get("text", ""),
        quantity=body.get("quantity"),
        unit=body.get("unit", ""),
        at=told.at,
    )
    return Done()


@handles("part_remove")
def part_off(actor: Actor, visit: Visit, told: Told) -> Done:
    pk = told.body.get("id", "")
    return Done(same=not part_remove(actor=actor, visit_id=visit.pk, part_id=pk, at=told.at))


@handles("report")
def report(actor: Actor, visit: Visit, told: Told) -> Done:
    text = told.body.get("text", "")
    return Done(same=not report_set(actor=actor, visit_id=visit.pk, text=text, at=told.at))


@handles("sign")
def sign(actor: Actor, visit: Visit, told: Told) -> Done:
    signature_add(
        actor=actor,
        visit_id=visit.pk,
        signature_id=told.id,
        name=told.body.get("name", ""),
        seal=told.body.get("seal"),
        image=told.body.get("image"),
        at=told.at,
    )
    return Done()


@handles("cannot_sign")
def cannot_sign(actor: Actor, visit: Visit, told: Told) -> Done:
    why = told.body.get("why", "")
    return Done(same=not unsigned_set(actor=actor, visit_id=visit.pk, why=why, at=told.at))
