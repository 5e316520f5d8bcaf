"""A visit as its technician's phone holds it, by an explicit list of fields.

frontend/src/technician/core/types.ts calls the shape `VisitDoc`. Nothing in it changes by the
passing of time alone, but for the site's code, which opens the day before.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from callout.accounts.zone import local
from callout.customers.models import Asset, Site
from callout.fieldwork.selectors.visit_parts import Parts, parts_read
from callout.kernel.actor import Actor
from callout.kernel.hours import day_shown
from callout.orders.models import (
    Assignment,
    Attachment,
    Note,
    ServiceOrder,
    TimeEntry,
    TimelineEntry,
    Visit,
)
from callout.orders.numbers import order_number
from callout.orders.priorities import priority_label
from callout.orders.technician_selectors import (
    address_of,
    calls_of,
    code_of,
    equipment_of,
    wish_of,
)
from callout.orders.words import action_label, time_kinds
from callout.travel.areas import place_at
from callout.travel.book import book_open
from callout.travel.estimate import Place, travel_leg

Doc = dict[str, Any]


def visit_documents(actor: Actor, own: Sequence[Assignment]) -> dict[UUID, Doc]:
    """The document of each of these visits, in their order. `own`: see scope.own_work."""
    parts = parts_read(actor, own)
    found: dict[UUID, Doc] = {}
    before: tuple[Any, Place | None] = (None, None)
    sites = [assignment.visit.order.site for assignment in own]
    with book_open() as book:
        places = [place_at(one.latitude, one.longitude, one.postcode) for one in sites]
    if book:
        book.learn(pairwise(places))
    for assignment, there in zip(own, places, strict=True):
        visit = assignment.visit
        here = local(visit.start).date(), there
        found[visit.pk] = _document(actor, parts, visit, assignment) | {"leg": _leg(before, here)}
        before = here
    return found


def _document(actor: Actor, parts: Parts, visit: Visit, own: Assignment) -> Doc:
    order = visit.order
    record = parts.records[visit.pk]
    attempts = [past for pk, past in parts.attempts.get(order.pk, []) if pk != visit.pk]
    team = [one for one in parts.people[visit.pk] if one.technician_id != own.technician_id]
    return {
        "id": str(visit.pk),
        "order": _order(order),
        **_plan(visit),
        "wish": wish_of(order),
        "helper": own.role == Assignment.HELPER,
        "seen": own.seen_at is not None or not visit.is_open,
        "customer": {
            "name": order.customer.name,
            "alert": order.customer.alert,
            "email": order.customer.email,
        },
        "site": _site(order, own),
        "calls": [
            {"name": one.name, "detail": one.detail, "number": one.number, "tel": one.tel}
            for one in calls_of(order)
        ],
        "team": [one.technician.name for one in team],
        "assets": [_asset(parts, order, asset) for asset in parts.assets[order.pk]],
        "earlier": parts.past.get((order.pk, order.site_id), []),
        "attempts": attempts,
        "notes": [_note(actor, note) for note in parts.notes.get(order.pk, [])],
        "files": _files(actor, parts, visit, record.pop("photos")),
        "timeline": [_entry(actor, parts, one) for one in parts.timeline.get(visit.pk, [])],
        "times": [_time(row) for row in parts.times.get(visit.pk, [])],
        **record,
    }


def _order(order: ServiceOrder) -> Doc:
    first, _line, rest = order.description.partition("\n")
    return {
        "id": str(order.pk),
        "number": order_number(order.number),
        "title": first.strip() or order.type.name,
        "text": rest.strip(),
        "type": {"name": order.type.name, "icon": order.type.icon},
        "priority": order.priority.code,
        "priority_label": priority_label(order.priority.code),
        "stage": order.stage,
        "absent": order.absent_count,
    }


def _note(actor: Actor, note: Note) -> Doc:
    return {
        "id": str(note.pk),
        "text": note.text,
        "who": note.author.name if note.author else "",
        "at": iso(note.created_at),
        "own": _is(actor, note.author_id),
    }


def _time(row: TimeEntry) -> Doc:
    return {
        "kind": row.kind,
        "label": time_kinds()[row.kind],
        "start": iso(row.start),
        "end": iso(row.end),
        "derived": row.derived,
        "note": row.note,
    }


def _plan(visit: Visit) -> Doc:
    promise = None
    if visit.promise_from and visit.promise_to:
        promise = {"from": iso(visit.promise_from), "to": iso(visit.promise_to)}
    return {
        "slot": {
            "start": iso(visit.start),
            "end": iso(visit.end),
            "expected_end": iso(visit.expected_end),
        },
        "promise": promise,
        "status": visit.status,
        "before_break": visit.before_break,
        "is_open": visit.is_open,
        "outcome": visit.outcome or "",
    }


def _site(order: ServiceOrder, own: Assignment) -> Doc:
    site, visit = order.site, own.visit
    code, code_from = code_of(visit, has_code=own.has_code)  # type: ignore[attr-defined]  # scope
    return {
        "name": site.name,
        "address": address_of(site),
        "latitude": site.latitude,
        "longitude": site.longitude,
        "access": _access(site, visit),
        "code": code,
        "code_from": code_from,
    }


def _access(site: Site, visit: Visit) -> list[Doc]:
    """How to get in, on the day of the visit."""
    hours = site.opening_hours
    open_then = day_shown(hours[local(visit.start).weekday()]) if hours else ""
    lines = [
        (_("Access"), site.access_notes, "door-enter"),
        (_("Parking"), site.parking_notes, "parking"),
        (_("Key"), site.key_notes, "key"),
        (pgettext("hours of a site", "Open"), open_then, "clock"),
    ]
    return [{"label": label, "text": text, "icon": icon} for label, text, icon in lines if text]


def _asset(parts: Parts, order: ServiceOrder, asset: Asset) -> Doc:
    shown = equipment_of(asset)
    return {
        "id": str(asset.pk),
        "name": shown.name,
        "detail": shown.detail,
        "history": parts.past.get((order.pk, asset.pk), []),
    }


def _files(actor: Actor, parts: Parts, visit: Visit, photos: list[Doc]) -> list[Doc]:
    """The visit's photos, announced ones too, under the ids that phones gave them; then what else
    lies on the order."""
    kept = {str(row.pk): row for row in parts.files.get(visit.order_id, [])}
    found = []
    for photo in photos:
        own = photo["user"] == str(actor.user_id)
        row = kept.pop(photo["attachment"], None)
        if photo["attachment"] and row is None:
            continue  # put away, or not for technicians
        found.append(
            {
                "id": photo["id"],
                "name": row.name if row else photo["name"],
                "photo": row.kind == "photo" if row else photo["tag"] != "",
                "own": own,
                "sha256": photo["sha256"],  # a colleague's too: the customer signs for both
                "tag": photo["tag"],
                "item": photo["item"],
                "words": photo["words"],
                **_addresses(row),
            }
        )
    return found + [_file(actor, row) for row in reversed(kept.values())]


def _file(actor: Actor, row: Attachment) -> Doc:
    own = _is(actor, row.author_id)
    return {
        "id": str(row.pk),
        "name": row.name,
        "photo": row.kind == "photo",
        "own": own,
        "sha256": row.sha256_sent if own else "",
        "tag": "",
        "item": "",
        "words": "",
        **_addresses(row),
    }


def _addresses(row: Attachment | None) -> Doc:
    if row is None:
        return {"url": "", "thumb": ""}
    given = {"attachment_id": row.pk}
    return {
        "url": reverse("technician_files:file", kwargs=given),
        "thumb": reverse("technician_files:thumb", kwargs=given) if row.kind == "photo" else "",
    }


def _entry(actor: Actor, parts: Parts, entry: TimelineEntry) -> Doc:
    command = parts.commands.get(entry.pk)
    return {
        "id": str(entry.pk),
        "command": str(command.id) if command and command.own else "",
        "action": entry.action,
        "label": action_label(entry.action),
        "status": entry.status or "",
        "at": iso(entry.at),
        "first_at": iso(entry.first_at),
        "minutes": entry.minutes,
        "who": entry.actor.name if entry.actor else "",
        "own": _is(actor, entry.actor_id),
        "uncertain": command is not None and command.uncertain,
    }


def _leg(before: tuple[Any, Place | None], here: tuple[Any, Place | None]) -> Doc | None:
    """The drive from the visit before it on the same day."""
    if before[0] != here[0] or before[1] is None or here[1] is None:
        return None
    leg = travel_leg(before[1], here[1])
    return {"kilometres": leg.kilometres, "minutes": leg.minutes}


def _is(actor: Actor, user_id: UUID | None) -> bool:
    return user_id is not None and user_id == actor.user_id


def iso(moment: datetime | None) -> str | None:
    """A moment as documents say it."""
    return moment.isoformat() if moment else None
