"""Hours by hand on the order's page and on the technician's."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client

from callout.accounts.zone import local
from callout.kernel import clock, idempotency, taken_back
from callout.orders.models import ServiceOrder, TimeEntry
from tests.office.conftest import Browser
from tests.orders.conftest import Company, soon

HTMX = {"HX-Request": "true"}


def hours(begin: float = -3, finish: float = -2, **more: Any) -> dict[str, Any]:
    """The form as it is typed, on the company's clock."""
    start, until = local(soon(begin)), local(soon(finish))
    return {
        "kind": "work", "day": f"{start:%Y-%m-%d}", "start": f"{start:%H:%M}",
        "end": f"{until:%H:%M}", "note": "", **more,
    }  # fmt: skip


@pytest.fixture
def order(company: Company) -> ServiceOrder:
    return company.planned(hours=0, helper_ids=(company.bert.technician_id,))


def add(office: Client, order: ServiceOrder, **more: Any) -> Any:
    given = hours(**{"whose": f"{order.visit_id}:{order.technician_id}", **more})
    return office.post(f"/orders/{order.pk}/hours/?on=page&tab=time", given, headers=HTMX)


def test_hours_of_a_visit_are_added_corrected_and_taken_back(
    company: Company, office: Client, order: ServiceOrder
) -> None:
    asked = office.get(f"/orders/{order.pk}/hours/?on=page&tab=time", headers=HTMX)
    offered = asked.context["form"].fields["whose"].choices
    assert [words.split(" ·")[0] for _value, words in offered] == ["Anna", "Bert"]
    version = ServiceOrder.objects.get(pk=order.pk).version
    done = add(office, order, note="Second boiler")
    assert (done.status_code, done["HX-Trigger"]) == (200, "co:close")
    body = done.content.decode()
    assert "Second boiler" in body
    assert "entered by hand" in body
    row = TimeEntry.objects.get()
    assert (row.visit_id, row.start, row.end) == (order.visit_id, soon(-3), soon(-2))
    edit = f"/orders/hours/{row.pk}/?on=page&tab=time"
    form = office.get(edit, headers=HTMX).context["form"]
    typed = {name: form[name].value() for name in ("kind", "note", "version")}
    fixed = office.post(edit, hours(-3, -1) | typed, headers=HTMX)
    assert fixed.status_code == 200
    row.refresh_from_db()
    assert row.end == soon(-1)
    stale = office.post(edit, hours(-3, -2) | typed, headers=HTMX)
    assert stale.status_code == 422
    assert "What you typed is kept" in stale.content.decode()
    gone = office.post(
        f"/orders/hours/{row.pk}/remove/?on=page&tab=time", {"version": row.version}, headers=HTMX
    )
    assert (gone.status_code, TimeEntry.objects.count()) == (200, 0)
    assert ServiceOrder.objects.get(pk=order.pk).version == version  # no open form is stale


def test_hours_are_entered_for_whoever_is_chosen(
    company: Company, office: Client, order: ServiceOrder
) -> None:
    bert = company.bert.technician_id  # a helper: not the first of the list
    answer = add(office, order, whose=f"{order.visit_id}:{bert}")
    assert answer.status_code == 200
    assert TimeEntry.objects.get().technician_id == bert


