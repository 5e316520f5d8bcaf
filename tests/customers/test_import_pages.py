"""The pages of an import: sent, columns chosen, looked at, confirmed, reported, mended."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from callout.customers.imports.checking import import_check
from callout.customers.imports.running import import_run
from callout.customers.models import Customer, Import
from callout.kernel.models import JournalEntry

pytestmark = pytest.mark.django_db
TABLE = (
    "Naam;BTW-nummer;Telefoon\nNova;;010 55 66 77\n=1+1;BE 12;\nBoulangerie Lemaire;BE0403170701;\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)


def send(office: Client, data: bytes, name: str = "klanten.csv") -> Any:
    file = SimpleUploadedFile(name, data)
    return office.post(reverse("office:import_new"), {"kind": "customers", "file": file})


def press(office: Client, name: str, run: Import, **given: Any) -> Any:
    address = reverse(f"office:{name}", args=[run.pk])
    return office.post(address, {"version": run.version, **given}, follow=True)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_file_goes_from_its_columns_to_its_report(office: Client, lemaire: Customer) -> None:
    address = send(office, TABLE.encode())["Location"]
    run = Import.objects.get()
    page = text(office.get(address))
    assert 'value="0" selected' in page
    assert "A · Naam (Nova)" in page
    chosen = {"column-name": "0", "column-vat_number": "1", "column-phone": "2", "has_head": "on"}
    asked = text(press(office, "import", run, **chosen))
    assert "Each row is being looked at" in asked
    assert text(office.get(reverse("office:import_progress", args=[run.pk]))).count("<progress")
    import_check(run.pk)
    run.refresh_from_db()
    page = text(office.get(address))
    assert "Nothing is done yet" in page
    assert "A formula is no value" in page
    assert "same VAT number" in page
    assert "Nova" not in text(office.get(f"{address}?show=error"))
    assert Customer.objects.count() == 1
    told = text(press(office, "import_confirm", run))
    assert "The import has begun" in told
    import_run(run.pk)
    done = text(office.get(address))
    assert reverse("office:customer", args=[Customer.objects.get(name="Nova").pk]) in done
    assert "Imported" in done
    ended = office.get(reverse("office:import_progress", args=[run.pk]))
    assert (ended.status_code, ended["HX-Trigger"]) == (204, "live")


def test_who_is_perhaps_there_twice_is_named_in_the_register_and_in_the_file(
    office: Client, lemaire: Customer
) -> None:
    lemaire.phone = "+3210223344"
    lemaire.save(update_fields=["phone"])
    rows = ["name;postcode;phone", "Autre;1000;010 22 33 44", "Nova;1300;010 55 66 77"]
    send(office, "\n".join([*rows, "Novum;;010 55 66 77"]).encode())
    run = Import.objects.get()
    given = {"column-name": "0", "column-postcode": "1", "column-phone": "2", "has_head": "on"}
    press(office, "import", run, **given)
    import_check(run.pk)
    page = text(office.get(f"{reverse('office:import', args=[run.pk])}?show=likely"))
    link = reverse("office:customer", args=[lemaire.pk])
    assert f'<a class="co-link" href="{link}">{lemaire.name}</a> · same phone' in page
    assert "line 3: Nova · 1300 · same phone" in page


def test_rows_with_faults_are_a_file_in_which_nothing_is_a_formula(office: Client) -> None:
    send(office, TABLE.encode())
    run = Import.objects.get()
    press(office, "import", run, **{"column-name": "0", "column-vat_number": "1", "has_head": "on"})
    import_check(run.pk)
    answer = office.post(reverse("office:import_faults", args=[run.pk]))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "faults of klanten-" in answer["Content-Disposition"]
    table = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert '"3","' in table
    assert '"\'=1+1"' in table
    assert JournalEntry.objects.get(entity="import", kind="faults_export").entity_id == run.pk


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"", "empty"), (b"PK\x03\x04x", "workbook"), (b'name\n"A', "not closed")],
)
def test_what_cannot_be_read_is_said_beside_the_file(
    office: Client, data: bytes, told: str
) -> None:
    answer = send(office, data)
    assert answer.status_code == 422
    assert told in text(answer)
    assert not Import.objects.exists()


def test_a_column_chosen_twice_is_said_and_what_was_chosen_stays(office: Client) -> None:
    send(office, TABLE.encode())
    run = Import.objects.get()
    answer = press(office, "import", run, **{"column-name": "2", "column-phone": "2"})
    assert answer.status_code == 422
    assert "This column is chosen twice" in text(answer)
    assert text(answer).count('value="2" selected') == 2
    missing = press(office, "import", run, **{"column-phone": "2"})
    assert missing.status_code == 422
    run.refresh_from_db()
    assert run.state == "sent"


def test_a_file_that_was_not_confirmed_is_dropped(office: Client) -> None:
    send(office, TABLE.encode())
    run = Import.objects.get()
    assert "Dropped" in text(press(office, "import_drop", run))
    assert not Import.objects.exists()


def test_the_page_of_an_old_version_cannot_confirm(office: Client) -> None:
    send(office, TABLE.encode())
    run = Import.objects.get()
    press(office, "import", run, **{"column-name": "0", "has_head": "on"})
    import_check(run.pk)
    answer = press(office, "import_confirm", run)  # the version before the check
    assert "Somebody changed this" in text(answer)
    run.refresh_from_db()
    assert run.state == "checked"


@pytest.mark.parametrize("kind", ["customers", "sites", "assets"])
def test_a_template_comes_in_the_readers_language(
    office: Client, manager_user: Any, kind: str
) -> None:
    manager_user.language = "fr"
    manager_user.save()
    with translation.override("fr"):  # what a request chooses stays in force after it
        answer = office.get(reverse("office:import_template", args=[kind]))
        missing = office.get(reverse("office:import_template", args=["users"]))
    head = answer.content.decode("utf-8-sig").splitlines()[0]
    assert ";" in head
    assert len(answer.content.decode().splitlines()) == 2
    assert missing.status_code == 404
