"""What lower rooms need to know of orders, handed to them when the application starts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.accounts import hooks as accounts
from callout.accounts.zone import local
from callout.customers import hooks
from callout.customers.models import Asset, Contact
from callout.kernel.actor import Actor
from callout.orders.lifecycle import Stage
from callout.orders.models import (
    Assignment,
    InterventionType,
    OrderAsset,
    ServiceOrder,
    Visit,
)
from callout.orders.policy import own_assignments
from callout.workforce import hooks as team

Ids = QuerySet[Any, Any]
COLUMNS = {"customer": "customer", "site": "site", "contact": "contact", "asset": "asset"}
OPEN = [Stage.NEW.value, Stage.PLANNED.value]


class OwnWork:
    """A technician's own work, as ids of what it touches: see customers/hooks.py."""

    def customers(self, technician_id: UUID) -> Ids:
        return own_assignments(technician_id).values("visit__order__customer_id")

    def sites(self, technician_id: UUID) -> Ids:
        return own_assignments(technician_id).values("visit__order__site_id")

    def contacts(self, technician_id: UUID) -> Ids:
        """The contact of each own order, and the customer's contacts at that very site."""
        own = own_assignments(technician_id)
        named = Q(pk__in=own.values("visit__order__contact_id"))
        there = Q(
            site_id__in=own.values("visit__order__site_id"),
            customer_id__in=own.values("visit__order__customer_id"),
        )
        return Contact.objects.filter(named | there).values("pk")

    def assets(self, technician_id: UUID) -> Ids:
        own = own_assignments(technician_id)
        more = OrderAsset.objects.filter(order_id__in=own.values("visit__order_id"))
        return Asset.objects.filter(
            Q(pk__in=own.values("visit__order__asset_id")) | Q(pk__in=more.values("asset_id"))
        ).values("pk")

    def audience(self, entity: str, entity_id: UUID) -> Iterable[UUID]:
        column = COLUMNS.get(entity)
        if column is None:
            return []
        rows = Assignment.objects.filter(is_open=True, **{f"visit__order__{column}": entity_id})
        return set(rows.values_list("technician_id", flat=True))


def archive_guard(entity: str, entity_id: UUID) -> str | None:
    """Open orders stand on it: they would lose their customer, place or contact."""
    column = COLUMNS.get(entity)
    if column is None:
        return None
    return still_open(ServiceOrder.objects.filter(**{column: entity_id}))


def unlink_guard(site_id: UUID, customer_id: UUID) -> str | None:
    """The customer has open orders at the site."""
    return still_open(ServiceOrder.objects.filter(site=site_id, customer=customer_id))


def still_open(orders: QuerySet[ServiceOrder]) -> str | None:
    """How many of them are open, and that these come first; None for none."""
    count = orders.filter(stage__in=OPEN).count()
    if not count:
        return None
    return ngettext(
        "There is %(count)d open order for it. Finish or cancel that first.",
        "There are %(count)d open orders for it. Finish or cancel those first.",
        count,
    ) % {"count": count}


def team_guard(entity: str, entity_id: UUID) -> str | None:
    """Open visits would lose their technician or their vehicle; types would ask for a skill that
    nobody can be given any more."""
    if entity == "skill":
        return _skill_needed(entity_id)
    if entity == "technician":
        count = Assignment.objects.filter(technician=entity_id, is_open=True).count()
    elif entity == "vehicle":
        count = Visit.objects.filter(vehicle=entity_id, is_open=True).count()
    else:
        return None
    if not count:
        return None
    return ngettext(
        "There is %(count)d planned visit with it. Plan that otherwise first.",
        "There are %(count)d planned visits with it. Plan those otherwise first.",
        count,
    ) % {"count": count}


def _skill_needed(skill_id: UUID) -> str | None:
    types = InterventionType.objects.filter(skills=skill_id)
    names = list(types.filter(archived_at=None).values_list("name", flat=True))
    if names:
        words = ngettext(
            "The type %(types)s needs it. Take it off there first.",
            "The types %(types)s need it. Take it off there first.",
            len(names),
        )
        return words % {"types": ", ".join(names)}
    return still_open(ServiceOrder.objects.filter(type__in=types))


def type_guard(type_id: UUID) -> str | None:
    """Open orders would have a type that nobody can choose; or none would be left to choose."""
    if words := still_open(ServiceOrder.objects.filter(type=type_id)):
        return words
    if not InterventionType.objects.filter(archived_at=None).exclude(pk=type_id).exists():
        return _("It is the last type, and an order needs one. Create another first.")
    return None


def zone_guard(old: ZoneInfo, new: ZoneInfo) -> str | None:
    """Planned visits would be shown at other hours than those that people were told."""
    starts = Visit.objects.filter(is_open=True).values_list("start", flat=True)
    others = [
        start for start in starts
        if start.astimezone(old).utcoffset() != start.astimezone(new).utcoffset()
    ]  # fmt: skip
    if not others:
        return None
    first = min(others)
    words = ngettext(
        "There is %(count)d planned visit. It would not move, but be shown at another hour than"
        " people were told: %(old)s as %(new)s. Tick below if that is meant.",
        "There are %(count)d planned visits. They would not move, but be shown at other hours than"
        " people were told: the first, %(old)s, as %(new)s. Tick below if that is meant.",
        len(others),
    )
    shown = {"old": f"{first.astimezone(old):%H:%M}", "new": f"{first.astimezone(new):%H:%M}"}
    return words % {"count": len(others), **shown}


def last_orders(actor: Actor, entity: str, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """When each of them last had an order received, for managers choosing among them."""
    column = COLUMNS.get(entity)
    if column is None or not actor.is_manager:
        return {}
    rows = (
        ServiceOrder.objects.filter(**{f"{column}__in": list(ids)})
        .values(column)
        .annotate(last=Max("received_at"))
        .values_list(column, "last")
    )
    return {
        one: _("last order %(day)s") % {"day": date_format(local(last), "j M")}
        for one, last in rows
    }


def register() -> None:
    """Called once, when the application is ready."""
    hooks.own_work_found_by(OwnWork())
    hooks.archive_guards.append(archive_guard)
    hooks.unlink_guards.append(unlink_guard)
    hooks.sublines.append(last_orders)
    team.archive_guards.append(team_guard)
    accounts.zone_guards.append(zone_guard)
