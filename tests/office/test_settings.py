"""Types, priorities and reasons in the settings."""

import pytest
from django.test import Client

from callout.accounts.models import User
from callout.accounts.services import company_update
from callout.accounts.zone import company_zone
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Refused
from callout.orders.models import InterventionType, Priority, Reason
from callout.workforce.models import Skill
from callout.workforce.services import skill_archive
from tests.office.conftest import Browser
from tests.orders.conftest import Company

PAGES = ["types", "types/new", "priorities", "priorities/high", "reasons", "reasons/new"]


def test_the_pages_open_for_managers_only(
    company: Company, office: Client, browser: Browser
) -> None:
    technician = browser(company.anna)
    for page in PAGES:
        assert office.get(f"/settings/{page}/").status_code == 200, page
        assert technician.get(f"/settings/{page}/").status_code == 403, page
        assert Client().get(f"/settings/{page}/").status_code == 302, page


@pytest.mark.usefixtures("company")
def test_an_icon_is_chosen_by_its_picture_and_its_name_is_read_aloud(office: Client) -> None:
    page = office.get("/settings/types/new/").content.decode()
    assert '</svg><span class="co-vh">snowflake</span>' in page


def test_a_type_is_added_changed_and_archived(company: Company, office: Client) -> None:
    skill = Skill.objects.create(name="Gas", name_sort="gas")
    given = {
        "name": "Audit",
        "duration_minutes": "90",
        "icon": "search",
        "position": "9",
        "skill_ids": [str(skill.pk)],
    }
    assert office.post("/settings/types/new/", given).status_code == 302
    row = InterventionType.objects.get(name="Audit")
    assert [one.pk for one in row.skills.all()] == [skill.pk]
    changed = given | {"name": "Check", "version": row.version}
    assert office.post(f"/settings/types/{row.pk}/", changed).status_code == 302
    stale = office.post(f"/settings/types/{row.pk}/", changed | {"name": "Mine"})
    assert stale.status_code == 422
    assert 'value="Mine"' in stale.content.decode()
    row.refresh_from_db()
    assert row.name == "Check"
    office.post(f"/settings/types/{row.pk}/archive/", {"version": row.version})
    row.refresh_from_db()
    assert row.archived_at is not None


def test_an_archived_type_is_restored_and_offered_again(company: Company, office: Client) -> None:
    row = InterventionType.objects.create(name="Thermography")
    office.post(f"/settings/types/{row.pk}/archive/", {"version": row.version})
    assert "Thermography" not in office.get("/orders/new/").content.decode()
    page = office.get("/settings/types/")
    (line,) = page.context["archived"]
    assert (line["title"], line["version"]) == ("Thermography", 2)
    stale = office.post(line["restore"], {"version": 1}, follow=True)
    assert "Thermography" in [one["title"] for one in stale.context["archived"]]
    done = office.post(line["restore"], {"version": 2}, follow=True)
    assert done.context["archived"] == []
    assert "Restored." in done.content.decode()
    assert "Thermography" in office.get("/orders/new/").content.decode()


def test_a_type_that_open_orders_have_stays_until_they_are_closed(
    company: Company, office: Client
) -> None:
    order = company.order()
    button = f"/settings/types/{company.kind.pk}/archive/"
    version = {"version": company.kind.version}
    refused = office.post(button, version, follow=True).content.decode()
    assert "There is 1 open order for it" in refused
    company.kind.refresh_from_db()
    assert company.kind.archived_at is None
    company.act(company.manager, order, "cancel", note="no")
    office.post(button, version)
    company.kind.refresh_from_db()
    assert company.kind.archived_at is not None


def test_the_last_type_stays(company: Company, office: Client) -> None:
    InterventionType.objects.exclude(pk=company.kind.pk).update(archived_at=clock.now())
    button = f"/settings/types/{company.kind.pk}/archive/"
    answer = office.post(button, {"version": company.kind.version}, follow=True)
    assert "It is the last type" in answer.content.decode()
    company.kind.refresh_from_db()
    assert company.kind.archived_at is None


