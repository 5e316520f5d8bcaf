"""Who should go and when: the order in which suggestions stand, and that nothing better is left."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.planning.fit.cost import Option, cost, price, rank
from callout.planning.fit.explain import judged
from callout.planning.fit.person import Fit, Job, Person
from callout.planning.fit.rules import reasons
from callout.planning.fit.slots import Search
from callout.planning.fit.suggest import best, option, why
from tests.planning.fit.plain import (
    ANNA,
    BERT,
    CARO,
    DAY,
    FAR,
    GAS,
    HERE,
    NEAR,
    PATIENT,
    ZONE,
    at,
    fit,
    job,
    jobs_on,
    people_on,
    person,
    stop,
    worked,
)

TOMORROW = DAY + timedelta(days=1)
BOTH_DAYS = (*worked((8, 17)), *worked((8, 17), day=TOMORROW))


def searches(people: list[Person], what: Job) -> list[Search]:
    return [Search.of(one, what, not_before=at(0), zone=ZONE) for one in people]


def chosen(people: list[Person], what: Job | None = None, limit: int = 3) -> list[str]:
    """Who is suggested, from when."""
    found = best(searches(people, what or job()), at(0), limit)
    return [f"{one.fit.person.name} {one.fit.start.astimezone(ZONE):%d %H:%M}" for one in found]


def bert(*stops: object, **more: object) -> Person:
    return person(*stops, **{"id": BERT, "name": "Bert", **more})  # type: ignore[arg-type]


def caro(*stops: object, **more: object) -> Person:
    return person(*stops, **{"id": CARO, "name": "Caro", **more})  # type: ignore[arg-type]


# --- cost ----------------------------------------------------------------------------------------


def test_between_two_visits_the_extra_travel_is_the_detour() -> None:
    found = cost(fit(10, person(stop(8, 1, NEAR), stop(13, 1, FAR))))
    assert (found.leg and found.leg.minutes, found.on, found.between) == (11, 90, 83)
    assert (found.extra, found.from_base) == (18, False)


def test_on_an_empty_day_it_is_there_and_back_from_home() -> None:
    found = cost(fit(10, person(base=NEAR)))
    assert (found.leg and found.leg.minutes, found.on, found.between) == (11, 11, None)
    assert (found.extra, found.from_base) == (22, True)


def test_the_visits_of_another_day_are_no_neighbours() -> None:
    found = cost(fit(10, person(stop(20, 1, FAR, on=DAY - timedelta(days=1)), stop(33, 1, FAR))))
    assert (found.extra, found.from_base) == (0, True)


def test_where_a_position_is_missing_nothing_is_said_of_travel() -> None:
    found = cost(fit(10, what=job(place=None)))
    assert (found.leg, found.on, found.extra) == (None, None, None)


def test_the_slack_to_target_promise_and_wish_is_negative_when_late() -> None:
    what = job(target=at(9), promise_from=at(9), promise_to=at(12), wish_due=at(11))
    found = cost(fit(10, what=what))
    hour = timedelta(hours=1)
    assert (found.to_target, found.to_promise, found.to_wish) == (-hour, 2 * hour, 0 * hour)
    assert found.wait == 10 * hour


def test_each_figure_counts_in_the_price() -> None:
    plain = price(cost(fit(10)))
    assert price(cost(fit(10, person(base=NEAR)))) == plain + 22
    assert price(cost(fit(10, what=job(known=frozenset({ANNA}))))) == plain - 15
    assert price(cost(fit(10, what=job(target=at(9))))) == plain + 30
    assert price(cost(fit(10 + 24))) == plain + 30


# --- the order -----------------------------------------------------------------------------------


def test_who_has_nothing_against_comes_before_who_is_nearer() -> None:
    what = job(skills={GAS: "gas"})
    found = chosen([person(), bert(base=FAR, skills=frozenset({GAS}))], what)
    assert found[0] == "Bert 24 08:00"


def test_a_shorter_trip_tomorrow_beats_one_across_the_country_today() -> None:
    today = bert(base=FAR, hours=worked((8, 17)))
    tomorrow = person(hours=worked((8, 17), day=TOMORROW))
    assert chosen([today, tomorrow]) == ["Anna 25 08:00", "Bert 24 08:00"]
    near_today = bert(base=NEAR, hours=worked((8, 17)))
    assert chosen([near_today, tomorrow]) == ["Bert 24 08:00", "Anna 25 08:00"]


def test_who_has_been_there_before_is_preferred() -> None:
    assert chosen([person(), bert()], job(known=frozenset({BERT})))[0] == "Bert 24 08:00"


def test_there_is_a_choice_of_people_and_not_of_hours() -> None:
    assert chosen([person(hours=BOTH_DAYS), bert(base=FAR), caro(base=FAR)]) == [
        "Anna 24 08:00", "Bert 24 08:00", "Caro 24 08:00",
    ]  # fmt: skip


def test_but_a_second_slot_of_one_comes_before_what_more_speaks_against() -> None:
    what = job(skills={GAS: "gas"})
    able = person(skills=frozenset({GAS}))
    assert chosen([able, bert(), caro()], what) == [
        "Anna 24 08:00", "Anna 24 09:00", "Anna 24 10:00",
    ]  # fmt: skip
    assert chosen([able], what) == ["Anna 24 08:00"]


def test_the_same_question_has_the_same_answer() -> None:
    people = [caro(), bert(), person()]
    assert chosen(people) == chosen(people[::-1]) == [
        "Anna 24 08:00", "Bert 24 08:00", "Caro 24 08:00",
    ]  # fmt: skip


def test_nobody_free_is_nobody() -> None:
    assert chosen([person(hours=()), bert(archived=True)]) == []


# --- in words ------------------------------------------------------------------------------------


def said(who: Person, what: Job) -> str:
    (search,) = searches([who], what)
    return why(option(search, next(search.starts()), at(0)))


def test_each_says_why_in_facts_beside_each_other() -> None:
    assert said(person(base=NEAR), job()) == "11 min from home"
    what = job(known=frozenset({ANNA}), target=at(10), skills={GAS: "gas"})
    assert said(person(stop(8, 1, HERE)), what) == (
        "0 min from the visit before · has been there before · in time for the response target · "
        "needs the skill “gas”"
    )
    assert said(person(base=None), job()) == "Free at that time"


# --- whatever the board looks like ---------------------------------------------------------------

IDS = [UUID(int=100 + number) for number in range(5)]


def team() -> st.SearchStrategy[list[Person]]:
    return st.lists(people_on(DAY), max_size=5).map(
        lambda people: [
            replace(one, id=pk, name=f"T{pk.int}") for one, pk in zip(people, IDS, strict=False)
        ]
    )


@PATIENT
@given(team(), jobs_on(DAY), st.integers(1, 4))
def test_what_is_not_looked_at_could_not_have_been_suggested(
    people: list[Person], what: Job, limit: int
) -> None:
    """The same as when every slot of everybody is weighed."""
    what = replace(what, known=frozenset(IDS[:2]))
    everything: list[tuple[tuple[object, ...], Option]] = []
    firsts = []
    for search in searches(people, what):
        own = sorted((option(search, start, at(0)) for start in search.starts()), key=rank)
        everything += [(rank(one, nth), one) for nth, one in enumerate(own)]
        firsts += [rank(own[0])] if own else []
    stand = sorted((pair for pair in everything if pair[0] <= max(firsts)), key=lambda p: p[0])
    assert best(searches(people, what), at(0), limit) == [one for _rank, one in stand[:limit]]


@pytest.mark.wide
@PATIENT
@given(team(), jobs_on(DAY))
def test_a_suggestion_has_no_reason_that_the_finder_keeps_and_all_others_are_said(
    people: list[Person], what: Job
) -> None:
    for one in best(searches(people, what), at(0), 3):
        assert one.reasons == reasons(one.fit) == judged(one.fit).reasons
        assert {reason.code for reason in one.reasons} <= {
            "skill", "vehicle", "opening", "wish", "promise", "target",
        }  # fmt: skip


@pytest.mark.wide
@PATIENT
@given(st.data())
def test_a_plan_that_the_rules_accept_never_overlaps_leaves_hours_or_misses_a_skill(
    data: st.DataObject,
) -> None:
    """Visits are offered one after the other; those with no reason against go on the board."""
    who = replace(data.draw(people_on(DAY)), stops=())
    taken: list[tuple[datetime, datetime, Job]] = []
    for number in range(data.draw(st.integers(1, 8))):
        what = data.draw(jobs_on(DAY))
        slot = fit(data.draw(st.integers(0, 92)) / 4, who, what)
        if judged(slot).reasons:
            continue
        taken.append((slot.start, slot.end, what))
        length = (slot.end - slot.start) / timedelta(hours=1)
        hour = (slot.start - at(0)) / timedelta(hours=1)
        more = stop(hour, length, what.place, name=f"SO-{number}")
        who = replace(who, stops=tuple(sorted((*who.stops, more), key=lambda one: one.start)))
    for start, end, what in taken:
        assert what.skills.keys() <= who.skills
        inside = any(begin <= start and end <= finish for begin, finish in who.hours)
        whole = who.hours[0][0] <= start and end <= who.hours[-1][1]
        assert inside or (whole and all(b - a < end - start for a, b in who.hours))
        assert all(one.end <= start or one.start >= end for one in who.absences)
    ordered = sorted(taken, key=lambda one: one[0])
    for before, after in pairwise(ordered):
        assert before[1] <= after[0]
        apart = cost(Fit(replace(who, stops=(), base=before[2].place), after[2], after[0], after[1],
                         at(0), ZONE))  # fmt: skip
        drive = apart.leg.minutes if apart.leg else 0
        assert after[0] - before[1] >= timedelta(minutes=drive)
