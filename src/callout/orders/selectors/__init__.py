"""Every read of orders, one function each, for an actor; rows are ready to print."""

from callout.orders.selectors.detail import (
    OrderDetail,
    order_detail,
    order_plain,
)
from callout.orders.selectors.kanban import (
    Cards,
    Column,
    order_cards,
    order_column,
    order_kanban,
    order_row_any,
    order_rows,
)
from callout.orders.selectors.lists import OrderPage, order_list, order_page
from callout.orders.selectors.rows import OrderRow
from callout.orders.selectors.search import Hit, order_search

__all__ = [
    "Cards",
    "Column",
    "Hit",
    "OrderDetail",
    "OrderPage",
    "OrderRow",
    "order_cards",
    "order_column",
    "order_detail",
    "order_kanban",
    "order_list",
    "order_page",
    "order_plain",
    "order_row_any",
    "order_rows",
    "order_search",
]
