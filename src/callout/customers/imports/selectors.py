"""What is read of imports, for managers: the list, and one with its rows and their counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from callout.customers import policy
from callout.customers.imports.columns import columns_of
from callout.customers.models import Import, ImportRow, Outcome, Verdict
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.paging import Page, page


@dataclass(frozen=True, slots=True)
class ImportDetail:
    """An import as its page shows it; `counts` of its rows, by verdict and by outcome."""

    run: Import
    verdicts: dict[str, int]
    outcomes: dict[str, int]
    rows: Page[ImportRow]
    above: dict[int, ImportRow]  # by its line, what these are the same as within the file


def import_list(*, actor: Actor, cursor: str | None = None, limit: int = 25) -> Page[Import]:
    """Imports, the newest first."""
    policy.manage(actor)
    rows = Import.objects.select_related("made_by", "confirmed_by")
    return page(rows, ["-created_at", "-id"], cursor=cursor, limit=limit)


def import_head(*, actor: Actor, import_id: UUID) -> Import:
    """An import without its rows: how far it is."""
    policy.manage(actor)
    rows = Import.objects.select_related("made_by", "confirmed_by")
    run = rows.filter(pk=import_id).first()
    if run is None:
        raise NotFound
    return run


def import_detail(
    *, actor: Actor, import_id: UUID, show: str = "", cursor: str | None = None, limit: int = 50
) -> ImportDetail:
    """One with those rows that have the verdict or the outcome `show` ("": all), by line."""
    run = import_head(actor=actor, import_id=import_id)
    rows = run.rows.all()
    counted = rows.values("verdict", "outcome").annotate(n=Count("id")).order_by()
    verdicts = dict.fromkeys(Verdict.values, 0)
    outcomes = dict.fromkeys(Outcome.values, 0)
    for one in counted:
        verdicts[one["verdict"]] += one["n"]
        if one["outcome"]:
            outcomes[one["outcome"]] += one["n"]
    if show in Verdict.values:
        rows = rows.filter(verdict=show)
    elif show in Outcome.values:
        rows = rows.filter(outcome=show)
    found = page(rows, ["line", "id"], cursor=cursor, limit=limit)
    lines = {row.same_line for row in found.items if row.same_line}
    above = {row.line: row for row in run.rows.filter(line__in=lines)} if lines else {}
    return ImportDetail(run, verdicts, outcomes, found, above)


def import_faults(*, actor: Actor, import_id: UUID) -> tuple[list[str], Iterator[Sequence[Any]]]:
    """The rows that were not done for a fault, as a table that can be mended and sent again: its
    head, and its rows with the line and what is wrong first."""
    run = import_head(actor=actor, import_id=import_id)
    chosen = [column for column in columns_of(run.kind) if column.name in run.columns]
    rows = run.rows.filter(verdict=Verdict.ERROR) | run.rows.filter(outcome=Outcome.FAILED)
    head = [_("Line"), _("What is wrong"), *(str(column.label) for column in chosen)]

    def lines() -> Iterator[Sequence[Any]]:
        for row in rows.order_by("line").iterator(1000):
            words = " ".join(word for words in row.errors.values() for word in words)
            yield [
                row.line,
                words or row.told,
                *(row.values.get(column.name, "") for column in chosen),
            ]

    return head, lines()


def import_template(*, actor: Actor, kind: str) -> tuple[list[str], list[list[str]]]:
    """A table to be filled in: our own names of the columns, and one row as an example."""
    policy.manage(actor)
    if kind not in EXAMPLES:
        raise NotFound
    columns = columns_of(kind)
    example = EXAMPLES[kind]
    return [str(one.label) for one in columns], [[example.get(one.name, "") for one in columns]]


EXAMPLES: dict[str, dict[str, str]] = {
    "customers": {
        "name": "Example Bakery",
        "kind": "company",
        "vat_number": "BE 0403.170.701",
        "phone": "+32 10 22 33 44",
        "email": "info@bakery.example",
        "language": "fr",
        "street": "Rue du Pont 12",
        "postcode": "1300",
        "town": "Wavre",
        "country": "BE",
        "contact_name": "Anne Example",
        "contact_mobile": "+32 470 12 34 56",
    },
    "sites": {
        "customer": "Example Bakery",
        "role": "occupant",
        "name": "Workshop",
        "street": "Rue du Pont 14",
        "postcode": "1300",
        "town": "Wavre",
        "country": "BE",
        "latitude": "50.7167",
        "longitude": "4.6167",
    },
    "assets": {
        "site": "Workshop",
        "customer": "Example Bakery",
        "kind": "Boiler",
        "reference": "B-1",
        "manufacturer": "Example",
        "model": "X 24",
        "serial_number": "X24-000123",
        "installed_on": "2024-05-17",
        "warranty_until": "2029-05-17",
    },
}
