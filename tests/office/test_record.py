"""The record of the work on the order's page, and the checklist of a type in the settings."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from callout.fieldwork.models import ChecklistItem, Signature, Upload
from callout.fieldwork.services.checklists import (
    answer_set,
    checklist_item_archive,
    checklist_item_update,
    checklist_reorder,
)
from callout.fieldwork.services.parts import part_set
from callout.fieldwork.services.photos import photo_announce
from callout.fieldwork.services.reports import report_set, unsigned_set
from callout.fieldwork.services.signing import signature_add
from callout.fieldwork.services.uploads import upload_part
from callout.fieldwork.tasks import upload_keep
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, Invalid, Refused
from callout.kernel.models import JournalEntry
from callout.orders.models import Visit
from callout.orders.selectors import order_detail
from tests.fieldwork.recording import announced, line, picture, sha256, signed, working
from tests.orders.conftest import Company

Browser = Callable[[Actor], Client]


def recorded(company: Company) -> Visit:
    """A visit with some of everything, signed."""
    visit = working(company)
    by: dict[str, Any] = {"actor": company.anna, "visit_id": visit.pk}
    number = line(company, "number", text="CO in the flue", unit="ppm")
    line(company, text="Valve tight?", required=True)
    answer_set(item_id=number.pk, value="9", **by)
    part_set(part_id=uuid4(), text="Ignition electrode", quantity="2", unit="pc", **by)
    report_set(text="Cleaned and tested.", **by)
    signature_add(**signed(visit, company.anna, name="Mevr. Peeters"))
    return visit


def tab(office: Client, visit: Visit) -> str:
    answer = office.get(f"/orders/{visit.order_id}/tab/record/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_page_shows_what_was_checked_used_written_and_signed(
    company: Company, office: Client
) -> None:
    visit = recorded(company)
    page = tab(office, visit)
    for words in ("CO in the flue", "9 ppm", "Valve tight?", "1/2", "2 pc", "Ignition electrode",
                  "Cleaned and tested.", "Mevr. Peeters",
                  Signature.objects.get().seal_sha256[:10]):  # fmt: skip
        assert words in page, words


def test_what_was_changed_after_signing_stands_on_the_page_and_on_its_visit(
    company: Company, office: Client
) -> None:
    visit = working(company)
    report_set(actor=company.anna, visit_id=visit.pk, text="Cleaned.")
    facts = {"report": "Cleaned.", "work": [[visit.order.received_at.isoformat(), None, "work"]]}
    signature_add(**signed(visit, company.anna, facts=facts))
    number = visit.order.number
    assert "changed after signing" not in office.get(f"/orders/{number}/").content.decode()
    report_set(actor=company.anna, visit_id=visit.pk, text="Cleaned, twice.")
    page = tab(office, visit)
    assert "Changed after signing" in page
    assert "<del>Cleaned.</del>" in page
    assert "<ins>Cleaned, twice.</ins>" in page
    assert "changed after signing" in office.get(f"/orders/{number}/").content.decode()


def test_who_signed_twice_and_what_was_changed_in_between_stands_on_the_page(
    company: Company, office: Client
) -> None:
    visit = working(company)
    work = [[visit.order.received_at.isoformat(), None, "work"]]
    for text in ("Cleaned.", "Cleaned, two hours more."):
        report_set(actor=company.anna, visit_id=visit.pk, text=text)
        signature_add(**signed(visit, company.anna, facts={"report": text, "work": work}))
    page = tab(office, visit)
    assert "Changed after Mevr. Peeters signed" in page
    assert "<del>Cleaned.</del>" in page
    for row in Signature.objects.all():
        assert row.seal_sha256[:10] in page
    whole = office.get(f"/orders/{visit.order.number}/").content.decode()
    assert "signed twice" in whole
    assert "changed after signing" not in whole


def test_a_tick_that_says_no_is_read_as_no_and_not_as_open(
    company: Company, office: Client
) -> None:
    visit = working(company)
    tick = line(company, text="Valve tight?", required=True)
    answer_set(actor=company.anna, visit_id=visit.pk, item_id=tick.pk, value=False)
    page = tab(office, visit)
    assert "1/1" in page
    assert "<b>no</b>" in page
    assert "required</em>" in page


def test_who_could_not_sign_and_why(company: Company, office: Client) -> None:
    visit = working(company)
    unsigned_set(actor=company.anna, visit_id=visit.pk, why="Nobody at home")
    assert "The customer could not sign: Nobody at home" in tab(office, visit)


def test_a_photo_is_still_on_the_phone_then_there_or_refused_in_words(
    company: Company, office: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    visit, data, bad = working(company), picture(), b"<html></html>"
    photo_announce(**announced(visit, data, company.anna, tag="before"))
    photo_announce(**announced(visit, bad, company.anna))
    page = tab(office, visit)
    assert page.count("still on the phone") == 2
    assert "Before" in page
    for sent in (data, bad):
        upload_part(actor=company.anna, sha256=sha256(sent), part=0, size=len(sent), data=sent)
    for upload in Upload.objects.all():
        upload_keep(upload.pk)
    page = tab(office, visit)
    assert "still on the phone" not in page
    assert "This picture cannot be read." in page
    assert '<img src="/orders/files/' in page


def test_the_signature_s_picture_is_served_to_who_sees_the_order(
    company: Company, office: Client, browser: Browser
) -> None:
    recorded(company)
    url = f"/orders/signatures/{Signature.objects.get().pk}/"
    for client in (office, browser(company.anna)):
        answer = client.get(url)
        assert answer.content.startswith(b"\x89PNG")
        assert answer["Content-Type"] == "image/png"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]
    theirs = browser(company.bert).get(url)
    missing = browser(company.bert).get(f"/orders/signatures/{uuid4()}/")
    assert theirs.status_code == missing.status_code == 404
    assert Client().get(url).status_code == 302


def test_the_page_costs_no_more_for_many_visits(
    company: Company, office: Client, django_assert_max_num_queries: Any
) -> None:
    visit = recorded(company)
    with django_assert_max_num_queries(11):
        office.get(f"/orders/{visit.order.number}/?tab=record")


# --- the checklist of a type ---------------------------------------------------------------------


def place(company: Company) -> str:
    return f"/settings/types/{company.kind.pk}/checklist/"


def test_lines_are_added_worded_moved_and_put_away(company: Company, office: Client) -> None:
    for text in ("First", "Second", "Third"):
        answer = office.post(f"{place(company)}new/", {"text": text, "kind": "tick"})
        assert answer.status_code == 302, answer.content
    first, second, third = ChecklistItem.objects.order_by("position")
    office.post(f"/settings/checklist/{third.pk}/move/up/")
    office.post(f"/settings/checklist/{first.pk}/move/up/")  # the first stays the first
    rows = ChecklistItem.objects.order_by("position")
    assert [row.text for row in rows] == ["First", "Third", "Second"]
    office.post(
        f"/settings/checklist/{first.pk}/", {"text": "Other", "required": "on", "version": "1"}
    )
    office.post(f"/settings/checklist/{second.pk}/archive/", {"version": "1"})
    page = office.get(place(company)).content.decode()
    assert "Other" in page
    assert "required" in page
    assert "Archived" in page
    office.post(f"/settings/checklist/{second.pk}/restore/", {"version": "2"})
    assert ChecklistItem.objects.filter(archived_at=None).count() == 3
    assert "checklist of 3 lines" in office.get("/settings/types/").content.decode()


@pytest.mark.wide
def test_after_a_button_the_keyboard_is_at_the_line(company: Company, office: Client) -> None:
    for text in ("First", "Second", "Third"):
        office.post(f"{place(company)}new/", {"text": text, "kind": "tick"})
    first, second, third = ChecklistItem.objects.order_by("position")
    assert "autofocus" not in office.get(place(company)).content.decode()

    def focused(address: str, **given: str) -> str:
        answer = office.post(f"/settings/checklist/{address}", given, follow=True)
        (tag,) = re.findall(r"<[^>]* autofocus[^>]*>", answer.content.decode())
        return str(tag)

    assert "Move Third up" in focused(f"{third.pk}/move/up/")
    assert "Move Third down" in focused(f"{third.pk}/move/up/")  # it is the first now
    words = {"text": "Other", "version": "1"}
    assert f"/settings/checklist/{first.pk}/" in focused(f"{first.pk}/", **words)
    shown = office.get(place(company)).content.decode()
    assert re.findall(r'name="next" value="([^"]*)"', shown) == [
        str(one.pk) for one in (first, second, first)
    ]
    gone = {"version": "2", "next": str(second.pk)}
    assert f"/settings/checklist/{second.pk}/" in focused(f"{first.pk}/archive/", **gone)
    assert f"/settings/checklist/{first.pk}/" in focused(f"{first.pk}/restore/", version="3")
    for row in ChecklistItem.objects.all():
        last = focused(f"{row.pk}/archive/", version=str(row.version), next=str(row.pk))
    assert 'id="lines"' in last  # none is left


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": "", "kind": "tick"}, "required"),
        ({"text": "x", "kind": "choice", "choices": "one"}, "Give it two choices or more."),
        ({"text": "x", "kind": "tick", "choices": "a\nb"}, "Only a choice has choices."),
        ({"text": "x", "kind": "tick", "low": "1"}, "Only a number has a range."),
        ({"text": "x", "kind": "text", "unit": "ppm"}, "Only a number has a unit."),
        ({"text": "x", "kind": "number", "low": "9", "high": "1"}, "below the lowest"),
        ({"text": "x", "kind": "number", "low": "nine"}, "Type a number."),
        ({"text": "x", "kind": "dance"}, "dance"),
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_line_is_told_beside_its_field_and_nothing_typed_is_lost(
    company: Company, office: Client, given: dict[str, str], words: str
) -> None:
    answer = office.post(f"{place(company)}new/", given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    for value in given.values():
        assert value.splitlines()[0] in page if value else True
    assert not ChecklistItem.objects.exists()


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("tick", set()), ("number", {"low", "high", "unit"}), ("choice", {"choices"})],
)  # fmt: skip
def test_a_line_s_form_asks_what_its_kind_takes(
    company: Company, office: Client, kind: str, shown: set[str]
) -> None:
    item = line(company, kind)
    page = office.get(f"/settings/checklist/{item.pk}/").content.decode()
    fields = {"low", "high", "unit", "choices", "kind"}
    assert {name for name in fields if f'name="{name}"' in page} == shown
    before = item.choices
    office.post(
        f"/settings/checklist/{item.pk}/",
        {"text": "Other", "choices": "good\nworn", "unit": "bar", "version": "1"},
    )
    item.refresh_from_db()
    assert item.text == "Other"
    assert item.choices == before
    assert item.unit == ("bar" if kind == "number" else "")


def test_two_at_once_on_one_line_one_is_told(company: Company, office: Client) -> None:
    item = line(company)
    for text, status in (("Mine", 302), ("Theirs", 422)):
        answer = office.post(f"/settings/checklist/{item.pk}/", {"text": text, "version": "1"})
        assert answer.status_code == status
    item.refresh_from_db()
    assert item.text == "Mine"


def test_the_kind_of_a_line_stays_and_what_is_archived_is_not_edited(company: Company) -> None:
    item = line(company)
    with pytest.raises(Invalid):
        checklist_item_update(actor=company.manager, item_id=item.pk, values={"kind": "photo"})
    checklist_item_archive(actor=company.manager, item_id=item.pk)
    with pytest.raises(Refused):
        checklist_item_update(actor=company.manager, item_id=item.pk, values={"text": "x"})


def test_an_order_of_lines_names_each_of_them_once(company: Company) -> None:
    one, two = line(company), line(company, "text")
    reorder = {"actor": company.manager, "type_id": company.kind.pk}
    for wrong in ([], [one.pk], [one.pk, one.pk], [one.pk, two.pk, uuid4()]):
        with pytest.raises(Refused):
            checklist_reorder(item_ids=wrong, **reorder)  # type: ignore[arg-type]
    checklist_reorder(item_ids=[two.pk, one.pk], **reorder)  # type: ignore[arg-type]
    assert list(ChecklistItem.objects.order_by("position")) == [two, one]


def test_a_checklist_has_a_hundred_lines_at_most(company: Company) -> None:
    ChecklistItem.objects.bulk_create(
        ChecklistItem(type=company.kind, position=n, text="x") for n in range(100)
    )
    with pytest.raises(Refused) as caught:
        line(company)
    assert caught.value.code == "too_many_items"


def test_a_technician_changes_no_checklist(company: Company, browser: Browser) -> None:
    item = line(company)
    client = browser(company.anna)
    before = JournalEntry.objects.count()
    for path in (
        place(company), f"{place(company)}new/", f"/settings/checklist/{item.pk}/",
        f"/settings/checklist/{item.pk}/move/up/", f"/settings/checklist/{item.pk}/archive/",
    ):  # fmt: skip
        assert client.post(path, {"text": "x", "kind": "tick", "version": "1"}).status_code in {
            403, 405,
        }  # fmt: skip
    for who in (company.anna, company.bert):
        with pytest.raises(Forbidden):
            checklist_item_archive(actor=who, item_id=item.pk)
    assert JournalEntry.objects.count() == before


def test_undo_says_on_the_page_that_the_customer_has_signed_since(company: Company) -> None:
    visit = working(company)
    manager, order = company.manager, visit.order_id
    assert order_detail(actor=manager, order=order).offers["undo"].open
    signature_add(**signed(visit, company.anna, name="Mevr. Peeters"))
    assert (
        order_detail(actor=manager, order=order).offers["undo"].why
        == "The customer has signed since."
    )
