"""Text as people compare and shorten it."""

import pytest

from callout.kernel.text import initials, normalise


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Sofie De Smet", "SD"),
        ("Yassine El Amrani", "YE"),
        ("anne-sophie", "AS"),
        ("Pieter", "P"),
        ("– 't Hof", "H"),
        ("", ""),
    ],
)
def test_initials_are_those_of_the_first_two_words(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("written", "compared"),
    [("École  Les Érables", "ecole les erables"), ("Straße", "strasse"), ("Cœur", "coeur")],
)
def test_accents_case_and_spaces_make_no_difference(written: str, compared: str) -> None:
    assert normalise(written) == compared
