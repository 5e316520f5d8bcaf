"""The rows of a file that should be a table. Pure; whatever comes in, it ends in rows or in words.

All of it is in memory once, so its size is bounded first; rows are read one by one, and of one row
no more than a table of people's can have.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from callout.kernel.checks import Wrong
from callout.kernel.csv_out import cell_read

MOST_BYTES = 10_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 250
LONGEST_HEAD = 80
# In the lines of one row, also within quotes. Each may begin a cell, which takes some ten times the
# memory of what stands in the file.
MOST_MARKS = 20_000

MARKS = ";,\t"
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
ANYTHING, LINE_END = re.compile(rf'[^\s{MARKS}"]'), re.compile(r"[\r\n]")
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# What a spreadsheet writes so that 0123 keeps its nought.
AS_TEXT = re.compile(r'="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Record:
    """One row: the line it begins on, its cells as they are written, and why it could not be read
    ("": it could)."""

    line: int
    written: list[str]
    fault: str = ""

    @property
    def cells(self) -> list[str]:
        """What they say: made for who asks, since a file may have millions of them."""
        return [_cell(cell) for cell in self.written]


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it was understood. `skipped`: lines before the first row that say how to read."""

    text: str
    encoding: str
    separator: str
    skipped: int = 0


def table_open(data: bytes) -> Table:
    """How this file is written. Wrong, in words, for what is no table of text."""
    if len(data) > MOST_BYTES:
        raise Wrong(_("The file has %(most)d MB at most.") % {"most": MOST_BYTES // 1_000_000})
    text, encoding = _decoded(data)
    first = _first_line(text)
    if not first:
        raise Wrong(_("This file is empty."))
    said = re.match(r"sep=([;,\t|])\r?\n", text)
    if said:
        return Table(text[said.end() :], encoding, said[1], 1)
    bare = re.sub(r'"[^"]*"', "", first)
    return Table(text, encoding, max(MARKS, key=bare.count))


def _first_line(text: str) -> str:
    """The first line in which anything stands, "" for none; found without taking all apart."""
    seen = ANYTHING.search(text)
    if seen is None:
        return ""
    begin = max(text.rfind(mark, 0, seen.start()) for mark in "\r\n") + 1
    end = LINE_END.search(text, begin)
    return text[begin : end.start() if end else len(text)]


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith(WORKBOOKS):
        raise Wrong(_("This is a workbook. Save it as CSV and send that file."))
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        few = len(text) // 200
        strange = sum(1 for _one in islice(CONTROL.finditer(text), few + 1))
        if "\0" not in text and strange <= few:
            return text, encoding.removesuffix("-sig")
    raise Wrong(_("This is no table of text. Save it as CSV (UTF-8)."))


def _encodings(data: bytes) -> tuple[str, ...]:
    """What it may be, the surest first."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if data.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    head = data[:2000]
    if b"\0" in head:  # UTF-16 without its mark: every second byte of Latin letters
        return ("utf-16-le",) if b"\0" in head[1::2] and b"\0" not in head[0::2] else ("utf-16-be",)
    return ("utf-8", "cp1252")


def _lines(text: str) -> Iterator[str]:
    """Its lines with their ends, one after the other: none is kept."""
    return (found[0] for found in LINE.finditer(text))


class _Row:
    """The lines that the reader asks for to make one row, as long as they can be one."""

    def __init__(self, table: Table) -> None:
        self.lines, self.separator = _lines(table.text), table.separator
        self.line, self.marks = table.skipped, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.line += 1
        self.marks += line.count(self.separator)
        if self.marks > MOST_MARKS:
            raise Wrong(
                _("Line %(line)d has more columns than the %(most)d that can be read.")
                % {"line": self.line, "most": MOST_COLUMNS}
            )
        return line


def records(table: Table) -> Iterator[Record]:
    """The rows that are not empty. Wrong where the rest cannot be told from one cell, and for too
    many columns."""
    row = _Row(table)
    reader = csv.reader(row, delimiter=table.separator, strict=True)
    while True:
        row.marks = 0
        begun = reader.line_num + 1 + table.skipped
        try:
            written = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _unreadable(error, begun, reader.line_num + table.skipped)
            continue
        if len(written) > MOST_COLUMNS:  # asked before millions of them are looked at
            words = _("Line %(line)d has %(count)d columns; at most %(most)d can be read.")
            raise Wrong(words % {"line": begun, "count": len(written), "most": MOST_COLUMNS})
        # A spreadsheet may end in a million rows of nothing.
        if any(written) and any(map(_cell, written)):
            yield Record(begun, written)


def _unreadable(error: csv.Error, begun: int, until: int) -> Record:
    """A quote at the wrong place spoils its lines; one that is never closed, all that follow."""
    if "end of data" in str(error) or "field limit" in str(error):
        words = _("Line %(line)d: a quotation mark is opened and not closed.")
        raise Wrong(words % {"line": begun})
    if until > begun:
        words = _("The quotation marks of the lines %(first)d to %(last)d do not match.")
        return Record(begun, [], words % {"first": begun, "last": until})
    return Record(begun, [], _("The quotation marks of this line do not match."))


def _cell(written: str) -> str:
    cell = written.strip()
    found = AS_TEXT.fullmatch(cell)
    return found[1] if found else cell_read(cell)


@dataclass(frozen=True, slots=True)
class Looked:
    """A file looked through once: what its first row says, one row more, and how many there are."""

    head: list[str]
    sample: list[str]
    count: int


def table_look(table: Table) -> Looked:
    """The first two rows and the number of all. Wrong for too many rows or columns."""
    first: list[list[str]] = []
    count = 0
    for record in records(table):
        count += 1
        if count > MOST_ROWS + 1:
            words = _("At most %(most)d rows at once. Split the file in parts.")
            raise Wrong(words % {"most": MOST_ROWS})
        if len(first) < 2 and not record.fault:
            first.append([cell[:LONGEST_HEAD] for cell in record.cells])
    if not first:
        raise Wrong(_("No row of this file can be read. Save it as CSV (UTF-8)."))
    head, sample = (*first, [])[:2]
    return Looked(head, sample, count)
