"""What a priority is called: everywhere as the company named it, and where it did not, in the
reader's own words."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from callout.accounts.models import User
from callout.accounts.zone import today
from callout.fieldwork.selectors.scope import own_work
from callout.fieldwork.selectors.visit_documents import visit_documents
from callout.orders import priorities
from callout.orders.models import Priority
from callout.orders.services import priority_update
from callout.planning.drafts.filling import draft_fill
from callout.planning.drafts.making import draft_auto_plan
from callout.workforce import services as workforce
from tests.orders.conftest import Company

HX = {"HX-Request": "true"}


@pytest.fixture
def french(company: Company, office: Client) -> Client:
    """The manager reads French, and everybody works."""
    User.objects.update(language="fr")
    for one in (company.anna, company.bert):
        assert one.technician_id
        workforce.working_week_set(
            actor=company.manager, technician_id=one.technician_id, valid_from="2020-01-01",
            days=[[["00:00", "24:00"]]] * 7,
        )  # fmt: skip
    return office


def named(company: Company, code: str, label: str) -> None:
    priority_update(actor=company.manager, code=code, values={"label": label})


def pages(company: Company, office: Client) -> Iterator[tuple[str, str]]:
    """Each place that says how urgent two orders are, one planned and one not."""
    planned = company.plan(company.order(priority="high"), company.anna, 2)
    new = company.order(priority="high")
    for path in (
        "/orders/?priority=high", "/orders/rows/", "/orders/kanban/", "/orders/kanban/team/",
        "/orders/filter/priority/?view=list", f"/orders/{planned.number}/",
        f"/orders/{new.number}/sheet/", f"/orders/{new.pk}/edit/", "/orders/new/",
        "/planning/", "/map/", "/map/table/", "/settings/priorities/",
    ):  # fmt: skip
        yield path, shown(office.get(path, headers=HX if "/rows/" in path else {}))
    boxes = f"{new.pk}:{new.version}"
    yield "chosen", shown(office.post("/orders/selected/priority/", {"order": boxes}, headers=HX))
    yield "csv", shown(office.post("/orders/export/"))
    draft = draft_auto_plan(actor=company.manager, order_ids=[new.pk], first=today(), days=5)
    draft_fill(draft.pk)
    yield "draft", shown(office.get(f"/planning/drafts/{draft.pk}/"))
    place = {"customer_id": company.customer.pk, "location": f"asset:{company.asset.pk}"}
    fields = {**place, "type_id": company.kind.pk, "priority": "high", "go": "next"}
    yield "step 2", shown(office.post("/orders/new/", fields, headers=HX))
    with translation.override("fr"):  # as the phone's request is answered
        yield "phone", str(visit_documents(company.anna, own_work(company.anna)))


def shown(answer: Any) -> str:
    assert answer.status_code == 200, answer
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    gc.collect()
    return bytes(body).decode()


def test_a_name_that_the_company_gave_stands_wherever_a_priority_is_written(
    company: Company, french: Client
) -> None:
    named(company, "high", "Wichtig!")
    for place, page in pages(company, french):
        assert "Wichtig!" in page, place
        assert "Haute" not in page, place


def test_a_priority_that_was_never_named_is_in_the_reader_s_words(
    company: Company, french: Client
) -> None:
    for place, page in pages(company, french):
        assert "Haute" in page, place
        assert "High" not in page, place


def test_home_and_the_figures_of_a_draft_say_what_urgent_is_called(
    company: Company, french: Client
) -> None:
    assert "Urgente, à planifier" in shown(french.get("/home/"))
    named(company, "urgent", "Rouge")
    assert "Rouge, à planifier" in shown(french.get("/home/"))
    assert "Rouge : assur" in shown(french.get("/map/"))


def test_names_are_read_once_for_many_pages_and_again_when_one_changes(
    company: Company, office: Client
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as run:
            for path in ("/orders/?priority=high", "/map/table/", "/planning/"):
                office.get(path)
        return len([q for q in run.captured_queries if "orders_priority" in q["sql"]])

    company.order(priority="high")
    assert asked() == 0
    named(company, "high", "Soon")
    assert asked() == 1
    assert "Soon" in shown(office.get("/orders/"))


def test_pages_that_were_shown_before_say_a_new_name_at_once(
    company: Company, office: Client
) -> None:
    company.order(priority="high")
    for name in ("Soon", "Sooner"):
        named(company, "high", name)
        for path in ("/orders/", "/orders/kanban/", "/map/table/", "/map/"):
            page = shown(office.get(f"{path}?priority=high"))
            head = page.split('class="co-filters"')[1].split("</form>")[0]
            assert f">{name}<" in head, path


def test_what_another_process_named_is_read_within_seconds(
    company: Company, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.order(priority="high")
    Priority.objects.filter(code="high").update(label="Soon")
    assert "Soon" not in shown(office.get("/orders/"))
    monkeypatch.setattr("callout.kernel.kept.TTL", 0.0)
    assert "Soon" in shown(office.get("/orders/"))


def test_a_new_company_named_none_of_them(company: Company) -> None:
    assert dict(Priority.objects.values_list("code", "label")) == priorities.UNNAMED
    priorities.KEPT.forget()
    with translation.override("de"):
        assert list(priorities.priority_labels()) == ["low", "normal", "high", "urgent"]
        assert priorities.priority_label("high") == "Hoch"
