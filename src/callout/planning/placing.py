"""Visits placed on the board by hand: several at once, all or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.kernel.actor import Actor
from callout.kernel.change import check_version, rows_lock, service
from callout.kernel.errors import Invalid, NotFound, Refused, Stale
from callout.orders import policy, services
from callout.orders.lifecycle import Stage
from callout.orders.models import Note, ServiceOrder, Visit
from callout.orders.numbers import order_number
from callout.orders.selectors.changes import stale_told
from callout.orders.selectors.when import When
from callout.orders.services.booking import slots_together, technicians_lock
from callout.planning.fit.explain import Remedy
from callout.planning.fit.person import Interval
from callout.planning.fit.reason import Reason
from callout.planning.judging import Judgement, Move, judge
from callout.planning.selectors import slot_explained
from callout.planning.services import order_act

MOST = 50


@dataclass(frozen=True, slots=True)
class PromiseAnswer:
    """What becomes of a promise that a move leaves: it is kept, or kept and the customer called, or
    made anew."""

    choice: Literal["keep", "call", "anew"]
    promise_from: datetime | None = None
    promise_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Promised:
    """What was promised, and whom to call about it."""

    start: datetime
    end: datetime
    customer: str
    contact: str
    phone: str


@dataclass(frozen=True, slots=True)
class Done:
    """One visit as it was left: what Undo is given."""

    order_id: UUID
    version: int
    visit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """What was done, in words, and what takes it back."""

    words: str
    done: list[Done]


class NotPlaced(Refused):
    """A move that is refused, or that asks before it is done; nothing has changed."""

    def __init__(
        self,
        message: str,
        *,
        code: str,
        order_id: UUID,
        reasons: Sequence[Reason],
        remedies: Sequence[Remedy] = (),
        promise: Promised | None = None,
    ) -> None:
        super().__init__(message, code=code, service_order_id=str(order_id))
        self.reasons, self.remedies, self.promise = reasons, remedies, promise


@service
def visits_place(
    *,
    actor: Actor,
    moves: Sequence[Move],
    confirmed: bool = False,
    promise: PromiseAnswer | None = None,
) -> Placed:
    """Plan new orders and re-plan visits, all or none; each judged as if all others were done.

    NotPlaced "refused_plan" for a hard reason, with remedies; "asks_plan" for any other until it
    is `confirmed`, and for a promise that is left until `promise` says what becomes of it. Stale
    when somebody else was faster.
    """
    policy.manager_required(actor)
    countable(len(moves))
    if len({(move.order_id, move.visit_id) for move in moves}) < len(moves):
        raise Invalid({"moves": [_("One visit stands twice among the moves.")]})
    ids = {move.order_id for move in moves}
    named = {move.technician_id for move in moves}
    technicians = technicians_lock(named, going_on=ids)
    if not named <= technicians.keys():
        raise Invalid({"technician_id": [_("There is no such technician.")]})
    orders = orders_locked(actor, ids)
    for move in moves:
        _still(actor, orders[move.order_id], move.version)
    visits = _visits(moves)
    wanted = [_wanted(move, orders[move.order_id], visits) for move in moves]
    judged = judge(actor, technicians, wanted)
    _refused(actor, judged)
    _asked(judged, confirmed, promise)
    _anew_checked(judged, promise)
    return _placed(judged, _carried_out(actor, judged, promise))


def countable(count: int) -> None:
    """Invalid for none, or for more than one gesture holds."""
    if not 1 <= count <= MOST:
        raise Invalid({"moves": [_("Move 1 to %(most)d visits at once.") % {"most": MOST}]})


def orders_locked(actor: Actor, ids: set[UUID]) -> dict[UUID, ServiceOrder]:
    """The orders, locked in the order of their ids; whoever calls has locked technicians before."""
    rows = policy.orders_visible(actor).filter(pk__in=ids)
    found = rows_lock(rows.select_related("visit", "site", "customer", "contact"))
    if len(found) < len(ids):
        raise NotFound
    return {order.pk: order for order in found}


def _still(actor: Actor, order: ServiceOrder, version: int) -> None:
    try:
        check_version(order, version)
    except Stale as error:
        told = stale_told(actor, order.pk, error, version)
        told.extra |= {"service_order_id": str(order.pk), "number": order_number(order.number)}
        raise told from error


def _visits(moves: Sequence[Move]) -> dict[UUID, Visit]:
    named = [move.visit_id for move in moves if move.visit_id]
    return {
        one.pk: one for one in Visit.objects.filter(pk__in=named).prefetch_related("assignments")
    }


def _wanted(
    move: Move, order: ServiceOrder, visits: dict[UUID, Visit]
) -> tuple[Move, ServiceOrder, Visit | None]:
    """The move with its visit. Refused where nothing is to be moved, or to be planned."""
    number = {"number": order_number(order.number)}
    if move.visit_id is None:
        if order.stage != Stage.NEW:
            words = _("%(number)s is not to be planned: it is no longer new.") % number
            raise Refused(words, code="action_not_open")
        return move, order, None
    visit = visits.get(move.visit_id)
    if visit is None or visit.order_id != order.pk:
        raise NotFound
    if not visit.is_open:
        words = _("This visit of %(number)s has ended.") % number
        raise Refused(words, code="visit_ended")
    return move, order, visit


def _refused(actor: Actor, judged: Sequence[Judgement]) -> None:
    """What stands in the way of the first that cannot be, and what would help."""
    first = next((one for one in judged if one.hard), None)
    if first is None:
        return
    move = first.move
    found = slot_explained(
        actor=actor, technician_id=move.technician_id, ask=first.ask, start=move.start,
        change=first.change,
    )  # fmt: skip
    raise NotPlaced(
        _said(first),
        code="refused_plan",
        order_id=move.order_id,
        reasons=first.reasons,
        remedies=found.remedies,
    )


def _said(one: Judgement) -> str:
    """All that speaks against a move in one sentence."""
    words = ", ".join(reason.words for reason in one.reasons)
    said = {"number": _number(one), "name": one.fit.person.name, "reasons": words}
    return _("%(number)s, %(name)s: %(reasons)s.") % said


def _number(one: Judgement) -> str:
    return order_number(one.order.number)


def _asked(judged: Sequence[Judgement], confirmed: bool, promise: PromiseAnswer | None) -> None:
    """Whatever warns is asked about once, all of it together; a promise until it is answered."""
    warned = [one for one in judged if one.reasons]
    broken = next((one for one in judged if one.breaks_promise), None)
    others = any(reason.code != "promise" for one in warned for reason in one.reasons)
    if not (others and not confirmed) and (broken is None or promise is not None):
        return
    raise NotPlaced(
        " ".join(_said(one) for one in warned),
        code="asks_plan",
        order_id=(broken or warned[0]).order.pk,
        reasons=[_numbered(one, reason, len(judged)) for one in warned for reason in one.reasons],
        promise=_promised(broken) if broken else None,
    )


def _numbered(one: Judgement, reason: Reason, moves: int) -> Reason:
    """Among several, whose reason it is."""
    if moves == 1:
        return reason
    words = f"{_number(one)}: {reason.words}"
    return replace(reason, words=words, figures={**reason.figures, "number": _number(one)})


def _promised(one: Judgement) -> Promised | None:
    start, end, order = one.ask.promise_from, one.ask.promise_to, one.order
    if start is None or end is None:
        return None
    contact, customer = order.contact, order.customer
    phone = (contact.mobile or contact.phone if contact else "") or customer.phone
    return Promised(start, end, customer.name, contact.name if contact else "", phone)


def _anew_checked(judged: Sequence[Judgement], promise: PromiseAnswer | None) -> None:
    """A new promise is one customer's, and the slot keeps it."""
    broken = [one for one in judged if one.breaks_promise]
    if promise is None or promise.choice != "anew" or not broken:
        return
    begin, end = promise.promise_from, promise.promise_to
    if begin is None or end is None:
        raise Invalid({"promise": [_("Say from when to when you promise the arrival.")]})
    if len(broken) > 1:
        words = _("Promise anew to one customer at a time: these are %(count)d.")
        raise Invalid({"promise": [words % {"count": len(broken)}]})
    if not begin <= broken[0].move.start <= end:
        raise Invalid({"promise": [_("The slot begins outside the arrival promised anew.")]})


