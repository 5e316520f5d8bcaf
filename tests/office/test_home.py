"""Home: each figure is the count of the list that it leads to, and what it costs to ask."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from callout.accounts.models import Device, User
from callout.accounts.services import company_update, first_steps_put_away
from callout.accounts.zone import today
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden
from callout.orders.models import ServiceOrder, Visit
from callout.planning.models import PlanDraft
from callout.web.office.home.figures import ORDERS, figures_shown
from callout.workforce.models import Absence
from tests.office.conftest import Browser
from tests.orders.conftest import Company

pytestmark = pytest.mark.usefixtures("at_noon")


def counted(client: Client, url: str) -> str:
    """How many rows the list at this address says it has, having as many."""
    page = client.get(url).content.decode()
    found = re.search(r'id="order-count"[^>]*>(\d+) order', page)
    assert found, page
    assert page.count("data-live-item=") == int(found[1])
    return found[1]


def figure(company: Company, key: str) -> str:
    shown = figures_shown(company.manager)
    return next(one.count for one in (*shown.day, *shown.decisions) if one.key == key)


def a_day_with_everything(company: Company) -> None:
    """Of each figure another number."""
    now = clock.now()
    for _each in range(2):
        company.order(priority="urgent")
    company.order()
    back = company.order()
    waits = company.order(priority="urgent")
    later = today() + timedelta(days=3)
    for order, day in ((back, today()), (waits, later)):
        ServiceOrder.objects.filter(pk=order.pk).update(waiting_for="part", waiting_until=day)
    with clock.freeze(now - timedelta(hours=3)):
        company.planned(hours=1)
        company.planned(hours=2.5)
    company.act(company.manager, company.planned(hours=7), "customer_absent")
    unanswered = company.order()
    ServiceOrder.objects.filter(pk=unanswered.pk).update(due_at=now - timedelta(minutes=1))
    promised = company.planned(company.bert, hours=3)
    Visit.objects.filter(order=promised).update(
        promise_from=now, promise_to=now + timedelta(hours=1), promised_at=now
    )
    for hours in (30, 32, 34):
        company.planned(company.bert, hours=hours)
    Absence.objects.create(
        technician_id=str(company.bert.technician_id), kind="sickness",
        start=now + timedelta(hours=29), end=now + timedelta(hours=36),
    )  # fmt: skip
    busy = company.planned(company.bert, hours=1)
    company.act(company.manager, busy, "depart")
    done = company.planned(hours=8)
    company.act(company.manager, done, "complete")


@pytest.mark.wide
def test_each_figure_is_the_count_of_its_list(company: Company, office: Client) -> None:
    a_day_with_everything(company)
    shown = figures_shown(company.manager)
    by_key = {one.key: one for one in (*shown.day, *shown.decisions)}
    counts = {key: by_key[key].count for key in ORDERS}
    assert counts == {
        "to_plan": "6", "late": "3", "under_way": "1", "done": "1", "customer_absent": "1",
        "late_target": "1", "late_visit": "2", "urgent": "2", "promise": "1", "absence": "3",
        "back": "1",
    }  # fmt: skip
    assert {key: counted(office, by_key[key].url) for key in ORDERS} == counts
    labels = [one.label for one in (*shown.day, *shown.decisions)]
    assert len(set(labels)) == len(labels)


def test_a_promise_is_kept_until_its_end_is_near(company: Company) -> None:
    now = clock.now()
    order = company.planned(hours=2)
    assert order.start
    visits = Visit.objects.filter(order=order)
    kept = {"promise_from": order.start, "promise_to": order.start + timedelta(hours=1)}
    visits.update(**kept, promised_at=now)
    assert figure(company, "promise") == "0"
    with clock.freeze(kept["promise_to"] - timedelta(minutes=20)):
        assert figure(company, "promise") == "1"
        company.act(company.manager, order, "depart")
        assert figure(company, "promise") == "0"
    with clock.freeze(kept["promise_to"] + timedelta(minutes=1)):
        assert figure(company, "promise") == "1"
        order.refresh_from_db()
        company.act(company.manager, order, "arrive")
        assert figure(company, "promise") == "0"


def test_who_has_left_for_a_visit_is_not_away(company: Company) -> None:
    order = company.planned(hours=1)
    assert order.start
    absence = Absence.objects.create(
        technician_id=str(company.anna.technician_id), kind="other",
        start=order.start, end=order.start + timedelta(minutes=5),
    )  # fmt: skip
    assert figure(company, "absence") == "1"
    Absence.objects.filter(pk=absence.pk).update(archived_at=clock.now())
    assert figure(company, "absence") == "0"
    Absence.objects.filter(pk=absence.pk).update(archived_at=None)
    company.act(company.manager, order, "depart")
    assert figure(company, "absence") == "0"


def test_drafts_to_decide_are_those_of_their_list(company: Company, office: Client) -> None:
    for state in ("ready", "making", "applied", "dropped", "failed", "partly_applied"):
        PlanDraft.objects.create(
            kind="auto_plan", state=state, made_by_id=str(company.manager.user_id),
            parameters={"days": 1, "first": str(today()), "last": str(today())},
        )  # fmt: skip
    assert figure(company, "drafts") == "2"
    listed = office.get("/planning/drafts/?state=open").content.decode()
    assert listed.count('class="co-row-link') == 2
    assert office.get("/planning/drafts/").content.decode().count('class="co-row-link') == 6


def test_the_chart_says_of_each_day_what_its_list_has(company: Company, office: Client) -> None:
    now = clock.now()
    for days, hours in ((0, 3), (0, 5), (1, 3), (8, 3)):
        with clock.freeze(now - timedelta(days=days, hours=hours)):
            company.act(company.manager, company.planned(), "complete")
    page = office.get("/home/").content.decode()
    link = r'<td class="co-num"><a id="[^"]*" href="([^"]*)"[^>]*>(?:<b>)?(\d+)'
    cells = dict(re.findall(link, page))
    there = {url: count for url, count in cells.items() if count != "0"}
    assert "2" in there.values()
    assert {url: counted(office, unescape(url)) for url in there} == there
    assert page.count("<rect") == 3


@pytest.mark.wide
def test_a_page_costs_the_same_whatever_there_is(company: Company, office: Client) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as run:
            assert office.get(path).status_code == 200
        return len(run)

    paths = ("/home/", "/home/figures/", "/home/check/")
    for path in paths:
        cost(path)
    empty = {path: cost(path) for path in paths}
    a_day_with_everything(company)
    assert {path: cost(path) for path in paths} == empty
    assert max(empty.values()) <= 12, empty


def test_the_first_page_is_where_one_s_work_is(
    company: Company, office: Client, browser: Browser
) -> None:
    assert office.get("/")["Location"] == "/home/"
    assert browser(company.anna).get("/")["Location"] == "/technician/"
    page = office.get("/home/").content.decode()
    assert page.index('href="/home/" aria-current="page"') < page.index('href="/orders/"')


@pytest.mark.parametrize("path", ["/home/", "/home/figures/", "/home/check/"])
def test_it_is_for_managers(company: Company, browser: Browser, path: str) -> None:
    assert browser(company.anna).get(path).status_code == 403
    assert Client().get(path).status_code == 302


def test_a_figure_of_nothing_is_still_in_its_place(company: Company, office: Client) -> None:
    page = office.get("/home/").content.decode()
    assert page.count("co-figure-") >= 5
    assert "Nothing completed yet" in page


def test_what_needs_a_decision_is_a_chip_that_offers_its_kinds(office: Client) -> None:
    page = office.get("/orders/?stage=planned&needs=promise").content.decode()
    assert "Promise about to break" in page
    choices = office.get("/orders/filter/needs/?stage=planned&needs=promise&view=list")
    assert "needs=absence" in choices.content.decode()


def steps(client: Client) -> dict[str, bool]:
    """The first steps on the page, by their words: whether each is done."""
    page = client.get("/home/").content.decode()
    found = re.findall(r'<li( class="is-done")?>.{0,200}?(?:<b>|<a [^>]*>)([^<]*)', listed(page))
    return {words: bool(done) for done, words in found}


def listed(page: str) -> str:
    begin = page.find("co-steps-list")
    return "" if begin < 0 else page[begin : page.index("</ol>", begin)]


def test_the_first_steps_tick_themselves(company: Company, office: Client) -> None:
    assert steps(office) == {
        "Say who you are": False,
        "Add the first technician": True,
        "Add the first customer": True,
        "Take the first order": False,
        "Invite a colleague": True,
        "Put the app on a phone": False,
    }
    company.order()
    company_update(actor=Actor.system("test"), name="Acme", town="Wavre")
    assert [words for words, done in steps(office).items() if not done] == [
        "Put the app on a phone"
    ]
    now = clock.now()
    Device.objects.create(
        user_id=str(company.anna.user_id), secret_hash="x", name="Phone", last_seen_at=now,
        expires_at=now,
    )  # fmt: skip
    assert steps(office) == {}


def test_the_first_steps_are_put_away_for_good_by_who_works_in_the_office(
    company: Company, office: Client, browser: Browser
) -> None:
    assert browser(company.anna).post("/home/steps/away/").status_code == 403
    assert steps(office)
    assert office.post("/home/steps/away/")["Location"] == "/home/"
    assert steps(office) == {}
    with pytest.raises(Forbidden):
        first_steps_put_away(actor=company.anna)


def test_what_only_an_admin_does_is_no_link_for_others(company: Company, office: Client) -> None:
    page = listed(office.get("/home/").content.decode())
    assert "An admin does this." in page
    assert "/settings/company/" not in page
    User.objects.filter(pk=str(company.manager.user_id)).update(is_admin=True)
    assert "/settings/company/" in listed(office.get("/home/").content.decode())
