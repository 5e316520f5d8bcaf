"""Customers, sites and assets as the rows of a file: what a list finds, page by page, with the
columns that an import takes, so that what goes out can come back in.

Read while the file goes out, each page for itself, from the replica where there is one: it may lag
some seconds. No access code and no notes on how to get in.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from callout.customers import policy
from callout.customers.imports.columns import columns_of
from callout.customers.models import Contact, SiteLink
from callout.customers.selectors import asset_list, customer_list, site_list
from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.errors import NotFound
from callout.kernel.ids import uuid7
from callout.kernel.lagging import lagging_read
from callout.kernel.paging import MOST as PAGE

MOST = 100_000
# How to get in is for who goes there.
NEVER = frozenset({"access_notes", "parking_notes", "key_notes"})
CONTACT = ("name", "job", "phone", "mobile", "email", "language")


def things_table(
    *, actor: Actor, kind: str, q: str = "", area_id: UUID | None = None, archived: bool = False
) -> Iterator[list[Any]]:
    """First the heads, then the rows that the list of this kind finds, by name; a customer has
    one for each contact. Where there are more than MOST, the last line says so. For managers."""
    policy.manage(actor)
    if kind not in ROWS:
        raise NotFound
    return _written(actor, kind, {"q": q, "area_id": area_id, "archived": archived})


def _written(actor: Actor, kind: str, wanted: dict[str, Any]) -> Iterator[list[Any]]:
    columns = [column for column in columns_of(kind) if column.name not in NEVER]
    names = [column.name for column in columns]
    yield [str(column.label) for column in columns]
    count = 0
    cursor: str | None = None
    while True:
        rows, cursor = lagging_read(partial(_page, actor, kind, wanted, cursor))
        for values in rows:
            if count == MOST:
                words = _("There are more than these %(most)d rows. Narrow the search.")
                yield [words % {"most": MOST}]
                return
            count += 1
            yield [values.get(name, "") for name in names]
        if cursor is None:
            return


def _page(
    actor: Actor, kind: str, wanted: dict[str, Any], cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """The rows of a page of the list, and where the next one begins."""
    found, rows_of = ROWS[kind]
    page = found(actor=actor, limit=PAGE, cursor=cursor, **wanted)
    return list(rows_of(page.items)), page.next


def _customers(items: Sequence[Any]) -> Iterator[dict[str, Any]]:
    people: dict[UUID, list[Contact]] = defaultdict(list)
    rows = Contact.objects.filter(customer__in=[row.pk for row in items], archived_at=None)
    for one in rows.order_by("name_sort", "pk"):
        people[one.customer_id].append(one)
    for row in items:
        whole = vars(row) | {"bill_to": _payer(row)}
        of_it: list[Contact | None] = [*people[row.pk]]
        for person in of_it or [None]:
            yield whole | {f"contact_{name}": getattr(person, name, "") for name in CONTACT}


def _payer(row: Any) -> str:
    """Who pays, as an import finds them: by number where there is one."""
    return (row.bill_to.vat_number or row.bill_to.name) if row.bill_to else ""


def _sites(items: Sequence[Any]) -> Iterator[dict[str, Any]]:
    for row in items:
        links: list[SiteLink | None] = [*row.links.all()]
        for link in links or [None]:
            yield vars(row) | {
                "customer": _called(link.customer) if link else "",
                "role": link.role if link else "",
                "parent": row.parent.name if row.parent else "",
            }


def _called(customer: Any) -> str:
    return str(customer.vat_number or customer.name)


def _assets(items: Sequence[Any]) -> Iterator[dict[str, Any]]:
    links = SiteLink.objects.filter(site__in={row.site_id for row in items})
    owners = {
        link.site_id: link.customer
        for link in links.select_related("customer").order_by("-customer__name_sort")
    }
    for row in items:
        owner = owners.get(row.site_id)
        yield vars(row) | {
            "site": row.site.name,
            "postcode": row.site.postcode,
            "customer": owner.name if owner else "",
        }


Found = Callable[..., Any]
ROWS: dict[str, tuple[Found, Callable[[Sequence[Any]], Iterator[dict[str, Any]]]]] = {
    "customers": (customer_list, _customers),
    "sites": (site_list, _sites),
    "assets": (asset_list, _assets),
}


@service
def things_export(
    *, actor: Actor, kind: str, q: str = "", area_id: UUID | None = None, archived: bool = False
) -> None:
    """Say in the journal that these leave as a file. A text looked for may be a person's name."""
    policy.manage(actor)
    journal.record(
        actor,
        entity="export",
        entity_id=uuid7(),
        kind=kind,
        facts={"area_id": str(area_id) if area_id else None, "archived": archived},
        personal={"q": q} if q else None,
    )
