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


@pytest.mark.parametrize("written", [" A\tPump\r\n 3-B ", "\x1cA\x1f\x0b\x0cb", "", " \n", "AZ[]"])
def test_letters_without_accents_are_read_no_other_way(written: str) -> None:
    assert normalise(written) == normalise(f"é {written}").removeprefix("e").strip()
