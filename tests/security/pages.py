"""Every page of the URL map, who may open it, and a body that its buttons take.

The API has its own list in tests/api/routes.py. What is in the URL map and in neither fails.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from callout.accounts.models import User
from callout.accounts.zone import local
from callout.backup.models import FullExport
from callout.customers.models import Area, Asset, Contact, Customer, Import, Site
from callout.fieldwork.models import ChecklistItem, LateReport
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.models import (
    InterventionType,
    Note,
    Priority,
    Reason,
    SavedFilter,
    ServiceOrder,
    TimeEntry,
    TimelineEntry,
)
from callout.orders.services import filter_save, order_act
from callout.planning.models import PlanMove
from callout.webhooks.models import Delivery
from callout.webhooks.services import webhook_create, webhook_test
from callout.workforce.models import (
    Absence,
    Holiday,
    Skill,
    Team,
    Technician,
    Vehicle,
    WorkingCalendar,
)
from tests.api.conftest import Share, World

# public: everybody. anybody: who is signed in. The rest: who has that role.
Access = Literal["public", "anybody", "manager", "technician", "admin"]
# read: shows. form: GET shows, POST does. button: POST only. safe: GET only.
Kind = Literal["read", "form", "button", "safe"]
Body = Callable[[World, Share], Mapping[str, Any]]
MISSING = UUID("018f0000-0000-7000-8000-000000000000")


@dataclass(frozen=True)
class Page:
    """Who may, how it is used, what it is asked (`query`) and sent (`body`)."""

    access: Access
    kind: Kind = "read"
    body: Body | None = None
    query: Body | None = None
    # Whether there is another's of it, a thing that can be not yours; and who sees them all
    # ("office": the manager and the admin).
    owned: bool = False
    sees_all: str = ""


def _now(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value() if callable(value) else value for name, value in values.items()}


def _of(**values: Any) -> Body:
    return lambda _world, _share: _now(values)


def _at(model: type[Any], key: Callable[[World, Share], Any], **values: Any) -> Body:
    """A form with the version that its thing has now."""

    def body(world: World, share: Share) -> dict[str, Any]:
        return {**_now(values), "version": model.objects.get(pk=key(world, share)).version}

    return body


def _order(**values: Any) -> Body:
    return _at(ServiceOrder, lambda _w, s: s.order, **values)


def _chosen(**values: Any) -> Body:
    """An order chosen by its box in the list."""

    def body(world: World, share: Share) -> dict[str, Any]:
        version = ServiceOrder.objects.get(pk=share.order).version
        return {**_now(values), "order": f"{share.order}:{version}"}

    return body


def typed(hours: float) -> Callable[[], str]:
    """A moment as a field of day and hour holds it, told when it is sent."""
    return lambda: f"{local(clock.now() + timedelta(hours=hours)):%Y-%m-%dT%H:%M}"


WEEK = {f"day{number}": "08:00-16:00" for number in range(5)}
_customer = lambda _w, s: s.customer  # noqa: E731
_contact = lambda _w, s: s.contact  # noqa: E731
_site = lambda _w, s: s.site  # noqa: E731
_asset = lambda _w, s: s.asset  # noqa: E731
_technician = lambda _w, s: s.technician.pk  # noqa: E731
_vehicle = lambda w, _s: w.vehicle  # noqa: E731
_skill = lambda w, _s: w.skill  # noqa: E731
_team = lambda w, _s: w.team  # noqa: E731
_area = lambda w, _s: w.area  # noqa: E731
_calendar = lambda w, _s: w.calendar  # noqa: E731
_holiday = lambda w, _s: w.holiday  # noqa: E731
_type = lambda w, _s: w.kind.pk  # noqa: E731
_reason = lambda w, _s: w.reasons["cancel"]  # noqa: E731
_absence = lambda _w, s: s.absence  # noqa: E731
_hours = lambda _w, s: s.time_entry  # noqa: E731
HOURS = {"kind": "work", "day": "2026-01-05", "start": "09:00", "end": "10:30", "note": "Made"}
MANAGER, SEARCH = Page("manager"), Page("manager", query=_of(q="a"))


def _thing(name: str, model: type[Any], key: Callable[[World, Share], Any]) -> dict[str, Page]:
    """Archive and restore, as every thing has them."""
    button = Page("manager", "button", _at(model, key))
    return {f"office:{name}_archive": button, f"office:{name}_restore": button}


ACCOUNTS: dict[str, Page] = {
    "account_login": Page("public", "form", _of(login="marie@example.com", password="wrong")),
    "account_logout": Page("public", "form", _of()),
    "account_inactive": Page("public"),
    "account_reauthenticate": Page("anybody", "form", _of(password="wrong")),
    "account_change_password": Page("anybody", "form", _of(oldpassword="x", password1="y")),
    "account_set_password": Page("anybody", "form", _of(password1="y", password2="y")),
    "account_reset_password": Page("public", "form", _of(email="nobody@example.com")),
    "account_reset_password_done": Page("public"),
    "account_reset_password_from_key": Page("public", "form", _of(password1="y")),
    "account_reset_password_from_key_done": Page("public"),
    "usersessions_list": Page("anybody"),
    "set_language": Page("public", "button", _of(language="nl")),
    "mfa_index": Page("anybody"),
    "mfa_authenticate": Page("public", "form", _of(code="123456")),
    "mfa_reauthenticate": Page("anybody", "form", _of(code="123456")),
    "mfa_activate_totp": Page("anybody", "form", _of(code="123456")),
    "mfa_deactivate_totp": Page("anybody", "form", _of()),
    "mfa_view_recovery_codes": Page("anybody"),
    "mfa_generate_recovery_codes": Page("anybody", "form", _of()),
    "mfa_download_recovery_codes": Page("anybody"),
    "mfa_list_webauthn": Page("anybody"),
    "mfa_add_webauthn": Page("anybody", "form", _of(name="Key", credential="{}")),
    "mfa_reauthenticate_webauthn": Page("anybody", "form", _of(credential="{}")),
    "mfa_remove_webauthn": Page("anybody", "form", _of()),
    "mfa_edit_webauthn": Page("anybody", "form", _of(name="Key")),
    "mfa_login_webauthn": Page("public", "form", _of(credential="{}")),
}
OWN: dict[str, Page] = {
    "office:start": Page("public"),
    "office:setup": Page("public", "form", _of(code="1", name="X", email="x@example.com")),
    "office:settings": Page("anybody"),
    "office:profile": Page("anybody", "form", _of(name="X", language="en", version=1)),
    "office:security": Page("anybody"),
    "office:session_end": Page("anybody", "button", _of(session="others")),
    "office:phone_deed": Page("anybody", "button", _of(), owned=True, sees_all="office"),
    "office:tokens": Page("anybody", "form", _of(name="Made", days="30")),
    "office:token_revoke": Page("anybody", "button", _of(), owned=True, sees_all="admin"),
    "office:company": Page("admin", "form", _of(name="X", country="BE", version=1)),
    "office:copies": Page("admin"),
    "office:exports": Page("admin"),
    "office:export_new": Page("admin", "button", _of()),
    # Whoever asked for it; here that is somebody else.
    "office:export_stop": Page("admin", "button", _of(), owned=True),
    "office:export_fetch": Page("admin", "button", _of(), owned=True),
    "office:export_remove": Page("admin", "button", _of(), owned=True),
    "office:mail": Page("admin"),
    "office:mail_test": Page("admin", "button", _of()),
    "office:users": Page("admin"),
    "office:user_new": Page(
        "admin", "form", _of(name="Made", email="made@example.com", language="en")
    ),
    "office:user": Page("admin", "form", _of(name="Made", version=1)),
    "office:user_deed": Page("admin", "button", _of()),
}
TEAM: dict[str, Page] = {
    "office:planning": MANAGER,
    "office:team": MANAGER,
    "office:technician_new": Page("manager", "form", _of(name="Made")),
    "office:technician_options": SEARCH,
    "office:technician": MANAGER,
    "office:technician_edit": Page("manager", "form", _at(Technician, _technician, name="Made")),
    **_thing("technician", Technician, _technician),
    "office:week_set": Page("manager", "form", _of(valid_from="2099-01-05", **WEEK)),
    "office:week_remove": Page("manager", "button", _of()),
    "office:absence_new": Page(
        "manager", "form", _of(kind="other", first="2099-01-05", last="2099-01-06")
    ),
    "office:absence_edit": Page(
        "manager", "form",
        _at(Absence, _absence, kind="other", first="2099-01-05", last="2099-01-06"),
    ),
    "office:absence_remove": Page("manager", "button", _at(Absence, _absence)),
    "office:time_new": Page("manager", "form", _of(**HOURS)),
    "office:time_edit": Page("manager", "form", _at(TimeEntry, _hours, **HOURS)),
    "office:time_remove": Page("manager", "button", _at(TimeEntry, _hours)),
    "office:vehicles": MANAGER,
    "office:vehicle_new": Page("manager", "form", _of(registration="MADE-1")),
    "office:vehicle_options": SEARCH,
    "office:vehicle": Page("manager", "form", _at(Vehicle, _vehicle, registration="MADE-2")),
    **_thing("vehicle", Vehicle, _vehicle),
    "office:teams": MANAGER,
    "office:team_new": Page("manager", "form", _of(name="Made")),
    "office:team_edit": Page("manager", "form", _at(Team, _team, name="Other")),
    **_thing("team_edit", Team, _team),
    "office:skills": MANAGER,
    "office:skill_new": Page("manager", "form", _of(name="Made")),
    "office:skill": Page("manager", "form", _at(Skill, _skill, name="Other")),
    **_thing("skill", Skill, _skill),
}  # fmt: skip
CUSTOMERS: dict[str, Page] = {
    "office:customers": MANAGER,
    "office:customer_new": Page("manager", "form", _of(kind="company", name="Made")),
    "office:customer_known": Page("manager", "button", _of(name="Customer")),
    "office:customer_options": SEARCH,
    "office:customer_box": Page(
        "manager", "form", _of(**{"box-kind": "company", "box-name": "Made"})
    ),
    "office:customer_use": Page("manager", "button", lambda _w, s: {"id": s.customer}),
    "office:customer": MANAGER,
    "office:customer_edit": Page(
        "manager", "form", _at(Customer, _customer, kind="company", name="Made")
    ),
    **_thing("customer", Customer, _customer),
    "office:contact_new": Page("manager", "form", _of(name="Made")),
    "office:contact_options": Page("manager", query=lambda _w, s: {"customer_id": s.customer}),
    "office:contact_box": Page(
        "manager", "form", _of(**{"box-name": "Made"}),
        query=lambda _w, s: {"customer_id": s.customer},
    ),
    "office:contact_edit": Page("manager", "form", _at(Contact, _contact, name="Made")),
    **_thing("contact", Contact, _contact),
    "office:sites": MANAGER,
    "office:site_new": Page(
        "manager", "form", lambda _w, s: {"customer_id": s.customer, "role": "owner", "name": "M"}
    ),
    "office:site_options": SEARCH,
    "office:site_box": Page(
        "manager", "form", _of(**{"box-street": "Made 1"}),
        query=lambda _w, s: {"customer_id": s.customer},
    ),
    "office:site_link_quick": Page(
        "manager", "button",
        lambda w, s: {
            "site_id": f"site:{s.site}",
            "customer_id": (w.bert if s is w.anna else w.anna).customer,
        },
    ),
    "office:site": MANAGER,
    "office:site_edit": Page("manager", "form", _at(Site, _site, name="Made")),
    "office:site_code": Page("manager", "form", _at(Site, _site, code="0000")),
    "office:site_link": Page(
        "manager", "form",
        lambda w, s: {
            "customer_id": (w.bert if s is w.anna else w.anna).customer, "role": "owner",
        },
    ),
    "office:site_unlink": Page("manager", "button", _of()),
    **_thing("site", Site, _site),
    "office:location_options": Page("manager", query=lambda _w, s: {"customer_id": s.customer}),
    "office:twins": MANAGER,
    "office:things_export": Page("manager", "button", _of()),
    "office:thing_orders": Page(
        "manager", query=lambda _w, s: {"thing": "customer", "id": s.customer, "which": "past"}
    ),
    "office:thing_story": Page("manager", query=lambda _w, s: {"thing": "site", "id": s.site}),
    "office:imports": MANAGER,
    "office:import_new": Page("manager", "form", _of(kind="customers")),
    "office:import_template": MANAGER,
    "office:import": Page(
        "manager", "form",
        lambda w, _s: {
            "version": Import.objects.get(pk=w.sent).version, "has_head": "on", "column-name": "0",
        },
    ),
    "office:import_progress": MANAGER,
    "office:import_confirm": Page("manager", "button", _at(Import, lambda w, _s: w.sent)),
    "office:import_stop": Page("manager", "button", _of()),
    "office:import_go_on": Page("manager", "button", _of()),
    "office:import_drop": Page("manager", "button", _of()),
    "office:import_faults": Page("manager", "button", _of()),
    "office:assets": MANAGER,
    "office:asset_new": Page(
        "manager", "form", lambda _w, s: {"site_id": s.site, "reference": "Made"}
    ),
    "office:asset_options": SEARCH,
    "office:asset_box": Page(
        "manager", "form", lambda _w, s: {"box-site_id": s.site, "box-reference": "Made"},
        query=lambda _w, s: {"customer_id": s.customer},
    ),
    "office:asset": MANAGER,
    "office:asset_edit": Page("manager", "form", _at(Asset, _asset, reference="Made")),
    "office:asset_move": Page(
        "manager", "form",
        lambda w, s: {
            "site_id": (w.bert if s is w.anna else w.anna).site,
            "version": Asset.objects.get(pk=s.asset).version,
        },
    ),
    **_thing("asset", Asset, _asset),
    "office:areas": MANAGER,
    "office:positions": MANAGER,
    "office:position_find": Page("manager", "button", _of(street="Rue 1", town="Wavre")),
    "office:area_new": Page("manager", "form", _of(name="Made", postcodes="1*")),
    "office:area": Page("manager", "form", _at(Area, _area, name="Made", postcodes="2*")),
    **_thing("area", Area, _area),
}  # fmt: skip


def _new_order(world: World, share: Share) -> dict[str, Any]:
    return {
        "customer_id": share.customer, "location": f"site:{share.site}", "site_id": share.site,
        "type_id": world.kind.pk, "priority": "normal", "description": "Made", "go": "later",
        "step": "1",
    }  # fmt: skip


def _plan(world: World, share: Share) -> dict[str, Any]:
    order = ServiceOrder.objects.get(pk=share.order)
    return {
        "technician_id": share.technician.pk, "start": typed(500)(), "duration_minutes": "60",
        "version": order.version,
    }  # fmt: skip


def _edit(world: World, share: Share) -> dict[str, Any]:
    order = ServiceOrder.objects.get(pk=share.order)
    return {
        "customer_id": share.customer, "location": f"asset:{share.asset}",
        "type_id": world.kind.pk, "priority": "normal", "description": "Made",
        "duration_minutes": "60", "received_at": typed(-1)(), "channel": "phone",
        "charge": "chargeable", "version": order.version,
    }  # fmt: skip


def _file(_world: World, _share: Share) -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return {"file": SimpleUploadedFile("made.txt", b"made")}


def _holidays(_world: World, _share: Share) -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return {"file": SimpleUploadedFile("made.csv", b"2099-01-02;Made")}


_ids: Body = lambda _w, s: {"ids": s.order}  # noqa: E731
ORDERS: dict[str, Page] = {
    "office:order_new": Page("manager", "form", _new_order),
    "office:order_new_place": Page("manager", "safe", query=_new_order),
    "office:order_new_suggest": Page("manager", "safe", query=_new_order),
    "office:order_new_plan": Page("manager", "safe", query=_new_order),
    "office:order_new_check": Page("manager", "safe", query=_new_order),
    "office:order_new_search": Page("manager", "safe", query=_of(q="title")),
    "office:order_new_undo": Page("manager", "button", _of()),
    "office:orders": MANAGER,
    "office:kanban": MANAGER,
    "office:map": MANAGER,
    "office:map_table": MANAGER,
    "office:map_soonest": MANAGER,
    "office:planning_tomorrow": MANAGER,
    "office:order_rows": Page("manager", query=_ids),
    "office:order_cards": Page("manager", query=_ids),
    "office:order_column": MANAGER,
    "office:order_filter": MANAGER,
    "office:kanban_team": MANAGER,
    "office:team_cards": MANAGER,
    "office:order_export": Page("manager", "button", _chosen()),
    "office:order_columns": Page("manager", "safe"),
    "office:order_columns_set": Page("manager", "button", _of(column="slot")),
    "office:filters": Page("manager", "safe"),
    "office:filter_new": Page("manager", "form", _of(name="Made")),
    "office:filter_edit": Page("manager", "form", _of(name="Made", version=1)),
    "office:filter_remove": Page("manager", "button", _of(version=1)),
    "office:filter_star": Page("manager", "button", _of(filter="")),
    "office:selected_cancel": Page("manager", "button", _chosen(sent="1", note="x")),
    "office:selected_priority": Page("manager", "button", _chosen(sent="1", priority="high")),
    "office:selected_assign": Page(
        "manager", "button", _chosen(sent="1", first="2099-01-05", days="5")
    ),
    "office:selected_undo": Page("manager", "button", _chosen()),
    "office:order_more_assets": Page(
        "manager",
        "safe",
        query=lambda _w, s: {"key": "edit", "location": f"site:{s.site}", "more_q": "a"},
    ),
    "office:order_file": Page("anybody", owned=True, sees_all="boss"),
    "office:order_signature": Page("anybody", owned=True, sees_all="boss"),
    "office:order_file_remove": Page("manager", "button", _of()),
    "office:order": MANAGER,
    "office:order_sheet": MANAGER,
    "office:order_by_id": MANAGER,
    "office:order_live": MANAGER,
    "office:order_tab": MANAGER,
    "office:order_beside": MANAGER,
    "office:order_menu": MANAGER,
    "office:order_move": Page("manager", "button", _order(to="new")),
    "office:order_act": Page("manager", "form", _plan),
    "office:order_at": Page("manager", "form", _order(action="depart", occurred_at=typed(0))),
    "office:order_edit": Page("manager", "form", _edit),
    "office:order_note": Page("manager", "button", _of(text="Made", kind="internal")),
    "office:order_files": Page("manager", "button", _file),
    "office:order_hours": Page(
        "manager",
        "form",
        lambda _w, s: {"whose": f"{s.visit}:{s.technician.pk}", **HOURS},
    ),
    "office:order_hours_edit": Page("manager", "form", _at(TimeEntry, _hours, **HOURS)),
    "office:order_hours_remove": Page("manager", "button", _at(TimeEntry, _hours)),
    "office:order_step": Page("manager", "form", lambda _w, _s: {"at": typed(-1)()}),
    "office:order_promise": Page(
        "manager", "form", _order(promise_from=typed(1), promise_to=typed(5))
    ),
    "office:order_wait": Page("manager", "form", _order(waiting_for="", waiting_note="Made")),
    "office:order_pin": Page("manager", "button", _order()),
    "office:order_check": Page("manager", "button", _order()),
    "office:order_code": Page("manager", "button", _of()),
    "office:search": SEARCH,
    "office:home": MANAGER,
    "office:home_weeks": MANAGER,
    "office:phone_setup": MANAGER,
    "office:phone_picture": MANAGER,
    "office:team_week": Page("anybody"),
    "office:home_figures": MANAGER,
    "office:home_check": MANAGER,
    "office:home_steps_away": Page("manager", "button", _of()),
    "office:desk": MANAGER,
    "office:desk_count": MANAGER,
    "office:note_put_away": Page("manager", "button", _at(Note, lambda _w, s: s.note)),
    "office:report_decide": Page(
        "manager", "button", _at(LateReport, lambda _w, s: s.report, decision="note")
    ),
}
SETTINGS: dict[str, Page] = {
    "office:types": MANAGER,
    "office:type_new": Page(
        "manager", "form", _of(name="Made", duration_minutes="60", icon="tool", position="0")
    ),
    "office:type": Page(
        "manager", "form",
        _at(InterventionType, _type, name="M", duration_minutes="60", icon="tool", position="0"),
    ),
    **_thing("type", InterventionType, _type),
    "office:checklist": MANAGER,
    "office:checklist_new": Page("manager", "form", _of(text="Made", kind="tick")),
    "office:checklist_item": Page(
        "manager", "form", _at(ChecklistItem, lambda w, _s: w.item, text="Other")
    ),
    "office:checklist_item_move": Page("manager", "button", _of()),
    **_thing("checklist_item", ChecklistItem, lambda w, _s: w.item),
    "office:priorities": MANAGER,
    "office:priority": Page(
        "manager", "form",
        lambda _w, _s: {"label": "M", "version": Priority.objects.get(code="high").version},
    ),
    "office:reasons": MANAGER,
    "office:reason_new": Page("manager", "form", _of(kind="cancel", label="Made")),
    "office:reason": Page("manager", "form", _at(Reason, _reason, label="Made")),
    **_thing("reason", Reason, _reason),
    "office:calendars": MANAGER,
    "office:calendar_new": Page("manager", "form", _of(name="Made", **WEEK)),
    "office:calendar": MANAGER,
    "office:calendar_edit": Page(
        "manager", "form", _at(WorkingCalendar, _calendar, name="Made", **WEEK)
    ),
    "office:calendar_default": Page("manager", "button", _at(WorkingCalendar, _calendar)),
    **_thing("calendar", WorkingCalendar, _calendar),
    "office:holiday_new": Page("manager", "form", _of(date="2099-01-01", name="Made")),
    "office:holidays_fill": Page("manager", "form", _of(year="2027", country="BE")),
    "office:holiday_regions": Page("manager", query=_of(country="DE")),
    "office:holidays_import": Page("manager", "form", _holidays),
    "office:holiday": Page(
        "manager", "form", _at(Holiday, _holiday, date="2099-12-26", name="Made")
    ),
    "office:holiday_remove": Page("manager", "button", _at(Holiday, _holiday)),
    "office:webhooks": Page("admin"),
    "office:webhook_new": Page(
        "admin", "form", _of(name="Made", address="https://example.com/", which="every")
    ),
    "office:webhook": Page("admin", "form", _of(name="Made", version=1)),
    "office:webhook_secret": Page("admin", "button", _of()),
    "office:webhook_test": Page("admin", "button", _of()),
    "office:webhook_remove": Page("admin", "button", _of()),
    "office:delivery_again": Page("admin", "button", _of()),
}  # fmt: skip
PLANNING: dict[str, Page] = {
    "office:plan_auto": Page("manager", "form", _of(first="2099-01-05", days="5")),
    "office:plan_absence": Page(
        "manager",
        "form",
        lambda _w, s: {
            "technician_id": s.technician.pk, "kind": "other",
            "first": "2099-01-05", "last": "2099-01-06",
        },
    ),
    "office:plan_drafts": MANAGER,
    "office:plan_draft": MANAGER,
    "office:plan_draft_progress": MANAGER,
    "office:plan_draft_apply": Page(
        "manager",
        "button",
        lambda w, _s: {"move": PlanMove.objects.filter(draft=w.draft).values_list("pk")[0][0]},
    ),
    "office:plan_draft_stop": Page("manager", "button", _of()),
    "office:plan_draft_drop": Page("manager", "button", _of()),
    "office:plan_draft_undo": Page("manager", "button", _of()),
}  # fmt: skip
TECHNICIAN: dict[str, Page] = {
    "technician:shell": Page("public"),
    "technician:worker": Page("public"),
    "technician:manifest": Page("public"),
}
PAGES: dict[str, Page] = {
    **ACCOUNTS, **OWN, **TEAM, **CUSTOMERS, **ORDERS, **SETTINGS, **PLANNING,
    **TECHNICIAN,
}  # fmt: skip

# Words in an address; the first is asked everywhere, each counts as a screen.
WORDS: dict[str, dict[str, list[str]]] = {
    "office:order_act": {"code": ["replan", "cancel", "plan-another", "complete", "undo"]},
    "office:phone_deed": {"code": ["revoke", "lost"]},
    "office:user_deed": {"deed": ["invite", "sign-out", "deactivate", "reactivate"]},
    "office:order_column": {"stage": ["planned", "new"]},
    "office:order_filter": {"name": ["technician", "customer", "type", "day"]},
    "office:order_tab": {"tab": ["record", "notes", "files", "time"]},
    "office:checklist_item_move": {"way": ["up", "down"]},
    "office:priority": {"code": ["high"]},
    "office:import_template": {"kind": ["customers", "sites", "assets"]},
    "office:things_export": {"kind": ["customers", "sites", "assets"]},
    "account_reset_password_from_key": {"uidb36": ["1"]},
}
# Of these, a word that there is not.
WORDLESS = {
    "office:priority", "office:order_column", "office:order_filter", "office:import_template",
    "office:things_export",
}  # fmt: skip


# The doors of the technician's app, by the guard that each carries: JSON for a phone, asked of all
# who are not it in tests/security/test_phone_doors.py.
PHONE: dict[str, str] = {
    "technician:device": "phone",
    "technician:sign_out": "device",
    "technician:sync": "device",
    "technician:handover": "handover",
    "technician:consent": "device",
    "technician:push": "device",
    "technician:visit_code": "device",
    "technician:upload": "device",
    "technician:upload_part": "upload",
    "technician_files:file": "device",
    "technician_files:thumb": "device",
}


@dataclass(frozen=True)
class There:
    """What the URL map says of a page: its view, and the names of what stands in its address."""

    view: Callable[..., Any]
    parameters: frozenset[str]


@functools.cache
def pages_there() -> dict[str, There]:
    """Everything in the URL map beside the API, by name."""
    found = list(_walk(get_resolver().url_patterns))
    assert len(found) == len(dict(found)), "two addresses of one name"
    return dict(found)


def _walk(
    patterns: list[Any], space: str = "", before: frozenset[str] = frozenset()
) -> Iterator[tuple[str, There]]:
    for one in patterns:
        names = before | set(one.pattern.regex.groupindex) | set(one.pattern.converters)
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}", There(one.callback, names)
        elif str(one.pattern) != "api/v1/":
            assert isinstance(one, URLResolver)
            yield from _walk(
                one.url_patterns, f"{one.namespace}:" if one.namespace else space, names
            )


def _step(world: World, share: Share) -> int:
    """A step on the share's order, which is made where there is none yet."""
    steps = TimelineEntry.objects.filter(order=share.order, action="depart")
    if not steps.exists():
        order_act(actor=world.manager, order_id=share.order, action="depart")
    return steps.get().pk


