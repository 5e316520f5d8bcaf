"""What each field of this room takes, and what is worked out from it (sort and search columns)."""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from callout.accounts.company import company
from callout.customers.models import Asset, Contact, Customer, CustomerKind, LinkRole, Site
from callout.customers.postcodes import parse
from callout.customers.vat import vat_number
from callout.kernel import checks, hours
from callout.kernel.checks import Check, Wrong, choice, text
from callout.kernel.errors import Invalid
from callout.kernel.text import normalise

NOTES = 4000
LONGEST_POSTCODE = 16
LONGEST_NAME = 160


def home_country() -> str:
    """The company's country: where a number without + and an address without country are."""
    return company().country


def language(value: Any) -> str:
    """The code of a language that Callout speaks; empty is the company's."""
    return str(choice([code for code, _name in settings.LANGUAGES], blank=True)(value))


def postcodes(value: Any) -> str:
    """A list of postcodes and ranges, as it was typed; only what can be read is kept."""
    given = str(text(2000, lines=True)(value))
    parse(given)
    return given


PHONE = checks.phone(home_country)

ADDRESS: dict[str, Check] = {
    "street": text(200),
    "postcode": text(LONGEST_POSTCODE),
    "town": text(100),
    "country": checks.country,
}
CUSTOMER: dict[str, Check] = {
    **ADDRESS,
    "kind": choice(CustomerKind.values),
    "name": text(LONGEST_NAME, required=True),
    "vat_number": text(40),
    "email": checks.email,
    "phone": PHONE,
    "language": language,
    "alert": text(500),
    "bill_to_id": checks.id_or_none,
    "notes": text(NOTES, lines=True),
}
CONTACT: dict[str, Check] = {
    "name": text(LONGEST_NAME, required=True),
    "job": text(100),
    "email": checks.email,
    "phone": PHONE,
    "mobile": PHONE,
    "language": language,
    "notes": text(NOTES, lines=True),
    "site_id": checks.id_or_none,
}
SITE: dict[str, Check] = {
    **ADDRESS,
    "name": text(LONGEST_NAME),
    "parent_id": checks.id_or_none,
    "latitude": checks.degrees(90),
    "longitude": checks.degrees(180),
    "access_notes": text(NOTES, lines=True),
    "parking_notes": text(NOTES, lines=True),
    "key_notes": text(NOTES, lines=True),
    "opening_hours": hours.week_or_none,
}
ASSET: dict[str, Check] = {
    "reference": text(80),
    "kind": text(80),
    "manufacturer": text(80),
    "model": text(80),
    "serial_number": text(80),
    "installed_on": checks.day(),
    "warranty_until": checks.day(),
    "notes": text(NOTES, lines=True),
}
AREA: dict[str, Check] = {
    "name": text(80, required=True),
    "postcodes": postcodes,
    # The bounds of the settings CALLOUT_TRAVEL_DETOUR_PERCENT and CALLOUT_TRAVEL_KMH.
    "detour_percent": checks.whole_or_none(100, 300),
    "kmh": checks.whole_or_none(5, 200),
}
ROLE = choice(LinkRole.values)

POSTCODES = {
    "BE": (r"[1-9]\d{3}", "1300"),
    "LU": (r"(L-)?\d{4}", "1911"),
    "NL": (r"[1-9]\d{3} ?[A-Z]{2}", "1012 AB"),
    "FR": (r"\d{5}", "59000"),
    "DE": (r"\d{5}", "52062"),
}


class Addressed(Protocol):
    """A row with an address."""

    postcode: str
    country: str


def address_checked(row: Addressed) -> None:
    """The postcode as its country writes it; an address without country is in the company's."""
    row.country = row.country or home_country()
    form, example = POSTCODES.get(row.country, (r"[A-Z0-9 -]*", ""))
    row.postcode = row.postcode.upper()
    # Some letters become two in capitals: ß, and the ligatures of a PDF.
    fits = len(row.postcode) <= LONGEST_POSTCODE and re.fullmatch(form, row.postcode, re.ASCII)
    if row.postcode and not fits:
        words = _("Type the postcode like %(example)s.") % {"example": example}
        raise Invalid({"postcode": [words if example else _("Type letters and digits only.")]})


def vat_checked(row: Customer) -> None:
    """The VAT number as it is stored, by the country of the address."""
    try:
        row.vat_number = vat_number(row.vat_number, row.country)
    except Wrong as error:
        raise Invalid({"vat_number": [str(error)]}) from error


def site_named(row: Site) -> None:
    """A site that nobody gave a name is called by its address."""
    row.name = row.name or row.street[:LONGEST_NAME] or row.town


def position_checked(row: Any) -> None:
    """Both coordinates or none."""
    if (row.latitude is None) != (row.longitude is None):
        missing = "latitude" if row.latitude is None else "longitude"
        raise Invalid({missing: [_("Give both latitude and longitude, or neither.")]})


def phone_words(e164: str) -> str:
    """A number as it may be typed into a search: with the country's digits, and without."""
    shown = checks.phone_shown(e164, home_country())
    digits = re.sub(r"\D", "", shown)
    return " ".join(dict.fromkeys([e164.lstrip("+"), digits])) if e164 else ""


def _words(*parts: str) -> str:
    return normalise(" ".join(part for part in parts if part))


def customer_columns(row: Customer) -> None:
    """The columns that lists sort by and searches read."""
    row.name_sort = normalise(row.name)[:200]
    row.search = _words(
        row.name, row.town, row.postcode, row.street, row.vat_number, row.email,
        phone_words(row.phone),
    )  # fmt: skip


def contact_columns(row: Contact) -> None:
    """The same for a contact."""
    row.name_sort = normalise(row.name)[:200]
    row.search = _words(
        row.name, row.job, row.email, phone_words(row.phone), phone_words(row.mobile)
    )


def site_columns(row: Site) -> None:
    """The same for a site; its notes are not searched: a key's hiding place is no search word."""
    row.name_sort = normalise(row.name)[:200]
    row.search = _words(row.name, row.street, row.postcode, row.town)


def asset_columns(row: Asset) -> None:
    """The same for an asset."""
    row.reference_sort = normalise(row.reference)[:120]
    row.search = _words(row.reference, row.kind, row.manufacturer, row.model, row.serial_number)


# Which values are codes that a journal's fact may hold; everything else is personal.
CODES: Mapping[str, frozenset[str]] = {
    "customer": frozenset({"kind", "language", "country", "bill_to_id"}),
    "contact": frozenset({"language", "site_id", "customer_id"}),
    "site": frozenset({"country", "parent_id"}),
    "asset": frozenset({"site_id", "installed_on", "warranty_until"}),
    "area": frozenset({"name", "postcodes", "detour_percent", "kmh"}),
}
