"""Values as people type them, made into values as they are kept; Invalid says what is wrong."""

import zoneinfo
from collections.abc import Iterable

import phonenumbers
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from callout.accounts.models import User
from callout.kernel.errors import Invalid
from callout.kernel.text import first_drawn


def line(text: str) -> str:
    """One line of text: trimmed, single-spaced, without what cannot be seen (NUL breaks SQL); empty
    where nothing of it can."""
    plain = "".join(c for c in " ".join(text.split()) if c.isprintable())
    return plain if first_drawn(plain) else ""


def email(text: str) -> str:
    return line(text).lower()


def fields_checked(row: models.Model, names: Iterable[str]) -> None:
    """Invalid, field by field, where `row` holds what its columns cannot."""
    wanted = set(names)
    others = [field.name for field in row._meta.concrete_fields if field.name not in wanted]
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        raise Invalid({name: list(words) for name, words in error.message_dict.items()}) from error


def password_checked(password: str, user: User) -> None:
    """Invalid unless the password is good enough for this user."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid({"password": list(error.messages)}) from error


def phone(text: str, country: str) -> str:
    """`text` in E.164, read as dialled in `country`; "" stays "". ValueError if it is no number."""
    text = line(text)
    if not text:
        return ""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise ValueError(text) from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def company_words(values: dict[str, object]) -> dict[str, list[str]]:
    """What is wrong with a company's zone, country, currency and prefix, by field."""
    wrong: dict[str, list[str]] = {}
    if values.get("time_zone", "UTC") not in zoneinfo.available_timezones():
        wrong["time_zone"] = [_("Choose a time zone, like Europe/Brussels.")]
    if values.get("country", "BE") not in phonenumbers.SUPPORTED_REGIONS:
        wrong["country"] = [_("Give the country as two letters, like BE.")]
    currency = str(values.get("currency", "EUR"))
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        wrong["currency"] = [_("Give the currency as three letters, like EUR.")]
    digits = values.get("number_digits", 6)
    if not isinstance(digits, int) or not 1 <= digits <= 12:
        wrong["number_digits"] = [_("Give a whole number from 1 to 12.")]
    return wrong
