"""Many jobs onto many days: no proposal that the rules refuse, and the most pressing first."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.planning.fit.autoplan import Proposal, Task, autoplan
from callout.planning.fit.best import BARRED
from callout.planning.fit.cost import cost
from callout.planning.fit.explain import judged
from callout.planning.fit.held import Held
from callout.planning.fit.person import Absence, Job, Person, Stop
from callout.planning.fit.relief import relieved
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
    at,
    job,
    jobs_on,
    people_on,
    person,
    stop,
    worked,
)

IDS = [UUID(int=100 + number) for number in range(4)]


def task(number: int, what: Job | None = None, urgency: int = 1) -> Task:
    return Task(UUID(int=500 + number), what or job(), f"SO-{number}", urgency)


def planned(people: list[Person], tasks: list[Task], **more: object) -> Proposal:
    return autoplan(people, tasks, now=at(0), not_before=at(0), zone=ZONE, **more)  # type: ignore[arg-type]


def told(found: Proposal) -> list[str]:
    """Who goes when, in the order in which the slots were taken."""
    return [
        f"{one.fit.person.name} {one.fit.start.astimezone(ZONE):%H:%M}"
        for one in found.placed.values()
    ]


def bert(*stops: object, **more: object) -> Person:
    return person(*stops, **{"id": BERT, "name": "Bert", **more})  # type: ignore[arg-type]


def test_each_slot_is_taken_before_the_next_is_looked_for() -> None:
    found = planned([person()], [task(number) for number in range(3)])
    assert told(found) == ["Anna 08:00", "Anna 09:00", "Anna 10:00"]
    assert [one.name for one in found.people[ANNA].stops] == ["SO-0", "SO-1", "SO-2"]


def test_the_most_urgent_comes_first_and_then_the_nearest_target() -> None:
    late, soon, urgent = job(target=at(17)), job(target=at(10)), job()
    found = planned([person()], [task(1, late), task(2, soon), task(3, urgent, urgency=3)])
    assert list(found.placed) == [UUID(int=503), UUID(int=502), UUID(int=501)]


def test_who_would_lose_most_is_served_first() -> None:
    """The first job may as well go to Bert; the second only to Anna, who has room for one."""
    small = worked((8, 9))
    flexible = task(1)
    needy = task(2, job(skills={GAS: "gas"}))
    found = planned(
        [person(hours=small, skills=frozenset({GAS})), bert(hours=small)], [flexible, needy]
    )
    who = {key: one.fit.person.name for key, one in found.placed.items()}
    assert who == {flexible.key: "Bert", needy.key: "Anna"}


def test_a_stop_nearby_draws_the_next_one() -> None:
    """After the first job in the south Anna is nearer to the second than Bert, who lives there."""
    people = [person(base=HERE, hours=worked((8, 17))), bert(base=NEAR, hours=worked((8, 17)))]
    found = planned(people, [task(1, job(place=FAR)), task(2, job(place=FAR))])
    assert len({one.fit.person.id for one in found.placed.values()}) == 1


def test_why_something_stays_is_said() -> None:
    people = [person(hours=worked((8, 9)))]
    gas = task(2, job(skills={GAS: "gas"}))
    long = task(3, job(duration=timedelta(hours=5)))
    found = planned(people, [gas, long])
    assert found.unplaced[gas.key].words == "nobody has the skill “gas”"
    assert found.unplaced[long.key].words == "nobody is free for 300 minutes in these days"
    able = bert(hours=(), skills=frozenset({GAS}))
    (why,) = planned([*people, able], [gas]).unplaced.values()
    assert (why.code, why.words) == (
        "no_free_slot",
        "nobody with the skill is free for 60 minutes; "
        "Anna, Tue 24 Nov 08:00: needs the skill “gas”",
    )
    assert planned([], [gas]).unplaced[gas.key].code == "nobody"


def test_what_was_not_reached_when_it_was_stopped_is_said() -> None:
    steps: list[int] = []

    def go_on(done: int) -> bool:
        steps.append(done)
        return done < 3

    found = planned([person()], [task(number) for number in range(2)], go_on=go_on)
    assert (len(found.placed), steps) == (1, [0, 1, 2, 3])
    assert [one.code for one in found.unplaced.values()] == ["stopped"]


def team() -> st.SearchStrategy[list[Person]]:
    return st.lists(people_on(DAY), min_size=1, max_size=4).map(
        lambda people: [
            replace(one, id=pk, name=f"T{pk.int}") for one, pk in zip(people, IDS, strict=False)
        ]
    )


def sound(people: list[Person], found: Proposal, jobs: dict[UUID, Job]) -> None:
    """No proposal is one that a rule bars, on the day as it is with all the others."""
    before = {one.id: one for one in people}
    for key, one in found.placed.items():
        assert not one.reasons or {reason.code for reason in one.reasons}.isdisjoint(BARRED)
        who = found.people[one.fit.person.id]
        others = tuple(stop for stop in who.stops if stop.start != one.fit.start)
        again = judged(replace(one.fit, person=replace(who, stops=others)))
        codes = {reason.code for reason in again.reasons if reason.hard or reason.code in BARRED}
        assert not codes, (codes, key)
        assert jobs[key].skills.keys() <= before[who.id].skills


@PATIENT
@given(team(), st.lists(jobs_on(DAY), min_size=1, max_size=8), st.integers(0, 2))
def test_proposals_never_overlap_leave_hours_or_miss_a_skill(
    people: list[Person], jobs: list[Job], urgent: int
) -> None:
    people = [replace(one, stops=()) for one in people]
    tasks = [task(n, what, urgency=n % (urgent + 1)) for n, what in enumerate(jobs)]
    found = planned(people, tasks)
    assert found.placed.keys() | found.unplaced.keys() == {one.key for one in tasks}
    assert not found.placed.keys() & found.unplaced.keys()
    sound(people, found, {one.key: one.job for one in tasks})
    for one in found.people.values():
        for earlier, later in pairwise(one.stops):
            assert earlier.end <= later.start
    again = planned(people, list(tasks))
    assert (again.placed, again.unplaced) == (found.placed, found.unplaced)


@PATIENT
@given(team(), jobs_on(DAY))
def test_one_job_alone_gets_the_best_slot_that_is_not_barred(
    people: list[Person], what: Job
) -> None:
    """The same as when every slot of everybody is weighed."""
    from callout.planning.fit.best import is_barred, score_of
    from callout.planning.fit.slots import Search
    from callout.planning.fit.suggest import option

    found = planned(people, [task(1, what)])
    every = [
        option(search, start, at(0))
        for search in (Search.of(one, what, not_before=at(0), zone=ZONE) for one in people)
        for start in search.starts()
    ]
    fits = [score_of(one) for one in every if not is_barred(one)]
    assert [score_of(one) for one in found.placed.values()] == ([min(fits)] if fits else [])


# --- somebody falls ill ---------------------------------------------------------------------------

ALL_DAY = Absence(at(0), at(24))


def held(number: int, hour: float, what: Job | None = None) -> Held:
    what = what or job()
    one = replace(task(number, what), visit_id=UUID(int=700 + number))
    return Held(one, at(hour), at(hour) + what.duration, ANNA)


def visit(number: int, hour: float) -> Stop:
    return stop(hour, 1, visit_id=UUID(int=700 + number))


def test_somebody_else_at_the_same_time_before_another_time() -> None:
    anna = person(visit(1, 10), hours=worked((8, 17)))
    free, busy = bert(), bert(stop(10, 1))
    for other, when in ((free, "Bert 10:00"), (busy, "Bert 08:00")):
        found = relieved([anna, other], ANNA, ALL_DAY, [held(1, 10)], now=at(0), zone=ZONE)
        assert told(found) == [when]
        assert found.people[ANNA].stops == ()


def test_whoever_takes_one_is_busy_for_the_next() -> None:
    anna = person(visit(1, 10), visit(2, 10.5), hours=worked((8, 17)))
    both = [held(1, 10), held(2, 10.5)]
    found = relieved([anna, bert()], ANNA, ALL_DAY, both, now=at(0), zone=ZONE)
    assert told(found) == ["Bert 10:00", "Bert 08:00"]


@pytest.mark.wide
@PATIENT
@given(team(), st.lists(jobs_on(DAY), min_size=1, max_size=5))
def test_what_is_proposed_for_an_absence_is_sound_too(
    people: list[Person], jobs: list[Job]
) -> None:
    absent = people[0].id
    short = [replace(what, duration=min(what.duration, timedelta(hours=8))) for what in jobs]
    visits = [held(n, 8 + n, what) for n, what in enumerate(short)]
    people = [replace(one, stops=()) for one in people]
    found = relieved(people, absent, ALL_DAY, visits, now=at(0), zone=ZONE)
    assert found.placed.keys() | found.unplaced.keys() == {one.task.key for one in visits}
    sound(people, found, {one.task.key: one.task.job for one in visits})
    for one in found.placed.values():
        assert one.fit.person.id != absent or one.fit.start >= ALL_DAY.end
        assert cost(one.fit) == one.cost
