"""Each rule says what speaks against a slot, in few words, and nothing of a slot that is fine."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from callout.planning.fit.cost import cost
from callout.planning.fit.person import Fit, Idle, Job, Person, Stop, joined
from callout.planning.fit.rules import RULES, reasons
from callout.planning.fit.slots import Search
from tests.planning.fit.plain import (
    ANNA,
    AUTUMN,
    BERT,
    DAY,
    FAR,
    GAS,
    HERE,
    NEAR,
    SPRING,
    ZONE,
    absence,
    at,
    codes,
    fit,
    job,
    person,
    ride,
    stop,
    words,
    worked,
)


def helped(*stops: Stop, **more: Any) -> Job:
    """A job that Bert helps with."""
    return job(helpers=(person(*stops, **({"id": BERT, "name": "Bert"} | more)),))


def test_nothing_speaks_against_a_free_slot_in_working_hours() -> None:
    assert words(fit(9)) == []


def test_nobody_is_there_sooner_than_they_can_drive_from_where_they_are() -> None:
    at_home = person(idle=Idle(at(9), FAR, at_home=True))  # 90 minutes away
    assert words(fit(9.25, at_home, now=at(9))) == ["1 h 15 late from home"]
    assert words(fit(10.5, at_home, now=at(9))) == []
    done = person(idle=Idle(at(9), NEAR, at_home=False))
    assert words(fit(9, done, now=at(9))) == ["11 min late from the last visit"]
    assert codes(fit(8, at_home, on=DAY + timedelta(days=1), now=at(9))) == ["hours"]  # a day off


def test_without_a_drive_a_slot_that_begins_just_now_is_fine_still() -> None:
    for here in (HERE, None):  # at the door, or nobody knows where
        idle = person(idle=Idle(at(9) + timedelta(minutes=5), here, at_home=True))
        assert words(fit(9, idle, now=at(9) + timedelta(minutes=5))) == []


def test_the_first_free_slot_of_today_is_a_drive_away() -> None:
    idle = Idle(at(9), FAR, at_home=True)
    search = Search.of(person(base=FAR, idle=idle), job(), not_before=at(9), zone=ZONE)
    assert next(search.starts()) == at(10.5)


def test_today_the_drive_begins_where_the_last_visit_was() -> None:
    done = person(base=FAR, idle=Idle(at(9), NEAR, at_home=False))
    today, tomorrow = cost(fit(10, done)), cost(fit(10, done, on=DAY + timedelta(days=1)))
    assert (today.leg and today.leg.minutes, today.from_base) == (11, False)
    assert (tomorrow.leg and tomorrow.leg.minutes, tomorrow.from_base) == (90, True)


@pytest.mark.parametrize(
    ("slot", "code", "said"),
    [
        (fit(9, what=job(0)), "slot_backwards", "ends before it starts"),
        (fit(9, what=job(24.25)), "slot_too_long", "longer than 24 hours"),
        (fit(9, now=at(9.5)), "slot_past", "in the past"),
        (fit(9, now=at(9) - timedelta(days=3661)), "slot_too_far", "more than ten years ahead"),
        (fit(9, person(archived=True)), "technician_archived", "archived, takes no more work"),
        (fit(9, person(absences=(absence(9.5, 5),))), "technician_absent", "absent from 09:30"),
        (fit(9, person(absences=(absence(8, 2),))), "technician_absent", "absent until 10:00"),
        (
            fit(9, person(absences=(absence(-24, 72),))),
            "technician_absent",
            "absent until Wed 25 Nov",
        ),
        (fit(9, person(absences=(absence(0, 24),))), "technician_absent", "absent all day"),
        (fit(9, person(absences=(absence(-24, 48),))), "technician_absent", "absent all day"),
        (fit(14, person(absences=(absence(13, 11),))), "technician_absent", "absent from 13:00"),
        (fit(9, person(stop(9.5, 1))), "overlap", "would overlap SO-000123"),
        (fit(9, person(stop(8, 4))), "overlap", "would overlap SO-000123"),
        (fit(9, what=helped(archived=True)), "technician_archived",
         "Bert, who helps: archived, takes no more work"),
        (fit(9, what=helped(absences=(absence(9.5, 5),))), "technician_absent",
         "Bert, who helps: absent from 09:30"),
        (fit(9, what=helped(stop(9.5, 1))), "overlap",
         "Bert, who helps: would overlap SO-000123"),
    ],
)  # fmt: skip
def test_what_is_refused_is_a_hard_reason(slot: Fit, code: str, said: str) -> None:
    first = reasons(slot)[0]
    assert (first.code, first.words, first.hard) == (code, said, True)


@pytest.mark.parametrize(
    ("slot", "code", "said"),
    [
        (fit(9, what=job(skills={GAS: "gas"})), "skill", "needs the skill “gas”"),
        (fit(9, person(hours=())), "hours", "does not work that day"),
        (fit(9, person(hours=(), holidays={DAY: "Armistice Day"})), "holiday",
         "public holiday: Armistice Day"),
        (fit(9, person(hours=(), holidays={SPRING: "Easter"})), "hours",
         "does not work that day"),
        (fit(9, person(rides=(ride(9.5, 1),))), "vehicle",
         "vehicle 1-ABC-123 is on SO-000456 then"),
        (fit(7), "hours", "works from 08:00 to 17:00"),
        (fit(16.5), "hours", "works from 08:00 to 17:00"),
        (fit(11.5), "hours", "break from 12:00 to 13:00"),
        (
            fit(9, person(stop(8, 1, NEAR))),
            "travel_before",
            "11 min late from SO-000123",
        ),
        (
            fit(9, person(stop(8, 1, late=20))),
            "travel_before",
            "20 min late from SO-000123",
        ),
        (fit(9, person(stop(10, 1, NEAR))), "travel_after", "11 min late at SO-000123"),
        (fit(9, what=job(open=worked((10, 12), (14, 16)))), "opening",
         "the site is open 10:00–12:00, 14:00–16:00"),
        (fit(9, what=job(open=())), "opening", "the site is closed that day"),
        (fit(9, what=job(wish_not_before=at(10))), "wish", "wished not before 10:00"),
        (fit(9, what=job(wish_not_before=at(34))), "wish", "wished not before Wed 25 Nov 10:00"),
        (fit(9, what=job(wish_due=at(0))), "wish", "wished by Mon 23 Nov"),
        (fit(9, what=job(wish_from=time(10))), "wish", "wished from 10:00 on"),
        (fit(9, what=job(wish_to=time(8, 30))), "wish", "wished until 08:30"),
        (
            fit(9, what=job(promise_from=at(10), promise_to=at(11))),
            "promise",
            "arrival was promised for 10:00–11:00",
        ),
        (fit(9, what=job(target=at(8.5))), "target", "30 min after the response target"),
        (fit(9, what=job(target=at(6.5))), "target", "2 h 30 after the response target"),
    ],
)  # fmt: skip
def test_what_warns_is_a_soft_reason(slot: Fit, code: str, said: str) -> None:
    found = reasons(slot)
    assert [(one.code, one.words, one.hard) for one in found] == [(code, said, False)]


@pytest.mark.parametrize(
    "slot",
    [
        fit(9, person(skills=frozenset({GAS})), job(skills={GAS: "gas"})),
        fit(8, what=job(9)),  # longer than the morning and the afternoon: over the lunch
        fit(8, person(stop(7, 1))),
        fit(9, person(stop(10, 1))),
        fit(9, person(stop(8, 0.75, NEAR))),
        fit(9, person(stop(8, 1, FAR), stop(10, 1, FAR)), job(place=None)),
        fit(9, person(absences=(absence(8, 1), absence(10, 1)))),
        fit(9, person(stop(9, 1)), allow_overlap=True),
        fit(9, what=job(open=worked((9, 10)), promise_from=at(9), promise_to=at(9))),
        fit(9, what=job(wish_from=time(9), wish_to=time(9), wish_due=at(10), target=at(9))),
        fit(9, person(rides=(ride(8, 1), ride(10, 1)))),
        fit(9, what=helped(stop(8, 1, FAR), stop(10, 1), hours=())),  # helpers only lend a hand
        fit(9, what=helped(stop(9, 1)), allow_overlap=True),
        fit(9, person(stop(8, 1)), helped(stop(9, 1), id=ANNA)),  # who answers for it helps nobody
        fit(9, now=at(9.25)),  # "now" is still chosen a few minutes later
    ],
)
def test_what_just_fits_is_not_spoken_against(slot: Fit) -> None:
    assert words(slot) == []


def test_of_a_slot_that_nobody_could_take_only_that_is_said() -> None:
    slot = fit(3, person(archived=True), job(30, skills={GAS: "gas"}), now=at(5))
    assert codes(slot) == ["slot_too_long", "slot_past"]


def test_everything_that_fails_is_said_and_the_hard_comes_first() -> None:
    who = person(stop(6, 0.5), stop(6.5, 0.4, FAR), archived=True, absences=(absence(7, 1),))
    what = job(skills={GAS: "gas"}, open=(), target=at(1), promise_from=at(1), promise_to=at(2),
               wish_from=time(12))  # fmt: skip
    found = reasons(fit(6.75, who, what))
    assert [one.code for one in found] == [
        "technician_archived", "technician_absent", "overlap", "hours", "skill", "opening",
        "wish", "promise", "target",
    ]  # fmt: skip
    assert [one.hard for one in found] == [True] * 3 + [False] * 6


def test_reasons_carry_figures_for_programs() -> None:
    late = reasons(fit(9, person(stop(8, 1, NEAR))))[0].figures
    assert (late["late_minutes"], late["travel_minutes"], late["number"]) == (11, 11, "SO-000123")


def test_every_rule_is_pure_and_named() -> None:
    assert all(rule.__doc__ for rule in RULES)
    assert len({rule.__name__ for rule in RULES}) == len(RULES)


# --- the clock -----------------------------------------------------------------------------------


def night(day: date) -> Person:
    """Somebody who works from 22 to 6, over the midnight before that day."""
    evening = worked((22, 24), day=day - timedelta(days=1))
    return person(hours=joined([*evening, *worked((0, 6), day=day)]))


def test_a_night_is_not_cut_at_midnight() -> None:
    over = fit(23.5, night(date(2026, 11, 25)))
    assert words(over) == []
    assert words(fit(5.5, night(date(2026, 11, 24)))) == ["works from Mon 23 Nov 22:00 to 06:00"]


def test_hours_before_midnight_are_not_those_of_the_day_after() -> None:
    assert words(fit(24, person(hours=worked((16, 24))))) == ["does not work that day"]


@pytest.mark.parametrize(("day", "length"), [(SPRING, 7), (AUTUMN, 9)])
def test_the_nights_when_the_clock_is_changed_have_an_hour_less_and_more(
    day: date, length: int
) -> None:
    who = night(day)
    evening = day - timedelta(days=1)
    whole = fit(22, who, job(length), on=evening, now=at(12, evening))
    assert whole.end == at(6, day)
    assert words(whole) == []
    longer = fit(22, who, job(length + 0.25), on=evening, now=at(12, evening))
    # Longer than the night: it runs out of it.
    assert codes(longer) == ["hours"]


def test_an_hour_that_the_clock_shows_twice_is_two_hours() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZONE).astimezone(UTC)
    second = first + timedelta(hours=1)
    busy = person(stop(2.5, 1, on=AUTUMN), hours=worked((0, 6), day=AUTUMN))
    slot = Fit(busy, job(), second, second + timedelta(hours=1), at(0, AUTUMN), ZONE)
    assert second.astimezone(ZONE).time() == first.astimezone(ZONE).time()
    assert words(slot) == []
    early = Fit(busy, job(), first, second, at(0, AUTUMN), ZONE)
    assert codes(early) == ["overlap"]


def test_a_wish_is_by_the_clock_of_the_company_in_summer_and_in_winter() -> None:
    for day in (date(2026, 7, 1), date(2026, 12, 1)):
        who = person(hours=worked((0, 24), day=day))
        assert words(fit(14, who, job(wish_from=time(14)), on=day)) == []
        assert codes(fit(13.75, who, job(wish_from=time(14)), on=day)) == ["wish"]
