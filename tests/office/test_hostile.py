"""Addresses and fields that nobody types by accident: words and 4xx, never a 500."""

from datetime import timedelta

import pytest
from django.test import Client

from callout.accounts.zone import today
from callout.orders.models import ServiceOrder
from callout.planning.drafts.filling import draft_fill
from callout.planning.drafts.making import draft_auto_plan
from callout.planning.models import PlanDraft
from callout.workforce import services as workforce
from tests.orders.conftest import Company

pytestmark = pytest.mark.wide

HTMX = {"HX-Request": "true"}
LONG = "x" * 5_000
ADDRESSES = [
    "/orders/99999999999999999999999/",
    "/orders/?q=%00",
    "/orders/?q=%ED%A0%80%ED%A0%80abc",
    f"/orders/?q={LONG}",
    "/orders/?q=%27%3B--abc%25%25%25",
    "/orders/?cursor=%00",
    "/orders/rows/?cursor=..%2F..",
    f"/orders/rows/?cursor={LONG}",
    "/orders/rows/?ids=1,2,3",
    "/orders/rows/?ids=" + ",".join(["00000000-0000-0000-0000-000000000000"] * 61),
    "/orders/cards/?ids=%00",
    "/orders/kanban/planned/?cursor=x",
    "/orders/kanban/elsewhere/?cursor=x",
    "/orders/kanban/new/",
    "/orders/filter/technician/?typed=%00",
    "/orders/filter/type/?typed=%00%25",
    f"/orders/filter/customer/?typed={LONG}",
    "/orders/filter/nothing/",
    "/orders/?from=9999-12-31&to=0001-01-01",
    "/orders/?from=2199-12-31&to=2199-12-31",
    "/orders/?technician=" + ",".join(["none"] * 80),
    "/search/?q=%00%00%00%00",
    f"/search/?q={LONG}",
    "/planning/?day=%00&days=99999999999999999999&group=__proto__",
    "/planning/drafts/?cursor=%00",
    f"/planning/drafts/?cursor={LONG}",
    "/planning/drafts/?cursor=WyIyMDI2IiwgIngiXQ",
    "/planning/drafts/00000000-0000-0000-0000-000000000000/",
    "/planning/drafts/00000000-0000-0000-0000-000000000000/progress/",
    "/planning/tomorrow/?day=9999-12-31",
    "/planning/tomorrow/?day=2199-12-31",
    "/planning/tomorrow/?day=1900-01-01",
    "/planning/tomorrow/?day=%00",
    "/planning/tomorrow/?day=%ED%A0%80",
    f"/planning/tomorrow/?day={LONG}",
    "/planning/auto-plan/?order=%00&order=x&order={00000000-0000-0000-0000-000000000000}",
    "/planning/auto-plan/?" + "&".join(["order=018f0000-0000-7000-8000-000000000000"] * 900),
    "/planning/absence/?absence=%00",
    "/planning/absence/?absence=018f0000-0000-7000-8000-000000000000",
    "/planning/absence/?technician=018f0000-0000-7000-8000-000000000000",
    f"/planning/absence/?technician={LONG}",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_made_up_is_answered_in_words(
    company: Company, office: Client, address: str
) -> None:
    company.order()
    assert office.get(address).status_code in (200, 400, 404, 422)


@pytest.mark.parametrize(
    "field", ["version", "occurred_at", "visit_id", "duration_minutes", "note"]
)
@pytest.mark.parametrize("value", ["", "x", "-1", "²", "9" * 30, "\x00", LONG, "2026-11-23T25:61"])
def test_a_field_made_up_is_refused_and_changes_nothing(
    company: Company, office: Client, field: str, value: str
) -> None:
    order = company.planned()
    action = "extend" if field == "duration_minutes" else "cancel"
    data = {"version": order.version, "dialog": ""} | {field: value}
    del data["dialog"]
    answer = office.post(f"/orders/{order.pk}/act/{action}/", data, headers=HTMX)
    assert answer.status_code in (404, 409, 412, 422, 428) or (field, value) in [
        ("note", "x"), ("note", "-1"), ("note", "²"), ("note", "9" * 30),
        ("note", "2026-11-23T25:61"),
    ]  # fmt: skip
    order.refresh_from_db()
    if answer.status_code >= 400:
        assert order.technician_status == "planned"


@pytest.mark.parametrize("key", ["\x00", "a\x00b", "é", "x" * 201])
def test_a_key_made_up_is_refused_and_changes_nothing(
    company: Company, office: Client, key: str
) -> None:
    order = company.planned()
    data = {"version": order.version, "idempotency_key": key}
    answer = office.post(f"/orders/{order.pk}/act/depart/", data, headers=HTMX)
    assert answer.status_code == 422
    order.refresh_from_db()
    assert order.technician_status == "planned"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "9" * 9,
        "9" * 30,
        "\x00",
        "2026-02-30T10:00",
        "0001-01-01T00:00",
        "9999-12-31T23:59",
    ],
)
@pytest.mark.parametrize(
    "field", ["technician_id", "start", "duration_minutes", "vehicle_id", "helper_ids"]
)
def test_a_plan_made_up_is_told_beside_its_field(
    company: Company, office: Client, field: str, value: str
) -> None:
    order = company.order()
    data = {
        "version": order.version,
        "technician_id": str(company.anna.technician_id),
        "start": "2027-11-23T10:00",
        "duration_minutes": "60",
    } | {field: value}
    half = data | {"helper_ids": "x"}  # cautions are told while other fields are wrong
    assert office.post(f"/orders/{order.pk}/act/plan/", half, headers=HTMX).status_code == 422
    answer = office.post(f"/orders/{order.pk}/act/plan/", data, headers=HTMX)
    fine = value == "" and field in ("vehicle_id",)
    assert answer.status_code == (200 if fine else 422)


