"""The list as one's own: columns, saved filters, and the table given out as a file."""

import csv
import gc
import io
import re
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from callout.accounts.models import User
from callout.kernel.csv_out import BOM
from callout.kernel.models import JournalEntry
from callout.orders.models import OwnView, SavedFilter
from callout.orders.selectors import export
from callout.orders.services import filter_save
from callout.web.office import tables
from tests.office.conftest import Browser
from tests.orders.conftest import Company, actor_made

HX = {"HX-Request": "true"}


def table(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


def test_the_file_holds_all_rows_of_the_filter_in_its_order(
    company: Company, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "PAGE", 2)
    for priority in ("low", "urgent", "high", "normal", "urgent"):
        company.order(priority=priority)
    company.planned()

    answer = office.post("/orders/export/?stage=new&sort=priority")

    assert "attachment" in answer["Content-Disposition"]
    head, *lines = table(answer)
    assert head[0] == "Number"
    at = head.index("Priority")
    assert [line[at] for line in lines] == ["Urgent", "Urgent", "High", "Normal", "Low"]


def test_the_columns_are_those_of_the_list_and_no_cell_starts_a_formula(
    company: Company, office: Client
) -> None:
    order = company.order(description="=HYPERLINK(1)", customer_reference="+1")
    answer = office.post("/orders/export/?columns=title,reference,duration")
    assert table(answer) == [
        ["Number", "What is wrong", "Their reference", "Duration, minutes"],
        [f"SO-{order.number:06d}", "'=HYPERLINK(1)", "'+1", "90"],
    ]


def test_every_column_can_be_given_out(company: Company, office: Client) -> None:
    company.planned()
    from callout.orders.columns import COLUMNS

    head, line = table(office.post(f"/orders/export/?columns={','.join(COLUMNS)}"))
    assert len(head) == len(line) > len(COLUMNS)


def test_only_what_was_chosen_goes_out_and_the_journal_says_so(
    company: Company, office: Client
) -> None:
    company.order()
    two = company.order()
    answer = office.post("/orders/export/", {"order": f"{two.pk}:1"})
    assert [line[0] for line in table(answer)[1:]] == [f"SO-{two.number:06d}"]
    entry = JournalEntry.objects.get(entity="export")
    assert entry.actor_id == company.manager.user_id
    assert entry.facts["chosen"] == 1


def test_a_text_that_was_looked_for_stands_where_it_can_be_erased(
    company: Company, office: Client
) -> None:
    table(office.post("/orders/export/?q=Janssens"))
    entry = JournalEntry.objects.get(entity="export")
    assert "Janssens" in str(entry.personal)
    assert "Janssens" not in str(entry.facts)


def test_more_than_may_go_out_is_said_in_the_last_line(
    company: Company, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST", 1)
    company.order()
    company.order()
    lines = table(office.post("/orders/export/"))
    assert len(lines) == 3
    assert "Narrow the filter" in lines[-1][0]


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_manager": False}], ids=str)
def test_a_table_that_is_going_out_ends_where_its_reader_may_have_it_no_more(
    company: Company, office: Client, monkeypatch: pytest.MonkeyPatch, change: dict[str, bool]
) -> None:
    monkeypatch.setattr(tables, "ASKED_AGAIN", 2)
    for _number in range(3):
        company.order()
    assert len(table(office.post("/orders/export/"))) == 4
    going = office.post("/orders/export/")
    User.objects.filter(pk=str(company.manager.user_id)).update(is_technician=True, **change)
    head, line = table(going)
    assert "Number" in head
    assert "may not read on" in line[0]


def test_a_third_table_at_once_waits_for_its_turn(company: Company, office: Client) -> None:
    going = [office.post("/orders/export/") for _ in range(2)]
    assert office.post("/orders/export/", headers=HX).status_code == 429
    for answer in going:
        table(answer)
    table(office.post("/orders/export/"))


def test_an_answer_that_is_never_sent_keeps_no_turn(company: Company, office: Client) -> None:
    for _ in range(3):
        assert office.post("/orders/export/").status_code == 200
        gc.collect()


def test_a_french_reader_s_file_has_semicolons(company: Company, browser: Browser) -> None:
    User.objects.filter(pk=str(company.manager.user_id)).update(language="fr")
    answer: Any = browser(company.manager).post("/orders/export/")
    assert ";" in b"".join(answer.streaming_content).decode().splitlines()[0]


def test_the_columns_chosen_are_shown_until_they_are_reset(
    company: Company, office: Client
) -> None:
    company.order(customer_reference="PO 17")
    office.post("/orders/columns/set/", {"column": ["received", "customer", "reference"]})
    page = office.get("/orders/?stage=new").content.decode()
    assert "PO 17" in page
    assert "What is wrong" not in page
    rows = office.get("/orders/rows/?stage=new", headers=HX).content.decode()
    assert "PO 17" in rows

    heads = page.split("<thead>")[1].split("</thead>")[0]
    assert heads.index("Received") < heads.index("Customer") < heads.index("Their reference")
    menu = office.get("/orders/columns/").content.decode()
    assert menu.index('value="received"') < menu.index('value="customer"')
    assert menu.index('value="reference"') < menu.index('value="title"'), "those shown come first"

    office.post("/orders/columns/set/", {"reset": "1"})
    page = office.get("/orders/?stage=new").content.decode()
    assert "PO 17" not in page
    assert "What is wrong" in page


def test_an_address_with_columns_shows_them_to_anybody_and_keeps_them(
    company: Company, office: Client
) -> None:
    company.order(customer_reference="PO 17")
    page = office.get("/orders/?stage=new&columns=reference").content.decode()
    assert "PO 17" in page
    assert "columns=reference" in page.split('aria-label="Without Stage"')[0].rsplit("href=", 1)[1]
    assert not OwnView.objects.exists()


def test_a_filter_is_saved_listed_starred_and_opened_with(company: Company, office: Client) -> None:
    fields = {"name": "Urgent ones", "opens": "on", "shared": "on"}
    answer = office.post("/orders/filters/new/?stage=new&priority=urgent&view=kanban", fields)
    assert answer["Location"] == "/orders/kanban/?stage=new&priority=urgent"

    assert office.get("/orders/")["Location"] == "/orders/kanban/?stage=new&priority=urgent"
    assert office.get("/orders/?day=now").status_code == 200
    menu = office.get("/orders/filters/?stage=new", headers=HX).content.decode()
    assert "Urgent ones" in menu
    assert 'aria-pressed="true"' in menu

    office.post("/orders/filters/star/", {"filter": ""}, headers=HX)
    assert office.get("/orders/").status_code == 200


def test_the_button_names_the_filter_in_use(
    company: Company, office: Client, browser: Browser
) -> None:
    def button(query: str, client: Client = office) -> str:
        page = client.get(f"/orders/{query}").content.decode()
        shown = page.split('popovertarget="co-saved-menu"')[1].split("</button>")[0]
        return re.sub(r"<[^>]*>", "", shown.split(">", 1)[1])

    post = partial(office.post, "/orders/filters/new/?priority=urgent&stage=new")
    post({"name": "Urgent ones", "shared": "on"})
    assert "Saved filters: Urgent ones" in button("?stage=new&priority=urgent")
    assert "Urgent ones" in button("?stage=new&priority=urgent&columns=slot"), "with any columns"
    assert "Urgent ones" not in button("kanban/?stage=new&priority=urgent"), "another view"
    assert "Saved filters" in button("?stage=new")
    assert "Urgent ones" not in button("?stage=new")

    office.post("/orders/filters/new/?priority=urgent&stage=new&columns=slot",
                {"name": "With slots", "with_columns": "on"})  # fmt: skip
    assert "With slots" in button("?stage=new&priority=urgent&columns=slot")
    assert "Urgent ones" in button("?stage=new&priority=urgent&columns=title")
    marc = browser(actor_made("Marc", technician=False))
    assert "Urgent ones" in button("?stage=new&priority=urgent&columns=slot", marc), "not Els's own"


def test_a_shared_filter_is_another_s_to_open_and_not_to_change(
    company: Company, office: Client, browser: Browser
) -> None:
    office.post("/orders/filters/new/?stage=new", {"name": "Pile", "shared": "on"})
    row = SavedFilter.objects.get()
    marc = browser(actor_made("Marc", technician=False))
    menu = marc.get("/orders/filters/", headers=HX).content.decode()
    assert "Pile" in menu
    assert f"/orders/filters/{row.pk}/" not in menu
    for path in (f"/orders/filters/{row.pk}/", f"/orders/filters/{row.pk}/remove/"):
        assert marc.post(path, {"name": "x", "version": 1}).status_code == 404


def test_it_is_renamed_and_removed(company: Company, office: Client) -> None:
    office.post("/orders/filters/new/?stage=new", {"name": "Pile"})
    row = SavedFilter.objects.get()
    office.post(f"/orders/filters/{row.pk}/", {"name": "To plan", "version": row.version})
    row.refresh_from_db()
    assert row.name == "To plan"
    office.post(f"/orders/filters/{row.pk}/remove/", {"version": row.version})
    assert not SavedFilter.objects.exists()


@pytest.mark.wide
@pytest.mark.parametrize(
    "path",
    [
        "/orders/?late=true&town=Gent&columns=site,asset,received",
        "/orders/?absent=true&waiting=back",
        "/orders/kanban/?late=true&town=Gent",
        "/orders/kanban/team/?day=today",
        "/orders/filters/?stage=new",
        "/orders/columns/",
    ],
)
def test_each_page_takes_as_many_messages_for_many_rows_as_for_none(
    company: Company, office: Client, path: str
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as run:
            assert office.get(path).status_code == 200
        return len(run)

    cost()
    none = cost()
    for number in range(3):
        company.order()
        company.planned(hours=2 + number * 2)
        filter_save(actor=company.manager, name=f"Filter {number}", shared=True)
    assert cost() <= none + 1 <= 12  # rows are read where there are any
