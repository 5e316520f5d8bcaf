"""Assets, each at a site: the same by the serial number, or by the reference at its site."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from callout.customers import fields, policy
from callout.customers.imports.finding import sort_of
from callout.customers.imports.judging import Changes, Key, Match, Row, cleaned_all, differing
from callout.customers.models import Asset, Site, SiteLink
from callout.kernel.actor import Actor
from callout.kernel.checks import Wrong
from callout.kernel.text import normalise

OF_THE_SITE = ("site", "customer", "postcode")


@dataclass(frozen=True, slots=True)
class Ready:
    """What a row would be: an asset, the fields that it gives, and its site."""

    asset: Asset
    given: dict[str, Any]
    site: Site


class AssetsJudge:
    """See `judging.Judge`."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.found: dict[Key, Asset] = {}

    def prepare(self, rows: Sequence[Row]) -> None:
        names = {sort_of(row.values.get("site", "")) for row in rows} - {""}
        there = policy.visible_sites(self.actor).filter(archived_at=None, name_sort__in=names)
        sites: dict[str, list[Site]] = defaultdict(list)
        for site in there.order_by("pk"):
            sites[site.name_sort].append(site)
        owners: dict[UUID, set[str]] = defaultdict(set)
        links = SiteLink.objects.filter(site__in=there.values("pk")).select_related("customer")
        for link in links:
            owners[link.site_id] |= {link.customer.name_sort, link.customer.vat_number} - {""}
        for row in rows:
            row.ready = self._ready(row, sites, owners)
        self._look([row.ready for row in rows if not row.faults])

    def _ready(
        self, row: Row, sites: dict[str, list[Site]], owners: dict[UUID, set[str]]
    ) -> Ready | None:
        given: dict[str, Any] = {k: v for k, v in row.values.items() if k not in OF_THE_SITE}
        site = None
        try:
            site = _site(row.values, sites, owners)
        except Wrong as error:
            row.faults["site"] = [str(error)]
        clean = cleaned_all(fields.ASSET, given, row.faults)
        if site is None:
            return None
        asset = Asset(site=site, **clean)
        asset.reference = asset.reference or asset.serial_number or asset.kind
        if not asset.reference:
            row.faults["reference"] = [_("Give a reference, a serial number or a type.")]
        begun, ends = asset.installed_on, asset.warranty_until
        if begun and ends and ends < begun:
            row.faults["warranty_until"] = [_("The warranty ends before the installation.")]
        fields.asset_columns(asset)
        return Ready(asset, clean, site)

    def _look(self, all_ready: Sequence[Ready]) -> None:
        serials = {one.asset.serial_number for one in all_ready} - {""}
        there = policy.visible_assets(self.actor).filter(archived_at=None).select_related("site")
        self.found = {}
        references = {one.asset.reference_sort for one in all_ready}
        sites = {one.site.pk for one in all_ready}
        here = there.filter(site__in=sites, reference_sort__in=references)
        for asset in here.order_by("-pk"):
            self.found[str(asset.site_id), asset.reference_sort] = asset
        if serials:
            same = there.filter(serial_number__in=serials).exclude(serial_number="")
            for asset in same.order_by("-pk"):
                self.found["serial", asset.serial_number] = asset

    def keys(self, row: Row) -> list[tuple[Key, str, bool]]:
        one: Asset = row.ready.asset
        keys = [
            (("serial", one.serial_number), _("same serial number"), True),
            ((str(one.site_id), one.reference_sort), _("same reference at this site"), True),
        ]
        return [found for found in keys if all(found[0])]

    def match(self, row: Row) -> Match | None:
        for key, why, sure in self.keys(row):
            there = self.found.get(key)
            if there is None:
                continue
            if there.site_id != row.ready.site.pk:
                why = _("same serial number, at the site %(site)s") % {"site": there.site.name}
                return Match(there.pk, str(there), why, False)
            return Match(there.pk, str(there), why, sure, row=there)
        return None

    def brings(self, row: Row) -> list[Key]:  # noqa: ARG002 - the judges' signature
        return []

    def changes(self, row: Row, match: Match) -> Changes:
        return differing(match.row, row.ready.asset, row.ready.given)

    def adds(self, row: Row, match: Match) -> Changes:  # noqa: ARG002 - the judges' signature
        return []


def _site(
    values: dict[str, str], sites: dict[str, list[Site]], owners: dict[UUID, set[str]]
) -> Site:
    """The site that a row means. Wrong for none, and for several."""
    name = values.get("site", "")
    if not name:
        raise Wrong(_("Say at which site it stands."))
    found = sites.get(sort_of(name), [])
    code, customer = values.get("postcode", "").upper(), values.get("customer", "")
    if code:
        found = [site for site in found if site.postcode == code]
    if customer:
        meant = {sort_of(customer), normalise(customer).upper().replace(" ", "").replace(".", "")}
        found = [site for site in found if meant & owners[site.pk]]
    if not found:
        words = _("There is no such site “%(name)s”. Import the sites first.")
        raise Wrong(words % {"name": name[:80]})
    if len(found) > 1:
        words = _("Several sites are called “%(name)s”. Give the customer or the postcode too.")
        raise Wrong(words % {"name": name[:80]})
    return found[0]
