"""The signature and its seal: kept as it was read, and what was changed afterwards."""

import base64
import hashlib
import io
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import orjson
import pytest
from PIL import Image, PngImagePlugin

from callout.accounts.zone import company_zone
from callout.fieldwork.changed import MOST_CHANGES
from callout.fieldwork.hooks import signed_since
from callout.fieldwork.models import Signature
from callout.fieldwork.selectors import record
from callout.fieldwork.selectors.beside import signature_image
from callout.fieldwork.selectors.record import records, records_of
from callout.fieldwork.services.checklists import answer_set
from callout.fieldwork.services.parts import part_remove, part_set
from callout.fieldwork.services.photos import photo_announce, photo_remove
from callout.fieldwork.services.reports import report_set
from callout.fieldwork.services.signing import seal_read, signature_add
from callout.kernel import clock
from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused
from callout.kernel.models import JournalEntry
from callout.orders.models import TimeEntry, Visit
from tests.fieldwork.recording import (
    announced,
    drawn,
    line,
    picture,
    seal_of,
    sha256,
    signed,
    working,
)
from tests.orders.conftest import Company


def test_a_seal_is_kept_to_the_byte_and_its_hash_is_in_the_journal(company: Company) -> None:
    visit, image = working(company), drawn()
    # Blanks, escapes and accents as some phone writes them: nothing is made anew of it.
    seal = seal_of(visit, image=image).replace('", "', '" ,\n "').replace("Mevr", "\\u004devr")
    row = signature_add(**signed(visit, company.anna, image, seal=seal))
    row.refresh_from_db()
    assert row.seal == seal
    assert row.seal_sha256 == hashlib.sha256(seal.encode()).hexdigest()
    entry = JournalEntry.objects.get(kind="sign")
    assert entry.facts["seal_sha256"] == row.seal_sha256
    assert entry.facts["sha256_sent"] == sha256(image)
    assert "Peeters" not in json.dumps(entry.facts)
    shown = records_of([visit])[visit.pk]["signature"]
    assert (shown["name"], shown["mark"]) == ("Mevr. Peeters", row.seal_sha256[:10])
    assert shown["changed"] == []


def test_the_picture_is_written_anew_black_on_white_and_alone(company: Company) -> None:
    visit = working(company)
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")
    picture = Image.open(io.BytesIO(drawn()))
    out = io.BytesIO()
    picture.save(out, "PNG", pnginfo=info)
    sent = out.getvalue() + b"<?php echo 1; ?>"
    row = signature_add(**signed(visit, company.anna, sent))
    kept = bytes(row.image)
    assert b"script" not in kept
    assert b"php" not in kept
    again = Image.open(io.BytesIO(kept))
    assert (again.format, again.mode, again.size) == ("PNG", "L", (300, 120))
    assert again.getpixel((0, 0)) == 255
    assert len(kept) < 64_000


def noise(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 100).save(out, "PNG")
    return out.getvalue()


def animated() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("L", (2000, 1500), shade) for shade in (0, 99, 255)]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


BAD_IMAGES = {
    "no base64": "%%%",
    "not text": 7,
    "nothing": "",
    "a JPEG": base64.b64encode(picture()).decode(),
    "a GIF": base64.b64encode(picture(kind="GIF")).decode(),
    "an SVG": base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode(),
    "truncated": base64.b64encode(drawn()[:200]).decode(),
    "too many bytes": base64.b64encode(noise((600, 400))).decode(),
    "much too many bytes": "A" * 5_000_000,
    "huge": base64.b64encode(picture((2001, 10), kind="PNG")).decode(),
    "a bomb": base64.b64encode(animated()).decode(),
    "nothing drawn": base64.b64encode(picture(kind="PNG", colour="white")).decode(),
}


