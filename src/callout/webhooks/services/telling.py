from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts import policy
from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import row_lock, service
from callout.kernel.errors import Refused
from callout.webhooks.events import TEST
from callout.webhooks.models import Delivery, Webhook
from callout.webhooks.payload import test_body
from callout.webhooks.tasks import sending_later


@service
def webhook_test(*, actor: Actor, webhook_id: UUID) -> Delivery:
    """Send a test event, whatever events the webhook has chosen."""
    policy.administer(actor)
    row = _switched_on(webhook_id)
    delivery = Delivery.objects.create(webhook=row, event=TEST, body=test_body(row.pk, clock.now()))
    _record(actor, row, "test", delivery)
    return delivery


@service
def delivery_send_again(*, actor: Actor, webhook_id: UUID, delivery_id: UUID) -> Delivery:
    """Send it at once, taken before or not: with the same id and body, and three days anew."""
    policy.administer(actor)
    row = _switched_on(webhook_id)
    delivery = row_lock(Delivery.objects.filter(webhook=row), delivery_id)
    delivery.state, delivery.next_at = Delivery.WAITING, clock.now()
    delivery.began_at = delivery.next_at
    delivery.save(update_fields=["state", "next_at", "began_at"])
    _record(actor, row, "send_again", delivery)
    return delivery


def _switched_on(webhook_id: UUID) -> Webhook:
    row = row_lock(Webhook.objects.all(), webhook_id)
    if not row.is_on:
        raise Refused(_("This webhook is switched off. Switch it on first."), code="webhook_off")
    return row


def _record(actor: Actor, row: Webhook, kind: str, delivery: Delivery) -> None:
    facts = {"delivery": str(delivery.pk), "event": delivery.event}
    journal.record(actor, entity="webhook", entity_id=row.pk, kind=kind, facts=facts)
    sending_later(row.pk)
