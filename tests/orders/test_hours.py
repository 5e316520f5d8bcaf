"""Hours by hand: whose, of which visit, corrected and taken back by the office alone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from callout.kernel import clock
from callout.kernel.errors import CalloutError, Forbidden, Invalid, NotFound, Refused, Stale
from callout.kernel.models import JournalEntry
from callout.orders.models import TimeEntry
from callout.orders.selectors.history import journal_of, lines_of
from callout.orders.selectors.times import (
    goers,
    order_times,
    time_entry_page,
    times_over,
    visits_of,
    week_times,
)
from callout.orders.selectors.when import When
from callout.orders.services import (
    order_check,
    order_uncheck,
    time_entry_add,
    time_entry_remove,
    time_entry_update,
)
from tests.orders.conftest import Company, soon


def worked(company: Company, **more: Any) -> TimeEntry:
    given: dict[str, Any] = {
        "actor": company.manager,
        "technician_id": company.anna.technician_id,
        "kind": "work",
        "start": soon(-3),
        "end": soon(-2),
    }
    return time_entry_add(**(given | more))


def test_a_correction_keeps_in_the_journal_what_stood_there(company: Company) -> None:
    order = company.planned(hours=0)
    entry = worked(company, visit_id=order.visit_id, note="Boiler")
    time_entry_update(
        actor=company.manager, time_entry_id=entry.pk, version=1, kind="travel", end=soon(-1.5)
    )
    entry.refresh_from_db()
    assert (entry.kind, entry.end, entry.note, entry.version) == ("travel", soon(-1.5), "Boiler", 2)
    kept = JournalEntry.objects.get(entity_id=order.pk, kind="time_update")
    assert kept.facts["before"]["time_kind"] == "work"
    assert kept.facts["before"]["end"] == soon(-2).isoformat()
    lines = lines_of(journal_of(company.manager, order.pk), When())
    (line,) = [one for one in lines if one.text.startswith("Hours corrected: Travel")]
    assert line.aside.startswith("before: Work")


def own(company: Company, start: float, end: float, **more: Any) -> TimeEntry:
    given: dict[str, Any] = {"actor": company.anna, "technician_id": None}
    return worked(company, start=soon(start), end=soon(end), **(given | more))


def test_no_hour_of_their_own_counts_twice(company: Company) -> None:
    with clock.freeze(clock.now().replace(hour=12, minute=0, second=0, microsecond=0)):
        own(company, -3, -2)
        worked(company, technician_id=company.bert.technician_id)
        for start, end in ((-3, -2), (-2.5, -1), (-4, -2.9), (-2.6, -2.4), (-4, -1)):
            for kind in ("work", "travel", "other"):
                with pytest.raises(Refused) as caught:
                    own(company, start, end, kind=kind)
                assert caught.value.code == "counts_twice"
        own(company, -2, -1.5)
        own(company, -4, -3, kind="travel")
        own(company, -2.5, -2.25, kind="break")  # what was paused lies around the pause
        worked(company)  # the office may, and is told that it counts twice
        assert TimeEntry.objects.count() == 6


def test_nor_does_one_that_was_tapped(company: Company) -> None:
    order = company.planned(hours=0)
    company.act(company.anna, order, "arrive", occurred_at=soon(-2))
    with pytest.raises(Refused) as caught:
        own(company, -1, -0.5)  # it runs
    assert caught.value.code == "counts_twice"


def test_one_that_was_left_running_for_over_a_month_is_asked_no_more(company: Company) -> None:
    order = company.planned(hours=0)
    company.act(company.anna, order, "arrive", occurred_at=soon(-2))
    TimeEntry.objects.update(start=soon(-33 * 24))
    own(company, -1, -0.5)


def test_own_hours_are_of_the_day_on_which_they_are_said_or_of_the_one_before(
    company: Company,
) -> None:
    """Of the company's days; what was said without a signal is said when it was said."""
    with clock.freeze(clock.now().replace(hour=12, minute=0, second=0, microsecond=0)):
        for actor in (company.anna, company.manager):
            own(company, -30, -29, actor=actor, technician_id=company.anna.technician_id)
        with pytest.raises(Refused) as caught:
            own(company, -50, -49)
        assert caught.value.code == "earlier_day"
        own(company, -50, -49, at=soon(-48))
        with pytest.raises(Refused) as caught:
            own(company, -32 * 24, -32 * 24 + 1, at=soon(-32 * 24 + 2))  # as a phone may say
        assert caught.value.code == "too_old"
        worked(company, start=soon(-900), end=soon(-899))
        assert TimeEntry.objects.count() == 4


def test_what_is_taken_back_is_gone_and_the_journal_keeps_it(company: Company) -> None:
    entry = worked(company, kind="other", note="Meeting")
    time_entry_remove(actor=company.manager, time_entry_id=entry.pk, version=1)
    assert not TimeEntry.objects.exists()
    kept = JournalEntry.objects.get(kind="time_remove")
    assert (kept.entity, kept.entity_id) == ("technician", company.anna.technician_id)
    assert kept.facts["start"] == soon(-3).isoformat()
    assert kept.personal == {"note": "Meeting"}