def _carried_out(
    actor: Actor, judged: Sequence[Judgement], promise: PromiseAnswer | None
) -> dict[UUID, ServiceOrder]:
    """Each through the one door of its action; the orders as they are left."""
    slots_together()
    left: dict[UUID, ServiceOrder] = {}
    for nth, one in enumerate(judged):
        move, answer = one.move, promise if one.breaks_promise else None
        anew = answer is not None and answer.choice == "anew"
        command = services.Command(
            visit_id=move.visit_id,
            technician_id=move.technician_id,
            start=move.start,
            duration_minutes=move.minutes,
            allow_overlap=move.allow_overlap,
            promise_from=answer.promise_from if answer and anew else None,
            promise_to=answer.promise_to if answer and anew else None,
            with_last=move.order_id in left,
            leaving=tuple(
                other.move.visit_id for other in judged[nth + 1 :] if other.move.visit_id
            ),
        )
        left[move.order_id] = order_act(
            actor=actor,
            order_id=move.order_id,
            action="replan" if move.visit_id else "plan",
            command=command,
        )
        promised = _promised(one)
        if answer is not None and answer.choice == "call" and promised is not None:
            call_noted(
                actor, move.order_id, move.visit_id, move.start, (promised.start, promised.end)
            )
    return left


def call_noted(
    actor: Actor, order_id: UUID, visit_id: UUID | None, start: datetime, promised: Interval
) -> None:
    """Say on the order that somebody has to call: it begins at `start` now."""
    when = When()
    words = _("Call the customer: now planned for %(slot)s; promised was %(promise)s.")
    said = {"slot": when.full(start), "promise": when.slot_full(*promised)}
    services.note_add(
        actor=actor, order_id=order_id, text=words % said, kind=Note.INTERNAL, visit_id=visit_id
    )


def _placed(judged: Sequence[Judgement], left: dict[UUID, ServiceOrder]) -> Placed:
    done = [
        Done(
            one.move.order_id,
            left[one.move.order_id].version,
            one.move.visit_id or left[one.move.order_id].visit_id,
        )
        for one in judged
    ]
    if len(judged) > 1:
        words = ngettext("%(count)d visit is planned.", "%(count)d visits are planned.", len(done))
        return Placed(words % {"count": len(done)}, done)
    said = {
        "number": _number(judged[0]),
        "slot": When().full(judged[0].move.start),
        "name": judged[0].fit.person.name,
    }
    return Placed(_("%(number)s is planned for %(slot)s, %(name)s.") % said, done)
