"""What a file of each kind may hold, and which of its columns that is, guessed by their names.

`HEADS` are names as people write them in English, French, Dutch and German: data, no texts of ours.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from callout.customers.models import ImportKind
from callout.kernel.text import normalise


@dataclass(frozen=True, slots=True)
class Column:
    """A field that a file may give, and whether there is no row without it."""

    name: str
    label: str | Promise
    needed: bool = False


_ADDRESS = [
    Column("street", _("Street and number")),
    Column("postcode", _("Postcode")),
    Column("town", _("Town")),
    Column("country", _("Country")),
]
COLUMNS: Mapping[str, Sequence[Column]] = {
    ImportKind.CUSTOMERS: [
        Column("name", _("Name"), needed=True),
        Column("kind", _("Kind")),
        Column("vat_number", _("VAT number")),
        Column("phone", _("Phone")),
        Column("email", _("Email")),
        Column("language", _("Language")),
        *_ADDRESS,
        Column("bill_to", _("Bill to")),
        Column("alert", _("Alert")),
        Column("notes", _("Notes")),
        Column("contact_name", _("Contact: name")),
        Column("contact_job", _("Contact: job")),
        Column("contact_phone", _("Contact: phone")),
        Column("contact_mobile", _("Contact: mobile")),
        Column("contact_email", _("Contact: email")),
        Column("contact_language", _("Contact: language")),
    ],
    ImportKind.SITES: [
        Column("customer", _("Customer"), needed=True),
        Column("role", _("What the customer is to it")),
        Column("name", _("Name of the site")),
        *_ADDRESS,
        Column("parent", _("Lies inside the site")),
        Column("latitude", _("Latitude")),
        Column("longitude", _("Longitude")),
        Column("access_notes", _("Access")),
        Column("parking_notes", _("Parking")),
        Column("key_notes", _("Keys")),
    ],
    ImportKind.ASSETS: [
        Column("site", _("Site"), needed=True),
        Column("customer", _("Customer")),
        Column("postcode", _("Postcode of the site")),
        Column("kind", pgettext_lazy("of an asset", "Type")),
        Column("reference", _("Reference")),
        Column("manufacturer", _("Manufacturer")),
        Column("model", _("Model")),
        Column("serial_number", _("Serial number")),
        Column("installed_on", _("Installed on")),
        Column("warranty_until", _("Warranty until")),
        Column("notes", _("Notes")),
    ],
}

# Compared without case, accents and signs; "|" between names.
HEADS: Mapping[str, str] = {
    "street": "street|street and number|address|address line 1|rue|rue et numero|adresse|straat"
    "|straat en nummer|straat en huisnummer|adres|strasse|strasse und nummer|strasse und hausnummer"
    "|anschrift",
    "postcode": "postcode|post code|postal code|zip|zip code|code postal|cp|postnummer"
    "|postleitzahl|plz|postcode of the site|code postal du site|postcode van de locatie"
    "|postcode van de site",
    "town": "town|city|place|ville|localite|commune|gemeente|stad|plaats|woonplaats|ort|stadt",
    "country": "country|country code|pays|code pays|land|landcode|landkode|landeskurzel",
    "name": "name|customer|customer name|company|company name|nom|nom du client|client|societe"
    "|raison sociale|entreprise|naam|klant|klantnaam|naam klant|bedrijf|bedrijfsnaam|firma"
    "|firmanaam|kunde|kundenname|firmenname|name of the site|site|site name|nom du site|locatie"
    "|naam van de site|standort|name des standorts",
    "kind": "kind|type|sort|genre|soort|art|typ|asset type|type d appareil|type d equipement"
    "|soort toestel|gerateart|anlagentyp",
    "vat_number": "vat number|vat|vat no|vat id|tva|numero de tva|n tva|no tva|btw|btw nummer"
    "|btw nr|ondernemingsnummer|numero d entreprise|ust id|ust idnr|ust idnummer|umsatzsteuer id"
    "|mehrwertsteuernummer|mwst nummer",
    "phone": "phone|phone number|telephone|tel|tel no|numero de telephone|telefoon|telefoonnummer"
    "|telefon|telefonnummer|rufnummer",
    "email": "email|e mail|mail|email address|e mail address|courriel|adresse e mail|adresse email"
    "|adresse mail|e mailadres|emailadres|e mail adresse|mailadresse",
    "language": "language|langue|taal|sprache",
    "bill_to": "bill to|payer|billed to|facturer a|facture a|payeur|factureren aan|betaler"
    "|rechnung an|zahler|rechnungsempfanger",
    "alert": "alert|warning|alerte|avertissement|waarschuwing|melding|hinweis|warnung",
    "notes": "notes|note|remarks|comment|comments|remarques|remarque|commentaire|notities|notitie"
    "|opmerkingen|opmerking|notizen|notiz|bemerkungen|bemerkung",
    "contact_name": "contact|contact name|contact person|personne de contact|nom du contact"
    "|contact nom|contactpersoon|naam contact|contact naam|ansprechpartner|kontakt|kontaktperson"
    "|kontakt name",
    "contact_job": "contact job|job|function|fonction|contact fonction|functie|contact functie"
    "|funktion|kontakt funktion|position",
    "contact_phone": "contact phone|telephone du contact|contact telephone|telefoon contact"
    "|telefoon contactpersoon"
    "|contact telefoon|kontakt telefon|telefon ansprechpartner",
    "contact_mobile": "contact mobile|mobile|mobile phone|cell|gsm|gsm contact|gsm nummer"
    "|numero de gsm|portable|contact gsm|mobiel"
    "|contact mobiel|mobil|handy|mobiltelefon|kontakt mobil",
    "contact_email": "contact email|contact e mail|email du contact|e mail du contact"
    "|e mail contact|email contact|kontakt e mail|kontakt email|e mail ansprechpartner",
    "contact_language": "contact language|contact langue|langue du contact|taal contact"
    "|contact taal|kontakt sprache",
    "customer": "customer|customer name|client|nom du client|klant|klantnaam|naam klant|kunde"
    "|kundenname|customer vat number",
    "role": "role|what the customer is to it|qualite|rol|rolle",
    "parent": "lies inside the site|parent|parent site|inside|site parent|se trouve dans"
    "|hoofdsite|ligt in|bovenliggende site|liegt in|ubergeordneter standort",
    "latitude": "latitude|lat|breedtegraad|breite|breitengrad",
    "longitude": "longitude|long|lon|lng|lengtegraad|lange|langengrad",
    "access_notes": "access|access notes|acces|toegang|zugang",
    "parking_notes": "parking|parking notes|parkeren|parken|stationnement|parkplatz",
    "key_notes": "keys|key|key notes|cles|cle|sleutels|sleutel|schlussel",
    "site": "site|site name|location|address|nom du site|lieu|adresse|locatie|adres|standort|ort"
    "|naam van de site|street|rue|straat|strasse",
    "reference": "reference|ref|asset|name|referentie|referenz|appareil|toestel|anlage|gerat",
    "manufacturer": "manufacturer|make|brand|fabricant|marque|fabrikant|merk|hersteller|marke",
    "model": "model|modele|modell",
    "serial_number": "serial number|serial|serial no|s n|numero de serie|n de serie|serienummer"
    "|seriennummer",
    "installed_on": "installed on|installed|installation date|date d installation|installe le"
    "|installatiedatum|geplaatst op|geinstalleerd op|installiert am|einbaudatum",
    "warranty_until": "warranty until|warranty|garantie jusqu au|garantie|garantie tot"
    "|garantie bis",
}


def plain(name: str) -> str:
    """A column's name as `HEADS` writes it."""
    return re.sub(r"[^a-z0-9]+", " ", normalise(name)).strip()