def test_hours_that_follow_what_was_tapped_are_not_edited(company: Company) -> None:
    order = company.planned(hours=0)
    company.act(company.anna, order, "arrive", occurred_at=soon(-0.5))
    company.act(company.anna, order, "complete")
    entry = TimeEntry.objects.get(derived=True)
    for change in (
        lambda: time_entry_update(
            actor=company.manager, time_entry_id=entry.pk, version=1, kind="travel"
        ),
        lambda: time_entry_remove(actor=company.manager, time_entry_id=entry.pk),
    ):
        with pytest.raises(Refused) as refusal:
            change()
        assert refusal.value.code == "derived"
    entry.refresh_from_db()
    assert entry.kind == "work"


def test_who_was_slower_is_told(company: Company) -> None:
    entry = worked(company)
    time_entry_update(actor=company.manager, time_entry_id=entry.pk, version=1, note="First")
    with pytest.raises(Stale):
        time_entry_update(actor=company.manager, time_entry_id=entry.pk, version=1, note="Second")
    with pytest.raises(Stale):
        time_entry_remove(actor=company.manager, time_entry_id=entry.pk, version=1)
    entry.refresh_from_db()
    assert entry.note == "First"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"kind": "sleep"}, Invalid),
        ({"end": -4}, Invalid),
        ({"end": 2}, Invalid),
        ({"start": -40}, Invalid),
        ({"note": "x" * 201}, Invalid),
        ({"note": "\x00"}, Invalid),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    company: Company, change: dict[str, Any], error: type[CalloutError]
) -> None:
    entry = worked(company)
    change = {name: soon(v) if isinstance(v, int) else v for name, v in change.items()}
    with pytest.raises(error):
        time_entry_update(actor=company.manager, time_entry_id=entry.pk, version=1, **change)
    with pytest.raises(error):
        worked(company, **change)
    assert list(TimeEntry.objects.values_list("kind", "version")) == [("work", 1)]


def test_a_technician_enters_own_hours_and_corrects_none(company: Company) -> None:
    own = worked(company, actor=company.anna, technician_id=None)
    assert own.technician_id == company.anna.technician_id
    with pytest.raises(Forbidden):
        worked(company, actor=company.bert)
    for actor in (company.anna, company.bert):
        with pytest.raises(Forbidden):
            time_entry_update(actor=actor, time_entry_id=own.pk, version=1, note="Mine")
        with pytest.raises(Forbidden):
            time_entry_remove(actor=actor, time_entry_id=own.pk)
    with pytest.raises(Invalid):
        worked(company, technician_id=None)  # a manager is nobody in the field
    with pytest.raises(NotFound):
        worked(company, visit_id=company.planned(company.bert).visit_id)  # Anna is not on it


def test_a_visit_that_was_unplanned_is_nobody_s_any_more(company: Company) -> None:
    order = company.planned(hours=0)
    visit_id = order.visit_id
    company.act(company.manager, order, "unplan")
    before = JournalEntry.objects.count()
    for actor in (company.anna, company.manager):
        with pytest.raises(NotFound):
            worked(company, actor=actor, visit_id=visit_id)
    assert not TimeEntry.objects.exists()
    assert JournalEntry.objects.count() == before
    assert goers(actor=company.manager, order_id=order.pk) == []


def test_each_reads_own_hours_and_the_office_all(company: Company) -> None:
    order = company.planned(hours=0, helper_ids=(company.bert.technician_id,))
    worked(company, visit_id=order.visit_id)
    worked(company, technician_id=company.bert.technician_id, visit_id=order.visit_id)
    when = When()
    seen = {
        name: [
            one.technician for one in order_times(actor=who, order_id=order.pk, when=when).entries
        ]
        for name, who in (("els", company.manager), ("anna", company.anna))
    }
    assert seen == {"els": ["Bert", "Anna"], "anna": ["Anna"]}
    bert = company.bert.technician_id
    assert bert is not None
    today = soon(-3).date()
    assert week_times(actor=company.anna, technician_id=bert, day=today, when=when).days == []
    assert time_entry_page(actor=company.anna, technician_id=bert).items == []
    assert len(time_entry_page(actor=company.manager, order_id=order.pk).items) == 2


def test_a_week_is_monday_to_sunday_by_the_company_s_clock(company: Company) -> None:
    monday = datetime.fromisoformat("2026-03-02T00:00+01:00")
    with clock.freeze(monday + timedelta(days=20)):
        for begin in (-1, 0, 24 * 7 - 1, 24 * 7):
            start = monday + timedelta(hours=begin)
            worked(company, start=start, end=start + timedelta(minutes=30), kind="travel")
        anna = company.anna.technician_id
        assert anna is not None
        week = week_times(actor=company.manager, technician_id=anna, day=monday.date(), when=When())
    assert (str(week.first), str(week.last)) == ("2026-03-02", "2026-03-08")
    assert [len(day.entries) for day in week.days] == [1, 1]
    assert week.sums == [("Travel", "1 h")]


