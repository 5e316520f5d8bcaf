"""The doors through which an order is changed or planned, each as one request of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client

from callout.accounts.models import User
from callout.accounts.services import token_create
from callout.accounts.zone import local
from callout.kernel.actor import Actor
from callout.orders.models import ServiceOrder
from callout.planning import services as planning
from callout.planning.models import PlanDraft
from tests.api.conftest import OURS
from tests.orders.conftest import Company

HTMX = {"Origin": OURS, "HX-Request": "true"}


@dataclass
class Told:
    """What one writer got back."""

    door: str
    status: int
    text: str
    won: bool

    def __str__(self) -> str:
        return f"{self.door}: {self.status} {self.text[:300]}"


@dataclass
class Doors:
    """A manager at every door of one company."""

    company: Company
    cookies: dict[str, str]
    token: str

    def browser(self) -> Client:
        """A tab of the manager's browser; one for each thread."""
        client = Client(raise_request_exception=False)
        client.cookies.load(self.cookies)
        return client

    # --- changing an order that one has read -------------------------------------------------

    def form(self, order: ServiceOrder, words: str) -> Told:
        """The order's form."""
        fields = {
            "customer_id": order.customer_id, "location": f"site:{order.site_id}",
            "type_id": order.type_id, "priority": order.priority.code, "description": words,
            "duration_minutes": "60", "channel": order.channel, "charge": order.charge,
            "received_at": f"{local(order.received_at):%Y-%m-%dT%H:%M}", "version": order.version,
            "idempotency_key": uuid4(),
        }  # fmt: skip
        answer = self.browser().post(f"/orders/{order.pk}/edit/", fields, headers=HTMX)
        return _told("form", answer, answer.status_code == 200)

    def kanban(self, order: ServiceOrder, _words: str) -> Told:
        """Its card dropped on New: the plan is taken back."""
        fields = {"to": "new", "version": order.version}
        answer = self.browser().post(f"/orders/{order.pk}/move/", fields, headers=HTMX)
        return _told("kanban", answer, answer.status_code == 200)

    def page(self, order: ServiceOrder, _words: str) -> Told:
        """A button of the order's page: ten minutes longer."""
        fields = {"duration_minutes": "10", "version": order.version}
        path = f"/orders/{order.pk}/act/extend/?on=page"
        answer = self.browser().post(path, fields, headers=HTMX)
        return _told("page", answer, answer.status_code == 200)

    def api(self, order: ServiceOrder, words: str) -> Told:
        """A program's PATCH."""
        answer = Client(raise_request_exception=False).patch(
            f"/api/v1/service-orders/{order.pk}",
            {"description": words},
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", "If-Match": f'"{order.version}"'},
        )
        return _told("api", answer, answer.status_code == 200)

    def drag(self, order: ServiceOrder, _words: str) -> Told:
        """Its bar dragged half an hour further on the board."""
        assert order.start is not None
        answer = self._moves(order, order.start + timedelta(minutes=30))
        return _told("drag", answer, answer.status_code == 200)

    def _moves(self, order: ServiceOrder, start: datetime) -> Any:
        visit = str(order.visit_id) if order.visit_id else None
        move = {
            "service_order_id": str(order.pk), "version": order.version, "visit_id": visit,
            "technician_id": str(self.company.anna.technician_id), "duration_minutes": 60,
            "start": start.isoformat(),
        }  # fmt: skip
        return self._program().post(
            "/api/v1/planning/moves", {"moves": [move], "confirmed": True}, "application/json"
        )

    def _program(self) -> Client:
        bearer = {"Authorization": f"Bearer {self.token}"}
        return Client(raise_request_exception=False, headers=bearer)

    # --- planning onto an hour ---------------------------------------------------------------

    def book_by_form(self, start: datetime) -> Callable[[], Told]:
        """A new order, saved with technician and hour."""
        company, on = self.company, local(start)
        fields = {
            "customer_id": company.customer.pk, "location": f"site:{company.site.pk}",
            "site_id": company.site.pk, "type_id": company.kind.pk, "priority": "normal",
            "description": "By the form", "technician_id": company.anna.technician_id,
            "date": f"{on:%Y-%m-%d}", "start": f"{on:%H:%M}", "duration": "60",
            "idempotency_key": uuid4(), "go": "save", "step": "2",
        }  # fmt: skip

        def book() -> Told:
            answer = self.browser().post("/orders/new/", fields, headers=HTMX)
            return _told("new order", answer, answer.status_code == 200)

        return book

    def book_by_page(self, start: datetime) -> Callable[[], Told]:
        """The dialog of an order's page, and of a card dropped on Planned: they share it."""
        return self._dialog(self.company.order(), "plan", start)

    def book_by_drop(self, start: datetime) -> Callable[[], Told]:
        """A cancelled order's card dropped on Planned: reopened and planned in one."""
        order = self.company.order()
        order = self.company.act(self.company.manager, order, "cancel", note="Solved")
        return self._dialog(order, "reopen-and-plan", start)

    def _dialog(self, order: ServiceOrder, code: str, start: datetime) -> Callable[[], Told]:
        fields = {
            "technician_id": self.company.anna.technician_id,
            "start": f"{local(start):%Y-%m-%dT%H:%M}", "duration_minutes": "60",
            "version": order.version, "idempotency_key": uuid4(),
        }  # fmt: skip
        path = f"/orders/{order.pk}/act/{code}/"

        def book() -> Told:
            answer = self.browser().post(path, fields, headers=HTMX)
            return _told(code, answer, answer.status_code == 200)

        return book

    def book_by_api(self, start: datetime) -> Callable[[], Told]:
        """A program's order, planned as it is recorded."""
        company = self.company
        body = {
            "customer_id": str(company.customer.pk), "site_id": str(company.site.pk),
            "type_id": str(company.kind.pk), "technician_id": str(company.anna.technician_id),
            "start": start.isoformat(), "duration_minutes": 60, "description": "By the API",
        }  # fmt: skip

        def book() -> Told:
            answer = Client(raise_request_exception=False).post(
                "/api/v1/service-orders",
                body,
                content_type="application/json",
                headers={"Authorization": f"Bearer {self.token}"},
            )
            return _told("api", answer, answer.status_code == 201)

        return book

    def book_by_drag(self, start: datetime) -> Callable[[], Told]:
        """A card of the pile dropped on the board; suggestions and remedies are taken so too."""
        order = self.company.order()

        def book() -> Told:
            answer = self._moves(order, start)
            return _told("drag", answer, answer.status_code == 200)

        return book

    def book_by_draft(self, start: datetime) -> Callable[[], Told]:
        """A plan draft applied: of auto-plan, of an absence, and later of the optimiser."""
        draft = draft_of(self.company, start)

        def book() -> Told:
            answer = self._program().post(
                f"/api/v1/planning/drafts/{draft.pk}/apply", {}, "application/json"
            )
            move = draft.moves.get()
            if answer.status_code == 200 and move.state == "refused":
                # The draft is answered; what it says of the move is what the dispatcher is told.
                return Told("draft", 409, move.refusal, won=False)
            return _told("draft", answer, move.state == "applied")

        return book


