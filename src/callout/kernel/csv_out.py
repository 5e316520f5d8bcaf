"""Tables as CSV: the one place that writes them, so that no cell anywhere starts a formula.

A spreadsheet runs a cell that begins with =, +, - or @, and several skip what cannot be seen before
it, or take a full-width sign for the plain one. Such a text gets an apostrophe in front, which a
spreadsheet reads as "this is text", and `cell_read` takes it off again. Numbers stay numbers: a
longitude may be negative.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from callout.kernel.text import first_drawn

CONTENT_TYPE = "text/csv; charset=utf-8"
BOM = "\ufeff"  # without it Excel takes the file for its own old encoding
GUARD = "'"
SIGNS = frozenset("=+-@\u2212")  # the last one is the minus of typography
# Where a decimal has a comma, a spreadsheet expects a semicolon between cells.
SEMICOLON = ("fr", "nl", "de")
CHUNK = 64 * 1024


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet could take this for more than a text."""
    if not text or (text[0].isascii() and text[0].isalnum()):
        return False
    return text[0] in "\t\r\n" or first_drawn(text) in SIGNS


def cell_text(value: Any) -> str:
    """What is written for a value: a guarded text, a number in digits, a moment in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    text = str(value)
    # Behind apostrophes of its own too: what has one more of them reads back as it was.
    return GUARD + text if starts_formula(text.lstrip(GUARD)) else text


def cell_read(cell: str) -> str:
    """The text that `cell_text` wrote as this cell."""
    guarded = cell.startswith(GUARD) and starts_formula(cell.lstrip(GUARD))
    return cell[1:] if guarded else cell


def separator_of(language: str) -> str:
    """What stands between cells in a file for a spreadsheet of this language."""
    return ";" if language[:2] in SEMICOLON else ","


class _Lines:
    """A file for `csv.writer` that keeps what was written until it is taken."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size = 0

    def write(self, text: str) -> None:
        self.parts.append(text)
        self.size += len(text)

    def take(self) -> bytes:
        text = "".join(self.parts)
        self.parts, self.size = [], 0
        return text.encode()


def csv_written(
    head: Sequence[str], rows: Iterable[Sequence[Any]], *, separator: str = ","
) -> Iterator[bytes]:
    """The file in pieces, as UTF-8 with a mark of it in front: its head, then a line for each row.

    Every cell stands in quotes, so that none ends at a separator or line break within it.
    """
    lines = _Lines()
    lines.write(BOM)
    writer = csv.writer(lines, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([cell_text(name) for name in head])
    for row in rows:
        writer.writerow([cell_text(value) for value in row])
        if lines.size >= CHUNK:
            yield lines.take()
    yield lines.take()
