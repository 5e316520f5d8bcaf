"""Who sees which customers, sites, contacts and assets, and who may change them.

A manager sees and changes all. A technician sees those of own work (see `hooks`), and of a
customer only `CUSTOMER_FIELDS`; areas are for all who work here. Everybody else sees nothing.
"""

from typing import TypeVar

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from callout.customers import hooks
from callout.customers.models import Area, Asset, Contact, Customer, Site
from callout.kernel.actor import Actor, actor_required
from callout.kernel.errors import Forbidden

M = TypeVar("M", bound=models.Model)

# What a technician may read of a customer: whom to greet and how to reach them. Who pays, the VAT
# number and the office's notes are not theirs.
CUSTOMER_FIELDS = frozenset(
    {
        "id", "version", "kind", "name", "email", "phone", "language", "alert", "street",
        "postcode", "town", "country", "archived_at",
    }
)  # fmt: skip


def manage(actor: Actor) -> None:
    """Forbidden but for a manager."""
    if not actor_required(actor).is_manager:
        raise Forbidden(_("Only a manager may do this."))


def sees_all_fields(actor: Actor) -> bool:
    """Whether the whole of a customer is for this reader, or `CUSTOMER_FIELDS` only."""
    return actor_required(actor).is_manager


def visible_customers(actor: Actor) -> QuerySet[Customer]:
    """The customers that `actor` may know of."""
    return _visible(Customer.objects.all(), actor, "customers")


def visible_sites(actor: Actor) -> QuerySet[Site]:
    """The sites that `actor` may know of. Never carries the access code."""
    return _visible(Site.objects.defer("access_code_encrypted"), actor, "sites")


def visible_contacts(actor: Actor) -> QuerySet[Contact]:
    """The contacts that `actor` may know of."""
    return _visible(Contact.objects.all(), actor, "contacts")


def visible_assets(actor: Actor) -> QuerySet[Asset]:
    """The assets that `actor` may know of."""
    return _visible(Asset.objects.all(), actor, "assets")


def visible_areas(actor: Actor) -> QuerySet[Area]:
    """The areas, for who works here."""
    works = actor_required(actor).is_manager or actor.technician_id is not None
    return Area.objects.all() if works else Area.objects.none()


def _visible(rows: QuerySet[M], actor: Actor, things: str) -> QuerySet[M]:
    if actor_required(actor).is_manager:
        return rows
    if not actor.is_technician or actor.technician_id is None or hooks.own_work is None:
        return rows.none()
    ids: hooks.Ids = getattr(hooks.own_work, things)(actor.technician_id)
    return rows.filter(pk__in=ids)
