"""What every row answers when an order is picked up, and every quarter of an hour of one row."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.planning.fit.answers import Answer, Span, answers, late_minutes, spans, verdict
from callout.planning.fit.cost import rank
from callout.planning.fit.person import Idle, Job, Person
from callout.planning.fit.question import Question
from callout.planning.fit.rules import reasons
from callout.planning.fit.suggest import option
from tests.planning.fit.plain import (
    ANNA,
    BERT,
    DAY,
    FAR,
    GAS,
    HERE,
    NEAR,
    PATIENT,
    ZONE,
    absence,
    absences_on,
    at,
    days,
    job,
    jobs_on,
    people_on,
    person,
    stop,
    worked,
)

QUARTER = timedelta(minutes=15)
NIGHT = 24


def asked(who: Person, what: Job | None = None, now: float = 0) -> Question:
    return Question(ZONE, what or job(), [who], at(now), at(now))


def answer(who: Person, what: Job | None = None, now: float = 0) -> Answer:
    (found,) = answers(asked(who, what, now), at(NIGHT))
    return found


def told(who: Person, what: Job | None = None, now: float = 0) -> tuple[str, str, str]:
    """Whether it fits, from when, and the words."""
    found = answer(who, what, now)
    start = found.option.fit.start.astimezone(ZONE) if found.option else None
    return found.fit, f"{start:%H:%M}" if start else "", found.words


# --- the row --------------------------------------------------------------------------------------


def test_a_row_that_fits_says_from_when_and_how_far_it_is() -> None:
    assert told(person(), job(place=NEAR)) == ("fits", "08:00", "11 min travel")
    assert told(person(base=None), job()) == ("fits", "08:00", "free at that time")
    assert told(person(), now=10.1) == ("fits", "10:15", "0 min travel")


def test_a_row_that_is_late_asks_and_says_how_late() -> None:
    who = person(stop(8, 4))
    assert told(who, job(target=at(12.5))) == ("asks", "13:00", "30 min after the response target")
    found = answer(who, job(target=at(12.5)))
    assert found.option
    assert late_minutes(found.option.cost) == 30
    assert found.code == "target"


def test_of_several_that_ask_the_heaviest_is_said() -> None:
    what = job(promise_from=at(9), promise_to=at(10), wish_to=at(11).astimezone(ZONE).time())
    who = person(stop(8, 4))
    assert told(who, what) == ("asks", "13:00", "arrival was promised for 09:00–10:00")


def test_a_row_without_the_skill_says_so_whatever_is_free() -> None:
    assert told(person(), job(skills={GAS: "Gas G1"})) == ("no", "", "needs the skill “Gas G1”")


def test_a_row_that_is_absent_or_does_not_work_says_so() -> None:
    assert told(person(absences=(absence(0, 24 + 13),))) == (
        "no",
        "",
        "absent until Wed 25 Nov 13:00",
    )
    assert told(person(hours=())) == ("no", "", "does not work that day")
    assert told(person(), now=18) == ("no", "", "no more working hours")


def test_a_row_that_is_full_says_until_when_or_how_much_is_left() -> None:
    full = person(stop(8, 4), stop(13, 4))
    assert told(full) == ("no", "", "no gap before 17:00")
    short = person(stop(8, 4), stop(13, 2.75))
    assert told(short, job(2)) == ("no", "", "free for 1 h 15 only")
    shorter = person(stop(8, 4), stop(13, 3.25))
    assert told(shorter, job(2)) == ("no", "", "free for 45 min only")
    assert told(person(stop(8, 4), stop(13, 3)), job(2)) == ("no", "", "free for 1 h only")


def test_what_is_left_counts_the_drives() -> None:
    who = person(stop(8, 4), stop(13, 2.25, NEAR))
    assert told(who, job(2, place=HERE)) == ("no", "", "free for 1 h 34 only")


def test_absent_for_a_part_and_full_for_the_rest_is_full() -> None:
    who = person(stop(13, 4), absences=(absence(8, 4),))
    assert told(who) == ("no", "", "no gap before 17:00")


def test_a_wish_that_nobody_can_meet_asks() -> None:
    what = job(wish_from=at(19).astimezone(ZONE).time())
    assert told(person(), what) == ("asks", "08:00", "wished from 19:00 on")
    assert told(person(), job(wish_not_before=at(40)))[0] == "asks"


def test_a_closed_site_asks() -> None:
    assert told(person(), job(open=()))[:2] == ("asks", "08:00")


def test_a_promise_is_found_by_the_quarter_of_an_hour() -> None:
    what = job(2, promise_from=at(8.5), promise_to=at(8.5))
    assert told(person(), what)[:2] == ("fits", "08:30")


def test_what_is_under_way_moves_nowhere_and_what_is_pinned_asks() -> None:
    assert told(person(), job(begun=True)) == ("no", "", "the visit is under way already")
    assert told(person(), job(pinned=True)) == ("asks", "08:00", "the visit is pinned where it is")


def test_a_helper_is_free_too_or_it_is_no_slot() -> None:
    bert = person(stop(8, 3), id=BERT, name="Bert")
    assert told(person(), job(helpers=(bert,)))[:2] == ("fits", "11:00")
    away = person(id=BERT, name="Bert", absences=(absence(0, 36),))
    assert told(person(), job(helpers=(away,))) == (
        "no",
        "",
        "Bert, who helps: absent until Wed 25 Nov 12:00",
    )
    # Who answers for it now is not a helper of their own.
    assert told(bert, job(helpers=(bert,)))[:2] == ("fits", "11:00")


def test_a_row_that_is_left_too_little_of_today_counts_the_drive_from_where_they_are() -> None:
    who = person(base=FAR, idle=Idle(at(14.5), FAR, at_home=True))  # 90 minutes away
    assert told(who, job(1.5), now=14.5) == ("no", "", "free for 1 h only")


def test_only_the_days_asked_about_are_proposed() -> None:
    tomorrow = worked((8, 17), day=DAY + timedelta(days=1))
    who = person(stop(8, 9), hours=(*worked((8, 17)), *tomorrow))
    assert told(who)[0] == "no"
    (found,) = answers(asked(who), at(48))
    assert found.option
    assert found.option.fit.start == at(24 + 8)


def quarters_of(start: datetime, until: datetime) -> list[datetime]:
    count = (until - start) // QUARTER
    return [start + number * QUARTER for number in range(count)]


@st.composite
def questions(draw: Any) -> tuple[Question, datetime, datetime]:
    """Somebody's day, a job, a clock; and the first and last midnight of the range."""
    day = draw(days)
    who = draw(people_on(day))
    what = draw(jobs_on(day))
    if draw(st.booleans()):
        what = replace(what, helpers=(draw(people_on(day, id=BERT, name="Bert")),))
    if draw(st.booleans()):
        start = at(draw(st.integers(0, 80)) / 4, day)
        what = replace(what, promise_from=start, promise_to=start + timedelta(hours=1))
    start, until = at(0, day), at(24, day)
    now = draw(st.sampled_from([start, start, at(10.1, day)]))
    return Question(ZONE, what, [who], now, max(start, now)), start, until


