"""CSV that no spreadsheet runs, and that reads back."""

import csv
import io
import random
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from callout.kernel.csv_out import BOM, cell_read, cell_text, csv_written, separator_of

MANY = 10_000
SIGNS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣", "﹦", "﹫", "⁺", "₋", "⁼", "−"]
UNSEEN = [
    *" \t\r\n\v\f\x00\x1f\x7f\x85\xa0",
    *"\u1680\u2000\u2009\u200b\u200d\u200e\u202a\u202f\u205f\u2060\u2800\u3000\u3164\ufe0f\ufeff\uffa0",
]
QUOTED = ['"', "'", '""', ",", ";", "\t", "\r\n", "\n", "\\", "|", "´", "`"]
TAILS = [
    "1+1", "SUM(A1:A9)", "cmd|' /C calc'!A0", 'HYPERLINK("http://x.example";"y")', "2", "abc",
    "WEBSERVICE(A1)", "DDE(1;2)", "+1", "'", '"', "é漢\U0001f600", "",
]  # fmt: skip


def hostile(count: int) -> list[str]:
    """Texts made of signs, what hides before them, quotes, separators and formulas."""
    made = random.Random(20261127)
    parts = [SIGNS, UNSEEN, QUOTED, TAILS, ["'"], ["Van 't Hof"]]
    texts = [sign + tail for sign in SIGNS for tail in TAILS]
    while len(texts) < count:
        texts.append("".join(made.choice(made.choice(parts)) for _ in range(made.randint(1, 7))))
    return texts[:count]


def runs(cell: str) -> bool:
    """What the careless spreadsheet of this test runs: it skips all that is not drawn, and takes
    any sign for the plain one. Written apart from what it tests."""
    drawn = [c for c in unicodedata.normalize("NFKC", cell)
             if not c.isspace() and c.isprintable() and not unicodedata.combining(c)
             and c not in "\u1160\u2800\ufe0f"]  # fmt: skip
    return cell[:1] in ("\t", "\r", "\n") or "".join(drawn[:1]) in ("=", "+", "-", "@", "−")


def read(written: bytes, separator: str) -> list[list[str]]:
    text = written.decode().removeprefix(BOM)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))


@pytest.mark.wide
@pytest.mark.parametrize("separator", [",", ";"])
def test_none_of_10_000_hostile_texts_starts_a_formula_and_each_reads_back(separator: str) -> None:
    texts = hostile(MANY)
    rows = [texts[at : at + 10] for at in range(0, MANY, 10)]

    lines = read(b"".join(csv_written(["head"] * 10, rows, separator=separator)), separator)

    cells = [cell for line in lines[1:] for cell in line]
    assert len(cells) == MANY
    assert [cell for cell in cells if runs(cell)] == []
    assert [cell_read(cell) for cell in cells] == texts


def test_the_corpus_has_texts_that_would_run() -> None:
    assert sum(runs(text) for text in hostile(MANY)) > MANY / 10


def test_ordinary_texts_stay_as_they_are() -> None:
    for text in ("Van 't Hof", "'t Scheldeken", "10:00–12:00", "–", "É", "(+32)", "a=b", "'", ""):
        assert cell_text(text) == text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "true"),
        (-4.35, "-4.35"),
        (Decimal("-1E+2"), "-100"),
        (datetime(2026, 11, 27, 3, tzinfo=UTC), "2026-11-27T03:00:00+00:00"),
        ("+32470123456", "'+32470123456"),
    ],
)
def test_a_value_is_written_as_a_spreadsheet_reads_it(value: Any, written: str) -> None:
    assert cell_text(value) == written


def test_the_head_is_guarded_too_and_a_long_table_comes_in_pieces() -> None:
    pieces = list(csv_written(["=1"], ([n] for n in range(20_000))))

    assert len(pieces) > 2
    lines = read(b"".join(pieces), ",")
    assert lines[0] == ["'=1"]
    assert lines[-1] == ["19999"]


def test_a_file_for_a_language_with_a_decimal_comma_has_semicolons() -> None:
    assert [separator_of(one) for one in ("en", "fr", "nl-be", "de")] == [",", ";", ";", ";"]
