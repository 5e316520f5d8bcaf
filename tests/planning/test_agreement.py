"""What the rules say of a slot is what happens: the service and the database agree with them.

A technician with visits, absences and a lunch, made anew for each example; each slot is asked of
the rules and of explain, then planned in earnest, then written past the service.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callout.accounts.zone import local
from callout.kernel import clock
from callout.kernel.errors import CalloutError, Forbidden, Invalid, NotFound, Refused
from callout.kernel.ids import uuid7
from callout.orders.models import Assignment, InterventionType, ServiceOrder, Visit
from callout.orders.numbers import order_number
from callout.orders.services import Command
from callout.orders.services.booking import slot_check
from callout.planning import services as planning
from callout.planning.ask import Ask
from callout.planning.fit.person import Fit, Job, Person
from callout.planning.fit.rules import reasons as reasons_of
from callout.planning.selectors import (
    ask_for_order,
    ask_for_order_id,
    slot_explained,
    slot_first,
    slot_reasons,
    slot_suggestions,
)
from callout.workforce import services as workforce
from callout.workforce.models import Skill, Technician, WorkingCalendar, WorkingWeek
from callout.workforce.services import absence_create
from tests.orders.conftest import Company, company_made
from tests.planning.fit.plain import ZONE

pytestmark = pytest.mark.wide

NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
TWO_DAYS = 2 * 24 * 4  # quarters
QUIET = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)


@dataclass
class Board:
    """One technician, and an order that is to be planned for them."""

    company: Company
    technician: UUID
    order: ServiceOrder
    helper: UUID

    def visit(
        self, quarter: int, length: int, *, on_purpose: bool, who: UUID | None = None
    ) -> None:
        """Planned where that can be; what is refused is just not there."""
        command = {
            "technician_id": who or self.technician, "start": moment(quarter),
            "duration_minutes": 15 * length, "allow_overlap": on_purpose,
        }  # fmt: skip
        with attempt():
            order = self.company.order()
            self.company.act(self.company.manager, order, "plan", **command)

    def absence(self, quarter: int, length: int, who: UUID | None = None) -> None:
        """Entered where no other is."""
        with attempt():
            absence_create(
                actor=self.company.manager, technician_id=who or self.technician, kind="other",
                start=moment(quarter), end=moment(quarter + length),
            )  # fmt: skip

    def planned(
        self,
        start: datetime,
        minutes: int,
        *,
        allow_overlap: bool = False,
        helpers: tuple[UUID, ...] = (),
        moved: ServiceOrder | None = None,
    ) -> str:
        """How planning ends (or re-planning `moved`, with the helpers that it has): "" or the code
        of what refuses it. Nothing of it stays."""
        command = Command(
            technician_id=self.technician, start=start, duration_minutes=minutes,
            allow_overlap=allow_overlap, helper_ids=None if moved else helpers,
        )  # fmt: skip
        try:
            with transaction.atomic():
                planning.order_act(
                    actor=self.company.manager, order_id=(moved or self.order).pk,
                    action="replan" if moved else "plan", command=command,
                )  # fmt: skip
                transaction.set_rollback(True)
        except (Refused, Invalid) as error:
            return error.code
        return ""


def moment(quarter: int) -> datetime:
    return NOW + timedelta(minutes=15 * quarter)


@contextmanager
def attempt() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except CalloutError:
        pass


@pytest.fixture
def board(db: None) -> Iterator[Board]:
    with clock.freeze(NOW):
        company = company_made()
        technician = company.anna.technician_id
        assert technician
        WorkingWeek.objects.create(
            technician_id=technician, valid_from="2020-01-01",
            days=[[["08:00", "12:00"], ["13:00", "18:00"]]] * 7,
        )  # fmt: skip
        helper = company.bert.technician_id
        assert helper
        yield Board(company, technician, company.order(), helper)


quarters = st.integers(-3, TWO_DAYS)
lengths = st.integers(1, 16)
taken = st.lists(st.tuples(st.integers(0, TWO_DAYS), lengths, st.booleans()), max_size=5)
away = st.lists(st.tuples(st.integers(0, TWO_DAYS), lengths), max_size=2)


@contextmanager
def filled(
    board: Board, visits: list[tuple[int, int, bool]], absences: list[tuple[int, int]]
) -> Iterator[None]:
    """The board with these, until the example is over."""
    with transaction.atomic():
        for quarter, length, on_purpose in visits:
            board.visit(quarter, length, on_purpose=on_purpose)
        for quarter, length in absences:
            board.absence(quarter, length)
        yield
        transaction.set_rollback(True)


@QUIET
@given(
    taken, away, st.lists(quarters, min_size=1, max_size=6),
    st.sampled_from([1, 15, 60, 240, 1440, 1455]), st.booleans(),
)  # fmt: skip
def test_the_hard_rules_and_the_service_refuse_the_same_with_the_same_code(
    board: Board,
    visits: list[tuple[int, int, bool]],
    absences: list[tuple[int, int]],
    starts: list[int],
    minutes: int,
    archived: bool,
) -> None:
    with filled(board, visits, absences):
        if archived:
            Technician.objects.filter(pk=board.technician).update(archived_at=NOW)
        for quarter in starts:
            start = moment(quarter)
            ask = replace(ask_for_order(board.order), duration_minutes=minutes)
            found = slot_explained(
                actor=board.company.manager, technician_id=board.technician, ask=ask, start=start
            )
            hard = [reason.code for reason in found.option.reasons if reason.hard]
            assert board.planned(start, minutes) == (hard[0] if hard else "")
            without = [code for code in hard if code != "overlap"]
            assert board.planned(start, minutes, allow_overlap=True) == (
                without[0] if without else ""
            )
            allowed = [one for one in found.remedies if one.kind == "allow_overlap"]
            assert bool(allowed) == (hard == ["overlap"])
            for remedy in found.remedies:
                slot = remedy.option.fit
                if slot.person.id == board.technician:
                    code = board.planned(slot.start, minutes, allow_overlap=slot.allow_overlap)
                    assert code == ""


@QUIET
@given(
    taken, taken, away, away, st.lists(quarters, min_size=1, max_size=6),
    st.sampled_from([15, 60, 240]), st.booleans(), st.booleans(),
)  # fmt: skip
def test_they_agree_of_who_helps_too_planned_and_moved(
    board: Board,
    visits: list[tuple[int, int, bool]],
    others: list[tuple[int, int, bool]],
    absences: list[tuple[int, int]],
    other_absences: list[tuple[int, int]],
    starts: list[int],
    minutes: int,
    archived: bool,
    moving: bool,
) -> None:
    """Archived, absent or busy: a helper refuses the slot as the technician does."""
    manager, helpers = board.company.manager, (board.helper,)
    with transaction.atomic():
        moved = None
        if moving:
            moved = board.company.planned(hours=30, helper_ids=helpers)
        with filled(board, visits, absences):
            for quarter, length, on_purpose in others:
                board.visit(quarter, length, on_purpose=on_purpose, who=board.helper)
            for quarter, length in other_absences:
                board.absence(quarter, length, board.helper)
            if archived:
                Technician.objects.filter(pk=board.helper).update(archived_at=NOW)
            for quarter in starts:
                start = moment(quarter)
                if moved:
                    ask = ask_for_order_id(actor=manager, order_id=moved.pk, minutes=minutes)
                    assert ask.helper_ids == helpers
                else:
                    ask = ask_for_order(board.order, minutes, helper_ids=helpers)
                found = slot_explained(
                    actor=manager, technician_id=board.technician, ask=ask, start=start
                )
                hard = [reason.code for reason in found.option.reasons if reason.hard]
                plan = partial(board.planned, minutes=minutes, helpers=helpers, moved=moved)
                if moved and moved.visit and start == moved.visit.start:
                    continue
                assert plan(start) == (hard[0] if hard else "")
                for one in slot_suggestions(actor=manager, ask=ask):
                    if one.fit.person.id == board.technician:
                        assert plan(one.fit.start) == ""
        transaction.set_rollback(True)


def test_the_first_free_slot_that_planning_takes_is_one_where_the_helper_is_free_too(
    board: Board,
) -> None:
    board.visit(2, 8, on_purpose=False, who=board.helper)
    command = Command(
        technician_id=board.technician, helper_ids=(board.helper,), duration_minutes=60
    )
    planned = planning.order_act(
        actor=board.company.manager, order_id=board.order.pk, action="plan", command=command
    )
    assert planned.start == moment(10)
    Technician.objects.filter(pk=board.helper).update(archived_at=NOW)
    with pytest.raises(Refused) as refused:
        planning.order_act(
            actor=board.company.manager, order_id=board.company.order().pk, action="plan",
            command=command,
        )  # fmt: skip
    assert refused.value.code == "technician_archived"


@QUIET
@given(taken, away, st.lists(quarters, min_size=1, max_size=8), st.sampled_from([15, 60, 240]))
def test_what_the_rules_call_an_overlap_the_database_refuses_whoever_writes_it(
    board: Board,
    visits: list[tuple[int, int, bool]],
    absences: list[tuple[int, int]],
    starts: list[int],
    minutes: int,
) -> None:
    """But for an overlap on purpose: that one only the service keeps others out of."""
    with filled(board, [(a, b, False) for a, b, _on in visits], absences):
        for quarter in starts:
            start, end = moment(quarter), moment(quarter) + timedelta(minutes=minutes)
            reasons = slot_reasons(
                actor=board.company.manager, technician_id=board.technician, start=start, end=end,
                ask=replace(ask_for_order(board.order), duration_minutes=minutes),
            )  # fmt: skip
            overlaps = "overlap" in {reason.code for reason in reasons}
            if "slot_past" not in {reason.code for reason in reasons}:
                assert written(board, start, end) is not overlaps


def written(board: Board, start: datetime, end: datetime) -> bool:
    """Whether the database takes a visit that no service has looked at."""
    try:
        with transaction.atomic():
            visit = uuid7()
            row = Visit(
                id=visit, order=board.order, technician_id=board.technician, start=start, end=end,
                sequence=99,
            )  # fmt: skip
            Visit.objects.bulk_create([row])
            Assignment.objects.bulk_create(
                [Assignment(visit_id=visit, technician_id=board.technician, start=start, end=end)]
            )
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS no_double_booking IMMEDIATE")
            transaction.set_rollback(True)
    except IntegrityError as error:
        if "no_double_booking" not in str(error):
            raise
        return False
    return True


@QUIET
@given(taken, away, st.sampled_from([15, 60, 300]), st.integers(0, 3))
def test_what_is_suggested_the_service_takes(
    board: Board,
    visits: list[tuple[int, int, bool]],
    absences: list[tuple[int, int]],
    minutes: int,
    skip: int,
) -> None:
    manager = board.company.manager
    with filled(board, visits, absences):
        ask = replace(ask_for_order(board.order), duration_minutes=minutes)
        found = slot_suggestions(actor=manager, ask=ask)
        found.append(slot_first(actor=manager, technician_id=board.technician, ask=ask, skip=skip))
        for one in found:
            assert one.fit.person.id == board.technician
            assert board.planned(one.fit.start, minutes) == ""
            explained = slot_explained(
                actor=manager, technician_id=board.technician, ask=ask, start=one.fit.start
            )
            assert explained.option.reasons == one.reasons


def test_a_visit_that_moves_is_not_in_its_own_way(board: Board) -> None:
    order = board.company.planned(hours=3)
    assert order.visit
    manager = board.company.manager
    start, end = order.visit.start + timedelta(minutes=15), order.visit.end
    for moving, codes in ((True, []), (False, ["overlap"])):
        ask = ask_for_order(order, moving=moving)
        found = slot_reasons(
            actor=manager, technician_id=board.technician, start=start, end=end, ask=ask
        )
        assert [reason.code for reason in found if reason.hard] == codes


def test_the_skill_of_the_type_the_site_s_hours_and_who_was_there_are_loaded(
    board: Board,
) -> None:
    gas = Skill.objects.create(name="Gas", name_sort="gas")
    kind = InterventionType.objects.get(pk=board.order.type_id)
    kind.skills.add(gas)
    site = board.company.site
    site.opening_hours = [[["14:00", "16:00"]]] * 7
    site.save()
    manager = board.company.manager
    board.company.act(manager, board.company.planned(hours=1), "complete")
    ask = ask_for_order(board.order)
    (one,) = slot_suggestions(actor=manager, ask=ask)
    assert [reason.words for reason in one.reasons] == ["needs the skill “Gas”"]
    assert f"{local(one.fit.start):%H:%M}" == "14:00"
    assert one.cost.known
    site.opening_hours = [[]] * 7
    site.save()
    (one,) = slot_suggestions(actor=manager, ask=ask)
    assert "the site is closed that day" in [reason.words for reason in one.reasons]
    Technician.objects.get(pk=board.technician).skills.add(gas)
    (one,) = slot_suggestions(actor=manager, ask=ask)
    assert "skill" not in {reason.code for reason in one.reasons}


def reasons_at(board: Board, hours: float, ask: Ask, who: UUID | None = None) -> list[str]:
    """What is said of a slot of half an hour that begins so many hours after eight."""
    start = moment(0) + timedelta(hours=hours)
    found = slot_reasons(
        actor=board.company.manager, technician_id=who or board.technician, start=start,
        end=start + timedelta(minutes=30), ask=ask,
    )  # fmt: skip
    return [reason.words for reason in found if reason.code in ("vehicle", "holiday")]


def test_a_vehicle_that_somebody_else_drives_then_is_told(board: Board) -> None:
    van, car = (
        workforce.vehicle_create(actor=board.company.manager, registration=one)
        for one in ("1-VAN-111", "1-CAR-222")
    )
    Technician.objects.filter(pk=board.technician).update(vehicle=van)
    Technician.objects.filter(pk=board.helper).update(vehicle=car)
    order = board.company.plan(board.company.order(), board.company.bert, vehicle_id=van.pk)
    board.company.plan(board.company.order(), board.company.bert, hours=3)  # in the own car
    ask = ask_for_order(board.order)
    said = f"vehicle 1-VAN-111 is on {order_number(order.number)} then"
    assert reasons_at(board, 1, ask) == [said]
    assert [reasons_at(board, hours, ask) for hours in (2, 3)] == [[], []]
    # Bert is on it himself; and who moves it does not meet it.
    assert reasons_at(board, 1, ask, board.helper) == []
    assert reasons_at(board, 1, ask_for_order(order, moving=True)) == []
    # Whoever goes is to take the car, and that is Bert's at eleven.
    wanted = replace(ask, vehicle_id=car.pk)
    assert reasons_at(board, 1, wanted) == []
    assert len(reasons_at(board, 3, wanted)) == 1
    # Two who share a van: each is in the other's way.
    Technician.objects.filter(pk=board.helper).update(vehicle=van)
    board.company.plan(board.company.order(), board.company.bert, hours=5)
    assert len(reasons_at(board, 5, ask)) == 1
    explained = slot_explained(
        actor=board.company.manager, technician_id=board.technician, ask=ask,
        start=moment(0) + timedelta(hours=5),
    )  # fmt: skip
    assert "vehicle" in {reason.code for reason in explained.option.reasons}


def test_the_vehicle_proposed_for_an_order_is_the_one_that_is_judged(board: Board) -> None:
    van = workforce.vehicle_create(actor=board.company.manager, registration="1-VAN-111")
    board.company.plan(board.company.order(), board.company.bert, vehicle_id=van.pk)
    order = board.company.order(proposed_vehicle_id=van.pk)
    assert len(reasons_at(board, 1, ask_for_order(order))) == 1
    order = board.company.plan(board.company.order(), hours=8, vehicle_id=van.pk)
    ask = ask_for_order_id(actor=board.company.manager, order_id=order.pk)
    assert len(reasons_at(board, 1, ask)) == 1  # a visit keeps its vehicle with its technician


def test_a_public_holiday_is_told_by_its_name(board: Board) -> None:
    calendar = WorkingCalendar.objects.get(is_default=True)
    workforce.holiday_add(
        actor=board.company.manager, calendar_id=calendar.pk, date="2026-11-25",
        name="Armistice Day",
    )  # fmt: skip
    ask = ask_for_order(board.order)
    assert reasons_at(board, 25, ask) == ["public holiday: Armistice Day"]
    assert reasons_at(board, 49, ask) == []


def test_it_asks_as_much_of_an_empty_board_as_of_a_full_one(board: Board) -> None:
    van = workforce.vehicle_create(actor=board.company.manager, registration="1-VAN-111")
    ask = ask_for_order(board.order, helper_ids=(board.helper,))
    slot_suggestions(actor=board.company.manager, ask=ask)
    with CaptureQueriesContext(connection) as few:
        slot_suggestions(actor=board.company.manager, ask=ask)
    for hours in range(1, 12, 2):
        board.company.planned(hours=hours, vehicle_id=van.pk)
        board.company.planned(board.company.bert, hours=hours + 1)
    Technician.objects.update(vehicle=van)
    with CaptureQueriesContext(connection) as many:
        slot_suggestions(actor=board.company.manager, ask=ask)
    assert len(many) == len(few) == 5


def test_nobody_who_is_no_manager_asks(board: Board) -> None:
    ask = ask_for_order(board.order)
    with pytest.raises(Forbidden):
        slot_suggestions(actor=board.company.anna, ask=ask)
    with pytest.raises(Forbidden):
        slot_explained(actor=board.company.anna, technician_id=board.technician, ask=ask)


def test_who_is_not_there_is_not_explained(board: Board) -> None:
    with pytest.raises(NotFound):
        slot_explained(
            actor=board.company.manager, technician_id=UUID(int=5), ask=ask_for_order(board.order)
        )
    with pytest.raises(Invalid):
        slot_first(
            actor=board.company.manager, technician_id=board.technician,
            ask=Ask(site_id=UUID(int=5), duration_minutes=60),
        )  # fmt: skip


def test_the_rules_agree_about_the_past_the_far_and_the_backward(board: Board) -> None:
    for hours in (-24, -0.3, -0.25, 0, 3660 * 24, 3660 * 24 + 0.1):
        for length in (-1, 0, 1, 24, 24.1):
            start = NOW + timedelta(hours=hours)
            end = start + timedelta(hours=length)
            slot = Fit(Person(UUID(int=1), ""), Job(end - start), start, end, NOW, ZONE)
            hard = [one.code for one in reasons_of(slot) if one.hard]
            if not hard:
                slot_check(start, end, now=NOW)
                continue
            with pytest.raises(Invalid) as refused:
                slot_check(start, end, now=NOW)
            assert refused.value.code == hard[0]
