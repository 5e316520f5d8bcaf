"""From the journal to deliveries."""

from collections.abc import Sequence

from django.db import transaction

from callout.kernel.feed import FeedEntry
from callout.kernel.follow import follower
from callout.webhooks.events import ALL
from callout.webhooks.models import Delivery, Webhook
from callout.webhooks.payload import body_of, event_of
from callout.webhooks.tasks import sending_later


@follower("webhooks.deliveries", most=200)
def deliveries(entries: Sequence[FeedEntry]) -> None:
    """A delivery for each webhook that wants the event; of an entry read again none.

    No actor and no journal entry: a delivery is derived from the change that has its own.
    """
    told = [(entry, name) for entry in entries if (name := event_of(entry))]
    webhooks = list(Webhook.objects.filter(is_on=True).order_by("pk")) if told else []
    for webhook in webhooks:
        rows = [
            Delivery(webhook=webhook, entry_id=entry.id, event=name, body=body_of(entry, name))
            for entry, name in told
            if name in webhook.events or ALL in webhook.events
        ]
        if rows:
            with transaction.atomic():
                Delivery.objects.bulk_create(rows, ignore_conflicts=True)
            sending_later(webhook.pk)
