"""What the New order form shows while it is filled in: for whom and where, who could go, when."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.accounts.zone import local, today
from callout.customers import policy as customers
from callout.customers.choices import AssetsThere, assets_there
from callout.customers.models import Asset, Contact, Customer, Site, SiteLink
from callout.kernel.actor import Actor
from callout.orders import policy
from callout.orders.models import OrderAsset, ServiceOrder
from callout.orders.numbers import order_number
from callout.orders.selectors.when import When
from callout.planning.ask import Ask
from callout.planning.fit.cost import Option
from callout.planning.selectors import slot_choice, slot_first, slot_reasons
from callout.workforce.models import Technician

Row = TypeVar("Row", bound=models.Model)

MOST_OPEN = 4
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Chosen:
    """What stands in a field that is filled by typing: its value and its words."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order that is open at the same place: the call may be about it."""

    id: UUID
    number: str
    title: str
    status: str
    when: str
    technician: str


@dataclass(slots=True)
class PlaceShown:
    """For whom and where, as far as it is chosen."""

    customer: Chosen | None = None
    alert: str = ""
    bill_to: str = ""
    location: Chosen | None = None
    site_id: UUID | None = None
    asset: str = ""
    address: str = ""
    linked: bool = True
    contact: Chosen | None = None
    open_orders: list[OpenOrder] = field(default_factory=list)
    asset_id: UUID | None = None
    more: AssetsThere | None = None  # what else stands there


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A technician who could go, with the reasons a dispatcher weighs."""

    technician_id: UUID
    name: str
    initials: str
    start: datetime
    why: str
    slot: str
    best: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class SlotShown:
    """A slot as the form's fields hold it, and what speaks against it."""

    start: datetime
    words: str
    why: str
    cautions: list[str]


def place_shown(
    *,
    actor: Actor,
    customer_id: UUID | None,
    site_id: UUID | None = None,
    asset_id: UUID | None = None,
    contact_id: UUID | None = None,
    more_asset_ids: Collection[UUID] = (),
    open_orders: bool = True,
) -> PlaceShown:
    """What is known of the place chosen so far. Ids that lead nowhere count as not chosen."""
    policy.manager_required(actor)
    shown = PlaceShown()
    customer = _one(customers.visible_customers(actor).select_related("bill_to"), customer_id)
    if customer is not None:
        _customer_shown(shown, customer)
        contact = _one(customers.visible_contacts(actor).filter(customer=customer), contact_id)
        shown.contact = _contact_shown(contact)
    asset = _one(customers.visible_assets(actor).select_related("site"), asset_id)
    site = asset.site if asset else _one(customers.visible_sites(actor), site_id)
    if site is not None:
        _site_shown(shown, site, asset)
        shown.more = assets_there(
            actor=actor, site_id=site.pk, asset_id=shown.asset_id, chosen=more_asset_ids
        )
        shown.open_orders = _open_at(actor, site, asset) if open_orders else []
        if customer is not None:
            shown.linked = SiteLink.objects.filter(site=site, customer=customer).exists()
    return shown


def only_location(*, actor: Actor, customer_id: UUID | None) -> Chosen | None:
    """The customer's site, where there is just one to choose."""
    policy.manager_required(actor)
    if customer_id is None:
        return None
    linked = SiteLink.objects.filter(customer=customer_id).values("site")
    sites = customers.visible_sites(actor).filter(pk__in=linked, archived_at__isnull=True)
    found = list(sites.order_by("name_sort")[:2])
    return Chosen(f"site:{found[0].pk}", found[0].name) if len(found) == 1 else None


def _one(rows: QuerySet[Row], pk: UUID | None) -> Row | None:
    return rows.filter(pk=pk, archived_at__isnull=True).first() if pk else None


def _customer_shown(shown: PlaceShown, customer: Customer) -> None:
    shown.customer = Chosen(str(customer.pk), customer.name)
    shown.alert = customer.alert
    shown.bill_to = customer.bill_to.name if customer.bill_to else ""


def _contact_shown(contact: Contact | None) -> Chosen | None:
    return Chosen(str(contact.pk), contact.name) if contact else None


def _site_shown(shown: PlaceShown, site: Site, asset: Asset | None) -> None:
    town = " ".join(part for part in (site.postcode, site.town) if part)
    shown.site_id = site.pk
    shown.address = ", ".join(part for part in (site.street, town) if part)
    shown.asset = str(asset) if asset else ""
    shown.asset_id = asset.pk if asset else None
    if asset is not None:
        shown.location = Chosen(f"asset:{asset.pk}", f"{asset} · {site.name}")
    else:
        shown.location = Chosen(f"site:{site.pk}", site.name)


def _open_at(actor: Actor, site: Site, asset: Asset | None) -> list[OpenOrder]:
    here = Q(site=site) | (Q(asset=asset) if asset else Q())
    rows = policy.orders_visible(actor).filter(here, stage__in=["new", "planned"])
    rows = rows.select_related("type", "technician").defer("search", "description")
    when = When()
    return [
        OpenOrder(
            id=row.pk,
            number=order_number(row.number),
            title=row.title or row.type.name,
            status=row.technician_status or "new",
            when=when.full(row.start) if row.start else "",
            technician=row.technician.name if row.technician else "",
        )
        for row in rows.order_by("-number")[:MOST_OPEN]
    ]