def _filter(world: World) -> UUID:
    """A filter that the manager keeps, which is made where there is none (any more)."""
    found = SavedFilter.objects.filter(owner=world.manager.user_id).first()
    return (found or filter_save(actor=world.manager, name="Kept")).pk


def _delivery() -> Delivery:
    """One of a webhook, which is made where there is none (any more)."""
    found = Delivery.objects.first()
    if found is not None:
        return found
    row, _secret = webhook_create(
        actor=Actor.system("tests"), name="ERP", address="https://example.com/", events=["*"]
    )
    return webhook_test(actor=Actor.system("tests"), webhook_id=row.pk)


def _export(name: str, share: Share) -> UUID | None:
    """An export that the share's user asked for when they were an admin, made when it is asked
    for."""
    if not name.startswith("office:export_"):
        return None
    user = User.objects.get(technician=share.technician)
    return FullExport.objects.get_or_create(made_by=user, state=FullExport.READY)[0].pk


def addresses(name: str, world: World, share: Share | None, tokens: Mapping[Any, Any]) -> list[str]:
    """The addresses of a page with the ids of `share`'s things; of nothing there without one."""
    wanted = pages_there()[name].parameters
    order = share and ServiceOrder.objects.get(pk=share.order)
    ids: dict[str, Any] = {
        "order_id": share and share.order, "number": order.number if order else 999_999,
        "attachment_id": share and share.attachment, "file_id": share and share.attachment,
        "customer_id": share and share.customer, "contact_id": share and share.contact,
        "site_id": share and share.site, "link_id": share and share.link,
        "asset_id": share and share.asset, "technician_id": share and share.technician.pk,
        "week_id": share and share.week, "absence_id": share and share.absence,
        "user_id": share and share.actor.user_id, "token_id": share and tokens[share.actor],
        "vehicle_id": share and world.vehicle, "skill_id": share and world.skill,
        "team_id": share and world.team, "area_id": share and world.area,
        "calendar_id": share and world.calendar, "holiday_id": share and world.holiday,
        "type_id": share and world.kind.pk, "reason_id": share and world.reasons["cancel"],
        "time_entry_id": share and share.time_entry, "draft_id": share and world.draft,
        "import_id": share and world.sent,
        "device_id": share and share.phone, "report_id": share and share.report,
        "note_id": share and share.note,
        "filter_id": _filter(world) if share and "filter_id" in wanted else None,
        "export_id": share and _export(name, share),
        "signature_id": share and share.signature, "item_id": share and world.item,
        "entry_id": _step(world, share) if share and name == "office:order_step" else 999_999,
        "pk": 1, "key": "set-password",
    }  # fmt: skip
    if share and "webhook_id" in wanted:
        delivery = _delivery()
        ids |= {"webhook_id": delivery.webhook_id, "delivery_id": delivery.pk}
    ids |= {one: None for one in ("webhook_id", "delivery_id") if one not in ids}
    kwargs = {one: ids[one] or MISSING for one in wanted if one in ids}
    words = WORDS.get(name, {})
    if not words:
        return [reverse(name, kwargs=kwargs)]
    ((word, values),) = words.items()
    if share is None and name in WORDLESS:
        values = ["none"]
    return [reverse(name, kwargs={**kwargs, word: value}) for value in values]


def new_key() -> str:
    """An idempotency key nobody has used."""
    return str(uuid4())
