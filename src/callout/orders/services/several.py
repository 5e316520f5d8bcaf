"""Several orders at once: each by its ordinary change, behind a savepoint of its own.

Who may, the version seen and the table are asked for each of them; what is refused says why, the
rest is done. So each order has a journal entry of its own, as if it had been opened.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.change import rows_lock, service
from callout.kernel.errors import CalloutError, Invalid, Stale
from callout.kernel.taken_back import attempted
from callout.orders import policy
from callout.orders.models import Assignment, ServiceOrder
from callout.orders.services.acting import order_act
from callout.orders.services.booking import technicians_lock
from callout.orders.services.command import Command
from callout.orders.services.intake import order_update

MOST = 200
TYPED = {"reason_id", "note", "priority"}


@dataclass(frozen=True, slots=True)
class Seen:
    """An order that somebody chose, and the version that they saw of it."""

    order_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Became:
    """What became of it: the version it has now, or in `refusal` why it is as it was."""

    order_id: UUID
    version: int
    refusal: str = ""


@service
def orders_cancel(
    *, actor: Actor, seen: Sequence[Seen], reason_id: UUID | None = None, note: str = ""
) -> list[Became]:
    """Cancel them, all for one reason. For managers. Invalid without a reason or a note."""
    if reason_id is None and not note.strip():
        raise Invalid({"reason_id": [_("Say why: choose a reason or write a note.")]})
    command = Command(reason_id=reason_id, note=note)
    return _each(actor, seen, partial(_acted, actor, "cancel", command))


@service
def orders_undo(*, actor: Actor, seen: Sequence[Seen]) -> list[Became]:
    """Take back the last action of each, where that is what was seen and the table allows it."""
    return _each(actor, seen, partial(_acted, actor, "undo", Command()), ended=True)


@service
def orders_prioritise(*, actor: Actor, seen: Sequence[Seen], priority: str) -> list[Became]:
    """Give them all one priority; what they are to be answered by follows. For managers."""

    def change(one: Seen) -> ServiceOrder:
        return order_update(
            actor=actor, order_id=one.order_id, version=one.version, priority=priority
        )

    return _each(actor, seen, change)


def _acted(actor: Actor, action: str, command: Command, one: Seen) -> ServiceOrder:
    return order_act(
        actor=actor, order_id=one.order_id, action=action, command=command, version=one.version
    )


def _each(
    actor: Actor,
    seen: Sequence[Seen],
    change: Callable[[Seen], ServiceOrder],
    *,
    ended: bool = False,
) -> list[Became]:
    """`ended`: visits that have ended may come back, so their technicians are locked too."""
    policy.manager_required(actor)
    count_check(seen)
    ids = {one.order_id for one in seen}
    rows = policy.orders_visible(actor).filter(pk__in=ids)
    were: list[UUID] = []
    if ended:
        last = Assignment.objects.filter(visit__in=rows.values("visit"))
        were = list(last.values_list("technician_id", flat=True))
    # All that any of them will lock, in the one order that cannot deadlock.
    technicians_lock(were, going_on=ids)
    rows_lock(rows.only("pk"))
    return [_tried(one, change) for one in seen]


def _tried(one: Seen, change: Callable[[Seen], ServiceOrder]) -> Became:
    try:
        order = attempted(partial(change, one))
    except Stale:
        return Became(one.order_id, one.version, _("It was changed meanwhile."))
    except Invalid as error:
        if TYPED & error.fields.keys():
            raise  # it is wrong for all of them
        return Became(one.order_id, one.version, error.message)
    except CalloutError as error:
        return Became(one.order_id, one.version, error.message)
    return Became(one.order_id, order.version)


def count_check(seen: Sequence[object]) -> None:
    """Invalid for none, and for more than can be done at once."""
    if not seen:
        raise Invalid({"order": [_("Choose some orders first.")]})
    if len(seen) > MOST:
        raise Invalid({"order": [_("Choose %(most)d orders at most.") % {"most": MOST}]})
