"""What happened to a customer, a site, an asset, read from the journal, in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from callout.accounts.models import User
from callout.accounts.zone import local
from callout.customers import policy
from callout.customers.models import Customer, Site
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.models import JournalEntry
from callout.kernel.paging import Page, page

LONGEST = 60  # characters of a value that are shown
ICONS = {
    "create": "plus",
    "update": "pencil",
    "archive": "archive",
    "restore": "archive-off",
    "move": "arrow-right",
    "link": "link",
    "unlink": "x",
    "code_set": "key",
    "code_remove": "key",
    "code_look": "eye",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the journal of an order has them (web/ui/story.py)."""

    time: str
    iso: str
    text: str
    icon: str
    who: str
    note: str = ""
    aside: str = ""
    status: str = ""
    day: str = ""


def history(
    *,
    actor: Actor,
    entity: str,
    entity_id: UUID,
    kinds: tuple[str, ...] = (),
    cursor: str | None = None,
    limit: int = 10,
) -> Page[Line]:
    """The latest entries about one thing, of these kinds or of all. For managers."""
    policy.manage(actor)
    rows = JournalEntry.objects.filter(entity_id=entity_id, entity=entity)
    rows = rows.filter(kind__in=kinds) if kinds else rows
    named = User.objects.filter(pk=OuterRef("actor_id")).values("name")[:1]
    found = page(rows.annotate(person=Subquery(named)), ["-id"], cursor=cursor, limit=limit)
    names = _names(found.items)
    return Page([_line(entry, names) for entry in found.items], found.next)


def _names(entries: list[Any]) -> dict[str, str]:
    """The sites and customers that entries speak of."""
    ids = {
        entry.facts[key]
        for entry in entries
        for key in ("from_site_id", "to_site_id", "customer_id")
        if entry.kind in ("move", "link", "unlink") and entry.facts.get(key)
    }
    if not ids:
        return {}
    found = [*Site.objects.filter(pk__in=ids).values_list("pk", "name")]
    found += Customer.objects.filter(pk__in=ids).values_list("pk", "name")
    return {str(pk): name for pk, name in found}


def _line(entry: Any, names: dict[str, str]) -> Line:
    make = WORDS.get(entry.kind)
    text, note = make(entry, names) if make else (entry.kind, "")
    return Line(
        time=_moment(entry.at),
        iso=entry.at.isoformat(),
        text=text,
        icon=ICONS.get(entry.kind, "point"),
        who=entry.person or entry.actor_name,
        note=note,
    )


def _moment(at: datetime) -> str:
    when = local(at)
    same = when.year == local(clock.now()).year
    return date_format(when, "j M" if same else "j M Y")


Words = Callable[[Any, dict[str, str]], tuple[str, str]]


def _updated(entry: Any, _names: dict[str, str]) -> tuple[str, str]:
    labels = field_labels()
    told = []
    for name in entry.facts.get("fields", []):
        was, now = _pair(entry, name)
        label = labels.get(name, name)
        told.append(f"{label}: {was} → {now}" if (was or now) else label)
    return _("Changed"), "; ".join(told)


def _pair(entry: Any, name: str) -> tuple[str, str]:
    """What a field was and is, where that is kept and can be read as words."""
    pair = (entry.personal or {}).get(name)
    if not isinstance(pair, list) or len(pair) != 2 or any(isinstance(v, list) for v in pair):
        return "", ""
    was, now = (str(value)[:LONGEST] if value not in (None, "") else "–" for value in pair)
    return was, now


def _moved(entry: Any, names: dict[str, str]) -> tuple[str, str]:
    was, now = (names.get(entry.facts.get(key, ""), "–") for key in ("from_site_id", "to_site_id"))
    return _("Moved"), f"{was} → {now}"


def _linked(entry: Any, names: dict[str, str]) -> tuple[str, str]:
    roles = {"owner": _("owner"), "occupant": _("occupant"), "manager": _("manages it")}
    name = names.get(entry.facts.get("customer_id", ""), "–")
    said = f"{name}: {roles.get(entry.facts.get('role', ''), '')}"
    return (_("Linked") if entry.kind == "link" else _("Unlinked")), said


WORDS: dict[str, Words] = {
    "create": lambda _entry, _names: (_("Created"), ""),
    "update": _updated,
    "archive": lambda _entry, _names: (_("Archived"), ""),
    "restore": lambda _entry, _names: (_("Restored"), ""),
    "move": _moved,
    "link": _linked,
    "unlink": _linked,
    "code_set": lambda _entry, _names: (_("Access code kept"), ""),
    "code_remove": lambda _entry, _names: (_("Access code taken away"), ""),
    "code_look": lambda _entry, _names: (_("Looked at the access code"), ""),
}


def field_labels() -> dict[str, str]:
    """The fields of this room's things, as their forms call them."""
    return {
        "name": _("Name"),
        "kind": _("Kind"),
        "vat_number": _("VAT number"),
        "phone": _("Phone"),
        "email": _("Email"),
        "language": _("Language"),
        "street": _("Street and number"),
        "postcode": _("Postcode"),
        "town": _("Town"),
        "country": _("Country"),
        "bill_to_id": _("Bill to"),
        "alert": _("Alert"),
        "notes": _("Notes"),
        "parent_id": _("Lies inside the site"),
        "latitude": _("Latitude"),
        "longitude": _("Longitude"),
        "access_notes": _("Access"),
        "parking_notes": _("Parking"),
        "key_notes": _("Keys"),
        "opening_hours": _("Opening hours"),
        "reference": _("Reference"),
        "manufacturer": _("Manufacturer"),
        "model": _("Model"),
        "serial_number": _("Serial number"),
        "installed_on": _("Installed on"),
        "warranty_until": _("Warranty until"),
    }
