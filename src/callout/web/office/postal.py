"""An address in one line, as it is read on a page or on paper."""

from typing import Protocol

from callout.accounts.company import company


class Addressed(Protocol):
    """Whatever stands at an address: a customer, a site, a technician's base, the company."""

    street: str
    postcode: str
    town: str
    country: str


def postal(row: Addressed) -> str:
    """In one line, "" for none: a country alone says nothing, and one's own goes without saying."""
    parts = [row.street, f"{row.postcode} {row.town}".strip()]
    if any(parts) and row.country != company().country:
        parts.append(row.country)
    return ", ".join(part for part in parts if part)
