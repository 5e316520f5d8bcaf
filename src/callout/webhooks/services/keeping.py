from base64 import b64encode
from datetime import timedelta
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.accounts import policy
from callout.accounts.services.company import company_lock
from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import fields_set, row_lock, row_save, rows_lock, service
from callout.kernel.checks import Check, Wrong, cleaned, flag, text
from callout.kernel.errors import Refused
from callout.kernel.outgoing import OutgoingError, leads_inside, target_of
from callout.webhooks.events import ALL, NAMES
from callout.webhooks.models import Webhook
from callout.webhooks.signing import secret_new, secret_seal
from callout.webhooks.tasks import MOST, log_remove, off_mail

OLD_SECRET = timedelta(days=1)
MOST_OLD = 5  # that still sign: each is a signature more in every header


class WebhookChanges(TypedDict, total=False):
    """What may be said of a webhook; what is left out stays."""

    name: str
    address: str
    events: list[str]
    is_on: bool


@service
def webhook_create(
    *, actor: Actor, name: str, address: str, events: list[str]
) -> tuple[Webhook, str]:
    """A new webhook and, this once, its secret."""
    policy.administer(actor)
    # One at a time: two would both be the last one.
    company_lock()
    if Webhook.objects.count() >= MOST:
        words = ngettext(
            "There can be at most %(most)d webhook. Remove one that is not used.",
            "There can be at most %(most)d webhooks. Remove one that is not used.",
            MOST,
        )
        raise Refused(words % {"most": MOST}, code="too_many_webhooks")
    row = Webhook(**cleaned(FIELDS, {"name": name, "address": address, "events": events}))
    secret = secret_new()
    row.secret = secret_seal(secret, row.pk)
    row.save(force_insert=True)
    _record(actor, row, "create", host=row.host, events=row.events)
    return row, secret


@service
def webhook_update(
    *, actor: Actor, webhook_id: UUID, version: int | None = None, **given: Unpack[WebhookChanges]
) -> Webhook:
    """Another name, address or choice of events; on or off. What happens while it is off is not
    told later; what was waiting is. An address that may not be asked any more may stay."""
    policy.administer(actor)
    row = row_lock(Webhook.objects.all(), webhook_id, version)
    other = {name: value for name, value in given.items() if value != getattr(row, name)}
    changed = fields_set(row, cleaned(FIELDS, other))
    if not changed:
        return row
    if "is_on" in changed:
        row.off_why, row.failing_since = "", None
        changed += ["off_why", "failing_since"]
    row_save(row, changed)
    _record(actor, row, "update", fields=changed, host=row.host, events=row.events)
    return row


@service
def webhook_secret_renew(*, actor: Actor, webhook_id: UUID) -> str:
    """A new secret, shown this once. Each that was in use until now signs beside it for a day from
    when it was the present one, also where another is made meanwhile: a receiver may have any."""
    policy.administer(actor)
    row = row_lock(Webhook.objects.all(), webhook_id)
    now = clock.now()
    old = row.old_valid(now)
    if len(old) >= MOST_OLD:
        words = ngettext(
            "%(count)d secret before this one still signs. Wait until its day is over.",
            "%(count)d secrets before this one still sign. Wait until the first of them has had its"
            " day.",
            len(old),
        )
        raise Refused(words % {"count": len(old)}, code="too_many_secrets")
    secret = secret_new()
    row.old_until = now + OLD_SECRET
    kept = b64encode(bytes(row.secret)).decode()
    row.old_secrets = [*old, {"kept": kept, "until": row.old_until.isoformat()}]
    row.secret = secret_seal(secret, row.pk)
    row_save(row, ["secret", "old_secrets", "old_until"])
    _record(actor, row, "secret_renew", old_until=row.old_until.isoformat())
    return secret


@service
def webhook_remove(*, actor: Actor, webhook_id: UUID) -> None:
    """Gone with its secret, and nothing that waits is sent any more; its log is deleted by a job.
    The journal keeps that it was there."""
    policy.administer(actor)
    row = row_lock(Webhook.objects.all(), webhook_id)
    _record(actor, row, "remove", host=row.host)
    log_remove.defer(webhook_id=str(row.pk))
    row.delete()


@service
def webhook_give_up(*, actor: Actor, webhook_id: UUID, why: str) -> None:
    """Switch it off by itself, and tell the admins. Twice is no fault, nor is one that was removed
    while its receiver answered."""
    policy.administer(actor)
    row = next(iter(rows_lock(Webhook.objects.filter(pk=webhook_id, is_on=True))), None)
    if row is None:
        return
    row.is_on, row.off_why = False, why
    row_save(row, ["is_on", "off_why"])
    _record(actor, row, "switched_off", why=why, host=row.host)
    off_mail.defer(webhook_id=str(row.pk))


def _record(actor: Actor, row: Webhook, kind: str, **facts: Any) -> None:
    journal.record(actor, entity="webhook", entity_id=row.pk, kind=kind, facts=facts)


def _address(value: Any) -> str:
    given: str = text(1000, required=True)(value)
    inside = settings.WEBHOOKS_INTERNAL
    try:
        target = target_of(given, inside=inside)
    except OutgoingError as error:
        raise Wrong(error.message) from None
    if target.origin not in inside:
        if target.scheme != "https":
            raise Wrong(_("The address must begin with https://."))
        # Looked at again whenever it is asked: a name may lead elsewhere by then.
        if leads_inside(target):
            raise Wrong(
                _(
                    "This address is inside the network and is never asked. Whoever runs Callout"
                    " can allow it (CALLOUT_WEBHOOKS_INTERNAL)."
                )
            )
    return given


def _events(value: Any) -> list[str]:
    if not isinstance(value, list) or not value:
        raise Wrong(_("Tick one event at least, or choose every event."))
    if not all(isinstance(one, str) and (one == ALL or one in NAMES) for one in value):
        raise Wrong(_("Choose one of the list."))
    return [ALL] if ALL in value else sorted(set(value))


FIELDS: dict[str, Check] = {
    "name": text(80, required=True),
    "address": _address,
    "events": _events,
    "is_on": flag,
}
