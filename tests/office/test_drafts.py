"""The pages of drafts: asked for, looked at while made, applied as ticked, undone."""

import re
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callout.accounts.services import company_update
from callout.accounts.zone import at, today
from callout.kernel.actor import Actor
from callout.orders.models import ServiceOrder
from callout.orders.selectors.when import When
from callout.orders.services import visit_promise
from callout.planning.drafts.filling import draft_fill
from callout.planning.drafts.making import draft_auto_plan
from callout.planning.models import PlanDraft, PlanMove
from callout.web.office.planning.draft_shown import draft_span
from callout.workforce import services as workforce
from callout.workforce.models import Absence
from tests.office.conftest import Browser
from tests.orders.conftest import Company

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def tomorrow() -> dict[str, str]:
    """The days of a form."""
    return dict.fromkeys(("first", "last"), f"{today() + DAY:%Y-%m-%d}")


@pytest.fixture(autouse=True)
def at_work(company: Company) -> None:
    for one in (company.anna, company.bert):
        assert one.technician_id
        workforce.working_week_set(
            actor=company.manager, technician_id=one.technician_id, valid_from=today() - 400 * DAY,
            days=[[["08:00", "17:00"]]] * 7,
        )  # fmt: skip


def posted(client: Client, name: str, data: dict[str, Any], *args: Any, query: str = "") -> Any:
    return client.post(reverse(f"office:{name}", args=args) + query, data, follow=True)


def made(client: Client, **fields: Any) -> PlanDraft:
    """Asked for on its page, and worked out."""
    given = {"first": tomorrow()["first"], "days": 2} | fields
    answer = posted(client, "plan_auto", given)
    draft = PlanDraft.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("office:plan_draft", args=[draft.pk])
    draft_fill(draft.pk)
    return draft


def page_of(client: Client, draft: PlanDraft) -> str:
    return str(client.get(reverse("office:plan_draft", args=[draft.pk])).content.decode())


def ids(draft: PlanDraft) -> list[UUID]:
    return list(draft.moves.order_by("position").values_list("pk", flat=True))


def words(answer: Any) -> str:
    toasts = re.search(r'id="co-toasts".*?</body>', answer.content.decode(), re.S)
    return toasts[0] if toasts else ""


def test_the_pile_is_asked_for_looked_at_applied_as_ticked_and_undone(
    company: Company, office: Client
) -> None:
    for _ in range(3):
        company.order()
    draft = made(office)
    shown = page_of(office, draft)
    assert shown.count('name="move"') == 3
    assert "Apply for " in shown
    first, *_others = ids(draft)
    posted(office, "plan_draft_apply", {"move": [first]}, draft.pk)
    assert ServiceOrder.objects.filter(stage="planned").count() == 1
    assert page_of(office, draft).count('name="move"') == 2
    answer = posted(office, "plan_draft_undo", {}, draft.pk)
    assert "all is as it was before" in words(answer)
    assert ServiceOrder.objects.filter(stage="new").count() == 3


def test_the_orders_chosen_come_along_and_only_they_are_planned(
    company: Company, office: Client
) -> None:
    chosen, _other = company.order(), company.order()
    address = f"{reverse('office:plan_auto')}?order={chosen.pk}&order=nonsense"
    asked = office.get(address).content.decode()
    assert "1 order is chosen" in asked
    assert asked.count('name="order"') == 1
    draft = made(office, order=[str(chosen.pk)])
    assert list(draft.moves.values_list("order", flat=True)) == [chosen.pk]


def test_what_is_wrong_stands_in_the_form(company: Company, office: Client) -> None:
    given = {"first": "2020-01-01", "days": 2}
    company.order()
    for fields, told in (
        ({}, "This day is past"),
        ({"first": "nonsense"}, "Enter a valid date"),
        ({"first": tomorrow()["first"], "days": 15}, "14 days at most"),
    ):
        answer = posted(office, "plan_auto", given | fields)
        assert answer.status_code == 422
        assert told in answer.content.decode()
    ServiceOrder.objects.get()
    company.act(company.manager, ServiceOrder.objects.get(), "cancel", note="x")
    answer = posted(office, "plan_auto", given | {"first": tomorrow()["first"]})
    assert "Nothing waits to be planned" in answer.content.decode()
    assert not PlanDraft.objects.exists()


@pytest.mark.wide
def test_while_it_is_made_the_page_says_how_far_it_is_and_stops_it(
    company: Company, office: Client
) -> None:
    company.order()
    posted(office, "plan_auto", {"first": tomorrow()["first"], "days": 2})
    draft = PlanDraft.objects.get()
    assert '<progress max="1" value="0"' in page_of(office, draft)
    progress = reverse("office:plan_draft_progress", args=[draft.pk])
    assert b"every 1s" in office.get(progress).content
    posted(office, "plan_draft_stop", {}, draft.pk)
    assert b"every 1s" in office.get(progress).content  # until the worker has written it down
    draft_fill(draft.pk)
    assert office.get(progress).headers["HX-Trigger"] == "live"
    assert "Apply what is ticked" in page_of(office, draft)
    answer = posted(office, "plan_draft_stop", {}, draft.pk)
    assert "finished already" in words(answer)


