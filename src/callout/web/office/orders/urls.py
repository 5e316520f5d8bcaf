from django.urls import path

from callout.web.office.orders import (
    actions,
    editing,
    extras,
    files,
    hours,
    lists,
    more_assets,
    moves,
    order,
    record,
)

urlpatterns = [
    path("orders/", lists.list_page, name="orders"),
    path("orders/kanban/", lists.kanban_page, name="kanban"),
    path("orders/rows/", lists.order_rows, name="order_rows"),
    path("orders/cards/", lists.order_cards, name="order_cards"),
    path("orders/kanban/<slug:stage>/", lists.column_more, name="order_column"),
    path("orders/more-assets/", more_assets.more_assets, name="order_more_assets"),
    path("orders/filter/<slug:name>/", lists.filter_choices, name="order_filter"),
    path("orders/files/<uuid:attachment_id>/", files.file_page, name="order_file"),
    path("orders/files/<uuid:attachment_id>/remove/", files.file_remove, name="order_file_remove"),
    path("orders/signatures/<uuid:signature_id>/", record.signature_page, name="order_signature"),
    path("orders/hours/<uuid:time_entry_id>/", hours.hours_edit, name="order_hours_edit"),
    path(
        "orders/hours/<uuid:time_entry_id>/remove/", hours.hours_remove, name="order_hours_remove"
    ),
    path("orders/<int:number>/", order.order_page, name="order"),
    path("orders/<uuid:order_id>/", order.order_by_id, name="order_by_id"),
    path("orders/<uuid:order_id>/live/", order.order_live, name="order_live"),
    path("orders/<uuid:order_id>/tab/<slug:tab>/", order.order_tab, name="order_tab"),
    path("orders/<uuid:order_id>/beside/", order.order_beside, name="order_beside"),
    path("orders/<uuid:order_id>/menu/", moves.card_menu, name="order_menu"),
    path("orders/<uuid:order_id>/move/", moves.card_move, name="order_move"),
    path("orders/<uuid:order_id>/act/<slug:code>/", actions.action_door, name="order_act"),
    path("orders/<uuid:order_id>/at/", actions.other_time, name="order_at"),
    path("orders/<uuid:order_id>/edit/", editing.edit_page, name="order_edit"),
    path("orders/<uuid:order_id>/notes/", files.note_new, name="order_note"),
    path("orders/<uuid:order_id>/files/", files.file_new, name="order_files"),
    path("orders/<uuid:order_id>/hours/", hours.hours_new, name="order_hours"),
    path("orders/<uuid:order_id>/promise/", extras.promise_dialog, name="order_promise"),
    path("orders/<uuid:order_id>/wait/", extras.wait_dialog, name="order_wait"),
    path("orders/<uuid:order_id>/pin/", extras.pin_toggle, name="order_pin"),
    path("orders/<uuid:order_id>/check/", extras.check_toggle, name="order_check"),
    path("orders/<uuid:order_id>/code/", extras.code_show, name="order_code"),
]
