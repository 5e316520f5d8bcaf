"""Text as people compare and shorten it."""

import pytest

from callout.accounts.values import line
from callout.kernel.checks import Wrong, text
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


UNSEEN = (
    "\u200b\u2060",
    "\u202e",
    "\u2800",
    "\u3164",
    "\ufeff",
    "\u00ad",
    "\u200f\u200e",
    "\u0301",
)


@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_name_that_shows_nothing_is_none(unseen: str) -> None:
    with pytest.raises(Wrong):
        text(40, required=True)(unseen)
    assert line(unseen) == ""
    assert text(40, required=True)(f"{unseen}An") == f"{unseen}An".replace("\u202e", "")


@pytest.mark.parametrize(
    "name", ["An", "Élan", "∑", "☎", "王", "שלום", "\u200fעברית", "👩\u200d🔧"]
)
def test_a_name_that_shows_something_stays_as_it_is(name: str) -> None:
    assert text(40, required=True)(name) == name


def test_what_would_turn_round_the_words_behind_it_is_not_kept() -> None:
    assert text(40)("\u202a+32 10 12 34 56\u202c") == "+32 10 12 34 56"
    assert text(40, lines=True)("\u2067a\u2069\n\u202egpj") == "a\ngpj"
