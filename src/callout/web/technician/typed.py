"""What was typed on the phone, read; Invalid says beside which field it cannot be."""

from datetime import datetime
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from callout.accounts.zone import at, local
from callout.kernel import clock
from callout.kernel.errors import Invalid

FORM = "%Y-%m-%dT%H:%M"


def shown(moment: datetime) -> str:
    """`moment` as a field of day and hour holds it."""
    return local(moment).strftime(FORM)


def moment(name: str, post: QueryDict) -> datetime | None:
    """The moment typed by the company's clock; None for none, and for the minute that is now.

    The field is filled with the present minute: left alone it means now, to the second, and not
    the minute's beginning, which may lie before the step before.
    """
    value = post.get(name, "").strip()
    if not value or value in (post.get(f"{name}_was"), shown(clock.now())):
        return None
    try:
        naive = datetime.strptime(value[:16], FORM)  # noqa: DTZ007 - made aware below
    except ValueError:
        raise Invalid({name: [_("Choose a day and an hour.")]}) from None
    if not 1900 <= naive.year <= 2199:
        raise Invalid({name: [_("This year cannot be right.")]})
    return at(naive.date(), naive.time())


def identity(name: str, post: QueryDict) -> UUID | None:
    """An id of a list, or None."""
    value = post.get(name, "")
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError:
        raise Invalid({name: [_("Choose one of the list.")]}) from None


def number(name: str, value: str) -> int | None:
    """A whole number of at most four digits, or None."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 4):
        raise Invalid({name: [_("Type a whole number.")]})
    return int(value)


def degrees(value: str, most: float) -> float | None:
    """A coordinate that the phone gave; what is none counts as not given."""
    try:
        found = float(value)
    except ValueError:
        return None
    return round(found, 6) if -most <= found <= most else None
