"""A company seen through the API: a manager, Anna with an order of her own, Bert with another.

Whatever is Bert's carries the word CANARY in its texts: it must stand in no answer to Anna.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from callout.accounts.models import User
from callout.accounts.selectors import actor_for_user
from callout.accounts.services import device_sign_in, token_create
from callout.accounts.zone import local
from callout.customers import services as customers
from callout.customers.imports.making import import_send
from callout.fieldwork.models import LateReport
from callout.fieldwork.services.checklists import checklist_item_create
from callout.fieldwork.services.parts import part_set
from callout.fieldwork.services.photos import photo_announce
from callout.fieldwork.services.reports import report_set
from callout.fieldwork.services.signing import signature_add
from callout.kernel.actor import Actor
from callout.orders import services as orders
from callout.orders.models import InterventionType, Reason, ServiceOrder, Visit
from callout.planning import services as planning
from callout.planning.drafts.filling import draft_fill
from callout.planning.drafts.making import draft_absence, draft_drop
from callout.routing.asked import Asked
from callout.routing.starting import optimisation_start
from callout.workforce import services as workforce
from callout.workforce.models import Technician
from tests.fieldwork.recording import announced, picture, signed
from tests.harness.kept import repeated
from tests.harness.minute import soon

__all__ = ["soon"]
CANARY = "CANARY"
OURS = "http://testserver"


class Answer:
    """What came back: status, headers, and the body as JSON."""

    def __init__(self, response: Any) -> None:
        self.response: HttpResponseBase = response
        self.status: int = response.status_code
        self.headers = response.headers
        self.text: str = response.content.decode()
        self.kind: str = response.headers.get("Content-Type", "")

    @property
    def body(self) -> Any:
        return json.loads(self.text) if self.text else None

    @property
    def items(self) -> list[Any]:
        return list(self.body["items"])

    @property
    def code(self) -> str:
        return str(self.body["code"])

    @property
    def etag(self) -> str:
        return str(self.headers["ETag"])

    def fields(self) -> set[str]:
        return {error["field"] for error in self.body["errors"]}


@dataclass
class Api:
    """A program with a token (or none)."""

    token: str = ""
    client: Client = field(default_factory=Client)

    def __reduce__(self) -> Any:
        return Api, (self.token,)  # laid down anew, it is another client

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """`headers`: If_Match="..." and the like."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        response = self.client.generic(
            method,
            f"/api/v1{path}",
            b"" if body is None else data,
            content_type="application/json",
            headers=sent,
        )
        return Answer(response)

    def get(self, path: str, **headers: str) -> Answer:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self("DELETE", path, **headers)

    def upload(self, path: str, name: str, data: bytes, /, **fields: str | bytes) -> Answer:
        """A file as multipart; `Idempotency_Key` among the fields is a header."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {"Origin": OURS}
        if "Idempotency_Key" in fields:
            headers["Idempotency-Key"] = str(fields.pop("Idempotency_Key"))
        sent = {"file": SimpleUploadedFile(name, data), **fields}
        return Answer(self.client.post(f"/api/v1{path}", sent, headers=headers))


@dataclass
class Share:
    """What one technician's work touches."""

    actor: Actor
    technician: Technician
    api: Api
    customer: UUID
    contact: UUID
    site: UUID
    link: UUID
    asset: UUID
    order: UUID
    visit: UUID
    note: UUID
    attachment: UUID
    absence: UUID
    week: UUID
    time_entry: UUID
    phone: UUID
    report: UUID
    signature: UUID