NONSENSE = ["x", "-1", "²", "9" * 30, "a\x00b", "\u202e", LONG, "0001-01-01", "9999-12-31", "[]"]
AUTO = {"first": "2026-13-01", "days": "2", "team_id": "", "area_id": "", "order": ""}
AWAY = {
    "technician_id": "", "kind": "sickness", "first": "2026-11-26", "last": "2026-11-27",
    "from_hour": "", "to_hour": "", "note": "",
}  # fmt: skip


@pytest.mark.parametrize("value", NONSENSE)
@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        *(("auto-plan", AUTO, field) for field in AUTO),
        *(("absence", AWAY, field) for field in AWAY),
    ],
)
def test_a_draft_asked_for_with_nonsense_is_none(
    company: Company, office: Client, path: str, body: dict[str, str], field: str, value: str
) -> None:
    company.order()
    answer = office.post(f"/planning/{path}/", body | {field: value}, headers=HTMX)
    assert answer.status_code in (200, 400, 422)
    assert not PlanDraft.objects.exists()


@pytest.fixture
def draft(company: Company) -> PlanDraft:
    """One that proposes a slot for one order."""
    assert company.anna.technician_id
    workforce.working_week_set(
        actor=company.manager, technician_id=company.anna.technician_id,
        valid_from=today() - timedelta(days=400), days=[[["08:00", "17:00"]]] * 7,
    )  # fmt: skip
    company.order()
    draft = draft_auto_plan(actor=company.manager, first=today() + timedelta(days=1))
    draft_fill(draft.pk)
    return draft


def applied(office: Client, draft: PlanDraft, **fields: str) -> bool:
    """Whether pressing Apply, with these fields in it, has planned its order."""
    body = {"move": str(draft.moves.get().pk)} | fields
    answer = office.post(f"/planning/drafts/{draft.pk}/apply/", body)
    assert answer.status_code in (302, 422)
    return ServiceOrder.objects.filter(stage="planned").exists()


@pytest.mark.parametrize("value", NONSENSE)
@pytest.mark.parametrize("field", ["move", "technician"])
def test_a_draft_is_not_applied_by_nonsense(
    office: Client, draft: PlanDraft, field: str, value: str
) -> None:
    assert not applied(office, draft, **{field: value})


def test_and_what_is_ticked_is_applied_as_ticked(office: Client, draft: PlanDraft) -> None:
    """The negative control; and an order of nobody's technician stays."""
    assert not applied(office, draft, technician="018f0000-0000-7000-8000-000000000000")
    assert applied(office, draft)
