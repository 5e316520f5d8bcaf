"""The visits of an order on its page, and the row of tabs under them.

Written here for the reason told in page_head.py. Every value is escaped.
"""

from collections.abc import Mapping, Sequence
from html import escape as e
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from callout.orders.selectors import OrderDetail
from callout.orders.selectors.visits import VisitSeen
from callout.web.office.orders import buttons
from callout.web.office.orders.page_head import menu
from callout.web.office.orders.page_words import words
from callout.web.office.orders.record import Shown
from callout.web.office.orders.visit_menu import Item, other_visits
from callout.web.ui import marks, story
from callout.web.ui.addresses import address


def visits(
    actor: Any, detail: OrderDetail, waiting: str, told: list[dict[str, str]], records: list[Shown]
) -> SafeString:
    """`waiting`: what it waits for, if it does; `told`: the facts of the current visit."""
    said = words()
    found = []
    if detail.current:
        found.append(_current(detail, detail.current, told, records))
    elif detail.stage == "new":
        found.append(_to_plan(detail, waiting))
    if detail.others:
        found.append(_others(other_visits(actor, detail)))
    rest = detail.order.description.partition("\n")[2].strip()
    if rest:
        text = f'<p class="co-order-text">{e(rest)}</p>'
        found.append(_section("rest", f"<h2{_id('rest')}>{said['Description']}</h2>", text))
    return mark_safe("\n".join(found))  # noqa: S308


def _id(name: str) -> str:
    return f' id="{name}-title"'


def _section(name: str, head: str, body: str) -> str:
    return (
        f'<section class="co-panel co-section" aria-labelledby="{name}-title">\n'
        f"<header>{head}</header>\n{body}\n</section>"
    )


def _current(
    detail: OrderDetail, visit: VisitSeen, told: list[dict[str, str]], records: list[Shown]
) -> str:
    said = words()
    title = said["Current visit"] if visit.is_open else said["Last visit"]
    planned_by = f" · {e(visit.planned_by)}" if visit.planned_by else ""
    board = buttons.board_url(detail)
    head = (
        f"<h2{_id('visit')}>{title}</h2>"
        f'<span class="co-t3 co-sm">{e(visit.title)}{planned_by}</span>'
        f"{_visit_flags(visit, records)}{_board_link(board) if board else ''}"
    )
    broken = _broken(detail) if visit.promise_broken else ""
    note = f'<p class="co-note">{e(visit.note)}</p>' if visit.note else ""
    body = f"{story.steps(visit.steps)}\n{story.facts(told, ruled=True)}\n{broken}\n{note}"
    return _section("visit", head, body)


def _visit_flags(visit: VisitSeen, records: list[Shown]) -> str:
    found = []
    if visit.pinned:
        found.append(marks.flag("pin", _("pinned"), "plain"))
    if visit.overlap:
        found.append(marks.flag("layers-intersect", _("overlap on purpose"), "plain"))
    for one in records:
        if not (one.is_current and one.signatures):
            continue
        if one.changed:
            found.append(marks.flag("alert-triangle", _("changed after signing")))
        elif one.changed_between:
            found.append(marks.flag("alert-triangle", one.signed_words))
        else:
            found.append(marks.flag("certificate", _("signed"), "fit"))
    return "".join(found)


def _board_link(url: str) -> str:
    said = words()
    shown = f"{marks.icon('calendar-time')}{said['Show on the board']}"
    return f'<a class="co-end co-t2 co-row" href="{e(url)}">{shown}</a>'


def _asks(url: str, label: str) -> str:
    """A small button that opens a dialog."""
    return (
        f'<button class="co-btn co-btn-sm" type="button" hx-get="{e(url)}?on=page"'
        f' hx-target="#co-dialog">{label}</button>'
    )


def _broken(detail: OrderDetail) -> str:
    said = words()
    outside = said[
        "The slot lies outside what was promised to the customer. Call, promise anew, or keep it."
    ]
    url = address("office:order_promise", order_id=detail.order.pk)
    return (
        f'<p class="co-notice co-notice-danger" role="status">{marks.icon("alert-circle")}'
        f'<span class="co-grow">{outside}</span>{_asks(url, said["Promise anew…"])}</p>'
    )


def _to_plan(detail: OrderDetail, waiting: str) -> str:
    said = words()
    if waiting:
        url = address("office:order_wait", order_id=detail.order.pk)
        body = (
            f'<p class="co-notice co-notice-plain">{marks.icon("hourglass")}'
            f'<span class="co-grow">{e(waiting)}</span>{_asks(url, said["Change…"])}</p>'
        )
    else:
        body = f'<p class="co-t2">{said["Nobody is planned for this order yet."]}</p>'
    return _section("visit", f"<h2{_id('visit')}>{said['To plan']}</h2>", body)


def _others(found: Sequence[tuple[VisitSeen, list[Item]]]) -> str:
    said = words()
    head = (
        f'<h2{_id("others")}>{said["Other visits"]}</h2><span class="co-count">{len(found)}</span>'
    )
    rows = "".join([_other(visit, items) for visit, items in found])
    return _section("others", head, f'<ul class="co-visits">{rows}</ul>')


def _other(visit: VisitSeen, items: list[Item]) -> str:
    said = words()
    who = ", ".join([visit.technician, *visit.helpers])
    how = visit.outcome_label or str(marks.STATUS_LABELS[visit.status])
    if visit.reason:
        how += f": {visit.reason}"
    times = f" · {said['actual']} {e(visit.times)}" if visit.times else ""
    note = f'<span class="co-note">{e(visit.note)}</span>' if visit.note else ""
    actions = ""
    if items:
        label = e(_("Actions of %(visit)s") % {"visit": visit.title})
        actions = menu(f"visit-menu-{visit.sequence}", label, items, " co-btn-quiet co-btn-sm")
    return (
        f"<li>{_outcome(visit)}<div><b>{e(visit.slot)}</b>"
        f' <span class="co-t2">{e(who)}</span>'
        f"<small>{e(visit.title)} · {e(how)}{times}</small>{note}</div>{actions}</li>"
    )


def _outcome(visit: VisitSeen) -> str:
    if visit.outcome in ("done", "cancelled"):
        return marks.disc(visit.outcome, "20")
    if not visit.outcome:
        return marks.disc(visit.status, "20")
    icon = marks.icon("user-off" if visit.outcome == "customer_absent" else "arrow-back")
    return f'<span class="co-disc co-disc-20 co-disc-plain">{icon}</span>'


def tab_row(
    detail: OrderDetail, tab: str, urls: Mapping[str, str], records: list[Shown]
) -> SafeString:
    """The tabs, each with how much is in it; `tab` is open."""
    said = words()
    recorded = [f"{one.answered}/{one.asked}" for one in records if one.is_current and one.asked]
    tabs = [
        ("journal", said["Journal"], [str(detail.journal_count)]),
        ("record", said["Record"], recorded),
        ("notes", said["Notes"], [str(detail.counts["notes"])]),
        ("files", said["Files"], [str(detail.counts["files"])]),
        ("time", said["Time"], []),
    ]
    return mark_safe(  # noqa: S308
        "".join(
            [_tab(name, label, urls[name], name == tab, counts) for name, label, counts in tabs]
        )
    )


def _tab(name: str, label: str, url: str, is_open: bool, counts: list[str]) -> str:
    here = ' aria-current="page"' if is_open else ""
    counted = "".join([f' <span class="co-count">{count}</span>' for count in counts])
    return (
        f'<a href="?tab={name}"{here} hx-get="{e(url)}" hx-target="#order-tabs"'
        f' hx-swap="innerHTML">{label}{counted}</a>'
    )