@pytest.mark.parametrize("case", sorted(BAD_IMAGES))
def test_a_picture_that_is_no_signature_is_refused_in_words(company: Company, case: str) -> None:
    visit = working(company)
    image = BAD_IMAGES[case]
    try:
        sent = base64.b64decode(image) if isinstance(image, str) else b""
    except ValueError:
        sent = b""
    given = signed(visit, company.anna, seal=seal_of(visit, image=sent or b"x"))
    with pytest.raises(Invalid) as caught:
        signature_add(**{**given, "image": image})
    assert "image" in caught.value.fields or "seal" in caught.value.fields
    assert not Signature.objects.exists()


def broken_seals(visit: Visit, other: Visit) -> dict[str, Any]:
    good = json.loads(seal_of(visit))
    return {
        "no text": good,
        "no JSON": "{",
        "a list": "[]",
        "empty": "",
        "too deep": "[" * 100_000,
        "another version": json.dumps({**good, "v": 2}),
        "no version": json.dumps({k: v for k, v in good.items() if k != "v"}),
        "another visit": seal_of(other),
        "another name": seal_of(visit, "Somebody else"),
        "another picture": json.dumps({**good, "signature_sha256": "0" * 64}),
        "no facts": json.dumps({**good, "facts": None}),
        "no texts": json.dumps({**good, "texts": "x"}),
        "no photos": json.dumps({**good, "photos": None}),
        "not a number": json.dumps({**good, "more": float("nan")}),
        "a nul": json.dumps(good) + "\x00",
        "half a letter": json.dumps({**good, "title": "x"})[:-1] + ',"y":"\ud800"}',
        "too long": json.dumps({**good, "title": "x" * 128_000}),
        "a huge number": json.dumps(good)[:-1] + ',"y":' + "9" * 5000 + "}",
    }


def test_a_seal_that_does_not_fit_its_visit_is_refused(company: Company) -> None:
    visit, other = working(company), working(company, company.bert, hours=5)
    for case, seal in broken_seals(visit, other).items():
        with pytest.raises(Invalid):
            signature_add(**signed(visit, company.anna, seal=seal))
        assert not Signature.objects.exists(), case


def test_the_same_signature_again_is_the_same_and_other_bytes_under_its_id_are_refused(
    company: Company,
) -> None:
    visit = working(company)
    given = signed(visit, company.anna)
    assert signature_add(**given) == signature_add(**given)
    assert JournalEntry.objects.filter(kind="sign").count() == 1
    with pytest.raises(Invalid):
        signature_add(**signed(visit, company.anna, name="Other", id=given["signature_id"]))


def test_the_last_signature_counts_and_the_first_stays(company: Company) -> None:
    visit = working(company)
    for name in ("First", "Second"):
        signature_add(**signed(visit, company.anna, name=name))
    assert records_of([visit])[visit.pk]["signature"]["name"] == "Second"
    assert Signature.objects.count() == 2


