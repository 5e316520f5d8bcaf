"""State down: own visits of these days, whole, by revision; nothing of anybody else."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callout.accounts.models import User
from callout.accounts.selectors import actor_for_user
from callout.accounts.services import device_consent
from callout.customers.models import Customer
from callout.customers.services import customer_update, site_code_set, site_update
from callout.fieldwork.models import InboxCommand, LateReport
from callout.fieldwork.selectors.scope import own_work
from callout.fieldwork.selectors.visit_parts import FILES, NOTES, parts_read
from callout.fieldwork.sync.documents import MOST_DOCS, documents
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.models import Assignment, Attachment, Note, Visit
from callout.orders.services import attachment_add, note_add
from callout.workforce.models import Technician
from tests.fieldwork.conftest import Phone, phone_of, visit_of
from tests.orders.conftest import Company, soon

TYPES = Path(__file__).parents[2] / "frontend/src/technician/core/types.ts"
CANARY = "Kanarienvogel"


def docs_of(answer: dict[str, Any]) -> dict[str, Any]:
    return {doc["id"]: doc["body"] for doc in answer["docs"]}


def pulled(phone: Phone, **given: Any) -> dict[str, Any]:
    """Everything the phone should hold, fetched to the end; remembered as a phone does."""
    found: dict[str, Any] = {}
    for _round in range(20):
        answer = phone.sync(**given)
        found |= docs_of(answer)
        phone.known |= {doc["id"]: doc["rev"] for doc in answer["docs"]}
        for name in answer["gone"]:
            del phone.known[name]
        if not answer["more"]:
            return found
    raise AssertionError("it never ends")


def planned_ago(company: Company, hours: float, order: Any = None) -> Any:
    """An order that was planned for some hours ago."""
    order = order or company.order()
    with clock.freeze(clock.now() - timedelta(hours=hours + 1)):
        return company.plan(order)


def the_visit(phone: Phone, visit: Any) -> dict[str, Any]:
    doc: dict[str, Any] = docs_of(phone.sync(known={}))[f"visit:{visit}"]
    return doc


# --- the contract --------------------------------------------------------------------------------


def fields_of(interface: str) -> set[str]:
    """The names that a type of the phone's contract has on its first level."""
    text = re.sub(r"/\*\*.*?\*/|//[^\n]*", "", TYPES.read_text(), flags=re.DOTALL)
    body = text.split(f"interface {interface} {{", 1)[1]
    depth, names = 0, set()
    for line in body.splitlines():
        found = re.match(r"\s*(\w+)\??:", line)
        if depth == 0 and found:
            names.add(found[1])
        depth += line.count("{") - line.count("}")
        if depth < 0:
            return names
    raise AssertionError(interface)


def test_documents_have_the_shape_that_the_phone_knows(anna: Phone, company: Company) -> None:
    order = company.order(asset_id=company.asset.pk)
    company.act(company.manager, planned_ago(company, 3, order), "complete")
    visit = visit_of(company.plan(company.order(asset_id=company.asset.pk)))
    file = b"What is needed"
    attachment_add(
        actor=company.manager, order_id=Visit.objects.get(pk=visit).order_id,
        name="list.txt", data=file,
    )  # fmt: skip
    answers = anna.said(
        anna.command("depart", visit),
        anna.command("note", visit, body={"id": str(uuid4()), "text": "Gate is open"}),
        anna.command("part", visit, body={
            "id": str(uuid4()), "text": "Seal", "quantity": "2", "unit": "pc",
        }),
        anna.command("nonsense", visit),
    )  # fmt: skip
    assert [one["outcome"] for one in answers] == ["applied", "applied", "applied", "refused"]
    found = docs_of(anna.sync(known={}))
    me, doc = found["me"], found[f"visit:{visit}"]
    shapes = {
        "Me": me, "Lifecycle": me["lifecycle"], "LifecycleAction": me["lifecycle"]["actions"][0],
        "VisitDoc": doc, "FileDoc": doc["files"][0], "TimelineDoc": doc["timeline"][0],
        "PartDoc": doc["parts"][0], "Past": doc["assets"][0]["history"][0],
    }  # fmt: skip
    for name, shown in shapes.items():
        assert set(shown) == fields_of(name), name
    assert set(me["entries"][0]) == fields_of("Answer") | {"decided", "decided_note"}
    assert [one["text"] for one in doc["notes"]] == ["Gate is open"]
    assert (doc["notes"][0]["own"], doc["status"], doc["helper"]) == (True, "en_route", False)


