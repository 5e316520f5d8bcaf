"""One push to one browser: RFC 8291 (encryption), RFC 8292 (who sends), RFC 8030 (how)."""

import json
import os
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils import translation

from callout.accounts.models import User
from callout.accounts.zone import local
from callout.kernel import clock
from callout.kernel.outgoing import http_send, target_of
from callout.notify.keys import vapid_of
from callout.notify.models import Notice, PushSubscription
from callout.notify.services.subscriptions import raw
from callout.notify.words import notice_title, notice_words
from callout.orders.numbers import order_number
from callout.orders.selectors.when import When

SIGNED_HOURS = 12  # push services take 24 at most, by their own clocks
SHORTEST, LONGEST = timedelta(minutes=10), timedelta(days=2)  # that a push waits for its phone


def push_send(subscription: PushSubscription, notice: Notice, user: User) -> int:
    """Hand the notice to the push service; its answer. OutgoingError where there is none."""
    now = clock.now()
    slot = notice.facts.get("is") or notice.facts.get("was")
    body = http_ece.encrypt(
        _payload(notice, user),
        salt=os.urandom(16),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=raw(subscription.p256dh),
        auth_secret=raw(subscription.auth),
        version="aes128gcm",
    )
    headers = {
        **_signature(subscription.endpoint),
        "content-type": "application/octet-stream",
        "content-encoding": "aes128gcm",
        "ttl": str(_seconds(slot, now)),
        "urgency": "high" if _is_today(slot, now) else "normal",
        # A newer word of the same visit takes the place of one that has not arrived.
        "topic": (notice.visit_id or notice.pk).hex,
    }
    return http_send("POST", subscription.endpoint, headers=headers, body=body).status


def _payload(notice: Notice, user: User) -> bytes:
    """Ids, the kind, and words that anybody may read on a locked screen: a number and a time."""
    with translation.override(user.language):
        words = notice_words(notice, When())
        title = notice_title(notice)
    told = {
        "callout": 1,
        "notice": str(notice.pk),
        "kind": notice.kind,
        "visit": str(notice.visit_id) if notice.visit_id else None,
        "title": f"{title}: {order_number(notice.order.number)}",
        "body": words,
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _signature(endpoint: str) -> dict[str, str]:
    claims = {
        "aud": target_of(endpoint).origin,
        "sub": settings.VAPID_SUBJECT,
        "exp": int(time.time()) + SIGNED_HOURS * 3600,
    }
    signed: dict[str, str] = vapid_of(settings.VAPID_KEY).sign(claims)
    return signed


def _seconds(slot: Mapping[str, Any] | None, now: datetime) -> int:
    """Until the work is over: then it is no news any more."""
    end = datetime.fromisoformat(slot["end"]) if slot else now + LONGEST
    return int(min(max(end - now, SHORTEST), LONGEST).total_seconds())


def _is_today(slot: Mapping[str, Any] | None, now: datetime) -> bool:
    if not slot:
        return False
    return local(datetime.fromisoformat(slot["start"])).date() <= local(now).date()