def test_a_skill_that_a_type_or_an_open_order_needs_stays(company: Company) -> None:
    gas = Skill.objects.create(name="Gas", name_sort="gas")
    company.kind.skills.add(gas)
    with pytest.raises(Refused, match="The type Breakdown needs it"):
        skill_archive(actor=company.manager, skill_id=gas.pk)
    order = company.order()
    InterventionType.objects.filter(pk=company.kind.pk).update(archived_at=clock.now())
    with pytest.raises(Refused, match="1 open order"):
        skill_archive(actor=company.manager, skill_id=gas.pk)
    company.act(company.manager, order, "cancel", note="no")
    assert skill_archive(actor=company.manager, skill_id=gas.pk).archived_at


@pytest.mark.wide
def test_another_time_zone_is_refused_over_planned_visits_until_it_is_meant(
    company: Company, office: Client
) -> None:
    User.objects.filter(pk=str(company.manager.user_id)).update(is_admin=True)
    row = company_update(actor=Actor.system("test"), name="Acme", time_zone="Europe/Brussels")
    order = company.planned(hours=30)
    form = office.get("/settings/company/").context["form"].initial
    given = {name: value for name, value in form.items() if name != "id" and value}
    asked = given | {"time_zone": "Europe/Lisbon", "version": row.version}
    refused = office.post("/settings/company/", asked)
    words = refused.content.decode()
    assert refused.status_code == 422
    assert "There is 1 planned visit" in words
    assert 'name="zone_confirmed"' in words
    same = asked | {"time_zone": "Europe/Paris"}  # at the same hours, nothing is shown otherwise
    assert office.post("/settings/company/", same).status_code == 302
    again = asked | {"version": row.version + 1, "zone_confirmed": "on"}
    assert office.post("/settings/company/", again).status_code == 302
    before = order.start
    order.refresh_from_db()
    assert order.start == before
    assert str(company_zone()) == "Europe/Lisbon"


def test_an_order_whose_type_was_archived_is_still_edited(company: Company, office: Client) -> None:
    order = company.order()
    InterventionType.objects.filter(pk=company.kind.pk).update(archived_at=clock.now())
    page = office.get(f"/orders/{order.pk}/edit/")
    form = {name: value for name, value in page.context["form"].initial.items() if value}
    moment = form.pop("received_at").strftime("%Y-%m-%dT%H:%M")
    answer = office.post(
        f"/orders/{order.pk}/edit/", form | {"received_at": moment, "description": "Dark too"}
    )
    assert answer.status_code == 302
    order.refresh_from_db()
    assert (order.title, order.type_id) == ("Dark too", company.kind.pk)


def test_what_cannot_be_stands_beside_its_field(company: Company, office: Client) -> None:
    wrong = {"name": "", "duration_minutes": "1", "icon": "bomb", "position": "0"}
    answer = office.post("/settings/types/new/", wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "duration_minutes", "icon"}
    colour = {"label": "High", "colour": "red;}", "response_hours": "0", "version": 1}
    answer = office.post("/settings/priorities/high/", colour)
    assert set(answer.context["form"].errors) == {"colour", "response_hours"}


def test_a_priority_s_target_is_changed(company: Company, office: Client) -> None:
    row = Priority.objects.get(code="urgent")
    given = {"label": "At once", "colour": "", "response_hours": "2", "version": row.version}
    assert office.post("/settings/priorities/urgent/", given).status_code == 302
    row.refresh_from_db()
    assert (row.label, row.response_hours, row.working_hours_only) == ("At once", 2, False)
    given |= {"version": row.version, "working_hours_only": "on"}
    assert office.post("/settings/priorities/urgent/", given).status_code == 302
    row.refresh_from_db()
    assert row.working_hours_only
    assert "2 working h" in office.get("/settings/priorities/").content.decode()
    assert " checked" in office.get("/settings/priorities/urgent/").content.decode()


def test_a_reason_is_added_worded_anew_and_archived(company: Company, office: Client) -> None:
    office.post("/settings/reasons/new/", {"kind": "absent", "label": "Dog"})
    row = Reason.objects.get(label="Dog")
    office.post(f"/settings/reasons/{row.pk}/", {"label": "Big dog", "version": row.version})
    row.refresh_from_db()
    assert row.label == "Big dog"
    office.post(f"/settings/reasons/{row.pk}/archive/", {"version": row.version})
    row.refresh_from_db()
    assert row.archived_at is not None
    archived = office.get("/settings/reasons/").context["archived"]
    assert [one["title"] for one in archived] == ["Big dog"]
    office.post(archived[0]["restore"], {"version": archived[0]["version"]})
    row.refresh_from_db()
    assert row.archived_at is None
