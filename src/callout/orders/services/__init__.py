"""Every change of an order. One public function per change, each with an actor."""

from callout.orders.services.access_code import order_code_look
from callout.orders.services.acting import order_act, order_create_planned
from callout.orders.services.attempt import attempt_record
from callout.orders.services.booking import technicians_lock
from callout.orders.services.catalogue import (
    priority_update,
    reason_archive,
    reason_create,
    reason_restore,
    reason_update,
    type_archive,
    type_create,
    type_restore,
    type_update,
)
from callout.orders.services.command import Command
from callout.orders.services.correcting import step_correct
from callout.orders.services.export import orders_export
from callout.orders.services.files import attachment_add, attachment_remove
from callout.orders.services.follow_up import order_follow_up
from callout.orders.services.hours import (
    time_entry_add,
    time_entry_remove,
    time_entry_update,
)
from callout.orders.services.intake import (
    order_create,
    order_draft,
    order_update,
)
from callout.orders.services.notes import note_add, note_put_away, visit_pin, visit_promise
from callout.orders.services.seen import order_see
from callout.orders.services.several import (
    Became,
    Seen,
    orders_cancel,
    orders_prioritise,
    orders_undo,
)
from callout.orders.services.standing import order_check, order_uncheck, order_wait
from callout.orders.services.step_undo import step_undo
from callout.orders.services.stepping import Placed, step_place
from callout.orders.services.views import (
    filter_remove,
    filter_save,
    filter_update,
    own_columns_set,
    own_filter_clear,
    own_filter_set,
)

__all__ = [
    "Became",
    "Command",
    "Placed",
    "Seen",
    "attachment_add",
    "attachment_remove",
    "attempt_record",
    "filter_remove",
    "filter_save",
    "filter_update",
    "note_add",
    "note_put_away",
    "order_act",
    "order_check",
    "order_code_look",
    "order_create",
    "order_create_planned",
    "order_draft",
    "order_follow_up",
    "order_see",
    "order_uncheck",
    "order_update",
    "order_wait",
    "orders_cancel",
    "orders_export",
    "orders_prioritise",
    "orders_undo",
    "own_columns_set",
    "own_filter_clear",
    "own_filter_set",
    "priority_update",
    "reason_archive",
    "reason_create",
    "reason_restore",
    "reason_update",
    "step_correct",
    "step_place",
    "step_undo",
    "technicians_lock",
    "time_entry_add",
    "time_entry_remove",
    "time_entry_update",
    "type_archive",
    "type_create",
    "type_restore",
    "type_update",
    "visit_pin",
    "visit_promise",
]