def columns_of(kind: str) -> Sequence[Column]:
    """What a file of this kind may hold, in the order it is asked for."""
    return COLUMNS[kind]


def columns_guess(kind: str, head: Sequence[str]) -> dict[str, int]:
    """Which column is which field, by its name; each column once. Our own labels are known too, in
    every language: a template is filled in by one and brought in by another."""
    written = [plain(name) for name in head]
    guess: dict[str, int] = {}
    for column in columns_of(kind):
        names = [*_labels(column), *HEADS.get(column.name, "").split("|")]
        for name in names:
            places = [
                at for at, one in enumerate(written) if one == name and at not in guess.values()
            ]
            if name and places:
                guess[column.name] = places[0]
                break
    return guess


def _labels(column: Column) -> Iterator[str]:
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield plain(str(column.label))


def letter(place: int) -> str:
    """A column as a spreadsheet names it: A to Z, then AA."""
    before, rest = divmod(place, 26)
    return (letter(before - 1) if before else "") + chr(65 + rest)


def column_name(head: Sequence[str], place: int) -> str:
    """A column as it is offered: its name, and its letter, which tells twins apart."""
    name = head[place] if place < len(head) else ""
    return f"{letter(place)} · {name}" if name else letter(place)


def twins(head: Sequence[str]) -> list[str]:
    """Names that stand over more than one column."""
    written = [plain(name) for name in head]
    return sorted({name for at, name in enumerate(head) if name and written.count(written[at]) > 1})