def test_a_timeline_entry_names_the_command_that_made_it(
    anna: Phone, bert: Phone, company: Company
) -> None:
    order = company.planned(helper_ids=(company.bert.technician_id,))
    visit = visit_of(order)
    tap = anna.command("depart", visit)
    anna.said(tap)
    mine = [one["command"] for one in the_visit(anna, visit)["timeline"]]
    assert mine == ["", tap["id"]]
    theirs = [(one["command"], one["own"]) for one in the_visit(bert, visit)["timeline"]]
    assert theirs == [("", False), ("", False)]


# --- revisions -----------------------------------------------------------------------------------


def test_of_many_notes_the_newest_of_each_order_are_read_and_go_along(
    anna: Phone, company: Company
) -> None:
    orders = [company.planned(hours=hours) for hours in (1, 4)]
    now = clock.now()
    for order in orders:
        Note.objects.bulk_create(
            Note(order_id=order.pk, kind=kind, text=f"{kind} {n}", author_id=str(anna.user_id),
                 created_at=now - timedelta(minutes=n))
            for n in range(NOTES + 3) for kind in (Note.TECHNICIAN, Note.INTERNAL)
        )  # fmt: skip
    own = own_work(company.anna)
    kept = parts_read(company.anna, own).notes
    newest = [f"technician {n}" for n in range(NOTES)]
    assert {pk: [one.text for one in rows] for pk, rows in kept.items()} == {
        order.pk: newest for order in orders
    }
    shown = the_visit(anna, visit_of(orders[0]))["notes"]
    assert {one["text"] for one in shown} == set(newest)
    with CaptureQueriesContext(connection) as asked:
        parts_read(company.anna, own)
    assert any("ROW_NUMBER()" in one["sql"] and "note" in one["sql"] for one in asked)


def test_of_many_files_the_newest_of_each_order_are_read(anna: Phone, company: Company) -> None:
    orders = [company.planned(hours=hours) for hours in (1, 4)]
    now = clock.now()
    for order in orders:
        Attachment.objects.bulk_create(
            Attachment(order_id=order.pk, name=f"{n}", size=1, sha256="", sha256_sent="",
                       for_technician=True, created_at=now - timedelta(minutes=n))
            for n in range(FILES + 3)
        )  # fmt: skip
    kept = parts_read(company.anna, own_work(company.anna)).files
    newest = [f"{n}" for n in range(FILES)]
    assert {pk: [one.name for one in rows] for pk, rows in kept.items()} == {
        order.pk: newest for order in orders
    }


def test_what_the_phone_has_is_not_sent_again(anna: Phone, company: Company) -> None:
    visit = visit_of(company.planned())
    found = pulled(anna)
    assert set(found) == {"me", f"visit:{visit}"}
    answer = anna.sync()
    assert (answer["docs"], answer["gone"], answer["more"]) == ([], [], False)


def test_nothing_changes_by_the_passing_of_time(anna: Phone, company: Company) -> None:
    """Within a day; the site's code, which opens a day before, is none of these sites'."""
    company.planned(hours=1)
    midday = soon().replace(hour=10)
    with clock.freeze(midday):
        actor = on_phone(company.anna, anna)
        before = dict(documents(actor))
    for minutes in (1, 30, 200):
        with clock.freeze(midday + timedelta(minutes=minutes)):
            assert dict(documents(actor)) == before


def on_phone(actor: Actor, phone: Phone) -> Actor:
    from dataclasses import replace

    return replace(actor, door="technician", device_id=phone.row.pk)