@pytest.mark.wide
def test_a_technician_s_part_is_applied_by_their_button(company: Company, office: Client) -> None:
    for _ in range(4):
        company.order(duration_minutes=240)
    draft = made(office, days=1)
    anna = company.anna.technician_id
    posted(office, "plan_draft_apply", {"move": ids(draft), "technician": anna}, draft.pk)
    assert set(
        ServiceOrder.objects.filter(stage="planned").values_list("technician", flat=True)
    ) == {anna}
    posted(office, "plan_draft_drop", {}, draft.pk)
    assert set(draft.moves.values_list("state", flat=True)) == {"applied", "dropped"}


def leaving_its_promise(company: Company) -> PlanDraft:
    """A draft of one visit that was promised for nine, and would begin later."""
    begin = at(today() + DAY, time(9))
    order = company.planned(start=begin)
    visit_promise(
        actor=company.manager, order_id=order.pk, visit_id=order.visit_id,
        promise_from=begin, promise_to=begin,
    )  # fmt: skip
    company.planned(company.bert, start=at(today() + DAY, time(8)), duration_minutes=240)
    assert company.bert.technician_id
    draft = draft_auto_plan(
        actor=company.manager, first=today() + DAY, order_ids=[order.pk], replan=True,
        technician_ids=[company.bert.technician_id],
    )  # fmt: skip
    draft_fill(draft.pk)
    return draft


@pytest.mark.wide
def test_a_promise_that_would_be_left_is_asked_about_and_not_ticked(
    company: Company, office: Client
) -> None:
    draft = leaving_its_promise(company)
    page = page_of(office, draft)
    assert "1 visit would leave what was promised" in page
    assert f'value="{ids(draft)[0]}" aria-label' in page, "not ticked"
    assert "Arrival was promised" in page

    answer = posted(office, "plan_draft_apply", {"move": ids(draft)}, draft.pk)
    assert "leaves what was promised" in words(answer)
    sent = {"move": ids(draft), "promise": "call"}
    assert "Applied." in words(posted(office, "plan_draft_apply", sent, draft.pk))
    assert "would leave" not in page_of(office, draft)


def test_nothing_ticked_and_what_is_refused_are_told(company: Company, office: Client) -> None:
    order = company.order()
    draft = made(office)
    assert "Tick what is to be applied" in words(posted(office, "plan_draft_apply", {}, draft.pk))
    company.act(company.manager, order, "cancel", note="Solved")
    answer = posted(office, "plan_draft_apply", {"move": ids(draft)}, draft.pk)
    assert "1 could not be" in words(answer)
    assert "It was changed meanwhile." in answer.content.decode()


@pytest.mark.wide
def test_an_earlier_refusal_is_not_told_of_what_is_done_later(
    company: Company, office: Client
) -> None:
    order, other = company.order(), company.order()
    draft = made(office)
    company.act(company.manager, order, "cancel", note="Solved")
    gone, left = (draft.moves.get(order=one).pk for one in (order, other))
    assert "1 could not be" in words(posted(office, "plan_draft_apply", {"move": gone}, draft.pk))
    for name, fields in (
        ("plan_draft_apply", {"move": left}), ("plan_draft_undo", {}),
    ):  # fmt: skip
        told = words(posted(office, name, fields, draft.pk))
        assert "could not be" not in told
    assert "Undone: all is as it was before." in told


@pytest.mark.wide
def test_what_cannot_be_undone_is_told_and_not_all_said_to_be_as_before(
    company: Company, office: Client
) -> None:
    order, _other = company.order(), company.order()
    draft = made(office)
    posted(office, "plan_draft_apply", {"move": ids(draft)}, draft.pk)
    company.act(company.manager, order, "extend", duration_minutes=30)
    told = words(posted(office, "plan_draft_undo", {}, draft.pk))
    assert "Undone. 1 could not be" in told


@pytest.mark.wide
def test_a_promise_is_made_anew_at_its_visit(company: Company, office: Client) -> None:
    draft = leaving_its_promise(company)
    (move,) = draft.moves.all()
    assert move.to_start is not None
    page = page_of(office, draft)
    given: dict[str, Any] = {"move": [move.pk], "anew": [move.pk]}
    for name in ("day", "begin", "until"):
        found = re.search(rf'name="{move.pk}-{name}" value="([^"]+)"', page)
        assert found
        given[f"{move.pk}-{name}"] = found[1]
    nothing = posted(office, "plan_draft_apply", given | {f"{move.pk}-until": ""}, draft.pk)
    assert "Say from when to when" in words(nothing)
    assert "Applied." in words(posted(office, "plan_draft_apply", given, draft.pk))
    visit = move.order.visits.get()
    assert visit.promise_from is not None
    assert visit.promise_to is not None
    assert visit.promise_from <= move.to_start == visit.start <= visit.promise_to
    assert "promise kept" in page_of(office, draft)
    posted(office, "plan_draft_undo", {}, draft.pk)
    visit.refresh_from_db()
    assert visit.promise_from == visit.promise_to == move.from_start


