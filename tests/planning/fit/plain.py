"""Plain people, jobs and slots for the pure rules, by hand and by hypothesis."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from callout.planning.fit.person import (
    Absence,
    Fit,
    Idle,
    Interval,
    Job,
    Person,
    Ride,
    Stop,
    day_of,
    joined,
)
from callout.planning.fit.rules import reasons
from callout.travel.estimate import Place
from tests.scale import examples

ZONE = ZoneInfo("Europe/Brussels")
DAY = date(2026, 11, 24)  # a Tuesday
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # the Sundays when the clock is changed
HERE, NEAR, FAR = Place(50.7, 4.6), Place(50.75, 4.65), Place(51.2, 4.4)  # NEAR: 11 min, FAR: 90
PATIENT = settings(max_examples=examples(60, 60))
GAS = UUID(int=1)
ANNA, BERT, CARO = UUID(int=11), UUID(int=12), UUID(int=13)


def at(hour: float, day: date = DAY) -> datetime:
    """The moment when so much of `day` has gone by the clock of the zone."""
    whole, part = divmod(round(hour * 60), 60)
    day += timedelta(days=whole // 24)
    return datetime.combine(day, time(whole % 24, part), tzinfo=ZONE).astimezone(UTC)


def worked(*spans: tuple[float, float], day: date = DAY) -> tuple[Interval, ...]:
    """Hours of one day."""
    return joined([(at(start, day), at(end, day)) for start, end in spans])


def stop(start: float, length: float, where: Place | None = HERE, **more: Any) -> Stop:
    """A visit of so many hours."""
    begin = at(start, more.pop("on", DAY))
    end = begin + timedelta(hours=length)
    late = timedelta(minutes=more.pop("late", 0))
    day = day_of(begin, ZONE)
    return Stop(begin, end, end + late, day, where, more.pop("name", "SO-000123"), **more)


def absence(start: float, length: float) -> Absence:
    return Absence(at(start), at(start) + timedelta(hours=length), "Holiday")


def ride(start: float, length: float) -> Ride:
    """So many hours that somebody else drives the van."""
    return Ride(at(start), at(start) + timedelta(hours=length), "1-ABC-123", "SO-000456")


def person(*stops: Stop, **more: Any) -> Person:
    """Anna, who works from 8 to 12 and from 13 to 17."""
    given: dict[str, Any] = {"id": ANNA, "name": "Anna", "base": HERE}
    given["hours"] = worked((8, 12), (13, 17))
    ordered = tuple(sorted(stops, key=lambda one: one.start))
    return Person(**(given | {"stops": ordered} | more))


def job(hours: float = 1, **more: Any) -> Job:
    given: dict[str, Any] = {"duration": timedelta(hours=hours), "place": HERE}
    return Job(**(given | more))


def fit(
    start: float,
    who: Person | None = None,
    what: Job | None = None,
    *,
    now: datetime | None = None,
    **more: Any,
) -> Fit:
    """The slot that begins at this hour of `on`, seen from its midnight."""
    on = more.pop("on", DAY)
    what = what or job()
    begin = at(start, on)
    return Fit(who or person(), what, begin, begin + what.duration, now or at(0, on), ZONE, **more)


def codes(one: Fit) -> list[str]:
    return [reason.code for reason in reasons(one)]


def words(one: Fit) -> list[str]:
    return [reason.words for reason in reasons(one)]


# --- by hypothesis -------------------------------------------------------------------------------

places = st.sampled_from([HERE, NEAR, FAR, None])
days = st.sampled_from([DAY, SPRING, AUTUMN])


def quarters(most: float, least: float = 0) -> st.SearchStrategy[float]:
    """Hours in whole quarters."""
    return st.integers(round(least * 4), round(most * 4)).map(lambda count: count / 4)


def stops_on(day: date) -> st.SearchStrategy[Stop]:
    """Visits of that day and the night before it."""
    return st.builds(
        lambda start, length, where, late: stop(start, length, where, late=late, on=day),
        quarters(23, -6), quarters(5, 0.25), places, st.sampled_from([0, 0, 0, 25, 90]),
    )  # fmt: skip


def absences_on(day: date) -> st.SearchStrategy[Absence]:
    return st.builds(
        lambda start, length: Absence(at(start, day), at(start, day) + timedelta(hours=length)),
        quarters(23), quarters(6, 0.25),
    )  # fmt: skip


def hours_on(day: date) -> st.SearchStrategy[tuple[Interval, ...]]:
    """Up to three spans, over midnight too."""
    span = st.tuples(quarters(23), quarters(10, 0.25)).map(
        lambda pair: (at(pair[0], day), at(pair[0], day) + timedelta(hours=pair[1]))
    )
    return st.lists(span, max_size=3).map(joined)


def people_on(day: date, **more: Any) -> st.SearchStrategy[Person]:
    def make(
        stops: list[Stop], absences: list[Absence], hours: tuple[Interval, ...], skills: set[UUID],
        base: Place | None, rides: list[Ride], idle: Idle | None,
    ) -> Person:  # fmt: skip
        ordered = tuple(sorted(absences, key=lambda one: one.start))
        given = {"absences": ordered, "hours": hours, "skills": frozenset(skills), "base": base,
                 "idle": idle}  # fmt: skip
        return person(*stops, **(given | {"rides": tuple(rides)} | more))

    return st.builds(
        make, st.lists(stops_on(day), max_size=6), st.lists(absences_on(day), max_size=2),
        hours_on(day), st.sets(st.just(GAS)), places,
        st.lists(st.builds(ride, quarters(23), quarters(4, 0.25)), max_size=2),
        st.none() | st.builds(lambda hour, where: Idle(at(hour, day), where, at_home=True),
                              quarters(23), places),
    )  # fmt: skip


def jobs_on(day: date) -> st.SearchStrategy[Job]:
    """Some with a helper, who may be asked for it too."""
    caro = {"id": CARO, "name": "Caro"}
    helpers = st.one_of(people_on(day, **caro), people_on(day, archived=True, **caro),
                        people_on(day))  # fmt: skip
    hours = st.none() | quarters(23).map(lambda hour: at(hour, DAY).astimezone(ZONE).time())
    return st.builds(
        lambda length, where, needs, begin, end, opened, helping: job(
            length, place=where, skills=dict.fromkeys(needs, "gas"), wish_from=begin, wish_to=end,
            target=at(12, day), open=opened, helpers=tuple(helping),
        ),
        quarters(12, 0.25), places, st.sets(st.just(GAS)), hours, hours, st.none() | hours_on(day),
        st.just([]) | st.lists(helpers, max_size=1),
    )  # fmt: skip
