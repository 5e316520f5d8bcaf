"""Forged commands of a phone: another's work is as good as not there, byte for byte."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from callout.fieldwork.models import InboxCommand, LateReport, PartLine, Upload, VisitPhoto
from callout.fieldwork.sync.told import FREE, HANDLERS
from callout.kernel import clock
from callout.kernel.models import JournalEntry
from callout.notify.models import Notice
from callout.orders.models import Note, TimeEntry, TimelineEntry, Visit
from tests.fieldwork.conftest import Phone, anna, bert, company, unhurried, visit_of
from tests.fieldwork.test_sync import outcomes
from tests.orders.conftest import Company, soon

pytestmark = pytest.mark.wide

__all__ = ["anna", "bert", "company", "unhurried"]

WATCHED: tuple[Any, ...] = (
    *(Visit, Note, TimeEntry, TimelineEntry, PartLine, VisitPhoto, Upload, Notice, LateReport),
    JournalEntry,
)


@dataclass
class Theirs:
    """What Bert has, by ids that somebody might learn; or nothing that is there."""

    visit: str
    command: str
    entry: str
    note: str
    part: str
    photo: str
    hours: str
    notice: str


def missing() -> Theirs:
    visit, command, *rest = (str(uuid4()) for _n in range(7))
    note, part, photo, hours, notice = rest
    return Theirs(visit, command, "987654321", note, part, photo, hours, notice)


def photo_of(name: str) -> dict[str, Any]:
    return {
        "id": name, "file": "ab" * 32, "size": 10, "name": "a.jpg", "type": "image/jpeg",
        "tag": "before", "item": None, "taken_at": None, "width": 1, "height": 1,
    }  # fmt: skip


@pytest.fixture
def theirs(bert: Phone, company: Company) -> Theirs:
    visit = visit_of(company.planned(company.bert))
    row = Visit.objects.get(pk=visit)
    names = {kind: str(uuid4()) for kind in ("note", "part", "photo", "hours")}
    now = clock.now()
    depart = bert.command("depart", visit)
    answers = bert.said(
        depart,
        bert.command("note", visit, body={"id": names["note"], "text": "Bert's"}),
        bert.command("part", visit, body={
            "id": names["part"], "text": "Bert's", "quantity": "1", "unit": "",
        }),
        bert.command("photo", visit, body=photo_of(names["photo"])),
        bert.command("hours", visit, body={
            "id": names["hours"], "kind": "work", "note": "",
            "start": now.replace(hour=0, minute=0).isoformat(), "end": now.isoformat(),
        }),
    )  # fmt: skip
    assert outcomes(answers) == ["applied"] * 5, answers
    notice = Notice.objects.create(
        technician_id=str(company.bert.technician_id), kind="new", order_id=row.order_id, entry_id=1
    )
    entry = InboxCommand.objects.get(pk=depart["id"]).entry_id
    return Theirs(str(visit), depart["id"], str(entry), **names, notice=str(notice.pk))


# A body that each action would take; what it names is whatever `of` has.
Body = Callable[[Theirs], dict[str, Any]]
NOW = "2026-11-27T10:00:00Z"
BODIES: dict[str, Body] = {
    "note": lambda of: {"id": str(uuid4()), "text": "x"},
    "hours": lambda of: {
        "id": str(uuid4()), "kind": "work", "start": NOW, "end": NOW, "note": "",
    },
    "found": lambda of: {"id": str(uuid4()), "kind": "order", "text": "x"},
    "photo": lambda of: photo_of(str(uuid4())),
    "part": lambda of: {"id": str(uuid4()), "text": "x", "quantity": "1", "unit": ""},
    "undo": lambda of: {"of": of.command},
    "correct": lambda of: {"of": of.command, "entry": "", "at": NOW},
    "answer": lambda of: {"item": str(uuid4()), "value": True},
    "report": lambda of: {"text": "x"},
    "cannot_sign": lambda of: {"why": "x"},
    "sign": lambda of: {"name": "x", "seal": "{}", "image": ""},
    "photo_remove": lambda of: {"id": of.photo},
    "part_remove": lambda of: {"id": of.part},
}  # fmt: skip
ON_OWN: dict[str, tuple[str, Body]] = {
    "undo another's step": ("undo", lambda of: {"of": of.command}),
    "correct by another's command": ("correct", lambda of: {"of": of.command, "at": NOW}),
    "correct another's entry": ("correct", lambda of: {"entry": of.entry, "at": NOW}),
    "take back another's part": ("part_remove", lambda of: {"id": of.part}),
    "take off another's photo": ("photo_remove", lambda of: {"id": of.photo}),
    "see another's notice": ("notice_seen", lambda of: {"ids": [of.notice]}),
}
# What is there cannot be made a second time: it is refused, and the thing stays what it was.
TAKEN: dict[str, tuple[str, Body]] = {
    "a note under another's id": ("note", lambda of: {"id": of.note, "text": "x"}),
    "a part under another's id": (
        "part", lambda of: {"id": of.part, "text": "x", "quantity": "9", "unit": ""},
    ),
    "a photo under another's id": ("photo", lambda of: photo_of(of.photo)),
    "hours under another's id": (
        "hours",
        lambda of: {
            "id": of.hours, "kind": "work", "start": soon(-48).isoformat(),
            "end": soon(-47).isoformat(), "note": "",
        },
    ),
}  # fmt: skip


def everything() -> dict[str, Any]:
    return {
        model.__name__: sorted(str(row) for row in model.objects.values_list()) for model in WATCHED
    }


def said(phone: Phone, action: str, visit: str | None, body: dict[str, Any]) -> dict[str, Any]:
    (answer,) = phone.said(phone.command(action, visit, body=body))
    return answer | {"id": ""}


FORGED = sorted(set(HANDLERS) - {"poison", "mended"})


@pytest.mark.parametrize("action", FORGED)
def test_on_another_s_visit_nothing_happens_and_nothing_is_told(
    anna: Phone, theirs: Theirs, action: str
) -> None:
    body: Body = BODIES.get(action, lambda of: {})
    before = everything()
    foreign = said(anna, action, theirs.visit, body(theirs))
    nothing = missing()
    assert foreign == said(anna, action, nothing.visit, body(nothing))
    assert (foreign["outcome"], foreign["at"]) == ("unknown", None)
    assert everything() == before


@pytest.mark.parametrize("what", ON_OWN)
def test_another_s_things_are_not_reached_from_one_s_own_visit(
    anna: Phone, company: Company, theirs: Theirs, what: str
) -> None:
    action, body = ON_OWN[what]
    own = str(visit_of(company.planned()))
    visit = None if action in FREE else own
    before = everything()
    foreign = said(anna, action, visit, body(theirs))
    other = said(anna, action, visit, body(missing()))
    assert foreign.pop("at") != other.pop("at"), "the moment of each"
    assert foreign == other
    assert foreign["outcome"] in {"refused", "same"}
    assert everything() == before


@pytest.mark.parametrize("what", TAKEN)
def test_an_id_that_is_taken_changes_nothing(
    anna: Phone, company: Company, theirs: Theirs, what: str
) -> None:
    action, body = TAKEN[what]
    own = visit_of(company.planned())
    before = everything()
    answer = said(anna, action, str(own), body(theirs))
    assert answer["outcome"] == "refused", answer
    assert everything() == before


def test_forty_of_them() -> None:
    assert len(FORGED) + len(ON_OWN) + len(TAKEN) >= 35


def test_the_answers_to_foreign_and_missing_are_equal_bytes(
    anna: Phone, theirs: Theirs, company: Company
) -> None:
    """The whole answer, documents and all, but for the ids that the phone itself made."""
    whole = []
    for visit in (theirs.visit, str(uuid4())):
        command = anna.command("depart", visit)
        with clock.freeze(clock.now().replace(microsecond=0)):
            answer = anna.post("sync", anna.request(command)).json()
        for part in ("now", "docs"):
            answer.pop(part)
        whole.append(json.dumps(answer).replace(command["id"], ""))
    assert whole[0] == whole[1]
