"""Every read of orders, one function each, for an actor; rows are ready to print."""

from callout.orders.selectors.kanban import (
    Column,
    column_counts,
    order_card,
    order_column,
    order_kanban,
    order_row,
    order_row_any,
)
from callout.orders.selectors.lists import order_count, order_list, order_page
from callout.orders.selectors.narrow import orders_found
from callout.orders.selectors.rows import OrderRow

__all__ = [
    "Column",
    "OrderRow",
    "column_counts",
    "order_card",
    "order_column",
    "order_count",
    "order_kanban",
    "order_list",
    "order_page",
    "order_row",
    "order_row_any",
    "orders_found",
]