CHANGES: dict[str, Any] = {
    "slot": lambda c, o, a: c.act(c.manager, o, "replan", start=soon(3)),
    "status": lambda c, o, a: a.said(a.command("depart", visit_of(o))),
    "note": lambda c, o, a: note_add(
        actor=c.manager, order_id=o.pk, text="Ring twice", kind=Note.TECHNICIAN
    ),
    "customer": lambda c, o, a: customer_update(
        actor=c.manager, customer_id=c.customer.pk, alert="Dog",
        version=Customer.objects.get(pk=c.customer.pk).version,
    ),
    "site": lambda c, o, a: site_update(
        actor=c.manager, site_id=c.site.pk, key_notes="At the bar", version=site_version(c)
    ),
    "file": lambda c, o, a: attachment_add(
        actor=c.manager, order_id=o.pk, name="a.txt", data=b"x"
    ),
    "seen": lambda c, o, a: a.said(a.command("see", visit_of(o))),
    "part": lambda c, o, a: a.said(
        a.command("part", visit_of(o), body={
            "id": str(uuid4()), "text": "Seal", "quantity": "1", "unit": "",
        })
    ),
}  # fmt: skip


def site_version(company: Company) -> int:
    company.site.refresh_from_db()
    return company.site.version


@pytest.mark.wide
@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_comes_down(anna: Phone, company: Company, what: str) -> None:
    order = company.planned()
    pulled(anna)
    assert CHANGES[what](company, order, anna) is not False
    assert set(docs_of(anna.sync())) == {f"visit:{visit_of(order)}"}


def test_what_is_taken_away_is_gone(anna: Phone, company: Company) -> None:
    order = company.planned()
    visit = visit_of(order)
    pulled(anna)
    company.act(company.manager, order, "replan", technician_id=company.bert.technician_id)
    answer = anna.sync()
    assert answer["gone"] == [f"visit:{visit}"]
    # It is told in a notice as soon as the journal's follower has run; nothing else comes.
    assert set(docs_of(answer)) <= {"me"}
    assert anna.sync(known={"visit:nonsense": "", "me2": ""})["gone"] == ["me2", "visit:nonsense"]


@pytest.mark.wide
def test_an_answer_has_a_bounded_size_and_says_that_there_is_more(
    anna: Phone, company: Company
) -> None:
    for n in range(MOST_DOCS + 3):
        company.planned(hours=2 * n + 1)
    first = anna.sync()
    assert (len(first["docs"]), first["more"]) == (MOST_DOCS, True)
    assert first["docs"][0]["id"] == "me"
    starts = [doc["body"]["slot"]["start"] for doc in first["docs"][1:]]
    assert starts == sorted(starts), "the nearest first"
    assert len(pulled(anna)) == MOST_DOCS + 4
    long = "x" * 9_000
    for order in Visit.objects.values_list("order_id", flat=True)[:12]:
        for _n in range(4):
            note_add(actor=company.manager, order_id=order, text=long, kind=Note.TECHNICIAN)
    second = anna.sync()
    assert second["more"]
    assert len(json.dumps(second)) < 300_000


@pytest.mark.wide
def test_the_number_of_queries_does_not_grow(anna: Phone, company: Company) -> None:
    def asked() -> int:
        list(documents(on_phone(company.anna, anna)))  # the company's row is remembered for a while
        with CaptureQueriesContext(connection) as found:
            list(documents(on_phone(company.anna, anna)))
        return len(found)

    def worked(hours: float) -> None:
        order = company.plan(company.order(asset_id=company.asset.pk), hours=hours)
        anna.said(
            anna.command("note", visit_of(order), body={"id": str(uuid4()), "text": "Gate"}),
        )

    worked(1)
    few = asked()
    for n in range(12):
        worked(3 + 2 * n)
    assert asked() == few
    assert few < 40


# --- scope ---------------------------------------------------------------------------------------


def held(phone: Phone) -> set[str]:
    return {name.removeprefix("visit:") for name in docs_of(phone.sync(known={}))} - {"me"}


def test_from_two_days_back_to_seven_ahead_and_what_is_open(anna: Phone, company: Company) -> None:
    hours = {"open": -24 * 20, "recent": -24, "next": 24 * 6, "far": 24 * 9}
    orders = {
        name: planned_ago(company, -after) if after < 0 else company.planned(hours=after)
        for name, after in hours.items()
    }
    old = planned_ago(company, 24 * 20 + 2)
    company.act(company.manager, old, "complete")
    recent = visit_of(orders["recent"])
    company.act(company.manager, orders["recent"], "complete")
    wanted = {str(visit_of(orders[name])) for name in ("open", "next")} | {str(recent)}
    assert held(anna) == wanted


