"""The finder gives what the rules accept: all that brute force over the quarters gives."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.planning.fit.person import Fit, Job, Person, joined
from callout.planning.fit.reason import Rule
from callout.planning.fit.rules import FREE, HARD, opening, reasons, wish
from callout.planning.fit.slots import STEP, Search
from tests.planning.fit.plain import (
    ANNA,
    AUTUMN,
    BERT,
    FAR,
    HERE,
    NEAR,
    PATIENT,
    SPRING,
    ZONE,
    absence,
    at,
    days,
    job,
    jobs_on,
    people_on,
    person,
    stop,
    stops_on,
    worked,
)


def found(who: Person, what: Job, not_before: datetime, most: int = 50) -> list[datetime]:
    search = Search.of(who, what, not_before=not_before, zone=ZONE)
    return list(islice(search.starts(), most))


def first(who: Person, what: Job | None = None, not_before: float = 0) -> str:
    starts = found(who, what or job(), at(not_before))
    return f"{starts[0].astimezone(ZONE):%H:%M}" if starts else "none"


def test_an_empty_day_begins_with_the_working_hours() -> None:
    assert first(person()) == "08:00"


def test_the_drive_from_the_visit_before_comes_first_to_the_quarter() -> None:
    assert first(person(stop(8, 2, NEAR))) == "10:15"


def test_there_must_be_time_to_drive_to_the_visit_after() -> None:
    assert first(person(stop(9, 1, NEAR))) == "10:15"
    assert first(person(stop(9.25, 1, NEAR))) == "08:00"


def test_an_absence_takes_time_and_no_travel() -> None:
    assert first(person(absences=(absence(8, 2),))) == "10:00"


def test_a_short_absence_does_not_hide_the_drive_from_the_visit_before_it() -> None:
    assert first(person(stop(8, 1, FAR), absences=(absence(9, 0.25),))) == "10:30"


def test_a_visit_that_takes_longer_is_waited_for() -> None:
    assert first(person(stop(8, 1, late=20))) == "09:30"


def test_a_job_longer_than_what_is_left_waits_for_the_afternoon() -> None:
    assert first(person(stop(8, 2.5)), job(2)) == "13:00"


def test_a_job_longer_than_either_half_of_the_day_spans_the_lunch() -> None:
    assert first(person(), job(6)) == "08:00"


def test_nothing_is_offered_in_the_past() -> None:
    assert first(person(), not_before=9.1) == "09:15"


def test_a_full_day_offers_nothing() -> None:
    assert first(person(stop(8, 9))) == "none"


def test_who_is_archived_has_no_free_slot() -> None:
    assert first(person(archived=True)) == "none"


def test_a_helper_must_be_free_too_but_needs_no_time_to_drive() -> None:
    bert = person(stop(8, 1, FAR), id=BERT, absences=(absence(9, 1.25),), hours=())
    assert first(person(), job(helpers=(bert,))) == "10:15"
    assert first(person(), job(helpers=(replace(bert, archived=True),))) == "none"
    assert first(person(), job(helpers=(replace(bert, id=ANNA),))) == "08:00"


def test_of_two_visits_on_top_of_each_other_the_later_end_counts() -> None:
    assert first(person(stop(8, 3), stop(8.5, 1))) == "11:00"


def test_of_two_stops_that_begin_together_the_farther_is_reached_in_time() -> None:
    who = person(stop(10, 1, HERE), stop(10, 1, FAR), hours=worked((8, 14)))
    assert first(who) == "12:30"


def test_the_hours_wished_are_kept() -> None:
    assert first(person(), job(wish_from=time(9, 30))) == "09:30"
    who = person(stop(8, 1), hours=(*worked((8, 17)), *worked((8, 17), day=date(2026, 11, 25))))
    starts = found(who, job(wish_to=time(8, 30)), at(0))
    assert [f"{one.astimezone(ZONE):%d %H:%M}" for one in starts] == ["25 08:00"]


def test_the_site_s_hours_are_kept_where_they_leave_a_slot() -> None:
    assert first(person(), job(1.5, open=worked((14, 15.5)))) == "14:00"
    assert first(person(), job(1.5, open=worked((14, 15.25)))) == "08:00"
    assert first(person(stop(13, 4)), job(1.5, open=worked((14, 15.5)))) == "08:00"


def test_another_slot_of_a_long_gap_is_an_hour_away_and_every_quarter_on_demand() -> None:
    search = Search.of(person(), job(0.5), not_before=at(0), zone=ZONE)
    assert [one - at(8) for one in islice(search.starts(), 3)] == [
        timedelta(hours=hour) for hour in range(3)
    ]
    assert [one - at(8) for one in islice(search.starts(STEP), 3)] == [STEP * n for n in range(3)]


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_a_day_when_the_clock_is_changed_has_as_many_slots_as_hours(day: date, hours: int) -> None:
    who = person(hours=worked((0, 24), day=day))
    starts = found(who, job(), at(0, day))
    assert len(starts) == hours
    assert all(b - a == timedelta(hours=1) for a, b in pairwise(starts))


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_the_night_shift_of_such_a_sunday_has_a_slot_over_midnight(day: date) -> None:
    evening = day - timedelta(days=1)
    hours = joined([*worked((22, 24), day=evening), *worked((0, 6), day=day)])
    starts = found(person(stop(22, 1.5, on=evening), hours=hours), job(2), at(12, evening))
    assert starts[0] == at(23.5, evening)


def quarters_of(day: date) -> list[datetime]:
    begin, end = at(-1, day), at(36, day)
    return [begin + STEP * number for number in range(int((end - begin) / STEP))]


def accepted(who: Person, what: Job, now: datetime, day: date, *more: Rule) -> list[datetime]:
    """The quarters with no reason against by the rules that the finder keeps, and `more`."""
    slots = (Fit(who, what, one, one + what.duration, now, ZONE) for one in quarters_of(day))
    kept = (*HARD, *FREE, wish, *more)
    return [one.start for one in slots if one.start >= now and not reasons(one, kept)]


@pytest.mark.wide
@PATIENT
@given(st.data())
def test_the_finder_finds_just_what_brute_force_over_the_quarters_does(data: st.DataObject) -> None:
    day = data.draw(days)
    who, what = data.draw(people_on(day)), data.draw(jobs_on(day))
    now = at(data.draw(st.integers(0, 20)), day)
    search = Search.of(who, what, not_before=now, zone=ZONE)
    brute = accepted(who, what, now, day, opening) or accepted(who, what, now, day)
    # Wishes for an hour that the clock shows twice mean the first: see accounts/zone.py.
    if what.wish_from is None and what.wish_to is None:
        assert list(search.starts(STEP)) == brute
        assert next(search.starts(), None) == (brute[0] if brute else None)
    assert set(search.starts()) <= set(brute)


@pytest.mark.wide
@PATIENT
@given(st.data())
def test_another_visit_never_makes_a_slot_free(data: st.DataObject) -> None:
    day = data.draw(days)
    who, what = data.draw(people_on(day)), data.draw(jobs_on(day))
    stops = sorted([*who.stops, data.draw(stops_on(day))], key=lambda one: one.start)
    fuller = replace(who, stops=tuple(stops))
    what = replace(what, open=None)  # a closed site's slots are offered when there are no others
    before = Search.of(who, what, not_before=at(0, day), zone=ZONE)
    after = Search.of(fuller, what, not_before=at(0, day), zone=ZONE)
    assert set(after.starts(STEP)) <= set(before.starts(STEP))


def test_a_moment_is_kept_in_utc() -> None:
    assert found(person(), job(), at(0))[0].tzinfo is UTC
