"""A row's cells as values that the checks of this room know: words become codes.

What is no such word stays as it was written: the check says what is wrong with it.
"""

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from callout.customers.imports.columns import plain

Values = dict[str, str]
Faults = dict[str, list[str]]

# As people write them in English, French, Dutch and German: data, no texts of ours.
KINDS = {
    "company": "company|entreprise|societe|bedrijf|firma|unternehmen|b2b|professional",
    "person": "person|private|private person|particulier|personne|persoon|privaat|privat"
    "|privatperson|b2c",
}
LANGUAGES = {
    "en": "en|english|anglais|engels|englisch",
    "fr": "fr|french|francais|frans|franzosisch",
    "nl": "nl|dutch|neerlandais|nederlands|niederlandisch",
    "de": "de|german|allemand|duits|deutsch",
}
ROLES = {
    "owner": "owner|proprietaire|eigenaar|eigentumer|besitzer",
    "occupant": "occupant|tenant|locataire|huurder|bewoner|mieter|bewohner|nutzer",
    "manager": "manager|syndic|gestionnaire|gerant|beheerder|syndicus|verwalter|hausverwaltung",
}
COUNTRIES = {
    "BE": "belgium|belgique|belgie|belgien|b",
    "FR": "france|frankrijk|frankreich|f",
    "NL": "netherlands|the netherlands|pays bas|nederland|niederlande|holland",
    "DE": "germany|allemagne|duitsland|deutschland|d",
    "LU": "luxembourg|luxemburg|l",
}
CODES = {"language": LANGUAGES, "contact_language": LANGUAGES, "role": ROLES, "country": COUNTRIES}
DAYS = frozenset({"installed_on", "warranty_until"})


def values_of(kind: str, cells: Sequence[str], columns: Mapping[str, int]) -> tuple[Values, Faults]:
    """The fields that a row gives, by the columns chosen; an empty cell says nothing."""
    values: Values = {}
    faults: Faults = {}
    for name, place in columns.items():
        cell = cells[place] if place < len(cells) else ""
        if not cell:
            continue
        values[name] = _value(kind, name, cell)
        if cell.startswith(("=", "@")) and len(cell) > 1:
            faults[name] = [_("A formula is no value. Copy its result instead.")]
    return values, faults


def _value(kind: str, name: str, cell: str) -> str:
    if name in DAYS:
        return _day(cell)
    codes = KINDS if (kind, name) == ("customers", "kind") else CODES.get(name)
    if codes:
        written = plain(cell)
        return next((code for code, words in codes.items() if written in words.split("|")), cell)
    return cell


def _day(cell: str) -> str:
    """2026-12-25, also where it was written day first."""
    found = re.fullmatch(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})", cell)
    return f"{found[4]}-{int(found[3]):02d}-{int(found[1]):02d}" if found else cell
