"""Answers, parts and report of a visit: who may write them, what they take, until when."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from callout.fieldwork.models import ChecklistAnswer, PartLine, WorkReport
from callout.fieldwork.selectors.record import records, records_of, required_missing
from callout.fieldwork.services.checklists import (
    answer_set,
    checklist_item_archive,
    checklist_item_update,
)
from callout.fieldwork.services.parts import part_remove, part_set
from callout.fieldwork.services.photos import photo_announce
from callout.fieldwork.services.reports import report_set, unsigned_set
from callout.fieldwork.services.signing import signature_add
from callout.fieldwork.sync import record_commands  # noqa: F401 - its handlers
from callout.fieldwork.sync.told import HANDLERS, Told
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError, Invalid, NotFound, Refused
from callout.kernel.models import JournalEntry
from callout.orders.models import InterventionType, Visit
from callout.orders.services import order_check, order_update
from tests.fieldwork.recording import announced, helped, line, picture, signed, visit_of, working
from tests.orders.conftest import Company, actor_made

Write = Callable[[Actor, Visit], Any]


def writes(company: Company) -> dict[str, Write]:
    """Every way to write a record."""
    item = line(company)
    return {
        "answer": lambda who, visit: answer_set(
            actor=who, visit_id=visit.pk, item_id=item.pk, value=True
        ),
        "part": lambda who, visit: part_set(
            actor=who, visit_id=visit.pk, part_id=uuid4(), text="Valve", quantity="1"
        ),
        "report": lambda who, visit: report_set(actor=who, visit_id=visit.pk, text=f"{uuid4()}"),
        "unsigned": lambda who, visit: unsigned_set(actor=who, visit_id=visit.pk, why=f"{uuid4()}"),
        "photo": lambda who, visit: photo_announce(**announced(visit, picture(), who)),
        "sign": lambda who, visit: signature_add(**signed(visit, who)),
    }


def test_whose_visit_it_is_writes_and_nobody_else(company: Company) -> None:
    visit = working(company)
    stranger = actor_made("Zoe", technician=True)
    nobody = Actor(user_id=uuid4(), name="Nobody", door="technician")
    everything = writes(company)
    before = JournalEntry.objects.count()
    for write in everything.values():
        for who in (company.bert, stranger, nobody):
            with pytest.raises(NotFound):
                write(who, visit)
    assert JournalEntry.objects.count() == before
    for write in everything.values():
        write(company.anna, visit)
    assert JournalEntry.objects.count() == before + len(everything)
    kinds = JournalEntry.objects.order_by("-id").values_list("kind", flat=True)[:6]
    assert {*kinds} == {
        *("answer_set", "part_set", "report_set", "cannot_sign", "photo_announce", "sign")
    }


def test_a_missing_visit_answers_as_one_that_is_not_yours(company: Company) -> None:
    visit = working(company)
    words = set()
    for pk in (visit.pk, uuid4()):
        with pytest.raises(NotFound) as caught:
            report_set(actor=company.bert, visit_id=pk, text="x")
        words.add(caught.value.message)
    assert len(words) == 1


def test_a_helper_answers_and_photographs_and_writes_nothing_else(company: Company) -> None:
    visit = helped(company, company.bert)
    everything = writes(company)
    everything["answer"](company.bert, visit)
    everything["photo"](company.bert, visit)
    for name in ("part", "report", "unsigned", "sign"):
        with pytest.raises(NotFound):
            everything[name](company.bert, visit)


def test_what_somebody_else_ended_is_written_no_more(company: Company) -> None:
    visit = working(company)
    everything = writes(company)
    company.act(company.manager, visit.order, "complete")
    for write in everything.values():
        with pytest.raises(Refused) as caught:
            write(company.anna, visit)
        assert caught.value.code == "visit_ended"


def test_what_you_ended_yourself_you_may_still_complete(company: Company) -> None:
    visit = working(company)
    company.act(company.anna, visit.order, "complete")
    for write in writes(company).values():
        write(company.anna, visit)


def test_a_checked_order_stays_as_it_is_for_everybody(company: Company) -> None:
    visit = working(company)
    company.act(company.anna, visit.order, "complete")
    order_check(actor=company.manager, order_id=visit.order_id)
    for write in writes(company).values():
        for who in (company.anna, company.manager):
            with pytest.raises(Refused) as caught:
                write(who, visit)
            assert caught.value.code == "checked"


def test_an_unplanned_visit_is_not_theirs_any_more(company: Company) -> None:
    order = company.planned()
    visit = visit_of(order)
    company.act(company.manager, order, "unplan")
    for write in writes(company).values():
        with pytest.raises(NotFound):
            write(company.anna, visit)


@pytest.mark.parametrize(
    ("kind", "values", "good", "bad"),
    [
        ("tick", {}, {True: True, False: False}, ["yes", 1, [], {}]),
        (
            "number",
            {"low": "0", "high": "9.5", "unit": "ppm"},
            {"0": "0", "9,5": "9.5", "1.250": "1.25", 3: "3", "": None},
            ["9.51", "-1", "NaN", "1e3", "Infinity", "1_0", True, [], "0.0001", "٣"],
        ),
        ("text", {}, {"a\r\nb": "a\nb", " x ": "x", "": None}, [1, True, "x" * 2001, "a\x00b"]),
        ("choice", {}, {"worn": "worn", "": None}, ["other", 0, True, ["worn"]]),
        ("photo", {}, {}, [True, "x", 1]),
    ],
)
def test_an_answer_is_what_its_line_takes(
    company: Company, kind: str, values: Any, good: Any, bad: Any
) -> None:
    visit, item = working(company), line(company, kind, **values)

    def answer(value: Any) -> Any:
        answer_set(actor=company.anna, visit_id=visit.pk, item_id=item.pk, value=value)
        row = ChecklistAnswer.objects.filter(visit=visit, item=item).first()
        return row.value if row else None

    for said, kept in good.items():
        assert answer(said) == kept
    for said in bad:
        with pytest.raises(Invalid):
            answer(said)


def test_out_of_range_says_the_range_in_words(company: Company) -> None:
    visit = working(company)
    for given, words in (
        ({"low": "0", "high": "9.5", "unit": "ppm"}, "Between 0 and 9.5 ppm."),
        ({"low": "-2", "unit": "°C"}, "At least -2 °C."),
        ({"high": "100"}, "At most 100."),
    ):
        item = line(company, "number", **given)
        with pytest.raises(Invalid) as caught:
            answer_set(
                actor=company.anna, visit_id=visit.pk, item_id=item.pk,
                value="-9" if "low" in given else "101",
            )  # fmt: skip
        assert caught.value.message == words


def test_the_same_answer_again_changes_nothing(company: Company) -> None:
    visit, item = working(company), line(company, "number")

    def say(value: Any) -> bool:
        return answer_set(actor=company.anna, visit_id=visit.pk, item_id=item.pk, value=value)

    assert [say("1.0"), say("1"), say(None), say(None), say("2")] == [
        True,
        False,
        True,
        False,
        True,
    ]
    assert JournalEntry.objects.filter(kind="answer_set").count() == 3


def test_an_answer_keeps_what_was_asked(company: Company) -> None:
    visit, item = working(company), line(company, text="Flue clean?")
    answer_set(actor=company.anna, visit_id=visit.pk, item_id=item.pk, value=True)
    checklist_item_update(actor=company.manager, item_id=item.pk, values={"text": "Other words"})
    checklist_item_archive(actor=company.manager, item_id=item.pk)
    (shown,) = records_of([visit])[visit.pk]["checklist"]
    assert (shown["text"], shown["answer"]) == ("Flue clean?", True)


def test_a_line_of_another_type_is_for_the_desk_and_an_unknown_one_is_none(
    company: Company,
) -> None:
    visit, item = working(company), line(company)
    other = InterventionType.objects.exclude(pk=company.kind.pk).first()
    assert other is not None
    order = visit.order
    order.refresh_from_db()
    order_update(actor=company.manager, order_id=order.pk, version=order.version, type_id=other.pk)
    with pytest.raises(Refused) as caught:
        answer_set(actor=company.anna, visit_id=visit.pk, item_id=item.pk, value=True)
    assert caught.value.code == "other_checklist"
    for pk in (uuid4(), "x", None, 7, visit.pk):
        with pytest.raises(Invalid):
            answer_set(actor=company.anna, visit_id=visit.pk, item_id=pk, value=True)  # type: ignore[arg-type]


def test_parts_are_set_by_their_id_and_taken_back(company: Company) -> None:
    visit, pk = working(company), uuid4()

    def put(**more: Any) -> PartLine:
        given = {"text": "Valve", "quantity": "2,5", "unit": "m", **more}
        return part_set(actor=company.anna, visit_id=visit.pk, part_id=pk, **given)

    put()
    put()
    put(text="Other valve")
    (shown,) = records_of([visit])[visit.pk]["parts"]
    assert shown == {"id": str(pk), "text": "Other valve", "quantity": "2.5", "unit": "m"}
    assert JournalEntry.objects.filter(kind="part_set").count() == 2
    assert [
        part_remove(actor=company.anna, visit_id=visit.pk, part_id=pk) for _again in range(2)
    ] == [True, False]
    assert records_of([visit])[visit.pk]["parts"] == []
    put()  # and on again
    assert len(records_of([visit])[visit.pk]["parts"]) == 1


@pytest.mark.wide
@pytest.mark.parametrize(
    "given",
    [
        {"quantity": "0"}, {"quantity": "-1"}, {"quantity": "0.001"}, {"quantity": "1e9"},
        {"quantity": "100000000"}, {"quantity": None}, {"quantity": True}, {"quantity": "NaN"},
        {"quantity": "9" * 5000}, {"text": ""}, {"text": "x" * 201}, {"text": "a\x00"},
        {"text": ["x"]}, {"unit": "x" * 17}, {"part_id": "no id"}, {"part_id": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_part_that_cannot_be_is_refused_in_words(company: Company, given: Any) -> None:
    visit = working(company)
    with pytest.raises(Invalid):
        part_set(
            actor=company.anna,
            visit_id=visit.pk,
            **{"part_id": uuid4(), "text": "Valve", "quantity": "1", **given},
        )
    assert not PartLine.objects.exists()


def test_a_line_of_another_visit_is_not_reached_by_its_id(company: Company) -> None:
    mine, theirs = working(company), working(company, company.bert, hours=5)
    pk = uuid4()
    part_set(actor=company.bert, visit_id=theirs.pk, part_id=pk, text="Theirs", quantity="1")
    for write in (
        lambda: part_set(
            actor=company.anna, visit_id=mine.pk, part_id=pk, text="Mine", quantity="9"
        ),
        lambda: part_remove(actor=company.anna, visit_id=mine.pk, part_id=pk),
    ):
        with pytest.raises((Invalid, NotFound)):
            write()
    assert PartLine.objects.get().text == "Theirs"


def test_a_visit_has_two_hundred_parts_at_most(company: Company) -> None:
    visit = working(company)
    PartLine.objects.bulk_create(
        PartLine(
            id=UUID(int=n + 1), order=visit.order, visit=visit, text="x", quantity=1,
            at=visit.start, author_id=str(company.anna.user_id),
        )
        for n in range(200)
    )  # fmt: skip
    with pytest.raises(Refused) as caught:
        part_set(actor=company.anna, visit_id=visit.pk, part_id=uuid4(), text="x", quantity=1)
    assert caught.value.code == "too_many_parts"


def test_a_report_says_what_it_said_last(company: Company) -> None:
    visit = working(company)
    told = [
        report_set(actor=company.anna, visit_id=visit.pk, text=text)
        for text in ("Cleaned.", "Cleaned. ", "Cleaned\nand tested.")
    ]
    assert told == [True, False, True]
    assert WorkReport.objects.get().text == "Cleaned\nand tested."
    for text in ("x" * 10_001, 7, "a\x00"):
        with pytest.raises(Invalid):
            report_set(actor=company.anna, visit_id=visit.pk, text=text)  # type: ignore[arg-type]


def test_who_cannot_sign_is_told_why_until_somebody_signs(company: Company) -> None:
    visit = working(company)
    assert unsigned_set(actor=company.anna, visit_id=visit.pk, why="Nobody there")
    assert not unsigned_set(actor=company.anna, visit_id=visit.pk, why="Nobody there")
    assert records_of([visit])[visit.pk]["report"]["unsigned_because"] == "Nobody there"
    with pytest.raises(Invalid):
        unsigned_set(actor=company.anna, visit_id=visit.pk, why=" ")
    signature_add(**signed(visit, company.anna))
    with pytest.raises(Refused):
        unsigned_set(actor=company.anna, visit_id=visit.pk, why="After all")


def test_required_lines_are_open_until_answered_and_an_announced_photo_is_an_answer(
    company: Company,
) -> None:
    visit = working(company)

    def missing() -> list[str]:
        found = required_missing(visit)
        assert found == [item.text for item in records([visit.pk])[visit.pk].missing]
        return found

    tick, number = line(company, required=True), line(company, "number", required=True)
    shot, line_free = line(company, "photo", required=True), line(company, "text")
    assert missing() == ["A tick", "A number", "A photo"]
    assert line_free.text not in missing()
    answer_set(actor=company.anna, visit_id=visit.pk, item_id=tick.pk, value=False)
    assert "A tick" in missing()  # no is an answer, and not done
    (shown,) = [one for one in records([visit.pk])[visit.pk].checklist if one.item == tick]
    assert (shown.is_answered, shown.is_done) == (True, False)
    answer_set(actor=company.anna, visit_id=visit.pk, item_id=tick.pk, value=True)
    answer_set(actor=company.anna, visit_id=visit.pk, item_id=number.pk, value="0")
    assert missing() == ["A photo"]
    photo_announce(**announced(visit, picture(), company.anna, tag="checklist", item=shot.pk))
    assert missing() == []


def test_open_lines_keep_the_technician_from_completing_and_not_the_office(
    company: Company,
) -> None:
    visit = working(company)
    item = line(company, text="Flue clean?", required=True)
    with pytest.raises(Refused) as caught:
        company.act(company.anna, visit.order, "complete")
    assert caught.value.code == "not_ready"
    assert "Flue clean?" in caught.value.message
    company.act(company.anna, visit.order, "break")  # every other step goes on
    answer_set(actor=company.anna, visit_id=visit.pk, item_id=item.pk, value=True)
    company.act(company.anna, visit.order, "complete")
    other = working(company, company.bert, hours=4)
    company.act(company.manager, other.order, "complete")


def test_a_line_made_after_the_visit_ended_was_not_asked(company: Company) -> None:
    visit = working(company)
    old = line(company)
    company.act(company.anna, visit.order, "complete")
    line(company, "text")
    visit.refresh_from_db()
    assert [one.item for one in records([visit.pk])[visit.pk].checklist] == [old]


@pytest.mark.wide
def test_the_records_of_eight_visits_take_one_message_as_of_one(
    company: Company, django_assert_num_queries: Any
) -> None:
    line(company)
    visits = []
    for place in range(8):
        order = company.planned(hours=2 + 2 * place)
        visit = visit_of(order)
        part_set(actor=company.anna, visit_id=visit.pk, part_id=uuid4(), text="x", quantity=1)
        photo_announce(**announced(visit, picture(), company.anna))
        signature_add(**signed(visit, company.anna))
        visits.append(visit)
    for some in (visits[:1], visits):
        with django_assert_num_queries(1):
            found = records_of(some)
        assert all(found[visit.pk]["signature"] for visit in some)


@pytest.mark.dear
@pytest.mark.wide
def test_bodies_that_are_not_what_they_should_be_are_refused_and_never_our_fault(
    company: Company,
) -> None:
    visit = working(company)
    odd: list[Any] = [None, 7, -1, 1.5, True, [], {}, "", "x", "\x00", "x" * 70_000, [[]], {"a": 1}]
    fields = ("id", "item", "value", "file", "size", "name", "type", "tag", "taken_at", "text",
              "quantity", "unit", "why", "seal", "image")  # fmt: skip
    for action in ("answer", "photo", "photo_remove", "part", "part_remove", "report", "sign",
                   "cannot_sign"):  # fmt: skip
        for value in odd:
            for name in fields:
                told = Told(uuid4(), action, {name: value}, datetime.now(UTC), False, "", uuid4())
                with suppress(CalloutError):
                    HANDLERS[action].handler(company.anna, visit, told)
    assert not PartLine.objects.exists()