def draft_of(company: Company, start: datetime) -> PlanDraft:
    """A draft that is ready, of one new order onto an hour of Anna's."""
    order = company.order()
    maker = User.objects.get(pk=str(company.manager.user_id))
    draft = PlanDraft.objects.create(kind="auto_plan", state="ready", made_by=maker)
    draft.moves.create(
        position=0, order=order, order_version=order.version, to_start=start,
        to_technician_id=company.anna.technician_id, to_end=start + timedelta(hours=1),
    )  # fmt: skip
    return draft


def _told(door: str, answer: Any, won: bool) -> Told:
    return Told(door, answer.status_code, answer.content.decode(), won)


def doors_of(company: Company) -> Doors:
    """Every door of `company`, open for its manager."""
    client = Client()
    client.force_login(User.objects.get(pk=str(company.manager.user_id)))
    _row, token = token_create(actor=company.manager, name="a program")
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    return Doors(company, cookies, token)


def planned_anew(actor: Actor, order: ServiceOrder, technician_id: Any, start: Any) -> ServiceOrder:
    """The order as everybody has read it: planned, whatever happened to it before."""
    from callout.orders.services import Command

    order.refresh_from_db()
    if order.stage == "new":
        command = Command(technician_id=technician_id, start=start, duration_minutes=60)
        planning.order_act(actor=actor, order_id=order.pk, action="plan", command=command)
    return ServiceOrder.objects.select_related("priority").get(pk=order.pk)
