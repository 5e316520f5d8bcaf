from typing import Unpack
from uuid import UUID

from django.utils.translation import gettext as _

from callout.customers import fields, hooks, policy
from callout.customers.models import Contact, LinkRole, Site, SiteLink
from callout.customers.services.sites import SiteValues, site_create
from callout.customers.services.write import chosen
from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import constraint_means, row_lock, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import NotFound, Refused


def _linked_already() -> Refused:
    return Refused(_("They are linked in this way already."), code="already_linked")


constraint_means("site_link_once", _linked_already)


@service
def site_link(
    *, actor: Actor, site_id: UUID | str, customer_id: UUID | str, role: str = LinkRole.OCCUPANT
) -> SiteLink:
    """Say what a customer is to a site. They may be several things to each other."""
    policy.manage(actor)
    role = cleaned({"role": fields.ROLE}, {"role": role})["role"]
    customer = chosen("customer_id", policy.visible_customers(actor), customer_id)
    site = chosen("site_id", policy.visible_sites(actor), site_id)
    if SiteLink.objects.filter(site=site, customer=customer, role=role).exists():
        raise _linked_already()
    link = SiteLink(site=site, customer=customer, role=role)
    link.save(force_insert=True)
    _record(actor, link, "link")
    return link


@service
def site_create_linked(
    *,
    actor: Actor,
    customer_id: UUID | str | None,
    role: str = LinkRole.OCCUPANT,
    **values: Unpack[SiteValues],
) -> Site:
    """A new site and, where a customer is named, its link, in one change."""
    site = site_create(actor=actor, **values)
    if customer_id:
        site_link(actor=actor, site_id=site.pk, customer_id=customer_id, role=role)
    return site


@service
def site_unlink(*, actor: Actor, link_id: UUID) -> None:
    """Take a link away. Refused where it is the last between the two and something needs it."""
    policy.manage(actor)
    link = SiteLink.objects.filter(pk=link_id).first()
    if link is None:
        raise NotFound
    row_lock(policy.visible_customers(actor), link.customer_id)
    row_lock(policy.visible_sites(actor), link.site_id)
    others = SiteLink.objects.filter(site_id=link.site_id, customer_id=link.customer_id)
    if not others.exclude(pk=link.pk).exists():
        _last_one_checked(link)
    deleted, _by_model = SiteLink.objects.filter(pk=link.pk).delete()
    if not deleted:
        raise NotFound
    _record(actor, link, "unlink")


def _last_one_checked(link: SiteLink) -> None:
    hooks.unlink_allowed(link.site_id, link.customer_id)
    contact = Contact.objects.filter(
        site_id=link.site_id, customer_id=link.customer_id, archived_at=None
    ).first()
    if contact is not None:
        words = _("%(contact)s is a contact for this site. Change that first.")
        raise Refused(words % {"contact": contact.name}, code="in_use")


def _record(actor: Actor, link: SiteLink, kind: str) -> None:
    journal.record(
        actor,
        entity="site",
        entity_id=link.site_id,
        kind=kind,
        facts={"customer_id": str(link.customer_id), "role": link.role},
        audience=hooks.audience("site", link.site_id),
    )
