"""The pure rules of free slots: whatever the day looks like, a slot found is truly free."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from callout.planning.slots import Question, Slot, Stop, Window, slots_free
from callout.travel.estimate import Leg, Place

DAY = datetime(2026, 11, 24, tzinfo=UTC)
HERE, THERE = Place(50.7, 4.6), Place(50.8, 4.7)


def drive(a: Place, b: Place) -> Leg:
    return Leg(minutes=0 if a == b else 20, kilometres=0 if a == b else 12)


def window(start: float, end: float) -> Window:
    span = (DAY + timedelta(hours=start), DAY + timedelta(hours=end))
    return Window(date(2026, 11, 24), *span, earliest=span[0], latest=span[1])


def stop(start: float, hours: float, where: Place | None = THERE) -> Stop:
    begin = DAY + timedelta(hours=start)
    return Stop(date(2026, 11, 24), begin, begin + timedelta(hours=hours), where)


def ask(
    windows: list[Window], stops: list[Stop], hours: float = 1, not_before: float = 0
) -> list[Slot]:
    question = Question(
        windows=windows,
        stops=sorted(stops, key=lambda one: one.start),
        duration=timedelta(hours=hours),
        not_before=DAY + timedelta(hours=not_before),
        place=HERE,
        base=HERE,
        travel=drive,
    )
    return list(islice(slots_free(question), 50))


def first(*args: object, **kwargs: float) -> str:
    found = ask(*args, **kwargs)  # type: ignore[arg-type]
    return found[0].start.strftime("%H:%M") if found else "none"


def test_an_empty_day_begins_with_the_working_hours() -> None:
    assert first([window(8, 16)], []) == "08:00"


def test_the_drive_from_the_visit_before_comes_first_to_the_quarter() -> None:
    assert first([window(8, 16)], [stop(8, 2)]) == "10:30"


def test_there_must_be_time_to_drive_to_the_visit_after() -> None:
    assert first([window(8, 16)], [stop(9, 1)]) == "10:30"
    assert first([window(8, 16)], [stop(9.5, 1)]) == "08:00"


def test_an_absence_takes_time_and_no_travel() -> None:
    assert first([window(8, 16)], [stop(8, 2, None)]) == "10:00"


def test_a_job_longer_than_what_is_left_waits_for_the_next_window() -> None:
    assert first([window(8, 12), window(13, 17)], [stop(8, 2)], hours=2) == "13:00"


def test_nothing_is_offered_in_the_past() -> None:
    assert first([window(8, 16)], [], not_before=9.1) == "09:15"


def test_a_full_day_offers_nothing() -> None:
    assert first([window(8, 16)], [stop(8, 8)]) == "none"


def test_of_two_visits_on_top_of_each_other_the_later_end_counts() -> None:
    assert first([window(8, 16)], [stop(8, 4), stop(8.5, 1)]) == "12:30"


def test_of_two_stops_that_begin_together_the_farther_is_reached_in_time() -> None:
    found = ask([window(8, 12)], [stop(10, 1, HERE), stop(10, 1, THERE)])
    assert [f"{one.start:%H:%M}" for one in found] == ["08:00", "11:00"]


hours = st.integers(0, 92).map(lambda quarter: quarter / 4)
stops = st.builds(
    stop, hours, st.integers(1, 16).map(lambda q: q / 4), st.sampled_from([HERE, THERE, None])
)


@given(
    st.lists(stops, max_size=8),
    st.lists(st.tuples(hours, hours).filter(lambda p: p[0] < p[1]), max_size=3),
    st.integers(1, 20).map(lambda quarter: quarter / 4),
    hours,
)
def test_a_slot_found_is_free_within_hours_and_reachable(
    taken: list[Stop], spans: list[tuple[float, float]], length: float, not_before: float
) -> None:
    windows = [window(*span) for span in sorted(spans)]
    for slot in ask(windows, taken, length, not_before):
        assert slot.end - slot.start == timedelta(hours=length)
        assert slot.start >= DAY + timedelta(hours=not_before)
        assert slot.start.minute % 15 == 0
        assert any(w.start <= slot.start and slot.end <= w.end for w in windows)
        for other in taken:
            assert other.end <= slot.start or other.start >= slot.end
        after = [one for one in taken if one.start >= slot.end and one.place == THERE]
        if after and min(one.start for one in taken if one.start >= slot.end) == after[0].start:
            nearest = min(after, key=lambda one: one.start)
            assert nearest.start - slot.end >= timedelta(minutes=20)
