"""Who may do what to an order, and who sees it. Asked by every door; deny by default."""

from typing import Literal
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from callout.kernel.actor import Actor, actor_required
from callout.kernel.errors import Forbidden
from callout.kernel.prepared import Given
from callout.orders.lifecycle import ACTIONS, Action, Outcome, Role, Status, allows
from callout.orders.models import (
    Assignment,
    SavedFilter,
    ServiceOrder,
    TimeEntry,
    TimelineEntry,
    Visit,
)

Sight = Literal["all", "own", "none"]
SIGHTS: tuple[Sight, ...] = ("all", "own", "none")


def manager_required(actor: Actor) -> None:
    """Forbidden unless `actor` is a manager."""
    if not actor_required(actor).is_manager:
        raise Forbidden


def own_assignments(technician_id: UUID | Given) -> QuerySet[Assignment]:
    """A technician's own work: what is planned for them or they went on; not what was unplanned."""
    return Assignment.objects.filter(technician_id=technician_id).exclude(
        visit__outcome=Outcome.UNPLANNED
    )


def visits_once(technician_id: UUID) -> QuerySet[Visit]:
    """The visits that a technician goes on or ever was to go on: what their phone may speak of.

    Helpers who were taken off are not among them: they had no say in the visit.
    """
    goes = Assignment.objects.filter(visit=OuterRef("pk"), technician=technician_id)
    went = TimelineEntry.objects.filter(visit=OuterRef("pk"), technician=technician_id)
    return Visit.objects.filter(Exists(goes) | Exists(went))


def sight_of(actor: Actor) -> Sight:
    """Which orders exist for `actor`: a manager's are all, a technician's their own work."""
    actor_required(actor)
    if actor.is_manager:
        return "all"
    return "own" if actor.is_technician and actor.technician_id else "none"


def orders_visible(actor: Actor) -> QuerySet[ServiceOrder]:
    """The orders that exist for `actor`, to pick one or a few of them."""
    return orders_picked(sight_of(actor), actor.technician_id)


def orders_picked(sight: Sight, technician: UUID | Given | None) -> QuerySet[ServiceOrder]:
    """The same for a statement that is made once: it looks at each order's own assignments."""
    if sight == "own" and technician is not None:
        own = own_assignments(technician).filter(visit__order=OuterRef("pk"))
        return ServiceOrder.objects.filter(Exists(own))
    return ServiceOrder.objects.all() if sight == "all" else ServiceOrder.objects.none()


def orders_listed(sight: Sight, technician: Given) -> QuerySet[ServiceOrder]:
    """The same to be listed: it begins at a technician's assignments, not at all orders."""
    if sight == "own":
        own = own_assignments(technician).values("visit__order_id")
        return ServiceOrder.objects.filter(pk__any=ArraySubquery(own))
    return ServiceOrder.objects.all() if sight == "all" else ServiceOrder.objects.none()


def times_visible(actor: Actor) -> QuerySet[TimeEntry]:
    """Hours: a manager's are everybody's, a technician's their own."""
    actor_required(actor)
    if actor.is_manager:
        return TimeEntry.objects.all()
    if actor.is_technician and actor.technician_id:
        return TimeEntry.objects.filter(technician=actor.technician_id)
    return TimeEntry.objects.none()


def visit_is_seen(actor: Actor, through: Literal["", "visit__"] = "") -> Q:
    """Narrows `Visit.objects` of a visible order: others' plans are not a technician's business.

    Past visits are (when, what, by whom), their own open ones too. `through`: from assignments.
    """
    if actor.is_manager:
        return Q()
    own = Assignment.objects.filter(visit=OuterRef(f"{through}pk"), technician=actor.technician_id)
    return Q((f"{through}is_open", False)) | Q(Exists(own))


def roles_on(actor: Actor, responsible_id: UUID | None) -> set[Role]:
    """In which roles `actor` stands to a visit: a technician only to those they answer for."""
    roles: set[Role] = set()
    if actor.is_manager:
        roles.add("manager")
    if actor.is_technician and actor.technician_id and actor.technician_id == responsible_id:
        roles.add("technician")
    return roles


def action_allowed(
    actor: Actor, action: Action, status: Status | None, responsible_id: UUID | None
) -> bool:
    """Whether `status` allows `action` to `actor`; Forbidden when no status ever would."""
    roles = roles_on(actor, responsible_id)
    if not action.roles & roles:
        raise Forbidden
    return allows(action, status, roles)


def actions_for(
    actor: Actor, order: ServiceOrder, responsible_id: UUID | None, undoable: bool
) -> list[str]:
    """Codes of the actions that `actor` may do now to the order's current visit, in table order.

    `responsible_id`: the technician of the current visit. `undoable`: undo.undo_refusal is empty.
    """
    roles = roles_on(actor, responsible_id)
    status = Status(order.technician_status) if order.technician_status else None
    found = []
    for code, action in ACTIONS.items():
        open_now = undoable if code == "undo" else allows(action, status, roles)
        if open_now and not (code == "reopen" and order.checked_at):
            found.append(code)
    return found


def filters_visible(actor: Actor) -> QuerySet[SavedFilter]:
    """Saved filters: a manager's own ones, and those shared with everybody in the office."""
    if not actor.is_manager or actor.user_id is None:
        return SavedFilter.objects.none()
    return filters_of(actor.user_id)


def filters_of(manager: UUID | Given) -> QuerySet[SavedFilter]:
    """The same of somebody who is known to be a manager."""
    return SavedFilter.objects.filter(Q(owner=manager) | Q(shared=True))


def filters_changeable(actor: Actor) -> QuerySet[SavedFilter]:
    """Own ones; for an admin the shared ones too, whose owner may have left."""
    rows = filters_visible(actor)
    return rows if actor.is_admin else rows.filter(owner=actor.user_id)
