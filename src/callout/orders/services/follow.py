"""A visit brought in line with its steps, when one of them was put between, moved or taken out."""

from callout.kernel.change import fields_set, row_save, statement_add
from callout.orders.lifecycle import ENDED, Verdict, fold
from callout.orders.models import ServiceOrder, TimelineEntry, Visit
from callout.orders.services.settle import answer_follow
from callout.orders.services.step_effects import FIRST_TIMES
from callout.orders.services.times import times_derive
from callout.orders.true_time import by_time, closing_of

STATUS = "UPDATE orders_timelineentry SET status = %s WHERE id = %s"
# Without a new version: a time that is corrected makes no open form stale.
ANSWERED = "UPDATE orders_serviceorder SET answered_at = %s WHERE id = %s"


def visit_follow(
    order: ServiceOrder, visits: list[Visit], visit: Visit, steps: list[TimelineEntry]
) -> None:
    """Write status, times and hours of one of the order's `visits` anew from its standing `steps`.

    The entries' statuses follow too, and the order where the visit is its current one. Whether
    these steps make sense together was asked before.
    """
    steps = by_time(steps)
    folded = fold(step.action for step in steps)
    for step, status in zip(steps, folded.statuses, strict=True):
        if step.status != status:
            step.status = status.value
            if step.pk is not None:
                statement_add(STATUS, [step.status, step.pk])
    values: dict[str, object] = {
        "status": folded.status.value,
        "before_break": folded.before_break.value if folded.before_break else "",
    }
    moved = [
        step
        for step, verdict in zip(steps, folded.verdicts, strict=True)
        if verdict is Verdict.MOVES
    ]
    for action, field in FIRST_TIMES.items():
        first = next((step.at for step in moved if step.action == action), None)
        if first is not None or not visit.entered_afterwards:
            values[field] = first
    closing = closing_of(steps)
    if closing is not None and not visit.is_open:
        values["closed_at"] = closing.at
    changed = fields_set(visit, values)
    if changed:
        row_save(visit, changed)
    times_derive(visit, steps, visits)
    if order.visit_id == visit.pk:
        _order_copies(order, visit)
    if answer_follow(order, visits):
        statement_add(ANSWERED, [order.answered_at, order.pk])


def _order_copies(order: ServiceOrder, visit: Visit) -> None:
    copied: dict[str, object] = {"technician_status": visit.status}
    if visit.status in ENDED:
        copied["closed_at"] = visit.closed_at
    changed = fields_set(order, copied)
    if changed:
        row_save(order, changed)
