"""The record as a phone sends it: through the one door, applied, said again, refused, late."""

import base64
from typing import Any
from uuid import uuid4

import pytest

from callout.fieldwork.models import LateReport, VisitPhoto
from callout.fieldwork.selectors.record import records_of
from callout.orders.models import Visit
from tests.fieldwork.conftest import Phone
from tests.fieldwork.recording import drawn, line, picture, seal_of, sha256, visit_of, working
from tests.orders.conftest import Company


def bodies(company: Company, visit: Visit) -> dict[str, dict[str, Any]]:
    """A body for each command of the record."""
    item, image, data, part = line(company, "number"), drawn(), picture(), str(uuid4())
    return {
        "answer": {"item": str(item.pk), "value": "9.5"},
        "photo": {"id": str(uuid4()), "file": sha256(data), "size": len(data), "name": "a.jpg",
                  "type": "image/jpeg", "tag": "before", "item": None, "taken_at": None,
                  "width": 64, "height": 48},
        "part": {"id": part, "text": "Valve", "quantity": "1", "unit": "pc"},
        "part_remove": {"id": part},
        "report": {"text": "Cleaned."},
        "sign": {"name": "Mevr. Peeters", "seal": seal_of(visit, image=image),
                 "image": base64.b64encode(image).decode()},
    }  # fmt: skip


def test_a_days_record_is_applied_and_said_again_is_the_same(company: Company, anna: Phone) -> None:
    visit = working(company)
    commands = [
        anna.command(action, visit.pk, body=body) for action, body in bodies(company, visit).items()
    ]
    for _again in range(2):
        assert {one["outcome"] for one in anna.said(*commands)} == {"applied"}
    record = records_of([visit])[visit.pk]
    assert [one["answer"] for one in record["checklist"]] == ["9.5"]
    assert record["parts"] == []
    assert record["report"]["text"] == "Cleaned."
    assert record["signature"]["name"] == "Mevr. Peeters"
    assert VisitPhoto.objects.get().tag == "before"


@pytest.mark.wide
def test_what_comes_for_a_visit_given_away_goes_to_the_desk(company: Company, anna: Phone) -> None:
    order = company.planned()
    visit = visit_of(order)
    given = bodies(company, visit)
    company.act(company.manager, order, "replan", technician_id=company.bert.technician_id)
    for action, body in given.items():
        (answer,) = anna.said(anna.command(action, visit.pk, body=body))
        assert answer["outcome"] == "late", action
    assert LateReport.objects.filter(decided_at=None).count() == 1
    assert not VisitPhoto.objects.exists()


@pytest.mark.wide
def test_on_a_visit_that_never_was_theirs_it_is_as_on_none(company: Company, bert: Phone) -> None:
    visit = working(company)
    for action, body in bodies(company, visit).items():
        said = [bert.said(bert.command(action, pk, body=body))[0] for pk in (visit.pk, uuid4())]
        for one in said:
            one.pop("id")
        assert said[0] == said[1]
        assert said[0]["outcome"] == "unknown"
    assert records_of([visit])[visit.pk]["report"]["text"] == ""


def test_what_cannot_be_is_refused_in_words_and_blocks_nothing(
    company: Company, anna: Phone
) -> None:
    visit = working(company)
    item = line(company, "number", low="0", high="9", unit="ppm")
    answers = anna.said(
        anna.command("answer", visit.pk, body={"item": str(item.pk), "value": "12"}),
        anna.command("part", visit.pk, body={"id": str(uuid4()), "text": "", "quantity": "0"}),
        anna.command("cannot_sign", visit.pk, body={"why": "Nobody there"}),
    )
    assert [one["outcome"] for one in answers] == ["refused", "refused", "applied"]
    assert answers[0]["words"] == "Between 0 and 9 ppm."


def test_complete_waits_for_the_lines_that_are_required(company: Company, anna: Phone) -> None:
    visit = working(company)
    line(company, "photo", required=True)
    (answer,) = anna.said(anna.command("complete", visit.pk))
    assert answer["outcome"] != "applied"
    assert "A photo" in answer["words"]
