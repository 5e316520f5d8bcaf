"""Phones of the demo: seen lately, one that keeps its work to itself, one that came too late."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import orjson

from callout.accounts.device_selectors import phone_by_id
from callout.accounts.services import device_consent, device_sign_in, device_touch
from callout.config.demo.story import HOUR, MINUTE, Story
from callout.fieldwork.services.inbox import inbox_store
from callout.fieldwork.services.positions import positions_add
from callout.fieldwork.sync.parsing import request_read
from callout.fieldwork.sync.running import commands_run
from callout.kernel import clock, feed
from callout.kernel.actor import Actor
from callout.kernel.models import JournalEntry
from callout.notify.services import notices_tell
from callout.orders.models import Visit
from callout.orders.services import Command
from callout.travel.estimate import place
from callout.workforce.models import Technician

ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) AppleWebKit/605.1.15 Version/18.1 Safari/604.1"
BUILD = "2026-11-24"
NOTHING = {"commands": 0, "files": 0, "bytes": 0, "since": None}
LATE = 8  # whose report lies on the desk
SILENT = 7  # whose phone has not sent for a day
USED = timedelta(days=9)  # since they signed in
NEWS = timedelta(hours=1)  # what was planned since then is told
WORDS = "Draairichting was verkeerd, twee fasen gewisseld. Werkt weer."


def late_tell(story: Story) -> None:
    """Somebody worked where there is no signal; meanwhile the office took the visit away."""
    technician, actor = story.demo.technicians[LATE]
    if actor is None:
        return
    now = story.demo.now.replace(second=0, microsecond=0)
    start, order = now - 22 * HOUR, story.new(now - 50 * HOUR)
    plan = Command(
        technician_id=technician.pk, start=start, duration_minutes=90, allow_overlap=True
    )
    manager = story.demo.managers[1]
    story.later(now - 30 * HOUR, partial(story.act, manager, order, "plan", plan))
    visits: list[UUID] = []

    def unplan() -> None:
        visits.append(Visit.objects.get(order=story.orders[order]).pk)
        story.act(manager, order, "unplan")

    def arrive() -> None:
        phone = signed_in(actor, ANDROID)
        steps = [("depart", -25), ("arrive", 4), ("start_work", 9), ("complete", 78)]
        said = [_said(visits[0], action, start + minutes * MINUTE, {}) for action, minutes in steps]
        note = {"id": str(uuid4()), "text": WORDS}
        said.insert(3, _said(visits[0], "note", start + 70 * MINUTE, note))
        _sent(phone, said)

    story.later(now - 21 * HOUR, unplan)
    story.later(now - 40 * MINUTE, arrive)


def phones_tell(story: Story) -> None:
    """At the end of the story: phones seen minutes ago, one that keeps its work, and the news."""
    people = story.demo.technicians
    now = story.demo.now
    for number, agent, minutes in ((0, IPHONE, 3), (1, ANDROID, 7)):
        technician, actor = people[number]
        if actor is not None:
            phone = _seen(actor, agent, minutes, NOTHING)
            _where(phone, technician)
    silent = people[SILENT][1]
    if silent is not None:
        unsent = {"commands": 9, "files": 4, "bytes": 1_900_000, "since": now - 26 * HOUR}
        _seen(silent, ANDROID, 5 * 60, unsent)
    rows = JournalEntry.objects.filter(entity="service_order", at__gt=now - NEWS).order_by("pk")
    columns = [name.strip() for name in feed.COLUMNS.split(",")]
    notices_tell([feed.entry_of(row) for row in rows.values_list(*columns)])


def signed_in(actor: Actor, agent: str) -> Actor:
    """The technician on a phone that they signed in on just now."""
    device, _secret = device_sign_in(actor=actor, user_agent=agent)
    found = phone_by_id(device.pk)
    if found is None:
        raise RuntimeError("a phone that was just made is not there")
    return found.actor


def _seen(actor: Actor, agent: str, minutes: int, unsent: dict[str, Any]) -> Actor:
    with clock.freeze(clock.now() - USED):
        phone = signed_in(actor, agent)
    with clock.freeze(clock.now() - minutes * MINUTE):
        device_touch(_device(phone), app=BUILD, offset_ms=0, unsent=unsent)
    return phone


def _device(phone: Actor) -> UUID:
    if phone.device_id is None:
        raise RuntimeError("a phone without a phone")
    return phone.device_id


def _where(phone: Actor, technician: Technician) -> None:
    """Some kilometres from the site of the visit that they are driving to."""
    now = clock.now()
    with clock.freeze(now - 5 * HOUR):
        device_consent(actor=phone, position=True)
    visit = Visit.objects.filter(technician=technician, is_open=True, status="en_route")
    under_way = visit.select_related("order__site").first()
    site = (
        place(under_way.order.site.latitude, under_way.order.site.longitude) if under_way else None
    )
    if under_way is None or site is None:
        return
    point = {
        "visit": str(under_way.pk),
        "at": (now - 4 * MINUTE).isoformat(),
        "latitude": site.latitude + 0.02,
        "longitude": site.longitude,
        "accuracy": 12,
    }
    positions_add(actor=phone, points=[point])


def _said(visit: UUID, action: str, at: Any, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "v": 1,
        "visit": str(visit),
        "action": action,
        "body": body,
        "at": at.isoformat(),
        "skew": {"ms": 0, "age_s": 60},
        "seen": "",
    }


def _sent(phone: Actor, commands: list[dict[str, Any]]) -> None:
    """As the phone's door takes it: kept first, then carried out or laid on the desk."""
    now = clock.now()
    said = {
        "callout": 1,
        "now": now.isoformat(),
        "app": BUILD,
        "epoch": None,
        "known": {},
        "commands": [{**one, "n": number} for number, one in enumerate(commands, 1)],
        "positions": [],
        "unsent": NOTHING,
    }
    request = request_read(orjson.dumps(said), now)
    inbox_store(actor=phone, request=request)
    commands_run(phone, [one.id for one in request.commands])
