"""The rule of true time on whole days: nothing needs a human, whatever came when."""

import random
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings

from callout.kernel import clock
from callout.orders.lifecycle import Verdict, fold
from callout.orders.models import TimelineEntry
from callout.orders.true_time import Where, by_time, place
from tests.orders.conftest import MORNING, Company
from tests.orders.days import Day, Step, days
from tests.orders.field import hours, standing, tap
from tests.scale import rounds

DAYS = count(1)


def told(day: Day) -> tuple[list[Step], int, list[Step]]:
    """The day by the rule alone: the timeline at the end, how many entries need a human; and the
    timeline of each entry put at the end, as it came, if the current status allows."""
    placed: list[TimelineEntry] = []
    late = sent = 0
    naive: list[Step] = []

    def entry(action: str, minute: int, who: str) -> TimelineEntry:
        at = MORNING + timedelta(minutes=minute)
        return TimelineEntry(action=action, at=at, door=who)

    for minute, who, n in day.events():
        if who == "office":
            if day.stands_in(n, [step.action for step in by_time(placed)]):
                placed.append(entry(day.steps[n][0], minute, "office"))
            if day.stands_in(n, [action for action, _at in naive]):
                naive.append((day.steps[n][0], minute))
            continue
        for action, at in day.steps[sent:n]:
            new = entry(action, at, "technician")
            belongs = place(placed, new, lambda step: step.door == "office")
            late += belongs.where is Where.NOWHERE
            if belongs.where is Where.INSTEAD:
                placed = [step for step in placed if step is not belongs.entry]
            if belongs.where in (Where.NEW, Where.INSTEAD):
                placed.append(new)
            verdict = fold([*(code for code, _at in naive), action]).verdicts[-1]
            naive += [(action, at)] if verdict is Verdict.MOVES else []
        sent = max(sent, n)
    minutes = [
        (step.action, int((step.at - MORNING).total_seconds()) // 60) for step in by_time(placed)
    ]
    return minutes, late, naive


@pytest.mark.wide
@given(day=days())
@settings(max_examples=rounds(800, 20_000), deadline=None)
def test_of_a_day_told_in_any_pieces_nothing_needs_a_human_and_it_stands_as_it_was(
    day: Day,
) -> None:
    timeline, late, _by_arrival = told(day)
    assert late == 0
    assert timeline == day.steps


@pytest.mark.wide
def test_control_put_at_the_end_as_they_come_most_days_would_be_untrue() -> None:
    """Six taps, the office pressing some of the first three live, the phone telling all at last."""
    dice, untrue, late = random.Random(3), 0, 0
    for _ in range(500):
        steps = [
            (action, minute + dice.randint(-2, 2))
            for action, minute in [
                *(("depart", 60), ("arrive", 90), ("start_work", 100)),
                *(("break", 150), ("resume", 170), ("complete", 240)),
            ]
        ]
        pressed = [at + dice.randint(1, 30) if dice.random() < 0.5 else None for _, at in steps[:3]]
        timeline, needs, by_arrival = told(Day(steps, [*pressed, None, None, None], []))
        assert timeline == steps
        late, untrue = late + needs, untrue + (by_arrival != steps)
    assert late == 0
    assert untrue > 350


@pytest.mark.wide
@pytest.mark.usefixtures("morning")
@given(day=days())
@settings(
    max_examples=rounds(12, 400),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_services_agree_with_the_rule(company: Company, day: Day) -> None:
    """On real orders: the manager presses, the phone tells."""
    begin = MORNING + timedelta(days=next(DAYS))  # a day of its own: they are all Anna's

    def at(minute: int) -> str:
        return (begin + timedelta(minutes=minute)).isoformat()

    with clock.freeze(begin):
        order = company.planned()
    sent = 0
    for minute, who, n in day.events():
        with clock.freeze(begin + timedelta(minutes=minute)):
            if who == "office":
                if day.stands_in(n, [action for action, _at, _status in standing(order)]):
                    company.act(company.manager, order, day.steps[n][0])
                continue
            for action, when in day.steps[sent:n]:
                assert not tap(company.anna, order, action, at(when)).same
            sent = max(sent, n)
    folded = fold(action for action, _at in day.steps)
    assert standing(order) == [
        (action, (begin + timedelta(minutes=when)).strftime("%H:%M"), status.value)
        for (action, when), status in zip(day.steps, folded.statuses, strict=True)
    ]
    worked = [kind for kind, _start, _end in hours(order)]
    assert worked.count("travel") == 1 + (day.steps[1][0] == "break")
    order.refresh_from_db()
    assert order.stage == "completed"
