"""Sending what is due to one webhook, and what its answers mean."""

import logging
import time
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F

from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.outgoing import OutgoingError, http_send
from callout.kernel.sealing import WrongKey
from callout.webhooks.models import Delivery, Webhook
from callout.webhooks.signing import secret_open, signatures

AT_A_GO = 20.0  # seconds, then the job puts itself at the end of the line
FAILURES = 3  # in a row, then the rest is left for the next minute
PATIENCE = timedelta(days=3)
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
ANSWER_BYTES = 65_536
SHOWN = 300  # characters of an answer
GONE = 410

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try: a status, or why there was none."""

    status: int | None
    failure: str
    answer: str
    milliseconds: int

    @property
    def is_taken(self) -> bool:
        """Whether the other side has it; a redirect, which nobody follows, is no."""
        return self.status is not None and 200 <= self.status < 300


def deliveries_send(webhook_id: UUID) -> bool:
    """Send what is due, oldest first; whether there is more that should go at once."""
    end = time.monotonic() + AT_A_GO
    failures = 0
    while failures < FAILURES:
        webhook = Webhook.objects.filter(pk=webhook_id, is_on=True).first()
        due = Delivery.objects.filter(
            webhook=webhook_id, state=Delivery.WAITING, next_at__lte=clock.now()
        )
        delivery = due.order_by("next_at").first() if webhook else None
        if webhook is None or delivery is None:
            return False
        if time.monotonic() > end:
            return True
        outcome = _tried(webhook, delivery)
        failures = 0 if outcome.is_taken else failures + 1
        _noted(webhook, delivery, outcome)
    return False


def _tried(webhook: Webhook, delivery: Delivery) -> Outcome:
    start = time.monotonic()
    status, failure, answer = None, "", ""
    body = delivery.body.encode()
    try:
        headers = signed_headers(webhook, delivery.pk, body, clock.now())
        came = http_send(
            "POST",
            webhook.address,
            headers=headers,
            body=body,
            inside=settings.WEBHOOKS_INTERNAL,
            most=ANSWER_BYTES,
        )
    except OutgoingError as error:
        failure = error.code
    except WrongKey:
        failure = "key"
    else:
        status, answer = came.status, _begins(came.body)
    return Outcome(status, failure, answer, round((time.monotonic() - start) * 1000))


def signed_headers(
    webhook: Webhook, delivery_id: UUID, body: bytes, now: datetime
) -> dict[str, str]:
    """What goes with the body. Secrets before the present one sign too while they are valid."""
    kept = [bytes(webhook.secret), *(b64decode(one["kept"]) for one in webhook.old_valid(now))]
    message_id, timestamp = f"msg_{delivery_id.hex}", int(now.timestamp())
    opened = [secret_open(one, webhook.pk) for one in kept]
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signatures(opened, message_id, timestamp, body),
    }


def _begins(body: bytes) -> str:
    """The first characters of an answer, as they can be kept and shown."""
    text = body[: SHOWN * 4].decode("utf-8", "replace")
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(plain.split())[:SHOWN]


def _noted(webhook: Webhook, delivery: Delivery, outcome: Outcome) -> None:
    now = clock.now()
    end = delivery.began_at + PATIENCE
    state, next_at = Delivery.WAITING, min(now + _pause(now - delivery.began_at), end)
    if outcome.is_taken:
        state = Delivery.TAKEN
    elif outcome.status == GONE or now >= end:
        state = Delivery.GIVEN_UP
    # Begun anew meanwhile (send again), it is another sending, of which this try says nothing.
    kept = Delivery.objects.filter(pk=delivery.pk, began_at=delivery.began_at).update(
        state=state,
        next_at=next_at if state == Delivery.WAITING else None,
        tries=F("tries") + 1,
        tried_at=now,
        status=outcome.status,
        failure=outcome.failure,
        answer=outcome.answer,
        milliseconds=outcome.milliseconds,
    )
    _webhook_noted(webhook, outcome, now)
    if kept and state == Delivery.GIVEN_UP:
        _given_up(webhook, delivery, outcome)


def _pause(age: timedelta) -> timedelta:
    """As long again as it has been tried by now: 1 minute, 2, 4, 8... up to six hours."""
    return min(max(age, SHORTEST_PAUSE), LONGEST_PAUSE)


def _webhook_noted(webhook: Webhook, outcome: Outcome, now: datetime) -> None:
    rows = Webhook.objects.filter(pk=webhook.pk)
    if outcome.is_taken:
        rows.exclude(failing_since=None).update(failing_since=None)
    else:
        rows.filter(failing_since=None).update(failing_since=now)


def _given_up(webhook: Webhook, delivery: Delivery, outcome: Outcome) -> None:
    """Where nothing else has got through either for as long, the webhook is switched off."""
    from callout.webhooks.services import webhook_give_up

    said = outcome.status or outcome.failure
    log.warning(
        "webhook %s (%s): %s given up after %d tries, last %s",
        webhook.pk, webhook.host, delivery.event, delivery.tries + 1, said,
    )  # fmt: skip
    gone = outcome.status == GONE
    # Its own first try may have been some time after it began.
    long_ago = clock.now() - PATIENCE + LONGEST_PAUSE
    if gone or Webhook.objects.filter(pk=webhook.pk, failing_since__lte=long_ago).exists():
        webhook_give_up(
            actor=Actor.system("webhooks"),
            webhook_id=webhook.pk,
            why=Webhook.GONE if gone else Webhook.FAILING,
        )
