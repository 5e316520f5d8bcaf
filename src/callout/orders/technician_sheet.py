"""One order as its technician reads it on the phone: everything prepared, by an explicit list.

No prices, no internal notes, no other planned work; of the past, what `Past` has and no more.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext as _

from callout.accounts.zone import local, today
from callout.customers.fields import home_country
from callout.customers.models import Asset, Site
from callout.kernel.actor import Actor
from callout.kernel.checks import phone_shown
from callout.kernel.errors import NotFound
from callout.kernel.hours import day_shown
from callout.orders import policy
from callout.orders.access_code import code_window
from callout.orders.lifecycle import NEXT_SENSIBLE, TABLE, Status, allows
from callout.orders.models import Attachment, Note, ServiceOrder, TimeEntry, Visit
from callout.orders.numbers import order_number
from callout.orders.services.undo import last_entry, undo_refusal
from callout.orders.technician_selectors import (
    Past,
    as_technician,
    day_words,
    earlier_of,
    files_of,
    hour,
    notes_of,
    past_of,
    status_shown,
)
from callout.orders.words import action_label

EARLIER_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to ring."""

    name: str
    detail: str
    number: str
    tel: str


@dataclass(frozen=True, slots=True)
class Equipment:
    """An asset of the order."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Line:
    """A word and what it says: access, parking, keys, hours."""

    label: str
    text: str
    icon: str


@dataclass(frozen=True, slots=True)
class Said:
    """A note for the technician."""

    text: str
    who: str
    when: str
    iso: str


@dataclass(frozen=True, slots=True)
class File:
    """A file of the order that a technician may open."""

    id: UUID
    name: str
    photo: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """Time of the technician's own on this order."""

    kind: str
    label: str
    span: str
    derived: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole of the phone's order page."""

    id: UUID
    visit_id: UUID
    number: str
    status: str
    ended: str
    stage: str
    priority: str
    type: str
    type_icon: str
    slot: str
    expected_end: str
    promise: str
    wish: str
    title: str
    text: str
    absent: int
    customer: str
    alert: str
    place: str
    address: str
    geo: str
    calls: list[Call]
    assets: list[Equipment]
    access: list[Line]
    code: str  # "", "open" (may be looked at now) or "later"
    code_from: str
    team: list[str]
    helper: bool
    attempts: list[Past]
    earlier: list[Past]
    notes: list[Said]
    files: list[File]
    hours: list[Hours]
    big: str  # the next sensible action, "" where there is none
    actions: list[str]  # open now to this technician, in the table's order
    undo: str  # what an undo would take back, "" when it would not
    is_open: bool
    unseen: bool  # as it is planned now


def order_read(*, actor: Actor, order_id: UUID) -> Sheet:
    """The order for its technician; NotFound when it is not theirs."""
    actor = as_technician(actor)
    order = _order(actor, order_id)
    visits = _visits(actor, order)
    mine = own_visit(actor, order, visits)
    entry = last_entry(order)
    open_now = actions_of(actor, mine)
    undo = not undo_refusal(actor, entry, order) and entry is not None
    status, ended = status_shown(mine)
    first, _line, rest = order.description.partition("\n")
    code, code_from = code_of(order, mine)
    return Sheet(
        id=order.pk,
        visit_id=mine.pk,
        number=order_number(order.number),
        status=status,
        ended=ended,
        stage=order.stage,
        priority=order.priority.code,
        type=order.type.name,
        type_icon=order.type.icon,
        slot=slot_words(mine.start, mine.end),
        expected_end=hour(mine.expected_end) if mine.expected_end and mine.is_open else "",
        promise=slot_words(mine.promise_from, mine.promise_to),
        wish=wish_of(order),
        title=first.strip() or order.type.name,
        text=rest.strip(),
        absent=order.absent_count,
        customer=order.customer.name,
        alert=order.customer.alert,
        place=order.site.name if order.site.name != order.customer.name else "",
        address=address_of(order.site),
        geo=geo_of(order.site),
        code=code,
        code_from=code_from,
        helper=mine.technician_id != actor.technician_id,
        big=_big(mine, open_now),
        actions=open_now,
        undo=action_label(entry.action) if undo and entry else "",
        is_open=mine.is_open,
        unseen=_unseen(actor, visits),
        **_lists(actor, order, mine, visits),
    )