def test_an_old_visit_with_an_entry_that_waits_stays(anna: Phone, company: Company) -> None:
    old = planned_ago(company, 24 * 20)
    visit = visit_of(old)
    company.act(company.manager, old, "complete")
    assert held(anna) == set()
    anna.said(anna.command("see", visit))
    InboxCommand.objects.update(outcome="held")
    actor = on_phone(company.anna, anna)
    assert f"visit:{visit}" in dict(documents(actor))


def test_helpers_hold_it_too(bert: Phone, company: Company) -> None:
    order = company.planned(helper_ids=(company.bert.technician_id,))
    doc = the_visit(bert, visit_of(order))
    assert (doc["helper"], doc["team"]) == (True, ["Anna"])


def test_nothing_of_anybody_else(anna: Phone, bert: Phone, company: Company) -> None:
    """Texts of another's order, of the office, and of a plan for another on the same order."""
    theirs = company.plan(company.order(description=f"{CANARY} order"), company.bert)
    note_add(actor=company.manager, order_id=theirs.pk, text=f"{CANARY} note", kind="technician")
    ours = company.planned()
    for kind in (Note.INTERNAL, Note.CALL):
        note_add(actor=company.manager, order_id=ours.pk, text=f"{CANARY} {kind}", kind=kind)
    hidden = attachment_add(
        actor=company.manager, order_id=ours.pk, name=f"{CANARY}.txt", data=b"internal"
    )
    type(hidden).objects.filter(pk=hidden.pk).update(for_technician=False)
    site_code_set(
        actor=company.manager,
        site_id=company.site.pk,
        code=f"{CANARY}1",
        version=site_version(company),
    )
    Technician.objects.filter(name="Bert").update(name=CANARY)
    company.act(
        company.manager, ours, "plan_another", technician_id=company.bert.technician_id,
        start=soon(30), duration_minutes=60,
    )  # fmt: skip
    text = json.dumps(anna.sync(known={}))
    assert CANARY not in text
    assert CANARY in json.dumps(bert.sync(known={})), "and they are there for who may see them"


def test_the_code_is_never_in_a_document(anna: Phone, company: Company) -> None:
    order = company.planned()
    site_code_set(
        actor=company.manager, site_id=company.site.pk, code="4711#", version=site_version(company)
    )
    doc = the_visit(anna, visit_of(order))
    assert (doc["site"]["code"], "4711" in json.dumps(doc)) == ("open", False)
    answer = anna.post(f"code/{visit_of(order)}")
    assert answer.json() == {"callout": 1, "code": "4711#"}


def test_the_code_is_for_who_goes_there(anna: Phone, bert: Phone, company: Company) -> None:
    order = company.planned()
    site_code_set(
        actor=company.manager, site_id=company.site.pk, code="4711#", version=site_version(company)
    )
    foreign, missing = bert.post(f"code/{visit_of(order)}"), bert.post(f"code/{uuid4()}")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


# --- me ------------------------------------------------------------------------------------------


def test_me_says_what_became_of_entries(anna: Phone, company: Company) -> None:
    order = company.planned()
    visit = visit_of(order)
    company.act(company.manager, order, "unplan")
    command = anna.command("note", visit, body={"id": str(uuid4()), "text": "Done"})
    anna.said(command)
    (entry,) = docs_of(anna.sync(known={}))["me"]["entries"]
    assert (entry["id"], entry["outcome"], entry["code"]) == (
        command["id"], "late", "visit_unplanned",
    )  # fmt: skip
    assert (entry["decided"], entry["decided_note"]) == ("", "")
    LateReport.objects.update(
        decided_at=clock.now(), decided_by=company.manager.user_id, decision="note", note="Thanks"
    )
    (entry,) = docs_of(anna.sync(known={}))["me"]["entries"]
    assert (entry["decided"], entry["decided_note"]) == ("note", "Thanks")