@pytest.mark.wide
@PATIENT
@given(questions())
def test_a_row_says_no_or_asks_only_where_no_quarter_of_the_range_fits(
    made: tuple[Question, datetime, datetime],
) -> None:
    question, start, until = made
    (found,) = answers(question, until)
    (who,) = question.people
    starts = [one for one in quarters_of(start, until) if one >= question.not_before]
    fitting = [
        one for one in starts if not reasons(question.fit(who, one, one + question.job.duration))
    ]
    assert (found.fit == "fits") == bool(fitting)


@pytest.mark.wide
@PATIENT
@given(questions())
def test_what_a_row_proposes_is_judged_as_the_rules_do_and_is_the_best_of_the_search(
    made: tuple[Question, datetime, datetime],
) -> None:
    question, _start, until = made
    (found,) = answers(question, until)
    if found.option is None:
        assert found.fit == "no"
        assert found.words
        return
    against = reasons(found.option.fit)
    assert not any(one.hard for one in against)
    assert found.fit == verdict(against)
    assert found.option.reasons == against
    assert question.not_before <= found.option.fit.start < until
    search = question.search(question.people[0])
    others = [option(search, one, question.now) for one in search.starts() if one < until]
    assert all(rank(found.option) <= rank(one) for one in others)


# --- the quarters of a row ------------------------------------------------------------------------


def runs(who: Person, what: Job | None = None, now: float = 0) -> list[Span]:
    return spans(asked(who, what, now), who, at(0), at(NIGHT))


def test_quarters_that_answer_the_same_are_one_span() -> None:
    found = [
        (f"{one.start.astimezone(ZONE):%H:%M}", one.fit, one.hard, one.words)
        for one in runs(person(stop(10, 1)), now=6)
    ]
    assert found == [
        ("00:00", "no", True, "in the past"),
        ("05:45", "asks", False, "works from 08:00 to 17:00"),
        ("08:00", "fits", False, "0 min travel"),
        ("09:15", "no", True, "would overlap SO-000123"),
        ("11:00", "fits", False, "0 min travel"),
        ("11:15", "asks", False, "break from 12:00 to 13:00"),
        ("13:00", "fits", False, "0 min travel"),
        ("16:15", "asks", False, "works from 08:00 to 17:00"),
    ]


@pytest.mark.wide
@PATIENT
@given(questions())
def test_every_quarter_says_what_the_rules_say_of_it(
    made: tuple[Question, datetime, datetime],
) -> None:
    question, start, until = made
    (who,) = question.people
    found = spans(question, who, start, until)
    assert (found[0].start, found[-1].until) == (start, until)
    for one, following in pairwise(found):
        assert one.until == following.start
        assert replace(following, start=one.start, until=one.until) != one
    for begin in quarters_of(start, until):
        (span,) = (one for one in found if one.start <= begin < one.until)
        against = reasons(question.fit(who, begin, begin + question.job.duration))
        assert span.fit == verdict(against)
        assert span.hard == any(one.hard for one in against)
        if against:
            assert (span.code, span.words) in {(one.code, one.words) for one in against}
        if span.hard:
            assert (span.code, span.words) == (against[0].code, against[0].words)


@pytest.mark.wide
@pytest.mark.parametrize("hours", [0.25, 1, 23.75])
@PATIENT
@given(absences_on(DAY))
def test_no_span_that_fits_touches_an_absence(hours: float, away: Any) -> None:
    who = person(absences=(away,), hours=worked((0, 48)), id=ANNA)
    for one in runs(who, job(hours)):
        last = one.until - QUARTER + timedelta(hours=hours)
        if one.fit == "fits":
            assert last <= away.start or one.start >= away.end
