"""What a phone holds besides visits: whose it is, the rules it counts by, and what became of what
it has sent. frontend/src/technician/core/types.ts calls the shape `Me`."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, UUIDField

from callout.accounts.company import company
from callout.accounts.models import Device
from callout.accounts.zone import company_zone, local, today
from callout.customers.fields import home_country
from callout.fieldwork.models import InboxCommand, LateReport, Outcome
from callout.fieldwork.selectors.visit_documents import iso
from callout.fieldwork.sync.answers import answer_of
from callout.fieldwork.tasks import POSITION_DAYS
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.checks import phone_shown
from callout.kernel.prepared import Given, Prepared, together
from callout.notify.keys import push_key
from callout.notify.selectors import notices_unseen
from callout.orders.models import Reason
from callout.orders.told import lifecycle_told
from callout.workforce.models import Technician
from callout.workforce.selectors import technician_hours

ENTRY_DAYS = 14
MOST_ENTRIES = 300
HOURS_DAYS = 9
ASKED = (Outcome.LATE, Outcome.REFUSED, Outcome.UNKNOWN, Outcome.HELD)


def me_document(actor: Actor) -> dict[str, Any]:
    """Of the actor's own phone."""
    since = clock.now() - timedelta(days=ENTRY_DAYS)
    (device,), (technician,), reasons, entries = together(
        DEVICE.ask(device=actor.device_id),
        TECHNICIAN.ask(technician=actor.technician_id),
        REASONS.ask(),
        ENTRIES.ask(user=actor.user_id, since=since),
    )
    us = company()
    return {
        "user": {"id": str(actor.user_id), "name": actor.name, "language": actor.language},
        "technician": {"id": str(technician.pk), "name": technician.name},
        "device": str(device.pk),
        "company": {
            "name": us.name,
            "phone": phone_shown(us.phone, home_country()),
            "zone": company_zone().key,
            "country": us.country,
        },
        "office": device.user.is_manager or device.user.is_admin,
        "lifecycle": lifecycle_told(),
        "reasons": _reasons(reasons),
        "push_key": push_key(),
        "position": {
            "consent": device.position_consent_at is not None,
            "days": POSITION_DAYS,
        },
        "hours": _hours(actor),
        "entries": [answer_of(row) | _decided(row.report) for row in entries],
        "notices": _notices(actor),
    }


DEVICE = Prepared(
    lambda: Device.objects.filter(pk=Given("device", UUIDField())).select_related("user")
)
TECHNICIAN = Prepared(
    lambda: Technician.objects.filter(pk=Given("technician", UUIDField())).only("name")
)
REASONS = Prepared(
    lambda: Reason.objects.filter(archived_at=None).order_by("position", "label", "pk")
)
# The user's entries that are not simply applied, the newest first: of the phone that this one was
# before it signed in anew too.
ENTRIES = Prepared(
    lambda: (
        InboxCommand.objects.filter(
            user=Given("user", UUIDField()),
            outcome__in=ASKED,
            received_at__gte=Given("since", DateTimeField()),
        )
        .select_related("report")
        .defer("raw")
        .order_by("-received_at", "-n", "pk")[:MOST_ENTRIES]
    )
)


def _reasons(rows: Iterable[Reason]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {kind: [] for kind, _name in Reason.KINDS}
    for row in rows:
        found[row.kind].append({"id": str(row.pk), "label": row.label})
    return found


def _hours(actor: Actor) -> list[dict[str, Any]]:
    """The technician's working hours of the next days; a day off has none."""
    if actor.technician_id is None:
        return []
    first = today()
    last = first + timedelta(days=HOURS_DAYS - 1)
    worked = technician_hours(
        actor=actor, technician_ids=[actor.technician_id], first=first, last=last
    )
    spans = defaultdict(list)
    for start, end in worked.get(actor.technician_id, []):
        spans[local(start).date()].append((iso(start), iso(end)))
    days = [first + timedelta(days=n) for n in range(HOURS_DAYS)]
    return [{"day": day.isoformat(), "spans": spans[day]} for day in days]


def _decided(report: LateReport | None) -> dict[str, str]:
    """What the office has made of it."""
    if report is None or report.decided_at is None:
        return {"decided": "", "decided_note": ""}
    return {"decided": report.decision, "decided_note": report.note}


def _notices(actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "id": str(one.id),
            "kind": one.kind,
            "visit": str(one.visit) if one.visit else None,
            "number": one.number,
            "words": one.words,
            "at": iso(one.at),
        }
        for one in notices_unseen(actor=actor)
    ]