def test_what_lost_a_deadlock_is_done_again_with_what_was_typed(
    company: Company, office: Client, order: ServiceOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, tries = taken_back.sheltered, []

    def lost(*args: Any, **how: Any) -> Any:
        tries.append(whole(*args, **how))
        if len(tries) == 1:
            raise OperationalError from psycopg.errors.DeadlockDetected()
        return tries[-1]

    monkeypatch.setattr(idempotency, "sheltered", lost)
    assert add(office, order).status_code == 200
    by_hand = f"/team/{order.technician_id}/times/new/"
    tries.clear()
    office.post(by_hand, hours(whose=""), headers=HTMX)
    assert len(tries) == 2
    assert TimeEntry.objects.count() == 2


def test_over_midnight_is_the_next_day(
    company: Company, office: Client, order: ServiceOrder
) -> None:
    day = local(clock.now() - timedelta(days=2))
    answer = add(office, order, day=f"{day:%Y-%m-%d}", start="22:30", end="01:15")
    assert answer.status_code == 200
    row = TimeEntry.objects.get()
    assert row.end is not None
    assert row.end - row.start == timedelta(hours=2, minutes=45)


def test_hours_over_others_are_kept_and_said(
    company: Company, office: Client, order: ServiceOrder
) -> None:
    add(office, order)
    again = add(office, order, kind="break")
    assert "count twice" in again.content.decode()
    assert TimeEntry.objects.count() == 2


def test_pressed_twice_with_one_key_it_is_one_entry(
    company: Company, office: Client, order: ServiceOrder
) -> None:
    for _press in range(2):
        assert add(office, order, idempotency_key="same").status_code == 200
    assert TimeEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "sleep"}, "kind"),
        ({"day": "soon"}, "day"),
        ({"day": "0001-01-01"}, "day"),
        ({"day": "2150-01-01"}, "end"),
        ({"start": ""}, "start"),
        ({"whose": "x"}, "whose"),
        ({"whose": ""}, "whose"),
        ({"note": "x" * 201}, "note"),
    ],
)
def test_what_cannot_be_stands_beside_its_field(
    company: Company, office: Client, order: ServiceOrder, wrong: dict[str, str], field: str
) -> None:
    answer = add(office, order, **wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not TimeEntry.objects.exists()


def test_the_technician_s_page_shows_the_week_and_takes_hours_without_an_order(
    company: Company, office: Client, order: ServiceOrder
) -> None:
    page = f"/team/{company.anna.technician_id}/"
    new = f"{page}times/new/"
    with clock.freeze(clock.now() + timedelta(minutes=5)):
        offered = office.get(new).context["form"].fields["whose"].choices
    assert [value for value, _words in offered] == ["", str(order.visit_id)]
    done = office.post(new, hours(kind="other", whose="", note="Warehouse"), follow=True)
    assert done.status_code == 200
    (day,) = done.context["times"].days
    assert [(one.label, one.order, one.note) for one in day.entries] == [("Other", "", "Warehouse")]
    row = TimeEntry.objects.get()
    edited = office.post(
        f"/times/{row.pk}/edit/", hours(kind="work", note="Depot", version=row.version), follow=True
    )
    assert "Depot" in edited.content.decode()
    row.refresh_from_db()
    office.post(f"/times/{row.pk}/remove/", {"version": row.version})
    assert not TimeEntry.objects.exists()


def test_another_week_is_a_link_away_and_a_wrong_one_is_this_week(
    company: Company, office: Client
) -> None:
    page = f"/team/{company.anna.technician_id}/"
    now = office.get(page).context
    before = office.get(now["week_before"].partition("#")[0]).context
    assert before["times"].last + timedelta(days=1) == now["times"].first
    assert before["week_after"] == f"{page}?week={now['times'].first:%Y-%m-%d}#hours"
    for wrong in ("x", "0001-01-01", "9999-12-31", "2026-02-30", "\x00"):
        assert office.get(page, {"week": wrong}).status_code == 200, wrong


def test_a_technician_and_nobody_have_no_form(
    company: Company, office: Client, browser: Browser, order: ServiceOrder
) -> None:
    add(office, order)
    row = TimeEntry.objects.get()
    for client in (browser(company.anna), Client(headers={"Origin": "http://testserver"})):
        for path in (
            f"/orders/{order.pk}/hours/", f"/orders/hours/{row.pk}/",
            f"/orders/hours/{row.pk}/remove/", f"/times/{row.pk}/edit/",
            f"/times/{row.pk}/remove/", f"/team/{company.anna.technician_id}/times/new/",
        ):  # fmt: skip
            assert client.post(path, hours(version=1)).status_code in (302, 403), path
    assert TimeEntry.objects.get().version == 1
