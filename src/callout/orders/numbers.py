"""The running number of an order, for people."""

import re

from callout.accounts.company import company
from callout.accounts.models import Company


def order_number(number: int, firm: Company | None = None) -> str:
    """The number as people read and say it: SO-000123, growing past its digits.

    `firm` is the company, for who writes thousands.
    """
    firm = firm or company()
    return numbered(number, firm.number_prefix, firm.number_digits)


def numbered(number: int, prefix: str, digits: int) -> str:
    """The same as a company writes it whose numbers are made so."""
    return f"{prefix}{number:0{digits}d}"


def number_in(text: str) -> int | None:
    """The order number that `text` is ("SO-000123", "123"), else None."""
    prefix = re.escape(company().number_prefix)
    found = re.fullmatch(rf"(?:{prefix})?0*(\d{{1,15}})", text.strip(), re.IGNORECASE)
    return int(found[1]) if found else None