def test_a_draft_s_first_day_is_the_one_asked_for_east_of_greenwich_too(
    company: Company, office: Client
) -> None:
    company.order()
    draft = made(office)
    company_update(actor=Actor.system("test"), time_zone="Pacific/Auckland")
    first = date.fromisoformat(draft.parameters["first"])
    assert draft_span(draft, When()).endswith(f"{first:%a} {first.day} {first:%b}")


def test_an_absence_leads_to_proposals_for_its_visits(company: Company, office: Client) -> None:
    anna = company.anna.technician_id
    order = company.planned(start=at(today() + DAY, time(9)))
    visit_promise(
        actor=company.manager, order_id=order.pk, visit_id=order.visit_id,
        promise_from=at(today() + DAY, time(9)), promise_to=at(today() + DAY, time(10)),
    )  # fmt: skip
    entered = office.post(
        reverse("office:absence_new", args=[anna]), {"kind": "sickness", **tomorrow()}, follow=True
    )
    away = Absence.objects.get()
    wizard = f"{reverse('office:plan_absence')}?absence={away.pk}"
    assert entered.content.decode().count(f'href="{wizard}"') == 2  # in the toast and in its row
    assert str(order.number) in office.get(wizard).content.decode()
    office.post(wizard, {})
    draft = PlanDraft.objects.get()
    draft_fill(draft.pk)
    shown = page_of(office, draft)
    assert "promise kept" in shown
    assert "Gives work away" in shown
    posted(office, "plan_draft_apply", {"move": ids(draft)}, draft.pk)
    order.refresh_from_db()
    assert order.technician_id == company.bert.technician_id


def test_auto_plan_begins_with_the_days_that_the_address_names(office: Client) -> None:
    day = f"{today() + 3 * DAY:%Y-%m-%d}"
    form = office.get(reverse("office:plan_auto") + f"?first={day}&days=3").content.decode()
    assert re.search(rf'name="first" value="{day}"', form)
    assert re.search(r'name="days" value="3"', form)
    # Nonsense is a form to be filled in, and is refused as such when it is sent.
    assert office.get(reverse("office:plan_auto") + "?first=nonsense&days=x").status_code == 200


def test_nobody_is_made_absent_by_being_first_in_the_list(office: Client) -> None:
    given = tomorrow() | {"technician_id": "", "kind": "sickness"}
    answer = posted(office, "plan_absence", given)
    assert answer.status_code == 422
    assert not Absence.objects.exists()
    assert re.search(
        r'<option value="" selected', office.get("/planning/absence/").content.decode()
    )


@pytest.mark.wide
def test_the_wizard_enters_the_absence_with_it(company: Company, office: Client) -> None:
    anna = company.anna.technician_id
    address = f"{reverse('office:plan_absence')}?technician={anna}"
    assert f'value="{anna}" selected' in office.get(address).content.decode()
    given = {"technician_id": anna, "kind": "sickness", **tomorrow()}
    answer = office.post(address, given, follow=True)
    assert "No planned visit lies in it" in words(answer)
    assert (Absence.objects.count(), PlanDraft.objects.count()) == (1, 0)
    Absence.objects.all().delete()
    company.planned(start=at(today() + DAY, time(9)))
    answer = office.post(address, given, follow=True)
    draft = PlanDraft.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("office:plan_draft", args=[draft.pk])
    missing = f"{reverse('office:plan_absence')}?technician={UUID(int=5)}"
    assert office.get(missing).status_code == 404


def test_the_list_says_how_each_stands(company: Company, office: Client) -> None:
    company.order()
    draft = made(office)
    shown = office.get(reverse("office:plan_drafts")).content.decode()
    assert "1 proposed" in shown
    assert reverse("office:plan_draft", args=[draft.pk]) in shown


def test_a_technician_sees_none_of_it(company: Company, browser: Browser, office: Client) -> None:
    company.order()
    draft = made(office)
    anna = browser(company.anna)
    for name, args in (("plan_drafts", []), ("plan_draft", [draft.pk]), ("plan_auto", [])):
        assert anna.get(reverse(f"office:{name}", args=args)).status_code == 403
    move = {"move": ids(draft)}
    assert anna.post(reverse("office:plan_draft_apply", args=[draft.pk]), move).status_code == 403
    assert PlanMove.objects.get().state == "proposed"


@pytest.mark.wide
def test_the_page_asks_as_much_for_many_moves_as_for_few(company: Company, office: Client) -> None:
    counts = []
    for number in (2, 15):
        PlanDraft.objects.all().delete()
        for _ in range(number):
            company.order(duration_minutes=15)
        draft = made(office)
        page_of(office, draft)
        with CaptureQueriesContext(connection) as asked:
            page_of(office, draft)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5
