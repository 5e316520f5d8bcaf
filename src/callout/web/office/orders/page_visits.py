"""The visits of an order on its page, and the row of tabs under them (written as page_head.py)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from callout.orders.selectors import OrderDetail
from callout.orders.selectors.visits import VisitSeen
from callout.web.office.orders import buttons
from callout.web.office.orders.page_head import menu, section
from callout.web.office.orders.record import Shown
from callout.web.office.orders.visit_menu import Item, other_visits
from callout.web.ui import marks, story
from callout.web.ui.addresses import address
from callout.web.ui.markup import NOTHING, joined, piece

TEXT = piece('<p class="co-order-text">{text}</p>')
NOTE = piece('<p class="co-note">{text}</p>')
NOTHING_PLANNED = piece('<p class="co-t2">{words}</p>')
WHICH = piece('<span class="co-t3 co-sm">{title}{planned_by}</span>')
TO_BOARD = piece('<a class="co-end co-t2 co-row" href="{url}">{icon}{words}</a>')
ASKS = piece("""
    <button class="co-btn co-btn-sm" type="button" hx-get="{url}?on=page"
      hx-target="#co-dialog">{label}</button>
""")
BROKEN = piece("""
    <p class="co-notice co-notice-danger" role="status">
      {icon}<span class="co-grow">{words}</span>{asks}
    </p>
""")
WAITS = piece("""
    <p class="co-notice co-notice-plain">{icon}<span class="co-grow">{words}</span>{asks}</p>
""")
COUNT = piece('<span class="co-count">{count}</span>')
VISITS = piece('<ul class="co-visits">{rows}</ul>')
VISIT = piece("""
    <li>
      {mark}<div>
        <b>{slot}</b> <span class="co-t2">{who}</span>
        <small>{title} · {how}{times}</small>{note}
      </div>{actions}
    </li>
""")
VISIT_NOTE = piece('<span class="co-note">{text}</span>')
PLAIN_DISC = piece('<span class="co-disc co-disc-20 co-disc-plain">{icon}</span>')
TAB = piece("""
    <a href="?tab={name}"{here} hx-get="{url}" hx-target="#order-tabs"
      hx-swap="innerHTML">{label}{counts}</a>
""")
TAB_COUNT = piece(' <span class="co-count">{count}</span>')
HERE = SafeString(' aria-current="page"')


def visits(
    actor: Any, detail: OrderDetail, waiting: str, told: list[dict[str, str]], records: list[Shown]
) -> SafeString:
    """`waiting`: what it waits for, if it does; `told`: the facts of the current visit."""
    found = []
    if detail.current:
        found.append(_current(detail, detail.current, told, records))
    elif detail.stage == "new":
        found.append(_to_plan(detail, waiting))
    if detail.others:
        found.append(_others(other_visits(actor, detail)))
    rest = detail.order.description.partition("\n")[2].strip()
    if rest:
        found.append(section("rest", _("Description"), TEXT(text=rest)))
    return joined(found, "\n")


def _current(
    detail: OrderDetail, visit: VisitSeen, told: list[dict[str, str]], records: list[Shown]
) -> SafeString:
    planned_by = f" · {visit.planned_by}" if visit.planned_by else ""
    aside = [
        WHICH(title=visit.title, planned_by=planned_by),
        *_visit_flags(visit, records),
        _board_link(buttons.board_url(detail)),
    ]
    body = [
        story.steps(visit.steps),
        story.facts(told, ruled=True),
        _broken(detail) if visit.promise_broken else NOTHING,
        NOTE(text=visit.note) if visit.note else NOTHING,
    ]
    title = _("Current visit") if visit.is_open else _("Last visit")
    return section("visit", title, joined(body), joined(aside))


def _visit_flags(visit: VisitSeen, records: list[Shown]) -> list[SafeString]:
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
    return found


def _board_link(url: str) -> SafeString:
    if not url:
        return NOTHING
    return TO_BOARD(url=url, icon=marks.icon("calendar-time"), words=_("Show on the board"))


def _broken(detail: OrderDetail) -> SafeString:
    outside = _(
        "The slot lies outside what was promised to the customer. Call, promise anew, or keep it."
    )
    url = address("office:order_promise", order_id=detail.order.pk)
    asks = ASKS(url=url, label=_("Promise anew…"))
    return BROKEN(icon=marks.icon("alert-circle"), words=outside, asks=asks)


def _to_plan(detail: OrderDetail, waiting: str) -> SafeString:
    if waiting:
        url = address("office:order_wait", order_id=detail.order.pk)
        asks = ASKS(url=url, label=_("Change…"))
        body = WAITS(icon=marks.icon("hourglass"), words=waiting, asks=asks)
    else:
        body = NOTHING_PLANNED(words=_("Nobody is planned for this order yet."))
    return section("visit", _("To plan"), body)


def _others(found: Sequence[tuple[VisitSeen, list[Item]]]) -> SafeString:
    rows = VISITS(rows=joined([_other(visit, items) for visit, items in found]))
    return section("others", _("Other visits"), rows, COUNT(count=len(found)))


def _other(visit: VisitSeen, items: list[Item]) -> SafeString:
    how = visit.outcome_label or str(marks.STATUS_LABELS[visit.status])
    if visit.reason:
        how += f": {visit.reason}"
    actions = NOTHING
    if items:
        label = _("Actions of %(visit)s") % {"visit": visit.title}
        actions = menu(f"visit-menu-{visit.sequence}", label, items, " co-btn-quiet co-btn-sm")
    return VISIT(
        mark=_outcome(visit),
        slot=visit.slot,
        who=", ".join([visit.technician, *visit.helpers]),
        title=visit.title,
        how=how,
        times=" · " + _("actual") + f" {visit.times}" if visit.times else "",
        note=VISIT_NOTE(text=visit.note) if visit.note else NOTHING,
        actions=actions,
    )


def _outcome(visit: VisitSeen) -> SafeString:
    if visit.outcome in ("done", "cancelled"):
        return marks.disc(visit.outcome, "20")
    if not visit.outcome:
        return marks.disc(visit.status, "20")
    absent = visit.outcome == "customer_absent"
    return PLAIN_DISC(icon=marks.icon("user-off" if absent else "arrow-back"))


def tab_row(
    detail: OrderDetail, tab: str, urls: Mapping[str, str], records: list[Shown]
) -> SafeString:
    """The tabs, each with how much is in it; `tab` is open."""
    recorded = [f"{one.answered}/{one.asked}" for one in records if one.is_current and one.asked]
    tabs = [
        ("journal", _("Journal"), [str(detail.journal_count)]),
        ("record", _("Record"), recorded),
        ("notes", _("Notes"), [str(detail.counts["notes"])]),
        ("files", _("Files"), [str(detail.counts["files"])]),
        ("time", _("Time"), []),
    ]
    return joined(
        [_tab(name, label, urls[name], name == tab, counts) for name, label, counts in tabs]
    )


def _tab(name: str, label: str, url: str, is_open: bool, counts: list[str]) -> SafeString:
    counted = joined([TAB_COUNT(count=count) for count in counts])
    here = HERE if is_open else NOTHING
    return TAB(name=name, here=here, url=url, label=label, counts=counted)
