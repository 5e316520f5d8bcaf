"""How a day runs: what was tapped moves what is to be expected; the plan stays the plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callout.planning.fit.course import END_OF_TIME, LONG_AGO, Course, courses_of, steady_until
from callout.travel.estimate import Leg, Place, place

DAY = datetime(2026, 11, 24, tzinfo=UTC)
HOME, NEAR, FAR = Place(50.7, 4.6), Place(50.8, 4.7), Place(51.2, 4.4)


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def drive(a: Place, b: Place) -> Leg:
    """Half an hour from anywhere to anywhere else."""
    return Leg(minutes=0 if a == b else 30, kilometres=0 if a == b else 20)


@dataclass
class Planned:
    start: datetime
    end: datetime
    status: str = "planned"
    expected_end: datetime | None = None
    is_open: bool = True
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    closed_at: datetime | None = None
    latitude: float | None = NEAR.latitude
    longitude: float | None = NEAR.longitude


def visit(start: float, hours: float = 1, where: Place | None = NEAR, **more: object) -> Planned:
    place = {
        "latitude": where.latitude if where else None,
        "longitude": where.longitude if where else None,
    }
    return Planned(at(start), at(start + hours), **place, **more)  # type: ignore[arg-type]


def sites(visits: Iterable[Planned]) -> list[Place | None]:
    return [place(one.latitude, one.longitude) for one in visits]


def day(*visits: Planned, now: float, base: Place | None = HOME) -> list[Course]:
    return courses_of(visits, sites(visits), base=base, now=at(now), travel=drive)


def minutes(course: Course) -> float:
    return course.late.total_seconds() / 60


def test_a_day_that_has_not_begun_runs_as_it_is_planned() -> None:
    first, second = day(visit(8), visit(10, where=FAR), now=5)
    assert (first.start, first.end, minutes(first)) == (at(8), at(9), 0)
    assert (second.start, second.end, minutes(second)) == (at(10), at(11), 0)
    assert first.leg is not None
    assert first.leg.minutes == 30


def test_who_has_not_left_in_time_will_be_late_by_the_drive() -> None:
    (course,) = day(visit(8), now=8)
    assert (course.start, minutes(course)) == (at(8.5), 30)
    (course,) = day(visit(8), now=8.25)
    assert minutes(course) == 45


def test_who_is_on_the_way_arrives_a_drive_after_leaving_and_not_before_now() -> None:
    (course,) = day(visit(8, status="en_route", departed_at=at(7.75)), now=8)
    assert (course.start, minutes(course)) == (at(8.25), 15)
    (course,) = day(visit(8, status="en_route", departed_at=at(7)), now=8.5)
    assert (course.start, minutes(course)) == (at(8.5), 30)


def test_what_takes_longer_makes_the_next_one_late_by_work_and_drive() -> None:
    working = visit(8, status="working", arrived_at=at(8), expected_end=at(10))
    first, second = day(working, visit(9.5, where=FAR), now=8.5)
    assert (first.end, minutes(first)) == (at(10), 0)
    assert (second.start, minutes(second)) == (at(10.5), 60)


def test_what_began_late_ends_late_and_runs_over_only_after_that() -> None:
    working = visit(8, status="working", arrived_at=at(8.5))
    (course,) = day(working, now=9.25)
    assert (course.end, minutes(course)) == (at(9.5), 0)
    (course,) = day(working, now=10)
    assert (course.end, minutes(course)) == (at(10), 30)


def test_what_has_ended_is_as_it_was_and_frees_the_technician_early() -> None:
    done = visit(8, status="done", is_open=False, arrived_at=at(8), closed_at=at(8.25))
    first, second = day(done, visit(9.5, where=FAR), now=8.5)
    assert (first.start, first.end, minutes(first)) == (at(8), at(8.25), 0)
    assert (second.start, minutes(second)) == (at(9.5), 0)


def test_without_positions_nobody_guesses_a_drive() -> None:
    (course,) = day(visit(8, where=None), now=8.25)
    assert course.leg is None
    assert minutes(course) == 15
    (course,) = day(visit(8), now=5, base=None)
    assert course.leg is None


def test_of_two_that_overlap_on_purpose_the_later_end_counts() -> None:
    long, short, after = day(visit(8, 4), visit(9, 1), visit(12.25, where=FAR), now=5)
    assert long.end == at(12)
    # The short one waits for the long one: nobody is at two places.
    assert short.start == at(12)
    assert minutes(after) == 75


quarters = st.integers(min_value=20, max_value=80).map(lambda n: n / 4)
lengths = st.integers(min_value=1, max_value=12).map(lambda n: n / 4)
places = st.sampled_from([HOME, NEAR, FAR, None])
visits = st.lists(st.builds(visit, quarters, lengths, places), max_size=8).map(
    lambda found: sorted(found, key=lambda one: one.start)
)


@given(visits, quarters)
def test_nobody_begins_before_the_plan_before_now_or_at_two_places(
    planned: list[Planned], now: float
) -> None:
    courses = courses_of(planned, sites(planned), base=HOME, now=at(now), travel=drive)
    free_from = None
    for one, course in zip(planned, courses, strict=True):
        leg = timedelta(minutes=course.leg.minutes if course.leg else 0)
        assert course.start >= max(one.start, at(now))
        assert course.end - course.start == one.end - one.start
        assert course.late == course.start - one.start
        if free_from is not None:
            assert course.start >= free_from + leg
        free_from = course.end


@given(visits, quarters, st.integers(min_value=0, max_value=7), lengths)
def test_more_work_never_makes_anybody_earlier(
    planned: list[Planned], now: float, which: int, more: float
) -> None:
    before = courses_of(planned, sites(planned), base=HOME, now=at(now), travel=drive)
    if which < len(planned):
        planned[which].expected_end = planned[which].end + timedelta(hours=more)
    after = courses_of(planned, sites(planned), base=HOME, now=at(now), travel=drive)
    assert all(b.start <= a.start for b, a in zip(before, after, strict=True))


hours_or_none = st.none() | quarters.map(at)
lives = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["planned", "en_route", "on_site", "working", "break"]),
        "departed_at": hours_or_none,
        "arrived_at": hours_or_none,
        "expected_end": hours_or_none,
    }
) | st.fixed_dictionaries(
    {"status": st.just("done"), "is_open": st.just(False), "closed_at": hours_or_none}
)
lived = st.lists(
    st.builds(lambda start, long, where, life: visit(start, long, where, **life),
              quarters, lengths, places, lives),
    max_size=5,
).map(lambda found: sorted(found, key=lambda one: one.start))  # fmt: skip


@given(lived, st.integers(min_value=0, max_value=100).map(lambda n: n / 4))
def test_a_day_stays_as_it_is_told_until_something_expected_does_not_come(
    planned: list[Planned], now: float
) -> None:
    def told(moment: datetime) -> list[Course]:
        return courses_of(planned, sites(planned), base=HOME, now=moment, travel=drive)

    courses = told(LONG_AGO)
    until = steady_until(planned, courses)
    assert told(min(at(now), until)) == told(until) == courses
    if until < END_OF_TIME:
        assert told(until + timedelta(seconds=1)) != courses
