"""What admins read of webhooks. No secret is ever read again."""

from uuid import UUID

from callout.accounts import policy
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.paging import Page, page
from callout.webhooks.models import Delivery, Webhook

SECRETS = ("secret", "old_secrets")
LOG = 25


def webhooks_list(*, actor: Actor) -> list[Webhook]:
    """All of them, by name."""
    policy.administer(actor)
    return list(Webhook.objects.defer(*SECRETS).order_by("name", "pk"))


def webhook_get(*, actor: Actor, webhook_id: UUID) -> Webhook:
    """One of them."""
    policy.administer(actor)
    row = Webhook.objects.defer(*SECRETS).filter(pk=webhook_id).first()
    if row is None:
        raise NotFound
    return row


def deliveries_page(
    *, actor: Actor, webhook_id: UUID, state: str = "", cursor: str | None = None
) -> Page[Delivery]:
    """Its log, newest first; with `state` of those alone."""
    policy.administer(actor)
    rows = Delivery.objects.filter(webhook=webhook_id)
    if state in dict(Delivery.STATES):
        rows = rows.filter(state=state)
    return page(rows, ["-id"], cursor=cursor, limit=LOG)
