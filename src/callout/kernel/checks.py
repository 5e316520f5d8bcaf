"""Checks of single values, put together into a table per thing: the words beside each field.

A service cleans what it was given with `cleaned(TABLE, values)`: every wrong field is told at
once, a name that is not in the table is refused, and what comes back fits the database.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.kernel.errors import Invalid
from callout.kernel.text import first_drawn, unturned

Check = Callable[[Any], Any]
T = TypeVar("T")

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_is_email = EmailValidator()


class Wrong(ValueError):
    """A value that cannot be; its text is what the person reads beside the field."""


def cleaned(table: Mapping[str, Check], values: Mapping[str, Any]) -> dict[str, Any]:
    """Each value of `values` as its check gives it back. Invalid with all that is wrong."""
    clean: dict[str, Any] = {}
    wrong: dict[str, list[str]] = {}
    for name, value in values.items():
        try:
            if name not in table:
                raise Wrong(_("There is no such field."))
            clean[name] = table[name](value)
        except Wrong as error:
            wrong[name] = [str(error)]
    if wrong:
        raise Invalid(wrong)
    return clean


def checked(name: str, check: Callable[[Any], T], value: Any) -> T:
    """One value as its check gives it back. Invalid by its name."""
    try:
        return check(value)
    except Wrong as error:
        raise Invalid({name: [str(error)]}) from None


def text(most: int, *, required: bool = False, lines: bool = False) -> Check:
    """A text of at most `most` characters; with `lines` it may have several. A `required` one shows
    something: a name that nobody sees can neither be read nor pressed."""

    def check(value: Any) -> str:
        if value is not None and not isinstance(value, str):
            raise Wrong(_("Type a text."))
        given = unturned(value or "").replace("\r\n", "\n").strip()
        if not lines:
            given = re.sub(r"[\s\u2028\u2029]+", " ", given)
        if _UNSTORABLE.search(given):
            raise Wrong(_("There is a character in it that cannot be kept. Type it again."))
        if required and not first_drawn(given):
            raise Wrong(_("Fill this in."))
        if len(given) > most:
            over = len(given) - most
            raise Wrong(
                ngettext(
                    "At most %(most)d characters, this is %(over)d too long.",
                    "At most %(most)d characters, this is %(over)d too long.",
                    over,
                )
                % {"most": most, "over": over}
            )
        return given

    return check


def choice(options: Collection[str], *, blank: bool = False) -> Check:
    """One of `options`."""

    def check(value: Any) -> str:
        if blank and value in (None, ""):
            return ""
        if not isinstance(value, str) or value not in options:
            raise Wrong(_("Choose one of the list."))
        return value

    return check


def email(value: Any) -> str:
    """An email address, lower-cased so that it can be compared; may be empty."""
    given: str = text(254)(text(254)(value).lower())  # some letters become two in lower case
    if given:
        try:
            _is_email(given)
        except ValidationError:
            raise Wrong(_("Type an email address like name@example.com.")) from None
    return given


def phone(country: Callable[[], str]) -> Check:
    """A telephone number as E.164; one without +... is of `country()` (asked when needed)."""

    def check(value: Any) -> str:
        given = text(40)(value)
        if not given:
            return ""
        try:
            number = phonenumbers.parse(given, country())
        except phonenumbers.NumberParseException:
            raise Wrong(
                _("Type a phone number, for example 010 12 34 56 or +32 10 12 34 56.")
            ) from None
        if number.extension:
            raise Wrong(_("Leave out the extension; write it in the notes."))
        if not phonenumbers.is_possible_number(number):
            raise Wrong(_("This phone number has too few or too many digits."))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    return check


def phone_shown(e164: str, country: str) -> str:
    """The number as people of `country` write it."""
    if not e164:
        return ""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    home = phonenumbers.country_code_for_region(country) == number.country_code
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.NATIONAL if home else form.INTERNATIONAL)


def country(value: Any) -> str:
    """An ISO 3166-1 alpha-2 code that telephones know; may be empty."""
    given: str = text(2)(value).upper()
    if given and given not in phonenumbers.SUPPORTED_REGIONS:
        raise Wrong(_("Choose a country, as its two letters: BE, FR, NL, DE, LU..."))
    return given


def decimal(*, whole: int, places: int, above: int | None = None) -> Check:
    """A number, or its text ("2.5", "2,5"), of at most so many digits before and after the point.

    Never by way of a float, whose digits are not those that were typed.
    """

    def check(value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            raise Wrong(_("Type a number."))
        plain = f"{value:f}" if isinstance(value, Decimal) else str(value)
        given = plain.strip().replace(",", ".")
        if len(given) > 40 or not _NUMBER.fullmatch(given):
            raise Wrong(_("Type a number."))
        number = Decimal(given)
        if abs(number) >= 10**whole:
            words = _("A number here has at most %(count)d digits before the point.")
            raise Wrong(words % {"count": whole})
        if number != round(number, places):
            raise Wrong(_("At most %(count)d digits after the point.") % {"count": places})
        if above is not None and number <= above:
            raise Wrong(_("More than %(count)d.") % {"count": above})
        return round(number, places)

    return check


def degrees(most: float) -> Check:
    """A coordinate between -most and most, or None."""

    def check(value: Any) -> float | None:
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Wrong(_("Type a number of degrees, for example 50.7167."))
        try:
            number = float(value.replace(",", ".") if isinstance(value, str) else value)
        except (ValueError, OverflowError):
            raise Wrong(_("Type a number of degrees, for example 50.7167.")) from None
        if not -most <= number <= most:  # NaN fails this too
            raise Wrong(_("Degrees go from -%(most)d to %(most)d here.") % {"most": most})
        return round(number, 6)

    return check


def whole_or_none(low: int, high: int) -> Check:
    """A whole number from `low` to `high` (or its text), or None where nothing is given."""

    def check(value: Any) -> int | None:
        given = value.strip() if isinstance(value, str) else value
        if given is None or given == "":
            return None
        words = _("Type a whole number from %(low)d to %(high)d.") % {"low": low, "high": high}
        if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 10:
            given = int(given)
        if isinstance(given, bool) or not isinstance(given, int) or not low <= given <= high:
            raise Wrong(words)
        return given

    return check


def day(*, required: bool = False) -> Check:
    """A date (or its ISO text), or None; between 1900 and 2199, where every calendar works."""

    def check(value: Any) -> date | None:
        if value in (None, ""):
            if required:
                raise Wrong(_("Choose a date."))
            return None
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                raise Wrong(_("Choose a date, written as 2026-11-24.")) from None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise Wrong(_("Choose a date, written as 2026-11-24."))
        if not 1900 <= value.year <= 2199:
            raise Wrong(_("This year cannot be right."))
        return value

    return check


def moment(value: Any) -> datetime:
    """An aware time between 1900 and 2199 (or its ISO text), in UTC: PostgreSQL does not take
    every offset that Python does."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise Wrong(_("Choose a day and an hour.")) from None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Wrong(_("Choose a day and an hour."))
    if not 1900 <= value.year <= 2199 or not 1900 <= value.astimezone(UTC).year <= 2199:
        raise Wrong(_("This year cannot be right."))
    return value.astimezone(UTC)


def flag(value: Any) -> bool:
    """True or False, and nothing that only looks like it."""
    if not isinstance(value, bool):
        raise Wrong(_("Say yes or no."))
    return value


def id_or_none(value: Any) -> UUID | None:
    """The id of another thing, or None."""
    if value in (None, ""):
        return None
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise Wrong(_("Choose one of the list.")) from None


def id_if_any(value: Any) -> UUID | None:
    """The same where an address may hold anything: what is no id is none."""
    try:
        return id_or_none(value)
    except Wrong:
        return None


def id_required(value: Any) -> UUID:
    """The id of another thing."""
    found = id_or_none(value)
    if found is None:
        raise Wrong(_("Choose one of the list."))
    return found