def test_a_phone_s_sync_compares_the_one_that_counts_and_none_before(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = working(company)
    for name in ("First", "Second", "Third"):
        signature_add(**signed(visit, company.anna, name=name))
    read: list[str] = []
    monkeypatch.setattr(record, "seal_read", lambda seal: read.append(seal_read(seal)["name"]))
    monkeypatch.setattr(record, "changes", lambda *_compared: [])
    assert records_of([visit])[visit.pk]["signature"]["name"] == "Third"
    assert read == ["Third"]
    assert len(records([visit.pk])[visit.pk].signatures) == 3


def test_signing_anew_takes_nothing_off_what_changed_after_the_first_signature(
    company: Company,
) -> None:
    visit = working(company)
    run = [[clock.now().isoformat(), None, "work"]]

    def sign(report: str) -> Signature:
        report_set(actor=company.anna, visit_id=visit.pk, text=report)
        facts = {"report": report, "work": run}
        return signature_add(**signed(visit, company.anna, facts=facts))

    first, second = sign("Cleaned."), sign("Cleaned, and two hours more.")
    before, last = records([visit.pk])[visit.pk].signatures
    assert (before.row, last.row) == (first, second)
    assert [tuple(one) for one in before.changed] == [
        ("report", "Report", "Cleaned.", "Cleaned, and two hours more.")
    ]
    assert last.changed == []


def test_only_the_office_keeps_a_signature_on_another_visit_than_was_read(
    company: Company,
) -> None:
    visit = working(company)
    read = working(company, company.bert)
    for who in (company.anna, company.bert):
        with pytest.raises((Forbidden, NotFound)):
            signature_add(**signed(read, who) | {"visit_id": visit.pk}, read_as=read.pk)
    given = signed(read, company.manager) | {"visit_id": visit.pk}
    with pytest.raises(Invalid):
        signature_add(**given)
    assert signature_add(**given, read_as=read.pk).visit == visit


def test_a_picture_is_for_who_sees_the_order(company: Company) -> None:
    visit = working(company)
    row = signature_add(**signed(visit, company.anna))
    for who in (company.manager, company.anna):
        assert signature_image(actor=who, signature_id=row.pk).startswith(b"\x89PNG")
    for pk, who in ((row.pk, company.bert), (uuid4(), company.manager)):
        with pytest.raises(NotFound):
            signature_image(actor=who, signature_id=pk)


def full(company: Company) -> tuple[Visit, Signature, dict[str, Any]]:
    """A visit with everything on it, signed as it stands."""
    visit = working(company)
    tick, number = line(company), line(company, "number", unit="ppm")
    answer_set(actor=company.anna, visit_id=visit.pk, item_id=tick.pk, value=True)
    answer_set(actor=company.anna, visit_id=visit.pk, item_id=number.pk, value="9")
    part = part_set(
        actor=company.anna,
        visit_id=visit.pk,
        part_id=uuid4(),
        text="Valve",
        quantity="2",
        unit="pc",
    )
    report_set(actor=company.anna, visit_id=visit.pk, text="Cleaned.")
    data = picture()
    shot = uuid4()
    photo_announce(**announced(visit, data, company.anna, id=shot))
    now = clock.now()
    # As a phone writes it: its own notation of times and numbers, what is open is null.
    facts = {
        "work": [[(now + timedelta(seconds=40)).isoformat(), None, "work"]],
        "minutes": 0,
        "parts": [{"id": str(part.pk), "text": "Valve ", "quantity": "2.00", "unit": "pc"}],
        "checklist": [
            {"id": str(tick.pk), "text": "A tick", "value": True},
            {"id": str(number.pk), "text": "A number", "value": "9.0"},
        ],
        "report": "Cleaned.",
        "result": "done",
    }
    seal = seal_of(visit, facts=facts, photos=[sha256(data)])
    row = signature_add(**signed(visit, company.anna, seal=seal))
    return visit, row, {"tick": tick, "number": number, "part": part, "photo": shot}


def test_nothing_changed_is_told_as_nothing_however_the_phone_wrote_it(company: Company) -> None:
    visit, row, _things = full(company)
    assert told(row) == []
    company.act(company.anna, visit.order, "complete")
    assert told(row) == []  # what ran while they signed may end


def told(row: Signature) -> list[tuple[str, str, str, str]]:
    record = records([row.visit_id])[row.visit_id]
    assert record.signature == row
    return [tuple(one) for one in record.changed]  # type: ignore[misc]


@pytest.mark.wide
def test_every_change_after_signing_is_told_with_what_it_was(company: Company) -> None:
    visit, row, things = full(company)
    by: dict[str, Any] = {"actor": company.anna, "visit_id": visit.pk}
    answer_set(item_id=things["number"].pk, value="12", **by)
    assert told(row) == [("checklist", "A number", "9", "12")]
    answer_set(item_id=things["number"].pk, value="9", **by)
    assert told(row) == []
    answer_set(item_id=things["tick"].pk, value=None, **by)
    assert told(row) == [("checklist", "A tick", "yes", "")]
    answer_set(item_id=things["tick"].pk, value=True, **by)

    part_set(part_id=things["part"].pk, text="Valve", quantity="3", unit="pc", **by)
    assert told(row) == [("parts", "Parts", "2 pc Valve", "3 pc Valve")]
    part_remove(part_id=things["part"].pk, **by)
    assert told(row) == [("parts", "Parts", "2 pc Valve", "")]
    part_set(part_id=things["part"].pk, text="Valve", quantity="2", unit="pc", **by)
    more = part_set(part_id=uuid4(), text="Hose", quantity="1", **by)
    assert told(row) == [("parts", "Parts", "", "1 Hose")]
    part_remove(part_id=more.pk, **by)

    report_set(text="Cleaned and more.", **by)
    assert told(row) == [("report", "Report", "Cleaned.", "Cleaned and more.")]
    report_set(text="Cleaned.", **by)

    photo_announce(**announced(visit, picture(colour="blue"), company.anna))
    assert told(row) == [("photos", "Photos", "1 photo", "2 photos: 1 added, 0 taken off")]
    photo_remove(photo_id=things["photo"], **by)
    assert told(row) == [("photos", "Photos", "1 photo", "1 photo: 1 added, 1 taken off")]


def test_times_changed_after_signing_are_told(company: Company) -> None:
    visit, row, _things = full(company)
    company.act(company.anna, visit.order, "complete")
    entry = TimeEntry.objects.get(visit=visit, kind="work")
    TimeEntry.objects.filter(pk=entry.pk).update(start=entry.start - timedelta(hours=2))
    ((name, label, was, now),) = told(row)
    assert (name, label) == ("work", "Work")
    assert was
    assert was != now
    TimeEntry.objects.filter(pk=entry.pk).update(
        start=entry.start, end=row.signed_at + timedelta(hours=5)
    )
    assert [one[0] for one in told(row)] == ["work"]
    TimeEntry.objects.filter(pk=entry.pk).delete()
    assert [(one[0], one[3]) for one in told(row)] == [("work", "")]


@pytest.mark.wide
def test_times_of_another_day_are_told_with_their_day(company: Company) -> None:
    visit, row, _things = full(company)
    company.act(company.anna, visit.order, "complete")
    entry = TimeEntry.objects.get(visit=visit, kind="work")
    day = timedelta(days=1)
    end = row.signed_at - timedelta(minutes=5)
    moved = (end - day - timedelta(hours=1), end - day)
    TimeEntry.objects.filter(pk=entry.pk).update(start=moved[0], end=moved[1])
    (_was, (_name, _label, nothing, now)) = told(row)
    assert nothing == ""
    assert now.split()[0] == f"{moved[0].astimezone(company_zone()):%a}"


def test_another_result_after_signing_is_told(company: Company) -> None:
    visit, row, _things = full(company)
    company.act(company.manager, visit.order, "hand_back", note="Not done after all")
    assert told(row) == [("result", "Result", "Done", "Handed back")]


def test_facts_of_any_shape_are_compared_and_break_nothing(company: Company) -> None:
    visit = working(company)
    odd: list[Any] = [None, 7, "x", [], {}, [[]], [None], [{}],
                      [{"id": {}, "quantity": "1e999999"}],
                      [["x", "y", "z"]], [[None, None, None]], [["9999-99-99", 1, "work"]],
                      [["2026-01-01T00:00", None, "work"]], [{"quantity": "NaN", "value": [1]}],
                      {"a": 1}, True]  # fmt: skip
    for value in odd:
        facts = dict.fromkeys(("work", "parts", "checklist", "report", "result"), value)
        row = signature_add(**signed(visit, company.anna, facts=facts, photos=[value]))
        assert records([visit.pk])[visit.pk].signature == row


def test_a_seal_names_no_more_than_a_visit_has(company: Company) -> None:
    visit = working(company)
    part = {"id": "p", "text": "Forged", "quantity": "1", "unit": "pc"}
    most: dict[str, Any] = {"parts": [part] * 200, "checklist": [part] * 300, "report": "x" * 9000}
    for name in ("parts", "checklist"):
        given = {name: most[name], "report": most["report"]}
        signature_add(**signed(visit, company.anna, facts=given))
    kept = Signature.objects.count()
    forged: list[dict[str, Any]] = [
        {"parts": [part] * 201},
        {"checklist": [{}] * 301},
        {"work": [[]] * 201},
        {"report": "x" * 10_001},
        {"parts": [{"text": {"deep": ["x" * 10_001]}}]},
    ]
    for facts in forged:
        refused(visit, company, facts=facts)
    refused(visit, company, photos=["a" * 8] * 201)
    refused(visit, company, texts=[["Report", "x"]] * 1001)
    refused(visit, company, more=["x" * 9_000] * 15)
    assert Signature.objects.count() == kept


def refused(visit: Visit, company: Company, **said: Any) -> None:
    with pytest.raises(Invalid) as caught:
        signature_add(**signed(visit, company.anna, **said))
    assert "longer than a visit can be" in str(caught.value.fields)


def test_what_was_forged_by_the_hundred_is_shown_in_part_and_counted(company: Company) -> None:
    visit = working(company)
    parts = [{"id": str(n), "text": f"Part {n}", "quantity": "1", "unit": ""} for n in range(120)]
    signature_add(**signed(visit, company.anna, facts={"parts": parts}))
    changed = records([visit.pk])[visit.pk].changed
    assert len(changed) == MOST_CHANGES + 1
    assert changed[-1].now == f"{120 - MOST_CHANGES} differences more"


def test_a_tick_that_says_no_and_one_that_says_nothing_are_two(company: Company) -> None:
    visit = working(company)
    tick = line(company)
    by: dict[str, Any] = {"actor": company.anna, "visit_id": visit.pk, "item_id": tick.pk}
    answer_set(value=False, **by)
    facts = {
        "checklist": [{"id": str(tick.pk), "text": "A tick", "value": False}],
        "work": [[clock.now().isoformat(), None, "work"]],
    }
    row = signature_add(**signed(visit, company.anna, facts=facts))
    assert told(row) == []
    answer_set(value=None, **by)
    assert told(row) == [("checklist", "A tick", "no", "")]
    answer_set(value=True, **by)
    assert told(row) == [("checklist", "A tick", "no", "yes")]


def test_a_signature_counts_as_built_on_the_steps_before_it(company: Company) -> None:
    visit = working(company)
    before = clock.now() - timedelta(minutes=1)
    assert not signed_since(visit.pk, before).exists()
    signature_add(**signed(visit, company.anna))
    assert signed_since(visit.pk, before).exists()
    assert not signed_since(visit.pk, clock.now() + timedelta(minutes=1)).exists()


def test_what_the_customer_has_signed_is_not_undone_from_under_them(company: Company) -> None:
    visit = working(company)
    signature_add(**signed(visit, company.anna))
    for who in (company.anna, company.manager):
        with pytest.raises(Refused) as caught:
            company.act(who, visit.order, "undo")
        assert "signed" in caught.value.message
    company.act(company.anna, visit.order, "complete")
    company.act(company.anna, visit.order, "undo")  # what came after the signature may be


def test_half_a_character_in_a_seal_breaks_neither_page_nor_document(company: Company) -> None:
    visit = working(company)
    facts = {
        "report": "gut \ud83d",
        "parts": [{"id": "p", "text": "\ud83d", "quantity": "\ud83d", "unit": ""}],
        "checklist": [{"id": "i", "text": "\ud83d", "value": "\ud83d"}],
        "work": [["2026-01-01T08:00:00Z", "2026-01-01T09:00:00Z", "\ud83d"]],
    }
    # As JavaScript spells it: escaped in the seal, so that its bytes are good.
    image = drawn()
    seal = json.dumps(json.loads(seal_of(visit, image=image)) | {"facts": facts})
    signature_add(**signed(visit, company.anna, image, seal=seal))
    shown = records_of([visit])[visit.pk]["signature"]["changed"]
    assert len(shown) == 4
    assert b"gut ?" in orjson.dumps(shown)


def test_a_seal_that_nobody_could_unfold_is_refused(company: Company) -> None:
    visit = working(company)

    def deep(levels: int) -> Any:
        value: Any = "x"
        for _n in range(levels):
            value = [value]
        return value

    signature_add(**signed(visit, company.anna, photos=deep(7)))
    for levels in (8, 400):
        with pytest.raises(Invalid):
            signature_add(**signed(visit, company.anna, photos=deep(levels)))
