"""Sites, each of a customer: the same by its name, or its street, and postcode."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from callout.customers import fields, policy
from callout.customers.imports.finding import customer_named, customers_named, sort_of
from callout.customers.imports.judging import (
    Changes,
    Key,
    Match,
    Row,
    cleaned_all,
    differing,
    told_beside,
)
from callout.customers.models import Customer, LinkRole, Site, SiteLink
from callout.kernel.actor import Actor
from callout.kernel.checks import Wrong
from callout.kernel.text import normalise

OF_THE_LINK = ("customer", "role", "parent")
ANYBODYS = "anybody's"  # in place of a customer


@dataclass(frozen=True, slots=True)
class Ready:
    """What a row would be: a site, the fields that it gives, whose it is and as what."""

    site: Site
    given: dict[str, Any]
    customer: Customer
    role: str


class SitesJudge:
    """See `judging.Judge`."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.found: dict[Key, Site] = {}

    def prepare(self, rows: Sequence[Row]) -> None:
        named = customers_named(self.actor, [row.values.get("customer", "") for row in rows])
        owners = {row.pk for found in named.values() for row in found}
        names = {sort_of(row.values.get("parent", "")) for row in rows} - {""}
        links = SiteLink.objects.filter(customer__in=owners, site__archived_at=None)
        parents = {
            (link.customer_id, link.site.name_sort): link.site
            for link in links.filter(site__name_sort__in=names).select_related("site")
        }
        for row in rows:
            row.ready = self._ready(row, named, parents)
        self._look([row.ready for row in rows if not row.faults], owners)

    def _ready(self, row: Row, named: Any, parents: dict[tuple[UUID, str], Site]) -> Ready | None:
        given: dict[str, Any] = {k: v for k, v in row.values.items() if k not in OF_THE_LINK}
        customer, role = None, row.values.get("role", LinkRole.OCCUPANT.value)
        try:
            if not row.values.get("customer"):
                raise Wrong(_("Say whose site it is: the customer's name or VAT number."))
            customer = customer_named(named, row.values["customer"])
        except Wrong as error:
            row.faults["customer"] = [str(error)]
        cleaned_all({"role": fields.ROLE}, {"role": role}, row.faults)
        if customer and (inside := row.values.get("parent")):
            parent = parents.get((customer.pk, sort_of(inside)))
            if parent is None:
                words = _("This customer has no site “%(name)s”. Import that one first.")
                row.faults["parent"] = [words % {"name": inside[:80]}]
            else:
                given["parent_id"] = parent.pk
        clean = cleaned_all(fields.SITE, given, row.faults)
        site = Site(**clean)
        fields.site_named(site)
        if not site.name:
            row.faults["name"] = [_("Give the site a name or an address.")]
        for check in (fields.address_checked, fields.position_checked):
            with told_beside(row.faults):
                check(site)
        if row.faults or customer is None:
            return None
        fields.site_columns(site)
        return Ready(site, clean, customer, role)

    def _look(self, all_ready: Sequence[Ready], owners: set[UUID]) -> None:
        mine = [one.site for one in all_ready]
        names = {one.name_sort for one in mine}
        codes = {one.postcode for one in mine if one.postcode}
        self.found = {}
        links = SiteLink.objects.filter(customer__in=owners, site__archived_at=None)
        near = Q(site__name_sort__in=names) | Q(site__postcode__in=codes)
        for link in links.filter(near).select_related("site").order_by("-pk"):
            for key in _keys(link.site):
                self.found[(str(link.customer_id), *key)] = link.site
        rows = policy.visible_sites(self.actor).filter(archived_at=None, name_sort__in=names)
        for site in rows.exclude(postcode="").order_by("-pk"):
            self.found[ANYBODYS, site.name_sort, site.postcode] = site

    def keys(self, row: Row) -> list[tuple[Key, str, bool]]:
        owner, site = str(row.ready.customer.pk), row.ready.site
        words = {"name": _("same name and postcode"), "street": _("same address")}
        keys: list[tuple[Key, str, bool]] = [
            ((owner, *key), words[key[0]], True) for key in _keys(site)
        ]
        if site.postcode:
            why = _("same name and postcode, of another customer")
            keys.append(((ANYBODYS, site.name_sort, site.postcode), why, False))
        return keys

    def match(self, row: Row) -> Match | None:
        for key, why, sure in self.keys(row):
            if (site := self.found.get(key)) is not None:
                return Match(site.pk, site.name, why, sure, row=site)
        return None

    def brings(self, row: Row) -> list[Key]:  # noqa: ARG002 - the judges' signature
        return []

    def changes(self, row: Row, match: Match) -> Changes:
        return differing(match.row, row.ready.site, row.ready.given)

    def adds(self, row: Row, match: Match) -> Changes:  # noqa: ARG002 - the judges' signature
        return []


def _keys(site: Site) -> list[Key]:
    """By which a customer's sites are the same."""
    keys: list[Key] = [("name", site.name_sort, site.postcode)]
    if site.street and site.postcode:
        keys.append(("street", normalise(site.street), site.postcode))
    return keys
