"""What is sent of an event: which thing, where to read it, and what changed. Ids, codes and times
alone: who wants more asks the API, with a token whose rights are looked at then."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from callout.kernel.feed import FeedEntry
from callout.webhooks.events import NAMES, TEST, THINGS


def event_of(entry: FeedEntry) -> str | None:
    """The name of the event that an entry of the journal is; None if it is told to nobody."""
    name = f"{entry.entity}.{entry.kind}"
    return name if name in NAMES else None


def body_of(entry: FeedEntry, name: str) -> str:
    """The body of the event `name`."""
    thing = THINGS[entry.entity]
    data: dict[str, Any] = {"entity": entry.entity, "id": str(entry.entity_id)}
    if thing.api:
        data["api_url"] = f"{settings.URL}/api/v1/{thing.api}/{entry.entity_id}"
    if thing.page:
        data["page_url"] = f"{settings.URL}/{thing.page}/{entry.entity_id}/"
    data["door"] = entry.door
    data["user_id"] = str(entry.actor_id) if entry.actor_id else None
    data["changed"] = {fact: entry.facts[fact] for fact in NAMES[name] if fact in entry.facts}
    return _body(name, entry.at, data)


def test_body(webhook_id: UUID, at: datetime) -> str:
    """The body of the test event."""
    return _body(TEST, at, {"entity": "webhook", "id": str(webhook_id)})


def _body(name: str, at: datetime, data: dict[str, Any]) -> str:
    moment = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    told = {"type": name, "timestamp": moment, "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
