"""Files of holidays: what is read, and what is refused as a whole, in words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.kernel.errors import Invalid
from callout.workforce.holiday_files import MOST_BYTES, holidays_read


def ics(*events: str) -> bytes:
    inside = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{inside}END:VCALENDAR\r\n".encode()


CHRISTMAS = "DTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas"


@pytest.mark.parametrize(
    "written",
    [
        "2026-12-25;Noël\n2026-12-26;Second",
        "date,name\n2026-12-25,Noël\n2026-12-26,Second\n\n",
        "Jour\tNom\r\n26.12.2026\tSecond\r\n25.12.2026\tNoël\r\n",
        '25/12/2026,"Noël"\n26/12/2026,Second,\n',
    ],
)
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_table_is_read_as_spreadsheets_save_it(written: str, coding: str) -> None:
    found = holidays_read("Days.CSV", written.encode(coding))
    assert found == [(date(2026, 12, 25), "Noël"), (date(2026, 12, 26), "Second")]


def test_a_calendar_is_read_with_long_lines_and_several_days() -> None:
    found = holidays_read(
        "days.ics",
        ics(
            "DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261226\r\nSUMMARY:Christ\r\n mas",
            "DTSTART;VALUE=DATE:20260101\r\nSUMMARY:New Year\\, day one",
            "DTSTART;VALUE=DATE:20260601\r\nSUMMARY:Off\r\nSTATUS:CANCELLED",
        ),
    )
    assert found == [
        (date(2026, 1, 1), "New Year, day one"),
        (date(2026, 12, 24), "Christmas"),
        (date(2026, 12, 25), "Christmas"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"2026-12-25;x", "a calendar .* or a table"),
        ("csv", b"2026-12-25;x", "a calendar .* or a table"),
        ("a.csv", b"", "no holiday in this file"),
        ("a.csv", b"date;name\n", "no holiday in this file"),
        ("a.csv", b"x" * (MOST_BYTES + 1), "512 kB at most"),
        ("a.csv", b"2026-12-25;A\n2026-02-30;B", "Line 2: .2026-02-30. is no date"),
        ("a.csv", b"2026-12-25;A\n12/25/2026;B", "Line 2"),
        ("a.csv", b"2026-12-25;A\nsoon;B", "Line 2"),
        ("a.csv", b"0999-12-25;A", "year 999 cannot be right"),
        ("a.csv", b"2026-12-25", "Line 1: write a date and a name"),
        ("a.csv", b"2026-12-25;", "Line 1: Fill this in"),
        ("a.csv", b"2026-12-25;A;more", "Line 1: write a date and a name"),
        ("a.csv", b"2026-12-25;A\n25/12/2026;B", "is there twice, as .A. and .B."),
        ("a.csv", b"\0\1\2", "no table of text"),
        ("a.csv", b'2026-12-25;"A', "no table of text"),
        ("a.csv", b"2026-12-25;" + b"x" * 81, "At most 80 characters"),
        (
            "a.csv",
            b"\n".join(b"%d-01-%02d;x" % (y, d) for y in range(2000, 2040) for d in range(1, 30)),
            "At most 1000 holidays",
        ),
        ("a.ics", b"", "no calendar file"),
        ("a.ics", b"nonsense", "no calendar file"),
        ("a.ics", b"\xff\xfe\0", "no calendar file"),
        ("a.ics", b"BEGIN:VCALENDAR\r\n" * 2000, "no calendar file"),
        ("a.ics", ics(), "no holiday in this file"),
        ("a.ics", ics("SUMMARY:No day"), "Event 1 .*date cannot be read"),
        ("a.ics", ics("DTSTART;VALUE=DATE:20261325\r\nSUMMARY:X"), "date cannot be read"),
        ("a.ics", ics("DTSTART;VALUE=DATE:20261225"), "Event 1: Fill this in"),
        ("a.ics", ics("DTSTART:20261225T080000Z\r\nSUMMARY:X"), "it has hours"),
        ("a.ics", ics(f"{CHRISTMAS}\r\nRRULE:FREQ=YEARLY"), "it repeats"),
        ("a.ics", ics(f"{CHRISTMAS}\r\nDTEND;VALUE=DATE:20271225"), "lasts too long"),
        ("a.ics", ics(f"{CHRISTMAS}\r\nDTEND;VALUE=DATE:20251225"), "lasts too long, or ends"),
        ("a.ics", ics(CHRISTMAS, CHRISTMAS), "is there twice"),
    ],
)
def test_nonsense_is_refused_in_words(name: str, data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        holidays_read(name, data)
    assert list(refused.value.fields) == ["file"]


def test_five_faults_are_named_and_the_others_counted() -> None:
    with pytest.raises(Invalid) as refused:
        holidays_read("a.csv", b"\n".join([b"Date;Name", *[b"never;x"] * 8]))
    told = refused.value.fields["file"]
    assert len(told) == 6
    assert told[-1] == "And 3 more."


def read_or_refused(name: str, data: bytes) -> None:
    told = ["file"]
    try:
        found = holidays_read(name, data)
        assert found == sorted(found) != []
    except Invalid as refused:
        told = list(refused.fields)
    assert told == ["file"]


@pytest.mark.wide
@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.ics"]))
def test_whatever_is_sent_is_read_or_refused(data: bytes, name: str) -> None:
    read_or_refused(name, data)


@given(st.text(alphabet="BEGINVEVENTCALDRSU:;=0123456789\r\n \\,T", max_size=120))
def test_a_damaged_event_is_read_or_refused(inside: str) -> None:
    read_or_refused("a.ics", ics(inside, CHRISTMAS))
