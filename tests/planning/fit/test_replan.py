"""Planned visits that were chosen: their own time first, then their day, then another one."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from callout.planning.fit.autoplan import Proposal, Task
from callout.planning.fit.held import Held
from callout.planning.fit.person import Interval, Job, Person, Stop
from callout.planning.fit.replan import Wanted, replanned
from tests.planning.fit.plain import (
    ANNA,
    BERT,
    CARO,
    DAY,
    FAR,
    GAS,
    ZONE,
    at,
    job,
    person,
    stop,
    worked,
)

NEXT = DAY + timedelta(days=1)
WEEK: Interval = (at(0), at(7 * 24))
TWO_DAYS = (*worked((8, 17)), *worked((8, 17), day=NEXT))


def held(number: int, hour: float, what: Job | None = None) -> Held:
    """A visit of Anna's."""
    what = what or job()
    key = UUID(int=700 + number)
    return Held(
        Task(key, what, f"SO-{number}", 1, visit_id=key), at(hour), at(hour) + what.duration, ANNA
    )


def anna(*stops: Stop) -> Person:
    return person(visit(1, 10), *stops, hours=TWO_DAYS)


def bert(*stops: Stop, who: UUID = BERT) -> Person:
    return person(*stops, id=who, name="Bert", hours=TWO_DAYS)


def visit(number: int, hour: float) -> Stop:
    return stop(hour, 1, visit_id=UUID(int=700 + number))


def told(found: Proposal) -> list[str]:
    placed = [
        f"{one.fit.person.name} {one.fit.start.astimezone(ZONE):%d %H:%M}"
        for one in found.placed.values()
    ]
    return placed + [one.code for one in found.unplaced.values()]


def asked(people: list[Person], *visits: Held, **wanted: object) -> list[str]:
    given = Wanted(**({"span": WEEK} | wanted))  # type: ignore[arg-type]
    return told(replanned(people, visits or [held(1, 10)], given, now=at(0), zone=ZONE))


TO_BERT = frozenset({BERT})


def test_to_somebody_named_at_the_same_time_else_on_the_same_day_else_on_another() -> None:
    for busy, when in (((), "24 10:00"), ((stop(10, 1),), "24 08:00"), ((stop(8, 9),), "25 08:00")):
        assert asked([anna(), bert(*busy)], technicians=TO_BERT) == [f"Bert {when}"]


def test_what_is_best_where_it_is_stays_also_where_somebody_else_were_as_good() -> None:
    assert asked([anna(), bert()]) == ["best_here"]
    assert asked([bert(), anna()]) == ["best_here"]
    assert asked([anna(), bert()], technicians=frozenset({ANNA})) == ["best_here"]


def test_to_whoever_drives_less_at_the_same_time() -> None:
    far = replace(anna(), base=FAR)
    assert asked([far, bert()]) == ["Bert 24 10:00"]


def test_another_day_is_looked_for_where_the_day_is_not_kept() -> None:
    span = (at(0, NEXT), at(24, NEXT))
    assert asked([anna(), bert()], span=span, keep_day=False, technicians=TO_BERT) == [
        "Bert 25 08:00"
    ]
    assert asked([anna(), bert()], span=span) == ["best_here"]


def test_who_was_named_gets_it_against_a_reason_and_who_was_not_does_not() -> None:
    gas = held(1, 10, job(skills={GAS: "Gas"}))
    able = replace(anna(stop(9.5, 1)), skills=frozenset({GAS}))
    assert asked([able, bert()], gas, technicians=TO_BERT) == ["Bert 24 10:00"]
    assert asked([able, bert()], gas) == ["Anna 24 08:00"]


def test_nobody_gets_it_where_they_cannot_be_and_it_is_said_why() -> None:
    full = [stop(8, 9), stop(8, 9, on=NEXT)]
    assert asked([anna(), bert(*full)], technicians=TO_BERT) == ["overlap"]
    found = replanned(
        [anna(), bert(*full)], [held(1, 10)], Wanted(WEEK, TO_BERT), now=at(0), zone=ZONE
    )
    (why,) = found.unplaced.values()
    assert "Bert, " in why.words
    assert "would overlap SO-000123; nor is there room at another time" in why.words


def test_a_promise_is_left_only_for_somebody_who_was_named() -> None:
    promised = held(1, 10, job(promise_from=at(9.5), promise_to=at(10.5)))
    busy = bert(stop(9, 3))
    assert asked([anna(), busy], promised, technicians=TO_BERT) == ["Bert 24 08:00"]
    assert asked([anna(), busy], promised) == ["best_here"]


def test_whoever_takes_one_is_busy_for_the_next_and_the_first_is_free() -> None:
    people = [anna(visit(2, 10.5)), bert()]
    both = [held(1, 10), held(2, 10.5)]
    assert asked(people, *both, technicians=TO_BERT) == ["Bert 24 10:00", "Bert 24 08:00"]


def test_a_helper_is_not_asked_to_answer_for_it_and_comes_along() -> None:
    caro = bert(stop(8, 1), visit(1, 10), who=CARO)
    with_caro = replace(held(1, 10), helper_ids=(CARO,))
    found = asked([anna(), bert(stop(10, 7)), caro], with_caro, technicians=TO_BERT)
    assert found == ["Bert 24 09:00"], "at eight the helper has another visit"
    assert asked([anna(), caro], with_caro, technicians=frozenset({CARO})) == ["helper"]


def test_what_was_not_reached_when_it_was_stopped_stays() -> None:
    found = replanned(
        [anna(), bert()], [held(1, 10)], Wanted(WEEK, TO_BERT), now=at(0), zone=ZONE,
        go_on=lambda _done: False,
    )  # fmt: skip
    assert told(found) == ["stopped"]
