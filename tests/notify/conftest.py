import secrets
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from callout.accounts.models import Device
from callout.config.folders import push_key
from callout.kernel import clock, outgoing
from callout.kernel.actor import Actor
from callout.kernel.feed import FeedEntry
from callout.kernel.models import JournalEntry
from callout.notify.models import Notice
from callout.notify.services import notices_tell
from tests.notify.service import NAME, PushService
from tests.orders.conftest import Company, company

__all__ = ["Company", "company"]


def entries_since(last: int = 0) -> list[FeedEntry]:
    """The journal as a follower is given it."""
    return [
        FeedEntry(
            id=row.pk,
            xid=0,
            at=row.at,
            actor_id=row.actor_id,
            door=row.door,
            entity=row.entity,
            entity_id=row.entity_id,
            kind=row.kind,
            facts=row.facts,
            audience=frozenset(row.audience),
        )
        for row in JournalEntry.objects.filter(pk__gt=last).order_by("pk")
    ]


class Follower:
    """Tells what is new in the journal, as the worker does."""

    def __init__(self) -> None:
        self.last = 0
        self.skip()

    def skip(self) -> None:
        """What has happened so far is told to nobody."""
        self.last = max((entry.id for entry in entries_since()), default=0)

    def __call__(self) -> list[Notice]:
        """Read on; the notices made by that, seen or not."""
        before = set(Notice.objects.values_list("pk", flat=True))
        entries = entries_since(self.last)
        notices_tell(entries)
        self.last = max((entry.id for entry in entries), default=self.last)
        return list(Notice.objects.exclude(pk__in=before).order_by("entry_id", "pk"))


@pytest.fixture
def follow(company: Company) -> Follower:
    """The follower, which begins here."""
    return Follower()


@pytest.fixture
def push_service(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PushService]:
    """A push service that this test's installation may reach, as if it were out in the world."""
    service = PushService(tmp_path)
    real = socket.getaddrinfo

    def lookup(host: str, port: int, *rest: Any, **more: Any) -> Any:
        return real("127.0.0.1" if host == NAME else host, port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(outgoing, "is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(
        outgoing, "_tls", lambda: ssl.create_default_context(cafile=str(service.pem))
    )
    settings.OUTGOING_PORTS = [service.port]
    settings.VAPID_KEY = push_key()
    settings.VAPID_SUBJECT = "mailto:office@example.com"
    yield service
    service.stop()


def phone_of(actor: Actor, **values: Any) -> Device:
    """A phone that the technician signed in on."""
    given = {
        "name": "Chrome on Android",
        "secret_hash": secrets.token_hex(32),
        "last_seen_at": clock.now(),
        "expires_at": clock.now() + timedelta(days=90),
    }
    return Device.objects.create(user_id=str(actor.user_id), **(given | values))


def on_phone(actor: Actor, device: Device) -> Actor:
    """The technician as their phone's door makes them."""
    return replace(actor, door="technician", is_manager=False, device_id=device.pk)
