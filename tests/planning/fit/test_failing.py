"""What fails of a planned visit: the rules' own words, and what its order lacks."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.planning.fit.failing import CHECKED, MENDS, Facts, failing, kind_label
from callout.planning.fit.person import Fit, Job, Person
from callout.planning.fit.rules import RULES, reasons
from tests.planning.fit.plain import (
    ANNA,
    BERT,
    DAY,
    GAS,
    NEAR,
    PATIENT,
    absence,
    at,
    fit,
    job,
    jobs_on,
    people_on,
    person,
    ride,
    stop,
    worked,
)

FINE = Facts(phone=True)


def said(slot: Fit, facts: Facts = FINE) -> list[tuple[str, str, bool]]:
    return [(one.code, one.words, one.hard) for one in failing(slot, facts)]


def helped(*stops: Any, **more: Any) -> Job:
    return job(helpers=(person(*stops, id=BERT, name="Bert", **more),))


def test_nothing_fails_of_a_visit_that_fits() -> None:
    assert said(fit(9), Facts(phone=True, needs=timedelta(hours=1))) == []


@pytest.mark.parametrize(
    ("slot", "failure"),
    [
        (fit(9, person(archived=True)),
         ("technician_archived", "archived, takes no more work", True)),
        (fit(9, person(absences=(absence(8, 3),))),
         ("technician_absent", "absent until 11:00", True)),
        (fit(9, what=helped(absences=(absence(8, 3),))),
         ("technician_absent", "Bert, who helps: absent until 11:00", True)),
        (fit(9, person(rides=(ride(9, 1),))),
         ("vehicle", "vehicle 1-ABC-123 is on SO-000456 then", False)),
        (fit(9, person(stop(8, 1, NEAR))),
         ("travel_before", "11 min late from SO-000123", False)),
        (fit(9, what=job(open=worked((10, 12)))),
         ("opening", "the site is open 10:00–12:00", False)),
        (fit(9, person(hours=(), holidays={DAY: "Armistice Day"})),
         ("holiday", "public holiday: Armistice Day", False)),
        (fit(9, what=job(skills={GAS: "gas"})), ("skill", "needs the skill “gas”", False)),
        (fit(9, what=job(promise_from=at(10), promise_to=at(11))),
         ("promise", "arrival was promised for 10:00–11:00", False)),
        (fit(18), ("hours", "works from 08:00 to 17:00", False)),
        (fit(9, person(stop(9.5, 1)), allow_overlap=True),
         ("overlap", "overlaps SO-000123 on purpose", False)),
        (fit(9, what=job(place=None)),
         ("no_position", "the site is not on the map: no travel is known", False)),
    ],
)  # fmt: skip
def test_each_failure_is_told_in_words(slot: Fit, failure: tuple[str, str, bool]) -> None:
    assert said(slot) == [failure]


def test_what_the_order_lacks_is_told_too() -> None:
    assert said(fit(9), Facts(phone=False)) == [
        ("no_phone", "nobody can be called: no phone is known", False)
    ]
    facts = Facts(phone=True, needs=timedelta(minutes=90))
    assert said(fit(9), facts) == [("too_short", "60 min are planned, 90 min needed", False)]


def test_it_is_told_whenever_it_is_seen_though_the_day_has_begun() -> None:
    late = fit(9, person(archived=True), now=at(12))
    assert [code for code, _words, _hard in said(late)] == ["technician_archived"]


def test_of_two_visits_the_one_that_is_reached_too_late_is_told() -> None:
    """And not the one before it as well."""
    assert said(fit(9, person(stop(10, 1, NEAR)))) == []


def test_an_overlap_is_told_where_the_purpose_is() -> None:
    assert said(fit(9, person(stop(9, 1)))) == []


def test_every_kind_has_its_words_and_what_mends_it() -> None:
    assert all(kind_label(kind) for kind in MENDS)
    assert set(CHECKED) <= set(RULES)


@PATIENT
@given(people_on(DAY), jobs_on(DAY), st.integers(0, 92), st.booleans(), st.booleans())
def test_what_fails_is_what_the_rules_say_and_nothing_else(
    who: Person, what: Job, quarter: int, on_purpose: bool, phone: bool
) -> None:
    slot = fit(quarter / 4, who, what, allow_overlap=on_purpose)
    found = failing(slot, Facts(phone=phone))
    assert {one.code for one in found} <= set(MENDS)
    by_the_rules = reasons(slot, CHECKED)
    assert found[: len(by_the_rules)] == by_the_rules
    purpose = reasons(replace(slot, allow_overlap=False))
    overlaps = "overlap" in {one.code for one in purpose} and on_purpose
    assert ("overlap" in {one.code for one in found}) == overlaps
    assert ("no_phone" in {one.code for one in found}) is not phone
    assert ("no_position" in {one.code for one in found}) == (what.place is None)
    assert who.id == ANNA
