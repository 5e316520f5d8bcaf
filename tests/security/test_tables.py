"""Ten thousand hostile texts out through every door that gives out a table: no cell is a formula.

That the one function which writes tables guards 10,000 of them is asked in tests/kernel.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from callout.accounts.models import User
from callout.backup.export.making import export_work
from callout.backup.export.services import export_path, export_start
from callout.customers.imports.checking import import_check
from callout.customers.imports.making import import_columns_set, import_send
from callout.customers.models import Asset, Customer, Site
from callout.kernel import clock, csv_out
from callout.kernel.csv_out import cell_read
from callout.kernel.models import JournalEntry
from callout.orders.models import ServiceOrder
from tests.kernel.test_csv_out import hostile, runs
from tests.office.conftest import browser
from tests.orders.conftest import Company, company_made
from tests.scale import rounds

__all__ = ["browser"]

pytestmark = pytest.mark.wide
MANY = rounds(1_000, 10_000)
EACH = 4  # texts in a row
KINDS = {"customers": Customer, "sites": Site, "assets": Asset}
DOORS = (*KINDS, "orders", "faults")


def texts(most: int = 80) -> list[str]:
    """What a text of the database can hold of them, the separators of tables included."""
    found = (one.replace("\x00", "")[:most] for one in hostile(MANY))
    return [one or "=1" for one in found]


def in_fours() -> Iterator[list[str]]:
    found = texts()
    return (found[at : at + EACH] for at in range(0, MANY, EACH))


@pytest.fixture
def company(db: None, tmp_path: Path, settings: Any) -> Company:
    settings.MEDIA_ROOT = tmp_path
    return company_made()


@pytest.fixture
def office(company: Company, browser: Any) -> Client:
    return browser(company.manager)  # type: ignore[no-any-return]


def planted(company: Company) -> None:
    """Customers, sites, assets and orders with all of the texts, each kind for itself."""
    rows: dict[Any, list[Any]] = {Customer: [], Site: [], Asset: [], ServiceOrder: []}
    number = ServiceOrder.objects.count()
    for one, two, three, four in in_fours():
        number += 1
        place = {"street": two, "postcode": three[:16], "town": four}
        rows[Customer].append(Customer(name=one, name_sort=one, **place))
        rows[Site].append(Site(name=one, name_sort=one, **place))
        asset = {"kind": two, "manufacturer": three, "serial_number": four}
        rows[Asset].append(Asset(site=company.site, reference=one, reference_sort=one, **asset))
        rows[ServiceOrder].append(ServiceOrder(
            number=number + 1000, customer=rows[Customer][-1], site=rows[Site][-1],
            type=company.kind, description=one,
            customer_reference=two, received_at=clock.now(),
        ))  # fmt: skip
    for model, made in rows.items():
        model._default_manager.bulk_create(made, batch_size=500)


def read(data: bytes, separator: str = ",") -> list[str]:
    """All cells of a table but those of its head."""
    text = data.decode("utf-8-sig")
    found = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    _head, *rows = found
    return [cell for row in rows for cell in row]


def faults(company: Company, office: Client) -> bytes:
    """A table of them is sent; its rows come back with what is wrong with them."""
    sent = io.StringIO()
    out = csv.writer(sent, quoting=csv.QUOTE_ALL)
    out.writerow(["name", "street", "alert", "town", "vat"])
    out.writerows([*row, "=1"] for row in in_fours())
    run = import_send(
        actor=company.manager, kind="customers", file_name="=1.csv", data=sent.getvalue().encode()
    )
    columns = {"name": 0, "street": 1, "alert": 2, "town": 3, "vat_number": 4}
    import_columns_set(
        actor=company.manager, import_id=run.pk, version=run.version, columns=columns, has_head=True
    )
    import_check(run.pk)
    answer: Any = office.post(reverse("office:import_faults", args=[run.pk]))
    assert JournalEntry.objects.filter(entity_id=run.pk, kind="faults_export").count() == 1
    return b"".join(answer.streaming_content)


def given_out(company: Company, office: Client, door: str) -> list[str]:
    """The cells that this door gives."""
    if door == "faults":
        return read(faults(company, office))
    planted(company)
    address = (
        f"{reverse('office:order_export')}?day=all"
        if door == "orders"
        else reverse("office:things_export", args=[door])
    )
    answer: Any = office.post(address)
    assert answer.status_code == 200
    cells = read(b"".join(answer.streaming_content))
    assert JournalEntry.objects.filter(entity="export").count() == 1
    return cells


def tame(cells: list[str], least: int) -> None:
    assert [cell for cell in cells if runs(cell)] == []
    asked = set(texts())
    assert sum(cell_read(cell) in asked for cell in cells) >= least


@pytest.mark.parametrize("door", DOORS)
def test_no_cell_of_a_table_that_leaves_starts_a_formula(
    company: Company, office: Client, door: str
) -> None:
    cells = given_out(company, office, door)
    # A table that comes in is read first: blanks around a text and a guard before it are taken off.
    tame(cells, MANY // 8 if door == "faults" else MANY // 2)
    assert len(cells) > MANY


def test_control_without_the_guard_every_door_gives_formulas(
    company: Company, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_out, "starts_formula", lambda _text: False)
    for door in ("customers", "faults"):
        with pytest.raises(AssertionError):
            tame(given_out(company, office, door), 0)


def test_no_cell_of_the_full_export_starts_a_formula(
    transactional_db: None, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    company = company_made()
    planted(company)
    User.objects.filter(name=company.manager.name).update(is_admin=True)
    row = export_start(actor=replace(company.manager, is_admin=True))
    export_work(row.pk)
    with zipfile.ZipFile(export_path(row.pk)) as out:
        tables = {name: out.read(name) for name in out.namelist() if name.endswith(".csv")}
    assert len(tables) > 20
    for name in ("customers.csv", "sites.csv", "assets.csv", "service-orders.csv"):
        tame(read(tables[name]), MANY // 2)
    others = [cell for data in tables.values() for cell in read(data) if runs(cell)]
    assert [cell for cell in others if not number(cell)] == []


def number(cell: str) -> bool:
    """A number may be negative, and is no text."""
    try:
        float(cell)
    except ValueError:
        return False
    return True