def technician_shown(*, actor: Actor, technician_id: UUID | None) -> Technician | None:
    """A technician who can be planned, with their own vehicle; None if there is no such."""
    policy.manager_required(actor)
    rows = Technician.objects.select_related("vehicle").filter(archived_at__isnull=True)
    return rows.filter(pk=technician_id).first() if technician_id else None


def order_shown(*, actor: Actor, order_id: UUID | None) -> Chosen | None:
    """Another order chosen: the one that this follows."""
    rows = policy.orders_visible(actor).select_related("type")
    found = rows.filter(pk=order_id).first() if order_id else None
    if found is None:
        return None
    return Chosen(str(found.pk), f"{order_number(found.number)} {found.title or found.type.name}")


def order_to_copy(*, actor: Actor, order_id: UUID) -> ServiceOrder | None:
    """The order that a new one repeats or follows, with `more_ids` of its other assets."""
    policy.manager_required(actor)
    more = OrderAsset.objects.filter(order=OuterRef("pk"), asset__archived_at=None)
    rows = policy.orders_visible(actor).select_related("type", "priority")
    rows = rows.annotate(more_ids=ArraySubquery(more.values("asset_id")))
    return rows.filter(pk=order_id).first()


def who_shown(*, actor: Actor, ask: Ask, chosen_id: UUID | None) -> tuple[list[Suggestion], str]:
    """The best technicians for the job, and in words how many could come today."""
    found = slot_choice(actor=actor, ask=ask, limit=SHOWN)
    shown = [
        Suggestion(
            technician_id=one.fit.person.id,
            name=one.fit.person.name,
            initials=one.fit.person.initials,
            start=one.fit.start,
            why=why_words(one, ask),
            slot=When().slot(one.fit.start, one.fit.end),
            best=not position and not one.reasons,
            chosen=one.fit.person.id == chosen_id,
        )
        for position, one in enumerate(found.options)
    ]
    words = {"count": found.today, "all": found.everybody, "skill": ", ".join(found.skills)}
    if ask.type_id is None:
        return shown, ""
    if found.skills:
        aside = _("%(count)d of %(all)d have the skill “%(skill)s” and a free slot today")
    else:
        aside = _("%(count)d of %(all)d have a free slot today")
    return shown, aside % words


def slot_proposed(*, actor: Actor, technician_id: UUID, ask: Ask, skip: int = 0) -> SlotShown:
    """The technician's first free slot, or the one `skip` further on. Refused when none is."""
    found = slot_first(actor=actor, technician_id=technician_id, ask=ask, skip=skip)
    return SlotShown(
        start=found.fit.start,
        words=_slot_words(found.fit.start, found.fit.end),
        why=why_words(found, ask),
        cautions=[reason.words for reason in found.reasons],
    )


def slot_judged(*, actor: Actor, technician_id: UUID, start: datetime, ask: Ask) -> list[str]:
    """What speaks against a slot chosen by hand, in words."""
    end = start + timedelta(minutes=ask.duration_minutes)
    found = slot_reasons(actor=actor, technician_id=technician_id, start=start, end=end, ask=ask)
    return [reason.words for reason in found]


def why_words(found: Option, ask: Ask) -> str:
    """10 km from Overijse, 12 min travel, before 12:00."""
    parts = []
    leg = found.cost.leg
    if leg is not None:
        words = {"km": round(leg.kilometres), "from": found.fit.person.town}
        if found.cost.from_base and words["from"]:
            parts.append(_("%(km)d km from %(from)s") % words)
        elif found.cost.from_base:
            parts.append(_("%(km)d km from home") % words)
        else:
            parts.append(_("%(km)d km from the visit before") % words)
        travel = ngettext("%(count)d min travel", "%(count)d min travel", leg.minutes)
        parts.append(travel % {"count": leg.minutes})
    if found.cost.known:
        parts.append(_("has been there before"))
    parts += _against_target(found.fit.start, ask.due_at)
    parts += [reason.words for reason in found.reasons if reason.code != "target"]
    return " · ".join(parts)


def _against_target(start: datetime, due_at: datetime | None) -> list[str]:
    """In time for the response target, or by how much not."""
    if due_at is None:
        return []
    when = When()
    if start <= due_at:
        return [_("in time: due %(time)s") % {"time": when.moment(due_at)}]
    return [_("%(late)s late") % {"late": when.span(start - due_at)}]


def ask_with(ask: Ask, not_before: datetime | None) -> Ask:
    """The same question from a moment on."""
    return replace(ask, not_before=not_before)


def _slot_words(start: datetime, end: datetime) -> str:
    words = f"{local(start):%H:%M}–{local(end):%H:%M}"
    return words if local(start).date() == today() else f"{When().weekday(start)} {words}"