def test_what_another_phone_of_theirs_sent_is_told_on_this_one_too_but_nobody_else_s(
    anna: Phone, bert: Phone, company: Company
) -> None:
    order = company.planned()
    visit = visit_of(order)
    company.act(company.manager, order, "unplan")
    command = anna.command("note", visit, body={"id": str(uuid4()), "text": "Done"})
    anna.said(command)
    again = phone_of(company.anna)
    (entry,) = docs_of(again.sync(known={}))["me"]["entries"]
    assert entry["id"] == command["id"]
    assert docs_of(bert.sync(known={}))["me"]["entries"] == []


def test_a_colleague_s_photo_of_the_same_visit_is_known_by_its_hash_for_the_seal(
    anna: Phone, bert: Phone, company: Company
) -> None:
    order = company.planned(company.anna, helper_ids=(company.bert.technician_id,))
    visit = visit_of(order)
    photo = {
        "id": str(uuid4()), "file": "ab" * 32, "size": 10, "name": "a.jpg", "type": "image/jpeg",
        "tag": "after",
    }  # fmt: skip
    (answer,) = bert.said(bert.command("photo", visit, body=photo))
    assert answer["outcome"] == "applied", answer
    (file,) = docs_of(anna.sync(known={}))[f"visit:{visit}"]["files"]
    assert (file["sha256"], file["own"]) == ("ab" * 32, False)


def test_me_says_who_and_what_they_allow(anna: Phone, company: Company) -> None:
    User.objects.filter(pk=anna.user_id).update(is_manager=True)
    device_consent(actor=on_phone(company.anna, anna), position=True)
    me = docs_of(anna.sync(known={}))["me"]
    assert (me["device"], me["office"]) == (anna.device_id, True)
    assert me["position"] == {"consent": True, "days": 60}
    assert me["technician"]["id"] == str(company.anna.technician_id)
    assert len(me["hours"]) == 9
    assert set(me["reasons"]) == {"cancel", "hand_back", "absent"}
    assert actor_for_user(User.objects.get(pk=anna.user_id), "office").is_manager


def test_seen_is_of_the_plan_as_it_stands(anna: Phone, company: Company) -> None:
    order = company.planned()
    visit = visit_of(order)
    assert the_visit(anna, visit)["seen"] is False
    anna.said(anna.command("see", visit))
    assert the_visit(anna, visit)["seen"] is True
    company.act(company.manager, order, "replan", start=soon(4))
    assert the_visit(anna, visit)["seen"] is False
    assert Assignment.objects.count() == 1


def test_files_of_own_work_alone_are_given_out(anna: Phone, bert: Phone, company: Company) -> None:
    order = company.planned()
    row = attachment_add(actor=company.manager, order_id=order.pk, name="a.txt", data=b"plan")
    hidden = attachment_add(actor=company.manager, order_id=order.pk, name="b.txt", data=b"x")
    type(hidden).objects.filter(pk=hidden.pk).update(for_technician=False)
    (file,) = the_visit(anna, visit_of(order))["files"]
    assert (file["url"], file["thumb"]) == (f"/files/technician/{row.pk}", "")
    answer = anna.client.get(file["url"])
    assert answer.status_code == 200
    assert answer["X-Callout-File"].endswith(row.sha256)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    none = bert.client.get(f"/files/technician/{uuid4()}")
    for one in (row, hidden):
        foreign = bert.client.get(f"/files/technician/{one.pk}")
        assert (foreign.status_code, foreign.content) == (404, none.content)
    assert anna.client.get(f"/files/technician/{hidden.pk}").status_code == 404
    assert anna.client.get(f"/files/technician/{row.pk}/thumb").status_code == 404


def test_a_photo_has_a_small_picture_made_once(anna: Phone, company: Company) -> None:
    import io

    from PIL import Image

    order = company.planned()
    data = io.BytesIO()
    Image.new("RGB", (1200, 800), "red").save(data, "JPEG")
    row = attachment_add(
        actor=company.manager, order_id=order.pk, name="a.jpg", data=data.getvalue()
    )
    path = f"/files/technician/{row.pk}/thumb"
    kept = Path(anna.client.get(path)["X-Callout-File"])
    with Image.open(kept) as picture:
        assert picture.size == (320, 213)
    before = kept.stat().st_mtime_ns
    assert anna.client.get(path)["X-Callout-File"] == str(kept)
    assert kept.stat().st_mtime_ns == before
