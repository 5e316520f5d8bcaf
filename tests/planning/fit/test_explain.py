"""Why not this technician: every failed rule, and what would help; and who could go right now."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from callout.planning.fit.explain import Explanation, explained, first_or_now
from callout.planning.fit.person import Idle, Job, Person
from callout.planning.fit.rules import reasons
from callout.planning.fit.slots import Search
from callout.planning.fit.soonest import Dash, soonest
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
    absence,
    at,
    fit,
    job,
    jobs_on,
    people_on,
    person,
    stop,
    worked,
)


def why(start: float, who: Person, what: Job | None = None, *others: Person) -> Explanation:
    what = what or job()
    own, *rest = [Search.of(one, what, not_before=at(0), zone=ZONE) for one in (who, *others)]
    return explained(fit(start, who, what), own, rest)


def remedies(*args: object) -> list[str]:
    return [f"{one.kind}: {one.words}" for one in why(*args).remedies]  # type: ignore[arg-type]


def bert(*stops: object, **more: object) -> Person:
    return person(*stops, **{"id": BERT, "name": "Bert", **more})  # type: ignore[arg-type]


def test_of_a_slot_that_fits_there_is_nothing_to_mend() -> None:
    found = why(9, person())
    assert (found.option.reasons, found.remedies) == ([], [])


def test_only_an_overlap_may_be_allowed_on_purpose_and_that_comes_last() -> None:
    assert remedies(9, person(stop(8.5, 1))) == [
        "another_slot: another time: Tue 24 Nov 09:30–10:30",
        "allow_overlap: allow the overlap on purpose",
    ]
    both = why(9, person(stop(8.5, 1), absences=(absence(9.5, 1),)))
    assert [one.kind for one in both.remedies] == ["another_slot"]


def test_the_nearest_slot_of_theirs_may_lie_before() -> None:
    assert remedies(11, person(stop(11, 5))) == [
        "another_slot: another time: Tue 24 Nov 10:00–11:00",
        "allow_overlap: allow the overlap on purpose",
    ]


def test_somebody_else_at_the_same_time_where_the_skill_is_missing() -> None:
    what = job(skills={GAS: "gas"})
    assert remedies(9, person(), what, bert(skills=frozenset({GAS}))) == [
        "another_technician: another technician: Bert, Tue 24 Nov 09:00–10:00"
    ]
    assert remedies(9, person(), what, bert()) == []


def test_the_cheapest_remedy_comes_first() -> None:
    busy = person(stop(8, 9), hours=(*worked((8, 17)), *worked((8, 17), day=DAY + timedelta(1))))
    assert [one.kind for one in why(9, busy, job(), bert()).remedies] == [
        "another_technician", "another_slot", "allow_overlap",
    ]  # fmt: skip
    assert [one.kind for one in why(9, busy, job(), bert(base=FAR)).remedies] == [
        "another_slot", "another_technician", "allow_overlap",
    ]  # fmt: skip


def test_where_nobody_is_free_then_it_is_the_best_of_all() -> None:
    assert remedies(9, person(archived=True), job(), bert(stop(8, 2))) == [
        "another_technician: another technician: Bert, Tue 24 Nov 10:00–11:00"
    ]


def test_without_a_slot_the_first_free_one_is_judged_or_now_where_there_is_none() -> None:
    free = Search.of(person(), job(), not_before=at(0), zone=ZONE)
    assert first_or_now(free, at(0)) == at(8)
    none = Search.of(person(hours=()), job(), not_before=at(9), zone=ZONE)
    assert first_or_now(none, at(9)) == at(9)


@PATIENT
@given(people_on(DAY), people_on(DAY, id=BERT), jobs_on(DAY), st.integers(0, 96))
def test_every_remedy_has_less_against_it_and_is_judged_as_the_rules_do(
    who: Person, other: Person, what: Job, quarter: int
) -> None:
    found = why(quarter / 4, who, what, other)
    hard = sum(one.hard for one in found.option.reasons)
    for one in found.remedies:
        assert one.option.reasons == reasons(one.option.fit)
        left = sum(reason.hard for reason in one.option.reasons)
        assert left < hard or len(one.option.reasons) < len(found.option.reasons)
        if one.kind == "another_slot":
            assert left == 0
            assert one.option.fit.person.id == ANNA
        if one.kind == "another_technician":
            assert one.option.fit.person.id == BERT
        if one.kind == "allow_overlap":
            assert left == 0


# --- at once -------------------------------------------------------------------------------------


def dashes(*people: Person, what: Job | None = None, hour: int = 9) -> list[Dash]:
    return soonest(people, what or job(), now=at(hour), zone=ZONE, limit=3)


def shown(found: list[Dash]) -> list[str]:
    return [
        f"{one.option.fit.person.name} {one.option.fit.start.astimezone(ZONE):%H:%M} "
        + " ".join(stop.name for stop in one.moves)
        for one in found
    ]


def test_what_is_begun_is_ended_first_and_what_is_planned_would_move() -> None:
    busy = person(stop(8, 1.5, NEAR, name="SO-1", under_way=True), stop(9.75, 1, name="SO-2"),
                  stop(14, 1, name="SO-3"))  # fmt: skip
    (found,) = dashes(busy)
    assert found.free_at == at(9.5)
    assert found.travel_minutes == 11
    assert shown([found]) == ["Anna 09:45 SO-2"]


def test_a_visit_under_way_that_runs_late_is_over_now_at_the_earliest() -> None:
    late = person(stop(7, 1, name="SO-1", under_way=True))
    assert dashes(late)[0].free_at == at(9)


def test_who_is_there_soonest_comes_first_and_of_two_whoever_has_less_to_move() -> None:
    people = [person(base=FAR), bert(stop(9, 1, name="SO-1"))]
    assert shown(dashes(*people)) == ["Bert 09:00 SO-1", "Anna 10:30 "]
    people = [person(stop(9, 1, name="SO-1", pinned=True)), bert(stop(9, 1, name="SO-2"))]
    assert shown(dashes(*people)) == ["Bert 09:00 SO-2", "Anna 09:00 SO-1"]


def test_who_is_on_no_visit_starts_from_the_last_one_of_today() -> None:
    there = Idle(at(9), HERE, at_home=False)
    assert shown(dashes(person(base=FAR, idle=there))) == ["Anna 09:00 "]


def test_what_helpers_have_then_moves_too_unless_it_is_begun() -> None:
    caro = person(stop(8.5, 1, name="SO-2"), stop(11, 1, name="SO-3"), id=CARO)
    what = job(helpers=(caro,))
    assert shown(dashes(person(stop(9, 1, name="SO-1")), what=what)) == ["Anna 09:00 SO-1 SO-2"]
    gone = person(stop(8.5, 1, name="SO-2", under_way=True), id=CARO)
    assert dashes(person(), what=job(helpers=(gone,))) == []


def test_who_is_absent_does_not_come_and_who_lacks_the_skill_comes_last() -> None:
    people = [person(absences=(absence(8, 4),)), bert(archived=True)]
    assert dashes(*people) == []
    what = job(skills={GAS: "gas"})
    people = [person(), bert(base=FAR, skills=frozenset({GAS}))]
    assert shown(dashes(*people, what=what)) == ["Bert 10:30 ", "Anna 09:00 "]


@PATIENT
@given(people_on(DAY), jobs_on(DAY), st.integers(0, 22))
def test_once_the_visits_in_the_way_have_moved_nothing_hard_is_left(
    who: Person, what: Job, hour: int
) -> None:
    for dash in dashes(who, what=what, hour=hour):
        kept = [one for one in who.stops if one not in dash.moves]
        slot = dash.option.fit
        assert all(one.end <= slot.start or one.start >= slot.end for one in kept)
        assert not any(reason.hard for reason in dash.option.reasons)
