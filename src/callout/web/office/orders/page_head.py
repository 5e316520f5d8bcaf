"""The top of an order's page: its title with pill and flags, whose it is, and what can be done.

Written here and not in a template, as the lists are: the page is drawn anew after every change, by
whoever has it open, and takes a fifth of the time. Every value is escaped; nothing else may reach
the page.
"""

from html import escape as e
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from callout.orders.selectors import OrderDetail
from callout.web.office.orders import buttons, facts
from callout.web.office.orders.page_words import words
from callout.web.ui import marks
from callout.web.ui.addresses import address
from callout.web.ui.buttons import action, menu_items


def head(detail: OrderDetail, waiting: str, *, has_late_report: bool) -> SafeString:
    """`waiting`: what it waits for, if it does; `has_late_report`: one lies on the desk."""
    order = detail.order
    title = e(order.title or order.type_name)
    alert = order.customer.alert
    return mark_safe(  # noqa: S308
        f'<div class="co-order-title"><h1>{title}</h1>{_flags(detail, waiting, has_late_report)}'
        f'</div>\n<p class="co-meta">{_about(detail)}</p>\n'
        f"{_notice(alert) if alert else ''}\n{_actions(detail)}"
    )


def _notice(alert: str) -> str:
    icon = marks.icon("alert-triangle")
    return f'<p class="co-notice">{icon}<span>{e(alert)}</span></p>'


def _flags(detail: OrderDetail, waiting: str, has_late_report: bool) -> str:
    order, current = detail.order, detail.current
    found = [
        marks.pill(detail.status, large=True),
        marks.priority(order.priority, order.priority_label),
        marks.absent(order.absent_count),
    ]
    if has_late_report:
        flag = marks.flag("inbox", _("late report"), "warn")
        found.append(SafeString(f'<a href="{e(address("office:desk"))}">{flag}</a>'))
    if current and current.late:
        found.append(marks.flag("clock-exclamation", current.late, "danger"))
    if waiting:
        found.append(marks.flag("hourglass", _("waiting"), "plain"))
    if order.checked_at:
        found.append(marks.flag("checks", _("checked"), "fit"))
    return "".join(found)


def _about(detail: OrderDetail) -> str:
    order = detail.order
    answer, left = facts.answer_words(detail), facts.answer_left(detail)
    told = [f"<span>{e(order.customer.name)}</span>"]
    if order.site.town:
        told.append(f"<span>{e(order.site.town)}</span>")
    told.append(f"<span>{e(order.type_name)}</span>")
    if answer:
        told.append(f'<span class="co-t3">{e(answer)}</span>')
    if left:
        told.append(f"<span>{left}</span>")
    return "".join(told)


def _actions(detail: OrderDetail) -> str:
    shown = "".join([action(one) for one in buttons.bar(detail)])
    more = menu("order-menu", words()["More actions"], buttons.menu(detail))
    cancel = action(buttons.cancel_button(detail))
    return f'<div class="co-actions">{shown}<span class="co-end"></span>{cancel}{more}</div>\n'


def menu(name: str, label: str, items: list[dict[str, Any]], kind: str = "") -> str:
    """As parts/menu.html: a button that opens a menu of items. `label` is escaped already."""
    return (
        f'\n<button class="co-btn co-btn-icon{kind}" type="button" popovertarget="{name}"'
        f' aria-haspopup="menu" aria-label="{label}">{marks.icon("dots")}</button>\n'
        f'<div class="co-menu" id="{name}" popover role="menu" data-menu="end">'
        f"{menu_items(items)}</div>\n"
    )
