"""The top of an order's page: its title with pill and flags, whose it is, and what can be done.

Written in Python (ui/markup.py), as the lists are: whoever has the page open draws it anew after
every change.
"""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from callout.orders.selectors import OrderDetail
from callout.web.office.orders import buttons, facts
from callout.web.ui import marks
from callout.web.ui.addresses import address
from callout.web.ui.buttons import action, menu_items
from callout.web.ui.markup import NOTHING, joined, piece

HEAD = piece("""
    <div class="co-order-title"><h1>{title}</h1>{flags}</div>
    <p class="co-meta">{about}</p>{notice}{actions}
""")
NOTICE = piece('<p class="co-notice">{icon}<span>{words}</span></p>')
TO_DESK = piece('<a href="{url}">{flag}</a>')
TOLD = piece("<span>{words}</span>")
TOLD_ASIDE = piece('<span class="co-t3">{words}</span>')
ACTIONS = piece('<div class="co-actions">{shown}<span class="co-end"></span>{cancel}{more}</div>')
SECTION = piece("""
    <section class="co-panel co-section" aria-labelledby="{name}-title">
      <header><h2 id="{name}-title">{title}</h2>{aside}</header>
      {body}
    </section>
""")
MENU = piece("""
    <button class="co-btn co-btn-icon{kind}" type="button" popovertarget="{name}"
      aria-haspopup="menu" aria-label="{label}">{icon}</button>
    <div class="co-menu" id="{name}" popover role="menu" data-menu="end">{items}</div>
""")


def head(detail: OrderDetail, waiting: str, *, has_late_report: bool) -> SafeString:
    """`waiting`: what it waits for, if it does; `has_late_report`: one lies on the desk."""
    order = detail.order
    alert = order.customer.alert
    return HEAD(
        title=order.title or order.type_name,
        flags=_flags(detail, waiting, has_late_report),
        about=_about(detail),
        notice=NOTICE(icon=marks.icon("alert-triangle"), words=alert) if alert else NOTHING,
        actions=_actions(detail),
    )


def _flags(detail: OrderDetail, waiting: str, has_late_report: bool) -> SafeString:
    order, current = detail.order, detail.current
    found = [
        marks.pill(detail.status, large=True),
        marks.priority(order.priority, order.priority_label),
        marks.absent(order.absent_count),
    ]
    if has_late_report:
        flag = marks.flag("inbox", _("late report"), "warn")
        found.append(TO_DESK(url=address("office:desk"), flag=flag))
    if current and current.late:
        found.append(marks.flag("clock-exclamation", current.late, "danger"))
    if waiting:
        found.append(marks.flag("hourglass", _("waiting"), "plain"))
    if order.checked_at:
        found.append(marks.flag("checks", _("checked"), "fit"))
    return joined(found)


def _about(detail: OrderDetail) -> SafeString:
    order = detail.order
    answer, left = facts.answer_words(detail), facts.answer_left(detail)
    told = [TOLD(words=order.customer.name)]
    if order.site.town:
        told.append(TOLD(words=order.site.town))
    told.append(TOLD(words=order.type_name))
    if answer:
        told.append(TOLD_ASIDE(words=answer))
    if left:
        told.append(TOLD(words=left))
    return joined(told)


def _actions(detail: OrderDetail) -> SafeString:
    return ACTIONS(
        shown=joined([action(one) for one in buttons.bar(detail)]),
        cancel=action(buttons.cancel_button(detail)),
        more=menu("order-menu", _("More actions"), buttons.menu(detail)),
    )


def menu(name: str, label: str, items: list[dict[str, Any]], kind: str = "") -> SafeString:
    """As parts/menu.html: a button that opens a menu of items."""
    icon, shown = marks.icon("dots"), menu_items(items)
    return MENU(name=name, label=label, kind=kind, icon=icon, items=shown)


def section(name: str, title: str, body: SafeString, aside: SafeString = NOTHING) -> SafeString:
    """A part of the page under a heading; `aside` stands beside the heading."""
    return SECTION(name=name, title=title, aside=aside, body=body)
