"""When somebody works and when not; on the days the clock is changed too."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from callout.accounts import company
from callout.accounts.models import COMPANY_ID, Company
from callout.kernel import change
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused
from callout.kernel.hours import Week
from callout.workforce import selectors, services
from callout.workforce.hours import worked
from callout.workforce.models import Absence, Holiday, Technician, WorkingCalendar, WorkingWeek
from callout.workforce.services.weeks import monday

NIGHT: Week = [[["00:00", "24:00"]] for _day in range(7)]
MORNING: Week = [[["08:00", "12:00"]] for _day in range(7)]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- hours -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_hours_are_the_companys_in_winter_and_in_summer() -> None:
    weeks = [(date(2026, 1, 1), MORNING)]
    assert worked(weeks, date(2026, 1, 5), date(2026, 1, 5)) == [
        (utc("2026-01-05T07:00"), utc("2026-01-05T11:00"))
    ]
    assert worked(weeks, date(2026, 7, 6), date(2026, 7, 6)) == [
        (utc("2026-07-06T06:00"), utc("2026-07-06T10:00"))
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_whole_day_has_23_or_25_hours_when_the_clock_is_changed(day: str, hours: int) -> None:
    ((start, end),) = worked(
        [(date(2026, 1, 1), NIGHT)], date.fromisoformat(day), date.fromisoformat(day)
    )
    assert end - start == timedelta(hours=hours)


@pytest.mark.django_db
def test_hours_that_the_clock_skips_are_nobodys() -> None:
    skipped: Week = [[["02:00", "03:00"]] for _day in range(7)]
    weeks = [(date(2026, 1, 1), skipped)]
    assert worked(weeks, date(2026, 3, 29), date(2026, 3, 29)) == []
    assert len(worked(weeks, date(2026, 3, 28), date(2026, 3, 30))) == 2
    around: Week = [[["02:15", "02:30"], ["02:45", "03:30"], ["03:30", "04:00"]]] * 7
    assert worked([(date(2026, 1, 1), around)], date(2026, 3, 29), date(2026, 3, 29)) == [
        (utc("2026-03-29T01:00"), utc("2026-03-29T01:30")),
        (utc("2026-03-29T01:30"), utc("2026-03-29T02:00")),
    ]


@pytest.mark.django_db
@given(first=st.dates(date(2025, 1, 1), date(2028, 12, 1)), length=st.integers(0, 40))
def test_whole_days_touch_each_other_over_every_change_of_the_clock(
    first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    spans = worked([(date(2020, 1, 1), NIGHT)], first, last)
    assert len(spans) == length + 1
    for (_start, end), (start, _end) in pairwise(spans):
        assert end == start
    assert all(timedelta(hours=23) <= end - start <= timedelta(hours=25) for start, end in spans)


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """Seven days of up to three intervals that do not overlap."""
    week: Week = []
    for _number in range(7):
        count = draw(st.integers(0, 3))
        quarters = draw(
            st.lists(st.integers(0, 95), min_size=2 * count, max_size=2 * count, unique=True)
        )
        marks = [f"{q // 4:02}:{q % 4 * 15:02}" for q in sorted(quarters)]
        week.append([[marks[i], marks[i + 1]] for i in range(0, len(marks), 2)])
    return week


@pytest.mark.django_db
@given(week=weeks(), first=st.dates(date(2026, 3, 1), date(2026, 11, 10)))
def test_intervals_are_in_order_apart_and_inside_their_day(week: Week, first: date) -> None:
    spans = worked([(date(2026, 1, 1), week)], first, first + timedelta(days=9))
    for start, end in spans:
        assert start < end
        assert start.tzinfo is UTC
    for (_start, end), (start, _end) in pairwise(spans):
        assert end <= start


def days_of(sofie: Technician, actor: Actor, first: str, last: str) -> list[Any]:
    found = selectors.technician_hours(
        actor=actor,
        technician_ids=[sofie.pk],
        first=date.fromisoformat(first),
        last=date.fromisoformat(last),
    )
    return found.get(sofie.pk, [])


@pytest.mark.django_db
def test_hours_that_were_told_are_told_by_the_clock_and_the_holidays_of_now(
    manager: Actor, sofie: Technician
) -> None:
    first = monday()
    asked = sofie, manager, first.isoformat(), (first + timedelta(days=1)).isoformat()
    before = days_of(*asked)
    assert days_of(*asked) == before != []
    Company.objects.update_or_create(pk=COMPANY_ID, defaults={"time_zone": "Europe/Lisbon"})
    company.KEPT.forget()
    hour = timedelta(hours=1)
    assert days_of(*asked) == [(start + hour, end + hour) for start, end in before]
    calendar = WorkingCalendar.objects.get(is_default=True)
    Holiday.objects.create(calendar=calendar, date=first, name="Fair")
    assert 0 < len(days_of(*asked)) < len(before)


@pytest.mark.django_db
def test_a_new_week_counts_from_its_day_on(manager: Actor, sofie: Technician) -> None:
    WorkingWeek.objects.all().delete()
    free: Week = [[] for _day in range(7)]
    for valid_from, days in (("2026-01-05", MORNING), ("2026-01-12", free)):
        services.working_week_set(
            actor=manager, technician_id=sofie.pk, valid_from=valid_from, days=days
        )
    assert days_of(sofie, manager, "2026-01-01", "2026-01-04") == []
    assert len(days_of(sofie, manager, "2026-01-05", "2026-01-20")) == 7


@pytest.mark.django_db
def test_a_week_set_twice_for_a_day_replaces_the_first(manager: Actor, sofie: Technician) -> None:
    for days in (MORNING, NIGHT):
        services.working_week_set(
            actor=manager, technician_id=sofie.pk, valid_from="2030-01-07", days=days
        )
    week = WorkingWeek.objects.get(valid_from="2030-01-07")
    assert (week.days, week.version) == (NIGHT, 2)
    services.working_week_remove(actor=manager, week_id=week.pk)
    with pytest.raises(NotFound):
        services.working_week_remove(actor=manager, week_id=week.pk)
    with pytest.raises(Refused, match="needs one working week"):
        services.working_week_remove(actor=manager, week_id=WorkingWeek.objects.get().pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("valid_from", "days", "field"),
    [
        ("", MORNING, "valid_from"),
        ("soon", MORNING, "valid_from"),
        ("0001-01-01", MORNING, "valid_from"),
        ("2026-01-05", None, "days"),
        ("2026-01-05", [[["08:00", "08:00"]], *[[]] * 6], "days"),
        ("2026-01-05", [[["24:00", "24:00"]], *[[]] * 6], "days"),
        ("2026-01-05", [[[8, 12]], *[[]] * 6], "days"),
        ("2026-01-05", [{"from": "08:00"}, *[[]] * 6], "days"),
    ],
)
def test_a_week_that_cannot_be_is_told(
    manager: Actor, sofie: Technician, valid_from: str, days: Any, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.working_week_set(
            actor=manager, technician_id=sofie.pk, valid_from=valid_from, days=days
        )
    assert list(refused.value.fields) == [field]


@pytest.mark.django_db
def test_hours_of_many_cost_one_question_and_own_ones_only_for_a_technician(
    manager: Actor, technician: Actor, sofie: Technician, yassine: Technician
) -> None:
    asked: dict[str, Any] = {
        "technician_ids": [sofie.pk, yassine.pk],
        "first": date(2030, 1, 7),
        "last": date(2030, 1, 13),
    }
    with CaptureQueriesContext(connection) as queries:
        both = selectors.technician_hours(actor=manager, **asked)
    assert len([q for q in queries if "workingweek" in q["sql"]]) == 1
    assert set(both) == {sofie.pk, yassine.pk}
    assert len(both[sofie.pk]) == 10
    assert set(selectors.technician_hours(actor=technician, **asked)) == {sofie.pk}
    with pytest.raises(Invalid, match="400 days"):
        selectors.technician_hours(actor=manager, **(asked | {"last": date(2032, 1, 1)}))


# --- absences --------------------------------------------------------------------------


def absent(actor: Actor, technician_id: UUID, start: str, end: str, **values: Any) -> Absence:
    given = {"kind": "sickness", "start": f"{start}Z", "end": f"{end}Z", "note": "Flu"}
    given |= values
    return services.absence_create(actor=actor, technician_id=technician_id, **given)


@pytest.mark.django_db
def test_two_absences_of_one_technician_never_overlap(
    manager: Actor, sofie: Technician, yassine: Technician
) -> None:
    first = absent(manager, sofie.pk, "2026-02-02T08:00", "2026-02-04T08:00")
    with pytest.raises(
        Refused, match="Sofie De Smet is absent already: 2 Feb 2026, 09:00"
    ) as refused:
        absent(manager, sofie.pk, "2026-02-03T08:00", "2026-02-03T09:00")
    assert refused.value.code == "overlap"
    absent(manager, sofie.pk, "2026-02-04T08:00", "2026-02-05T08:00")  # touching is not over
    absent(manager, yassine.pk, "2026-02-03T08:00", "2026-02-03T09:00")
    services.absence_remove(actor=manager, absence_id=first.pk)
    absent(manager, sofie.pk, "2026-02-03T08:00", "2026-02-03T09:00")


@pytest.mark.django_db
def test_the_database_refuses_an_overlap_too_and_it_has_words(
    manager: Actor, sofie: Technician
) -> None:
    absent(manager, sofie.pk, "2026-02-02T08:00", "2026-02-04T08:00")

    @change.service
    def raw(*, actor: Actor) -> None:
        Absence.objects.create(
            technician=sofie,
            kind="other",
            start=utc("2026-02-03T08:00"),
            end=utc("2026-02-05T08:00"),
        )

    with pytest.raises(Refused, match="in this time already"):
        raw(actor=manager)


@pytest.mark.django_db
def test_two_absences_change_places_in_one_change(manager: Actor, sofie: Technician) -> None:
    one = absent(manager, sofie.pk, "2026-02-02T08:00", "2026-02-03T08:00")
    two = absent(manager, sofie.pk, "2026-02-04T08:00", "2026-02-05T08:00")

    @change.service
    def swap(*, actor: Actor) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS absence_no_overlap DEFERRED")
        for row, other in ((one, two), (two, one)):
            Absence.objects.filter(pk=row.pk).update(start=other.start, end=other.end)

    swap(actor=manager)
    assert Absence.objects.order_by("start").first() == two


@pytest.mark.django_db
def test_an_absence_ends_after_it_starts(manager: Actor, sofie: Technician) -> None:
    for start, end in (
        ("2026-02-02T08:00", "2026-02-02T08:00"),
        ("2026-02-02T08:00", "2026-02-01T08:00"),
        ("2026-02-02T08:00", "2030-02-01T08:00"),
    ):
        with pytest.raises(Invalid) as refused:
            absent(manager, sofie.pk, start, end)
        assert list(refused.value.fields) == ["end"]
    row = absent(manager, sofie.pk, "2026-02-02T08:00", "2026-02-03T08:00")
    with pytest.raises(IntegrityError, match="absence_ends_after_start"), transaction.atomic():
        Absence.objects.filter(pk=row.pk).update(end=row.start)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [{"kind": "boredom"}, {"start": "2026-02-02T08:00"}, {"end": None}, {"note": "x" * 501}],
)
def test_an_absence_that_cannot_be_is_told(
    manager: Actor, sofie: Technician, wrong: dict[str, Any]
) -> None:
    given: dict[str, Any] = {
        "kind": "holiday", "start": "2026-02-02T08:00Z", "end": "2026-02-03T08:00Z", "note": "",
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        services.absence_create(actor=manager, technician_id=sofie.pk, **(given | wrong))
    assert list(refused.value.fields) == list(wrong)


@pytest.mark.django_db
def test_why_somebody_is_away_is_for_managers_and_for_themselves(
    manager: Actor, technician: Actor, sofie: Technician, yassine: Technician
) -> None:
    for one in (sofie, yassine):
        absent(manager, one.pk, "2026-02-02T08:00", "2026-02-04T08:00")

    def labels(actor: Actor) -> dict[UUID, tuple[str, str, str]]:
        found = selectors.technician_absences(
            actor=actor,
            technician_ids=[sofie.pk, yassine.pk],
            start=utc("2026-02-01T00:00"),
            end=utc("2026-02-08T00:00"),
        )
        return {one: (away.label, away.kind, away.note) for one, (away,) in found.items()}

    known, unknown = ("Sickness", "sickness", "Flu"), ("Absent", "", "")
    assert labels(manager) == {sofie.pk: known, yassine.pk: known}
    assert labels(technician) == {sofie.pk: known, yassine.pk: unknown}
    assert len(selectors.absence_list(actor=technician).items) == 1
    page = selectors.technician_detail(actor=technician, technician_id=yassine.pk)
    assert page.absences == []


@pytest.mark.django_db
def test_a_stranger_learns_of_no_absence(stranger: Actor, sofie: Technician) -> None:
    with pytest.raises(Forbidden):
        selectors.technician_absences(
            actor=stranger,
            technician_ids=[sofie.pk],
            start=utc("2026-02-01T00:00"),
            end=utc("2026-02-08T00:00"),
        )


@pytest.mark.django_db
def test_a_removed_absence_is_gone(manager: Actor, sofie: Technician) -> None:
    row = absent(manager, sofie.pk, "2026-02-02T08:00", "2026-02-04T08:00")
    services.absence_update(actor=manager, absence_id=row.pk, version=1, kind="training")
    services.absence_remove(actor=manager, absence_id=row.pk, version=2)
    for again in (services.absence_remove, selectors.absence_detail):
        with pytest.raises(NotFound):
            again(actor=manager, absence_id=row.pk)