def test_hours_over_others_of_the_same_technician_are_named(company: Company) -> None:
    first = worked(company)
    beside = worked(company, start=soon(-2), end=soon(-1))
    bert = worked(company, technician_id=company.bert.technician_id)
    over = worked(company, start=soon(-2.5), end=soon(-2.25), kind="break")
    when = When()
    assert [len(times_over(actor=company.manager, entry=one, when=when)) for one in (
        first, beside, bert, over,
    )] == [1, 0, 0, 1]  # fmt: skip
    assert times_over(actor=company.manager, entry=over, when=when)[0].startswith("Work")


def test_hours_are_offered_to_who_is_on_a_visit(company: Company) -> None:
    order = company.planned(hours=0, helper_ids=(company.bert.technician_id,))
    company.planned(company.bert, hours=30)
    names = [one.name for one in goers(actor=company.manager, order_id=order.pk)]
    assert names == ["Anna", "Bert"]  # who answers for it first
    bert = company.bert.technician_id
    assert bert is not None
    with clock.freeze(clock.now() + timedelta(minutes=5)):
        visits = visits_of(actor=company.manager, technician_id=bert)
    assert [pk for pk, _words in visits] == [order.visit_id]  # not what is still to come
    for ask in (
        lambda: goers(actor=company.anna, order_id=order.pk),
        lambda: visits_of(actor=company.anna, technician_id=bert),
    ):
        with pytest.raises(Forbidden):
            ask()


def test_nobody_changes_the_hours_of_an_order_that_is_checked(company: Company) -> None:
    order = company.planned(hours=0)
    visit_id = order.visit_id
    entry = worked(company, visit_id=visit_id)
    company.act(company.manager, order, "complete")
    order_check(actor=company.manager, order_id=order.pk)
    tries: list[Callable[[], object]] = [
        lambda: worked(company, visit_id=visit_id),
        lambda: worked(company, actor=company.anna, visit_id=visit_id),
        lambda: time_entry_update(
            actor=company.manager, time_entry_id=entry.pk, version=1, note="x"
        ),
        lambda: time_entry_remove(actor=company.manager, time_entry_id=entry.pk),
    ]
    for change in tries:
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "checked"
    assert TimeEntry.objects.filter(visit=visit_id, derived=False).count() == 1
    order_uncheck(actor=company.manager, order_id=order.pk)
    worked(company, visit_id=visit_id, start=soon(-6), end=soon(-5))


def test_what_took_seconds_counts_no_minute(company: Company) -> None:
    """Two taps at once: each makes hours, of which there are none."""
    order, start = company.planned(hours=0), soon(-3)
    for second in range(3):
        begin = start + timedelta(seconds=second)
        worked(company, visit_id=order.visit_id, start=begin, end=begin + timedelta(seconds=1))
    times = order_times(actor=company.manager, order_id=order.pk, when=When())
    assert [one.length for one in times.entries] == ["0 min"] * 3
    assert times.sums == [("Work", "0 min")]


def test_a_step_writes_the_hours_that_it_changes_and_leaves_the_others(company: Company) -> None:
    order = company.planned(hours=0)

    def after(action: str, hours: float) -> dict[str, TimeEntry]:
        company.act(company.manager, order, action, occurred_at=soon(hours))
        rows = TimeEntry.objects.filter(visit__order=order, derived=True)
        return {row.kind: row for row in rows}

    travel = after("depart", -0.9)["travel"]
    hours = after("arrive", -0.8)
    assert hours["travel"].pk != travel.pk, "it has an end now"
    assert (hours["travel"].end, hours["work"].end) == (soon(-0.8), None)
    same = after("start_work", -0.7)  # on site is work already
    assert {kind: row.pk for kind, row in same.items()} == {
        kind: row.pk for kind, row in hours.items()
    }
    last = after("break", -0.5)
    assert last["travel"].pk == hours["travel"].pk
    assert (last["work"].start, last["work"].end) == (soon(-0.8), soon(-0.5))
    assert len(last) == 3


def test_a_step_of_a_later_visit_leaves_the_hours_of_the_one_before(company: Company) -> None:
    order = company.planned(hours=0)
    first = order.visit_id
    for action, hours in (("depart", -0.9), ("arrive", -0.8), ("customer_absent", -0.7)):
        order = company.act(company.manager, order, action, occurred_at=soon(hours))
    kept = set(TimeEntry.objects.filter(visit=first).values_list("pk", "kind", "start", "end"))
    assert len(kept) == 2
    technician = company.anna.technician_id
    order = company.act(company.manager, order, "plan", technician_id=technician, start=soon(1))
    order = company.act(company.manager, order, "depart", occurred_at=soon(-0.4))
    rows = TimeEntry.objects.filter(visit=first)
    assert set(rows.values_list("pk", "kind", "start", "end")) == kept
    assert TimeEntry.objects.filter(visit=order.visit_id).count() == 1
