"""Who may do what to an order, and who sees it. Asked by every door; deny by default."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from callout.kernel.actor import Actor, actor_required
from callout.kernel.errors import Forbidden
from callout.orders.lifecycle import ACTIONS, Action, Outcome, Role, Status, allows
from callout.orders.models import Assignment, ServiceOrder


def manager_required(actor: Actor) -> None:
    """Forbidden unless `actor` is a manager."""
    if not actor_required(actor).is_manager:
        raise Forbidden


def own_assignments(technician_id: UUID) -> QuerySet[Assignment]:
    """A technician's own work: what is planned for them or they went on; not what was unplanned."""
    return Assignment.objects.filter(technician_id=technician_id).exclude(
        visit__outcome=Outcome.UNPLANNED
    )


def orders_visible(actor: Actor) -> QuerySet[ServiceOrder]:
    """The orders that exist for `actor`: a manager's are all, a technician's their own work."""
    actor_required(actor)
    if actor.is_manager:
        return ServiceOrder.objects.all()
    if actor.is_technician and actor.technician_id:
        own = own_assignments(actor.technician_id).filter(visit__order=OuterRef("pk"))
        return ServiceOrder.objects.filter(Exists(own))
    return ServiceOrder.objects.none()


def visit_is_seen(actor: Actor) -> Q:
    """Narrows `Visit.objects` of a visible order: others' plans are not a technician's business.

    Past visits are (when, what, by whom), their own open ones too.
    """
    if actor.is_manager:
        return Q()
    own = Assignment.objects.filter(visit=OuterRef("pk"), technician=actor.technician_id)
    return Q(is_open=False) | Q(Exists(own))


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
