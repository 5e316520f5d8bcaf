"""VAT numbers: the Belgian check digits, the plain form of the other countries of the EU."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.kernel.checks import Wrong, text

# What follows the country's letters, by the European Commission's list (VIES). Greece writes EL.
FORMS = {
    "AT": r"U\d{8}",
    "BG": r"\d{9,10}",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"\d{9}|\d{12}",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"\d{9}B\d{2}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{12}",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"\d{9}|\d{12}|GD\d{3}|HA\d{3}",
}


def vat_number(value: object, country: str) -> str:
    """The number as it is stored: country, then no blanks or dots ("BE0412345678"); may be empty.

    `country` is where the customer is; it counts when the number names none. Wrong says what to
    type.
    """
    given = re.sub(r"[\s./_-]", "", text(40)(value)).upper()
    if not given:
        return ""
    home = {"GR": "EL"}.get(country, country)
    named = re.match(r"[A-Z]{2}", given)
    prefix, rest = (named[0], given[2:]) if named else (home, given)
    prefix = {"GR": "EL"}.get(prefix, prefix)
    if prefix == "BE":
        return "BE" + _belgian(rest)
    form = FORMS.get(prefix, r"[A-Z0-9]{2,13}")
    if not re.fullmatch(form, rest, re.ASCII):
        raise Wrong(_("This is not how a VAT number of %(country)s looks.") % {"country": prefix})
    return prefix + rest


def _belgian(digits: str) -> str:
    if not re.fullmatch(r"[0-9]*", digits):
        raise Wrong(_("Type 10 digits, after BE."))
    missing = 10 - len(digits)
    if missing > 0:
        one = _("Type 10 digits, one is missing")
        more = ngettext(
            "Type 10 digits, %(count)d is missing", "Type 10 digits, %(count)d are missing", missing
        )
        raise Wrong(one if missing == 1 else more % {"count": missing})
    if missing < 0:
        raise Wrong(
            ngettext(
                "Type 10 digits, there is %(count)d too many",
                "Type 10 digits, there are %(count)d too many",
                -missing,
            )
            % {"count": -missing}
        )
    if digits[0] not in "01" or 97 - int(digits[:8]) % 97 != int(digits[8:]):
        raise Wrong(_("One of the 10 digits is wrong: they do not match each other."))
    return digits


def vat_shown(stored: str) -> str:
    """The number as people write it: "BE 0412.345.678"."""
    prefix, rest = stored[:2], stored[2:]
    if prefix == "BE" and len(rest) == 10:
        return f"BE {rest[:4]}.{rest[4:7]}.{rest[7:]}"
    return f"{prefix} {rest}".strip()