@dataclass
class World:
    """Everybody and everything."""

    manager: Actor
    boss: Api
    anna: Share
    bert: Share
    nobody: Api
    kind: InterventionType
    skill: UUID
    vehicle: UUID
    team: UUID
    area: UUID
    calendar: UUID
    holiday: UUID
    reasons: dict[str, UUID]
    secret_note: UUID
    draft: UUID
    routes: UUID
    item: UUID
    sent: UUID
    filter: UUID

    def order(self, **values: Any) -> ServiceOrder:
        """Another order at Anna's customer."""
        given: dict[str, Any] = {
            "customer_id": self.anna.customer,
            "site_id": self.anna.site,
            "type_id": self.kind.pk,
            "description": "Leaking tap\nIn the kitchen",
        }
        return orders.order_create(actor=self.manager, **(given | values))

    def planned(self, hours: float = 30, technician: Technician | None = None) -> ServiceOrder:
        """One planned for Anna, `hours` from now."""
        command = orders.Command(
            technician_id=(technician or self.anna.technician).pk, start=soon(hours)
        )
        return planning.order_act(
            actor=self.manager, order_id=self.order().pk, action="plan", command=command
        )

    def new_body(self, **values: Any) -> dict[str, Any]:
        """What a program sends to record an order."""
        return {
            "customer_id": str(self.anna.customer),
            "site_id": str(self.anna.site),
            "type_id": str(self.kind.pk),
            "description": "No heating\nSince Monday",
            **values,
        }


def user_made(name: str, **roles: bool) -> User:
    return User.objects.create(email=f"{name.lower()}@example.com", name=name, **roles)


def api_of(actor: Actor) -> Api:
    _token, plain = token_create(actor=actor, name="a program")
    return Api(plain)


def share_made(manager: Actor, name: str, word: str, kind: InterventionType, hours: int) -> Share:
    """A technician with an order of their own; every text of it holds `word`."""
    user = user_made(name, is_technician=True)
    days = [[["00:00", "24:00"]]] * 7
    technician = workforce.technician_create(
        actor=manager, name=f"{name} of the team", user_id=user.pk, town=f"Town {word}", days=days
    )
    customer = customers.customer_create(
        actor=manager, name=f"Customer {word}", street=f"Street {word} 1", town=f"Town {word}",
        notes=f"Office notes {word}", alert=f"Alert {word}", phone="+3210123456",
    )  # fmt: skip
    site = customers.site_create(
        actor=manager, name=f"Site {word}", street=f"Street {word} 1", town=f"Town {word}",
        access_notes=f"Access {word}", key_notes=f"Key {word}",
    )  # fmt: skip
    link = customers.site_link(actor=manager, site_id=site.pk, customer_id=customer.pk)
    contact = customers.contact_create(
        actor=manager, customer_id=customer.pk, name=f"Contact {word}", site_id=site.pk
    )
    asset = customers.asset_create(
        actor=manager, site_id=site.pk, reference=f"Asset {word}", kind="Boiler"
    )
    customers.site_code_set(actor=manager, site_id=site.pk, version=1, code=f"4711{word}")
    order = planning.order_create_and_plan(
        actor=manager,
        command=orders.Command(technician_id=technician.pk, start=soon(hours)),
        customer_id=customer.pk,
        asset_id=asset.pk,
        contact_id=contact.pk,
        type_id=kind.pk,
        description=f"Title {word}\nText {word}",
        caller_name=f"Caller {word}",
        customer_reference=f"Reference {word}",
    )
    note = orders.note_add(
        actor=manager, order_id=order.pk, text=f"Note {word}", kind="technician", to_office=True
    )
    attachment = orders.attachment_add(
        actor=manager, order_id=order.pk, name=f"file {word}.txt", data=f"Bytes {word}".encode()
    )
    absence = workforce.absence_create(
        actor=manager, technician_id=technician.pk, kind="sickness", note=f"Absence {word}",
        start=soon(1000), end=soon(1010),
    )  # fmt: skip
    assert order.visit is not None
    week = technician.weeks.get()
    entry = orders.time_entry_add(
        actor=manager, technician_id=technician.pk, visit_id=order.visit.pk, kind="other",
        start=soon(-30), end=soon(-29), note=f"Hours {word}",
    )  # fmt: skip
    phone, _secret = device_sign_in(
        actor=actor_for_user(user, "office"), user_agent=f"Phone {word}"
    )
    report = LateReport.objects.create(
        visit=order.visit, order=order, technician=technician, device=phone, code="visit_ended"
    )
    actor = actor_for_user(user, "api")
    signature = recorded(actor, order.visit, word)
    return Share(
        actor=actor, technician=technician, api=api_of(actor), customer=customer.pk,
        contact=contact.pk, site=site.pk, link=link.pk, asset=asset.pk, order=order.pk,
        visit=order.visit.pk, note=note.pk, attachment=attachment.pk, absence=absence.pk,
        week=week.pk, time_entry=entry.pk, phone=phone.pk, report=report.pk,
        signature=signature,
    )  # fmt: skip


