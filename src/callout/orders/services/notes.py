"""What is added to an order without changing it: notes and calls; and pin and promise."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel import checks, clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import constraint_means, row_lock, row_save, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused
from callout.orders import policy
from callout.orders.models import Note, ServiceOrder, Visit
from callout.orders.services.plan_effects import promise_record, promise_set
from callout.orders.services.settle import audience_of
from callout.orders.words import id_taken

TEXT_LENGTH = 10_000
constraint_means("orders_note_pkey", id_taken)
NOTE = {"text": checks.text(TEXT_LENGTH, lines=True)}


def order_for_adding(actor: Actor, order_id: UUID) -> ServiceOrder:
    """The order if `actor` sees it; what only adds to it takes no lock and no version."""
    order = policy.orders_visible(actor).filter(pk=order_id).first()
    if order is None:
        raise NotFound
    return order


def visit_of(actor: Actor, order: ServiceOrder, visit_id: UUID | None) -> Visit | None:
    """The order's visit named, as far as `actor` sees it."""
    if visit_id is None:
        return None
    visits = Visit.objects.filter(policy.visit_is_seen(actor), order=order, pk=visit_id)
    visit = visits.first()
    if visit is None:
        raise NotFound
    return visit


@service
def note_add(
    *,
    actor: Actor,
    order_id: UUID,
    text: str,
    kind: str = "",
    visit_id: UUID | None = None,
    note_id: UUID | None = None,
    to_office: bool = False,
) -> Note:
    """Add a note. A technician's is for everybody on the order; internal ones are the office's.

    `note_id`: as a phone has made it. `to_office`: somebody there has to read it, so it lies on the
    desk until it is put away.
    """
    order = order_for_adding(actor, order_id)
    visit = visit_of(actor, order, visit_id)
    text = cleaned(NOTE, {"text": text})["text"]
    if not text:
        raise Invalid({"text": [_("Write something first.")]})
    kind = kind or (Note.INTERNAL if actor.is_manager else Note.TECHNICIAN)
    if kind not in dict(Note.KINDS):
        raise Invalid({"kind": [_("Choose internal, technician or call.")]})
    if kind != Note.TECHNICIAN and not actor.is_manager:
        raise Forbidden
    note = Note(
        order=order,
        visit=visit,
        kind=kind,
        text=text,
        author_id=actor.user_id,
        to_office=to_office,
    )
    if note_id is not None:
        note.pk = note_id
    note.save(force_insert=True)
    journal.record(
        actor,
        entity="service_order",
        entity_id=order.pk,
        kind="note_add",
        facts={"note": str(note.pk), "note_kind": kind, "to_office": to_office},
        personal={"text": text},
        audience=audience_of(order) if kind == Note.TECHNICIAN else (),
    )
    if to_office:
        _desk_told(actor, note, "create")
    return note


@service
def note_put_away(*, actor: Actor, note_id: UUID, version: int | None = None) -> Note:
    """Take a note to the office off the desk: managers only, once. It stays on its order."""
    policy.manager_required(actor)
    note = row_lock(Note.objects.filter(to_office=True), note_id, version)
    if note.put_away_at is not None:
        raise Refused(_("Somebody has put this note away already."), code="put_away")
    note.put_away_at = clock.now()
    row_save(note, ["put_away_at"])
    journal.record(
        actor,
        entity="service_order",
        entity_id=note.order_id,
        kind="note_put_away",
        facts={"note": str(note.pk)},
    )
    _desk_told(actor, note, "put_away")
    return note


def _desk_told(actor: Actor, note: Note, kind: str) -> None:
    """An entry of the note itself: open desks hear of it."""
    facts = {"order": str(note.order_id)}
    journal.record(actor, entity="note", entity_id=note.pk, kind=kind, facts=facts)


def _open_visit_lock(
    actor: Actor, order_id: UUID, visit_id: UUID | None, version: int | None
) -> tuple[ServiceOrder, Visit]:
    policy.manager_required(actor)
    order = row_lock(policy.orders_visible(actor), order_id, version)
    named = visit_id or order.visit_id
    visit = order.visits.filter(pk=named).first() if named else None
    if visit is None:
        raise NotFound
    if not visit.is_open:
        raise Refused(_("This visit has ended."), code="visit_ended")
    return order, visit


@service
def visit_promise(
    *,
    actor: Actor,
    order_id: UUID,
    promise_from: datetime,
    promise_to: datetime,
    visit_id: UUID | None = None,
    version: int | None = None,
) -> Visit:
    """Promise the customer an arrival from-to; kept on the visit, whatever moves afterwards."""
    order, visit = _open_visit_lock(actor, order_id, visit_id, version)
    promise_set(visit, promise_from, promise_to, actor.user_id)
    row_save(order, [])
    promise_record(actor, order, visit, audience_of(order))
    return visit


@service
def visit_pin(
    *,
    actor: Actor,
    order_id: UUID,
    pinned: bool,
    visit_id: UUID | None = None,
    version: int | None = None,
) -> Visit:
    """Pin a visit where it is (planning helpers leave it alone), or free it."""
    order, visit = _open_visit_lock(actor, order_id, visit_id, version)
    visit.pinned = pinned
    row_save(visit, ["pinned"])
    row_save(order, [])
    journal.record(
        actor,
        entity="service_order",
        entity_id=order.pk,
        kind="pin" if pinned else "unpin",
        facts={"visit": str(visit.pk), "version": order.version},
        audience=audience_of(order),
    )
    return visit