def _unseen(actor: Actor, visits: list[Visit]) -> bool:
    return any(
        one.is_open and one.seen_at is None and one.technician_id == actor.technician_id
        for visit in visits
        for one in visit.assignments.all()
    )


def _lists(
    actor: Actor, order: ServiceOrder, mine: Visit, visits: list[Visit]
) -> dict[str, list[Any]]:
    """The sheet's lists: people, things, the past, what was added."""
    helpers = [one for one in mine.assignments.all() if one.technician_id != actor.technician_id]
    notes = notes_of(order).order_by("-created_at")[:30]
    files = files_of(order).order_by("created_at")[:60]
    return {
        "calls": calls_of(order),
        "assets": _assets(order),
        "access": _access(order.site),
        "team": [one.technician.name for one in helpers],
        "attempts": [past_of(v) for v in visits if not v.is_open and v.pk != mine.pk],
        "earlier": earlier_of(order, EARLIER_SHOWN + 1),
        "notes": [_said(note) for note in notes],
        "files": [_file(row, actor) for row in files],
        "hours": _hours(actor, order),
    }


def visit_id_of(*, actor: Actor, order_id: UUID) -> UUID:
    """The technician's own visit of the order: what a tap on the phone acts on."""
    actor = as_technician(actor)
    order = policy.orders_visible(actor).filter(pk=order_id).first()
    if order is None:
        raise NotFound
    return own_visit(actor, order, _visits(actor, order)).pk


def actions_of(actor: Actor, visit: Visit) -> list[str]:
    """Codes of the actions open to the technician on their visit; none for a helper."""
    roles = policy.roles_on(actor, visit.technician_id)
    if not visit.is_open:
        return []
    status = Status(visit.status)
    return [a.code for a in TABLE if a.code != "undo" and allows(a, status, roles)]


def own_visit(actor: Actor, order: ServiceOrder, visits: list[Visit]) -> Visit:
    """The visit that this technician means by the order: under way, else next, else their last."""
    own = [visit for visit in visits if _goes(actor, visit)]
    if not own:
        raise NotFound
    open_ones = [visit for visit in own if visit.is_open]
    current = [visit for visit in open_ones if visit.pk == order.visit_id]
    return (current or open_ones or own[-1:])[0]


def _goes(actor: Actor, visit: Visit) -> bool:
    ids = {one.technician_id for one in visit.assignments.all()}
    return actor.technician_id in ids and visit.outcome != "unplanned"


def _order(actor: Actor, order_id: UUID) -> ServiceOrder:
    has_code = ExpressionWrapper(
        Q(site__access_code_encrypted__isnull=False), output_field=BooleanField()
    )
    rows = policy.orders_visible(actor).annotate(has_code=has_code)
    rows = rows.select_related("customer", "site", "asset", "contact", "type", "priority")
    order = rows.defer("site__access_code_encrypted").filter(pk=order_id).first()
    if order is None:
        raise NotFound
    return order


def _visits(actor: Actor, order: ServiceOrder) -> list[Visit]:
    """Those the technician may know of, oldest first, each with who goes."""
    rows = Visit.objects.filter(policy.visit_is_seen(actor), order=order)
    rows = rows.select_related("technician", "order__type")
    rows = rows.prefetch_related("assignments__technician")
    return list(rows.order_by("start", "sequence").distinct())


def _big(visit: Visit, open_now: list[str]) -> str:
    sensible = NEXT_SENSIBLE[Status(visit.status)]
    return sensible if sensible in open_now else ""


def slot_words(start: datetime | None, end: datetime | None) -> str:
    """From-to, with the day in front where that is not today."""
    if start is None or end is None:
        return ""
    words = f"{hour(start)}–{hour(end)}"
    day = local(start).date()
    return words if day == today() else f"{day_words(day)}, {words}"


