"""What a technician reads of orders on the phone: own work only, by an explicit list of fields.

The documents that are made of it stand in fieldwork/selectors/visit_documents.py.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils import dateformat
from django.utils.translation import gettext as _

from callout.accounts.zone import local
from callout.customers.fields import home_country
from callout.customers.models import Asset, Site
from callout.kernel import clock
from callout.kernel.actor import Actor, actor_required
from callout.kernel.checks import phone_shown
from callout.kernel.errors import NotFound
from callout.orders import policy
from callout.orders.access_code import code_window
from callout.orders.lifecycle import Outcome
from callout.orders.models import Attachment, ServiceOrder, Visit
from callout.orders.words import outcome_label

PAST = (Outcome.DONE, Outcome.HANDED_BACK, Outcome.CUSTOMER_ABSENT)


def attachment_of_own_work(*, actor: Actor, attachment_id: UUID, photo: bool = False) -> Attachment:
    """A file of the technician's own work that is for technicians, with `photo` only one that has
    a small picture; NotFound otherwise."""
    rows = Attachment.objects.filter(for_technician=True, archived_at__isnull=True)
    rows = rows.filter(order__in=policy.orders_visible(_as_technician(actor)))
    if photo:
        rows = rows.filter(kind="photo")
    row = rows.filter(pk=attachment_id).first()
    if row is None:
        raise NotFound
    return row


def order_id_of_visit(*, actor: Actor, visit_id: UUID) -> UUID:
    """The order of a visit that the technician goes on, a helper's too; NotFound for any other."""
    own = _as_technician(actor).technician_id
    rows = policy.own_assignments(own).filter(visit=visit_id) if own else None
    order_id = rows.values_list("visit__order_id", flat=True).first() if rows is not None else None
    if order_id is None:
        raise NotFound
    return order_id


def _as_technician(actor: Actor) -> Actor:
    """With a technician's rights only, whatever else they may be."""
    return replace(actor_required(actor), is_manager=False, is_admin=False)


@dataclass(frozen=True, slots=True)
class Past:
    """A past intervention: when, what, by whom. Nothing else of it is a technician's business."""

    day: str
    what: str
    who: str
    outcome: str
    done: bool


def past_of(visit: Visit) -> Past:
    """One past visit in words."""
    order = visit.order
    return past_told(
        *(visit.closed_at, visit.start),
        *(order.type.name, order.title, visit.technician.name, visit.outcome or ""),
    )


def past_told(
    closed_at: datetime | None, start: datetime, kind: str, title: str, who: str, outcome: str
) -> Past:
    """The same of what was read of it."""
    return Past(
        day=_day_words(local(closed_at or start).date(), year=True),
        what=" · ".join(part for part in (kind, title) if part),
        who=who,
        outcome=outcome_label(outcome),
        done=outcome == Outcome.DONE,
    )


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to ring."""

    name: str
    detail: str
    number: str
    tel: str


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


@dataclass(frozen=True, slots=True)
class Equipment:
    """An asset of the order."""

    name: str
    detail: str


def equipment_of(asset: Asset) -> Equipment:
    """What an asset is."""
    make = " ".join(part for part in (asset.manufacturer, asset.model) if part)
    detail = " · ".join(part for part in (make, asset.serial_number) if part)
    return Equipment(name=str(asset), detail=detail)


def wish_of(order: ServiceOrder) -> str:
    """The hours that the customer asked for."""
    if order.wish_from and order.wish_to:
        return f"{order.wish_from:%H:%M}–{order.wish_to:%H:%M}"
    return ""


def address_of(site: Site) -> str:
    """Street, postcode and town in one line."""
    town = " ".join(part for part in (site.postcode, site.town) if part)
    return ", ".join(part for part in (site.street, town) if part)


def code_of(visit: Visit, *, has_code: bool) -> tuple[str, str]:
    """Whether the site's code may be looked at: "", "open" or "later", and then from which day."""
    if not has_code or not visit.is_open:
        return "", ""
    opens, is_open = code_window(visit)
    return ("open", "") if is_open else ("later", _day_words(local(opens).date()))


def _day_words(day: date, *, year: bool = False) -> str:
    this_year = local(clock.now()).year
    return dateformat.format(day, "D j M Y" if year and day.year != this_year else "D j M")
