"""The search box over everything: orders, customers, sites, equipment, technicians, phones."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, Left
from django.utils.translation import gettext as _

from callout.customers import policy as customers
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid
from callout.orders import policy
from callout.orders.filters import LONGEST_TEXT
from callout.orders.numbers import order_number
from callout.orders.selectors.typed import number_typed, phone_typed, words_typed
from callout.workforce.models import Technician

MOST_ORDERS = 5
MOST_THINGS = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: `kind` is order, customer, site, asset, technician or contact."""

    kind: str
    id: UUID
    name: str
    detail: str
    status: str = ""  # of an order
    number: int = 0  # of an order


def order_search(*, actor: Actor, q: str) -> list[Hit]:
    """What `q` may mean, likeliest first: the order of that number, that serial number, words.

    At most four queries. A technician finds own work only; Invalid for too long a text.
    """
    typed = q.replace("\x00", "").strip()
    if len(typed) > LONGEST_TEXT:
        raise Invalid({"q": [_("Type at most %(most)d characters.") % {"most": LONGEST_TEXT}]})
    words = words_typed(typed)
    number = number_typed(typed)
    hits = _orders(actor, Q(number=number)) if number is not None else []
    hits += _serials(actor, typed)
    if words:
        known = {hit.id for hit in hits}
        hits += [hit for hit in _orders(actor, _all_in("search", words)) if hit.id not in known]
        hits += [hit for hit in _things(actor, words, typed) if hit.id not in known]
    return hits


def _all_in(column: str, words: list[str]) -> Q:
    found = Q()
    for word in words:
        found &= Q(**{f"{column}__contains": word})
    return found


def _orders(actor: Actor, which: Q) -> list[Hit]:
    rows = policy.orders_visible(actor).filter(which).order_by("-number")
    found = rows.values_list(
        *("id", "number", "title", "technician_status", "type__name"),
        *("customer__name", "site__town"),
        named=True,
    )
    return [_order_hit(values) for values in found[:MOST_ORDERS]]


def _order_hit(o: Any) -> Hit:
    where = " · ".join(word for word in (o.customer__name, o.site__town) if word)
    name = f"{order_number(o.number)} {o.title or o.type__name}"
    return Hit("order", o.id, name, where, o.technician_status or "new", o.number)


def _serials(actor: Actor, typed: str) -> list[Hit]:
    """Equipment of exactly this serial number."""
    if len(typed) < 3:
        return []
    rows = customers.visible_assets(actor).filter(serial_number=typed)
    found = rows.values_list("id", "kind", "reference", "site__name", "site__town")[:MOST_THINGS]
    return [
        Hit("asset", pk, " ".join(filter(None, (kind, reference))), f"{site} · {town}".strip(" ·"))
        for pk, kind, reference, site, town in found
    ]


def _things(actor: Actor, words: list[str], typed: str) -> list[Hit]:
    """Customers, sites, equipment, technicians and contacts, in one query."""
    found_by = _all_in("search", words)
    phone = phone_typed(typed)
    contacts = customers.visible_contacts(actor).filter(found_by)
    lists = [
        _named(customers.visible_customers(actor).filter(found_by), "customer", "name", "town"),
        _named(customers.visible_sites(actor).filter(found_by), "site", "name", "town", "street"),
        _named(
            customers.visible_assets(actor).filter(found_by),
            *("asset", "reference", "site__town", "kind"),
        ),
        _named(contacts, "contact", "name", "customer__name"),
    ]
    if actor.is_manager:
        team = Technician.objects.filter(found_by, archived_at__isnull=True)
        lists.append(_named(team, "technician", "name", "phone" if phone else "town"))
    first, *rest = lists
    return [Hit(*values) for values in first.union(*rest, all=True)]


def _named(
    rows: QuerySet[Any], kind: str, name: str, detail: str, more: str = ""
) -> QuerySet[Any, Any]:
    text = Cast(F(detail), TextField())
    words: Any = Concat(F(more), Value(" · "), text, output_field=TextField()) if more else text
    found: QuerySet[Any, Any] = rows.annotate(
        hit_kind=Value(kind, output_field=CharField()),
        hit_name=Left(F(name), 160),
        hit_detail=words,
    ).values_list("hit_kind", "id", "hit_name", "hit_detail")
    return found[:MOST_THINGS]
