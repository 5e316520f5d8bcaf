"""Files as they come: in any encoding, broken, endless, or no table at all. Rows, or words."""

import subprocess
import sys

import pytest
from django.utils.translation import override

from callout.customers.imports import reading
from callout.customers.imports.columns import columns_guess, columns_of, twins
from callout.customers.imports.reading import records, table_look, table_open
from callout.customers.models import ImportKind
from callout.kernel.checks import Wrong

TABLE = "Naam;Telefoon\nBäckerei Müller;010 22 33 44\n"


def cells(data: bytes) -> list[list[str]]:
    return [record.cells for record in records(table_open(data))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    assert cells(TABLE.encode(encoding))[1] == ["Bäckerei Müller", "010 22 33 44"]


def test_utf_16_of_the_other_byte_order_is_read() -> None:
    assert cells(TABLE.encode("utf-16-be"))[0] == ["Naam", "Telefoon"]


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_every_usual_separator_is_found_also_where_another_stands_in_quotes(mark: str) -> None:
    table = f'"Naam; voornaam, rest"{mark}Telefoon\r\nA{mark}1\r\n'
    assert cells(table.encode()) == [["Naam; voornaam, rest", "Telefoon"], ["A", "1"]]


def test_the_line_by_which_a_spreadsheet_names_its_separator_is_taken_at_its_word() -> None:
    found = list(records(table_open(b"sep=|\r\nname|phone\r\nA|1\r\n")))
    assert [(one.line, one.cells) for one in found] == [(2, ["name", "phone"]), (3, ["A", "1"])]


def test_what_a_spreadsheet_guards_reads_back_as_it_was() -> None:
    assert cells(b'name,phone\n"=""0123""",\'+32 10\n')[1] == ["0123", "+32 10"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b" ;;\r\n;\r\n", "empty"),
        (b"\xc2\xa0\n\xe2\x80\x83;\n", "empty"),
        (b"\x0c\x0c", "empty"),
        (b"sep=;\n\n", "No row"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0rest", "workbook"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "no table of text"),
        (b"name\0;a\0\nb\0c;\0\0", "no table of text"),
        (b"\xff\xfea", "no table of text"),
        (b"name;\x81\x8d\n", "no table of text"),
        (b'name;phone\n"A;1\nB;2\n', "Line 2: a quotation mark is opened and not closed"),
        (b"a;" * 260 + b"\n", "columns"),
        (b'name\n"' + b"x" * 200_000 + b'"\n', "a quotation mark is opened"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, told: str) -> None:
    with pytest.raises(Wrong, match=told):
        table_look(table_open(data))


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(Wrong, match="10 MB"):
        table_open(b"a" * (reading.MOST_BYTES + 1))


def test_a_million_rows_are_refused_where_the_limit_is_passed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 100)
    assert table_look(table_open(b"name\n" + b"a\n" * 100)).count == 101
    with pytest.raises(Wrong, match="At most 100 rows"):
        table_look(table_open(b"name\n" + b"a\n" * 1_000_000))


def test_many_columns_and_a_million_rows_of_nothing_are_not_looked_at_cell_by_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[str] = []

    def look(cell: str) -> str:
        looked.append(cell)
        return cell

    monkeypatch.setattr(reading, "_cell", look)
    with pytest.raises(Wrong, match="10001 columns"):
        table_look(table_open(b"a" + b";" * 10_000))
    assert table_look(table_open(b"name;phone\nA;1\n" + b";\n" * 100_000)).count == 2
    assert set(looked) == {"name", "phone", "A", "1"}


ENDLESS = {
    "one line of cells": b"a;" * (reading.MOST_BYTES // 2),
    "one row over millions of lines": b'"a\n";' * (reading.MOST_BYTES // 5),
    "control characters alone": b"\x01" * reading.MOST_BYTES,
    "no line of it like another's end": b"a\x0b" * (reading.MOST_BYTES // 2),
}


# In an interpreter of its own: one that has run tests has memory to spare that no limit counts.
# It leaves at once: where no memory is left, none is left for an exception that says so either.
READ = """
import os, resource, sys
from pathlib import Path
import django
django.setup()
from callout.customers.imports import reading
from callout.kernel.checks import Wrong
data, more, marks = sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2])
reading.MOST_MARKS, leave = marks, os._exit
pages = int(Path("/proc/self/statm").read_text().split()[0])
limit = pages * resource.getpagesize() + more * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    reading.table_look(reading.table_open(data))
except Wrong:
    leave(3)
except MemoryError:
    leave(4)
"""
REFUSED, NO_MEMORY = 3, 4


def read_within(megabytes: int, data: bytes, marks: int = reading.MOST_MARKS) -> int:
    """How a process ends that reads this and may have so much more memory than it has."""
    command = [sys.executable, "-c", READ, str(megabytes), str(marks)]
    return subprocess.run(command, input=data, check=False).returncode


@pytest.mark.wide
@pytest.mark.parametrize("shape", ENDLESS)
def test_an_endless_row_is_refused_before_it_takes_the_memory(shape: str) -> None:
    assert read_within(48, ENDLESS[shape]) == REFUSED


@pytest.mark.wide
def test_control_without_the_bound_an_endless_row_takes_it() -> None:
    for shape in ("one line of cells", "one row over millions of lines"):
        assert read_within(48, ENDLESS[shape], reading.MOST_BYTES) == NO_MEMORY


def test_separators_within_a_cell_are_no_columns() -> None:
    found = cells(b'name;note\nA;"' + b"so; " * 5_000 + b'"\n')
    assert [len(one) for one in found] == [2, 2]


def test_quotes_that_do_not_match_spoil_their_own_lines_alone() -> None:
    found = list(records(table_open(b'name;phone\nA;1\n"B"x;2\n"C;3\n"D";4\nE;5\n')))
    assert [one.cells for one in found] == [["name", "phone"], ["A", "1"], [], [], ["E", "5"]]
    assert [one.line for one in found] == [1, 2, 3, 4, 6]
    assert "this line do not match" in found[2].fault
    assert "lines 4 to 5" in found[3].fault


def test_a_cell_over_several_lines_is_one_and_the_next_line_is_counted_on() -> None:
    found = list(records(table_open(b'name;notes\nA;"one\ntwo"\n\nB;\n')))
    assert [(one.line, one.cells) for one in found][1:] == [
        (2, ["A", "one\ntwo"]),
        (5, ["B", ""]),
    ]


HEADS = {
    "en": "Name;VAT number;Phone;Street and number;Postcode;Town;Contact: name",
    "fr": "Nom du client;N° TVA;Téléphone;Rue et numéro;Code postal;Localité;Personne de contact",
    "nl": "Klantnaam;BTW-nummer;Telefoon;Straat en huisnummer;Postcode;Gemeente;Contactpersoon",
    "de": "Firma;USt-IdNr.;Telefon;Straße und Hausnummer;PLZ;Ort;Ansprechpartner",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_columns_are_guessed_by_their_names_in_four_languages(head: str) -> None:
    fields = ["name", "vat_number", "phone", "street", "postcode", "town", "contact_name"]
    guess = columns_guess("customers", head.split(";"))
    assert guess == {name: place for place, name in enumerate(fields)}


@pytest.mark.parametrize("kind", ["customers", "sites", "assets"])
def test_our_own_names_of_the_columns_are_all_known(kind: str) -> None:
    labels = [str(column.label) for column in columns_of(kind)]
    names = [column.name for column in columns_of(kind)]
    assert columns_guess(kind, labels) == {name: place for place, name in enumerate(names)}


def test_a_name_that_stands_over_two_columns_is_told_and_the_first_is_taken() -> None:
    head = ["Naam", "Telefoon", "naam "]
    assert columns_guess("customers", head)["name"] == 0
    assert twins(head) == ["Naam", "naam "]


@pytest.mark.parametrize("kind", ImportKind.values)
@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
def test_a_template_of_any_language_is_known_in_any_other(kind: str, language: str) -> None:
    columns = columns_of(kind)
    with override(language):
        head = [str(column.label) for column in columns]
    for reader in ("en", "fr", "nl", "de"):
        with override(reader):
            found = columns_guess(kind, head)
        assert found == {column.name: at for at, column in enumerate(columns)}, reader
