"""Words as they are compared, and values as they are typed: properties over any text."""

import unicodedata
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.customers.vat import vat_number, vat_shown
from callout.kernel import checks, hours
from callout.kernel.checks import Wrong
from callout.kernel.searching import typed
from callout.kernel.text import normalise

anything = st.one_of(
    st.none(),
    st.text(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.binary(),
    st.lists(st.text()),
)
CHECKS = [
    checks.text(20),
    checks.text(20, required=True, lines=True),
    checks.choice(["a", "b"]),
    checks.email,
    checks.phone(lambda: "BE"),
    checks.country,
    checks.degrees(90),
    checks.day(),
    checks.day(required=True),
    checks.moment,
    checks.flag,
    checks.id_or_none,
    checks.id_required,
    hours.week,
    hours.week_or_none,
]


@pytest.mark.wide
@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(st.characters(categories=["L", "M", "Z", "N"])))
def test_what_is_normalised_has_no_accent_no_double_space_and_no_edge(text: str) -> None:
    plain = normalise(text)
    assert not any(unicodedata.combining(letter) for letter in plain)
    assert "  " not in plain
    assert plain == plain.strip()


@pytest.mark.parametrize(
    ("name", "sorted_as"),
    [("Émile", "emile"), ("  Van  Den\tBerg ", "van den berg"), ("Straße", "strasse"),
     ("Cœur", "coeur"), ("Øystein", "oystein"), ("ÅNGSTRÖM", "angstrom")],
)  # fmt: skip
def test_names_sort_as_people_look_them_up(name: str, sorted_as: str) -> None:
    assert normalise(name) == sorted_as


@given(st.text())
def test_whatever_is_typed_into_a_search_can_be_asked(text: str) -> None:
    asked = typed(text)
    assert "\x00" not in asked
    asked.encode()  # no half of a surrogate pair


@given(anything)
def test_a_check_never_breaks_whatever_it_is_given(value: Any) -> None:
    for check in CHECKS:
        with suppress(Wrong):
            check(value)


@given(st.text())
def test_a_text_that_passes_can_be_kept(text: str) -> None:
    try:
        kept = checks.text(50)(text)
    except Wrong:
        return
    assert len(kept) <= 50
    assert "\x00" not in kept
    kept.encode()
    assert checks.text(50)(kept) == kept


@given(st.integers(0, 19999999))
def test_belgian_check_digits_catch_every_single_wrong_digit(first: int) -> None:
    digits = f"{first:08}{97 - first % 97:02}"
    assert vat_number(digits, "BE") == "BE" + digits
    assert vat_number(vat_shown("BE" + digits), "") == "BE" + digits
    for place in range(10):
        other = (int(digits[place]) + 1) % 10
        with pytest.raises(Wrong):
            vat_number(digits[:place] + str(other) + digits[place + 1 :], "BE")


@given(
    st.lists(st.integers(0, 96), min_size=0, max_size=6, unique=True).map(
        lambda marks: sorted(marks)[: len(marks) // 2 * 2]
    )
)
def test_hours_shown_are_hours_typed(marks: list[int]) -> None:
    clock = [f"{mark // 4:02}:{mark % 4 * 15:02}" for mark in marks]
    day = [[clock[i], clock[i + 1]] for i in range(0, len(clock), 2)]
    assert hours.day_typed(hours.day_shown(day), 0) == day


@given(st.text(max_size=40))
def test_any_text_for_a_day_is_hours_or_words(text: str) -> None:
    with suppress(Wrong):
        day = hours.day_typed(text, 0)
        assert hours.week([day, *[[]] * 6])[0] == day


@pytest.mark.parametrize(
    ("typed_phone", "country", "kept"),
    [
        ("010 22 33 44", "BE", "+3210223344"),
        ("0498/00.11.22", "BE", "+32498001122"),
        ("+33 (0)1 42 68 53 00", "BE", "+33142685300"),
        ("0031 20 123 4567", "BE", "+31201234567"),
        ("020 123 4567", "NL", "+31201234567"),
    ],
)
def test_phones_are_kept_in_e164_by_the_companys_country(
    typed_phone: str, country: str, kept: str
) -> None:
    assert checks.phone(lambda: country)(typed_phone) == kept