def wish_of(order: ServiceOrder) -> str:
    """The hours that the customer asked for."""
    if order.wish_from and order.wish_to:
        return f"{order.wish_from:%H:%M}–{order.wish_to:%H:%M}"
    return ""


def address_of(site: Site) -> str:
    """Street, postcode and town in one line."""
    town = " ".join(part for part in (site.postcode, site.town) if part)
    return ", ".join(part for part in (site.street, town) if part)


def geo_of(site: Site) -> str:
    """A geo: link that a phone's navigation opens; by address where no position is known."""
    query = quote(address_of(site))
    if site.latitude is None or site.longitude is None:
        return f"geo:0,0?q={query}" if query else ""
    point = f"{site.latitude:.6f},{site.longitude:.6f}"
    return f"geo:{point}?q={point}({quote(site.name)})"


def calls_of(order: ServiceOrder) -> list[Call]:
    """The contact, who called, and the customer: each number once."""
    contact, customer = order.contact, order.customer
    people = [(order.caller_name or _("Who called"), _("Who called"), order.caller_phone)]
    if contact is not None:
        people[:0] = [(contact.name, contact.job or _("Contact"), contact.mobile)]
        people[1:1] = [(contact.name, contact.job or _("Contact"), contact.phone)]
    people.append((customer.name, _("Customer"), customer.phone))
    once = {tel: (name, detail) for name, detail, tel in reversed(people) if tel}
    country = home_country()
    return [
        Call(name=name, detail=detail, number=phone_shown(tel, country), tel=tel)
        for tel, (name, detail) in reversed(once.items())
    ]


def _assets(order: ServiceOrder) -> list[Equipment]:
    more = [row.asset for row in order.more_assets.select_related("asset")]
    return [equipment_of(one) for one in [order.asset, *more] if one is not None]


def equipment_of(asset: Asset) -> Equipment:
    """What an asset is."""
    make = " ".join(part for part in (asset.manufacturer, asset.model) if part)
    detail = " · ".join(part for part in (make, asset.serial_number) if part)
    return Equipment(name=str(asset), detail=detail)


def _access(site: Site) -> list[Line]:
    hours = day_shown(site.opening_hours[today().weekday()]) if site.opening_hours else ""
    lines = [
        Line(_("Access"), site.access_notes, icon="door-enter"),
        Line(_("Parking"), site.parking_notes, icon="parking"),
        Line(_("Key"), site.key_notes, icon="key"),
        Line(_("Open today"), hours, icon="clock"),
    ]
    return [line for line in lines if line.text]


def code_of(order: ServiceOrder, visit: Visit) -> tuple[str, str]:
    """Whether the site's code may be looked at: "", "open" or "later", and then from which day."""
    if not getattr(order, "has_code", False) or not visit.is_open:
        return "", ""
    opens, is_open = code_window(visit)
    return ("open", "") if is_open else ("later", day_words(local(opens).date()))


def _said(note: Note) -> Said:
    moment = local(note.created_at)
    when = hour(note.created_at)
    if moment.date() != today():
        when = f"{day_words(moment.date())}, {when}"
    who = note.author.name if note.author else ""
    return Said(text=note.text, who=who, when=when, iso=note.created_at.isoformat())


def _file(row: Attachment, actor: Actor) -> File:
    own = row.author_id is not None and row.author_id == actor.user_id
    return File(id=row.pk, name=row.name, photo=row.kind == "photo", own=own)


def _hours(actor: Actor, order: ServiceOrder) -> list[Hours]:
    labels = {
        TimeEntry.TRAVEL: _("Travel"),
        TimeEntry.WORK: _("Work"),
        TimeEntry.BREAK: _("Break"),
        TimeEntry.OTHER: _("Other"),
    }
    rows = TimeEntry.objects.filter(visit__order=order, technician=actor.technician_id)
    return [
        Hours(
            kind=row.kind,
            label=labels[row.kind],
            span=slot_words(row.start, row.end) or _("since %(time)s") % {"time": hour(row.start)},
            derived=row.derived,
        )
        for row in rows.order_by("start")
    ]