def recorded(actor: Actor, visit: Visit, word: str) -> UUID:
    """Some record of the visit: a part, a report, a photo, and a signature from before its plan,
    so that no step counts as signed."""
    by: dict[str, Any] = {"actor": actor, "visit_id": visit.pk}
    part_set(**by, part_id=uuid4(), text=f"Part {word}", quantity="1")
    report_set(**by, text=f"Report {word}")
    photo = announced(visit, picture(), actor, name=f"photo {word}.jpg")
    photo_announce(**photo)
    signer = signed(visit, actor, name=f"Signer {word}")
    return signature_add(**signer, at=soon(-1000)).pk


def world_made() -> World:
    """The whole company, in the present database."""
    boss = user_made("Marie", is_manager=True)
    manager = actor_for_user(boss, "api")
    kind = orders.type_create(actor=manager, values={"name": "Repair", "duration_minutes": 60})
    skill = workforce.skill_create(actor=manager, name="Gas")
    vehicle = workforce.vehicle_create(actor=manager, registration="1-ABC-234", name="Van 1")
    team = workforce.team_create(actor=manager, name="North")
    area = customers.area_create(actor=manager, name="Coast", postcodes="84*")
    calendar = workforce.calendar_create(actor=manager, name="Bavaria")
    holiday = workforce.holiday_add(
        actor=manager, calendar_id=calendar.pk, date="2099-12-25", name="Christmas"
    )
    item = checklist_item_create(actor=manager, type_id=kind.pk, values={"text": "Flue clean?"})
    anna = share_made(manager, "Anna", "Lindens", kind, hours=2)
    bert = share_made(manager, "Bert", CANARY, kind, hours=3)
    secret = orders.note_add(
        actor=manager, order_id=anna.order, text=f"Office only {CANARY}", kind="internal"
    )
    sent = import_send(
        actor=manager, kind="customers", file_name="sent.csv", data=b"name;phone\nMade;\n"
    )
    kept = orders.filter_save(actor=manager, name="The pile", query="stage=new")
    draft = draft_absence(
        actor=manager, technician_id=anna.technician.pk, start=soon(1), end=soon(5)
    )
    draft_fill(draft.pk)
    routes = optimisation_start(actor=manager, asked=Asked(days=(local(soon(2)).date(),)))
    draft_drop(actor=manager, draft_id=routes.pk)
    reasons = {
        kind: orders.reason_create(actor=manager, kind=kind, label=f"Because {kind}").pk
        for kind, _word in Reason.KINDS
    }
    return World(
        manager=manager, boss=api_of(manager), anna=anna, bert=bert, nobody=Api(), kind=kind,
        skill=skill.pk, vehicle=vehicle.pk, team=team.pk, area=area.pk, reasons=reasons,
        calendar=calendar.pk, holiday=holiday.pk, secret_note=secret.pk,
        draft=draft.pk, routes=routes.pk, item=item.pk, sent=sent.pk, filter=kept.pk,
    )  # fmt: skip


@pytest.fixture(scope="module")
def module_world(
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """Laid down once for a file of tests, in a transaction that ends with it."""
    built = tmp_path_factory.getbasetemp() / "world"  # its files, written when it is built
    built.mkdir(exist_ok=True)
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            with override_settings(MEDIA_ROOT=built):
                world = world_repeated()
            files = tmp_path_factory.mktemp("f")
            shutil.copytree(built, files, dirs_exist_ok=True)
            with override_settings(MEDIA_ROOT=files):
                yield world
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


world_repeated = repeated(world_made)


@pytest.fixture
def world(module_world: World, db: None) -> World:
    """The company; what a test does to it is rolled back when the test is over."""
    return module_world


@pytest.fixture
def committed_world(transactional_db: None, settings: Any, tmp_path: Any) -> World:
    """The same, for several connections at once."""
    settings.MEDIA_ROOT = tmp_path
    return world_made()


@contextmanager
def queries() -> Iterator[CaptureQueriesContext]:
    """Counts what is asked of the database."""
    with CaptureQueriesContext(connection) as context:
        yield context
