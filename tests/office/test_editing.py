"""The edit form and the files: nothing typed lost, nothing hostile kept, owners only."""

import io
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from callout.accounts.zone import local
from callout.orders.models import Attachment, ServiceOrder
from callout.orders.services import order_update
from tests.office.conftest import Browser
from tests.orders.conftest import Company

NOBODY = UUID(int=7)  # no such thing


HTMX = {"HX-Request": "true"}


def form_of(order: ServiceOrder, **changes: Any) -> dict[str, Any]:
    """The form as the browser would send it, untouched but for `changes`."""
    order.refresh_from_db()
    return {
        "version": order.version,
        "customer_id": str(order.customer_id),
        "location": f"asset:{order.asset_id}" if order.asset_id else f"site:{order.site_id}",
        "contact_id": "",
        "type_id": str(order.type_id),
        "priority": order.priority.code,
        "description": order.description,
        "duration_minutes": order.duration_minutes,
        "received_at": f"{local(order.received_at):%Y-%m-%dT%H:%M}",
        "channel": order.channel,
        "caller_name": order.caller_name,
        "caller_phone": order.caller_phone,
        "customer_reference": order.customer_reference,
        "charge": order.charge,
        "wish_not_before": "",
        "wish_due": "",
        "wish_from": "",
        "wish_to": "",
        "wish_start": "",
        "proposed_vehicle_id": "",
        **changes,
    }


def send(office: Client, order: ServiceOrder, data: dict[str, Any]) -> Any:
    return office.post(f"/orders/{order.pk}/edit/", data, headers=HTMX)


def test_an_untouched_form_changes_nothing(company: Company, office: Client) -> None:
    order = company.order()
    before = ServiceOrder.objects.values().get(pk=order.pk)
    assert send(office, order, form_of(order)).status_code == 200
    assert ServiceOrder.objects.values().get(pk=order.pk) == before


def test_every_field_is_written(company: Company, office: Client) -> None:
    order = company.order()
    changes = {
        "location": f"asset:{company.asset.pk}",
        "priority": "urgent",
        "description": "Leak\nunder the sink",
        "duration_minutes": 90,
        "channel": "email",
        "caller_name": "Koen",
        "caller_phone": "0470 12 34 56",
        "customer_reference": "PO 7",
        "charge": "warranty",
        "wish_from": "08:00",
        "wish_to": "12:00",
    }
    assert send(office, order, form_of(order, **changes)).status_code == 200
    order.refresh_from_db()
    assert (order.asset_id, order.priority.code, order.title) == (
        company.asset.pk,
        "urgent",
        "Leak",
    )
    assert (order.caller_phone, order.charge, str(order.wish_to)) == (
        "+32470123456",
        "warranty",
        "12:00:00",
    )


def test_who_was_slower_is_told_and_keeps_what_was_typed(company: Company, office: Client) -> None:
    order = company.order()
    data = form_of(order, description="Mine, typed at length")
    order_update(
        actor=company.manager, order_id=order.pk, version=order.version, description="Theirs"
    )
    answer = send(office, order, data)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "Mine, typed at length" in body
    assert "Changed: description" in body
    assert ServiceOrder.objects.get(pk=order.pk).description == "Theirs"
    again = data | {"version": ServiceOrder.objects.get(pk=order.pk).version}
    assert f'value="{again["version"]}"' in body
    assert send(office, order, again).status_code == 200
    assert ServiceOrder.objects.get(pk=order.pk).title == "Mine, typed at length"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("caller_phone", "12"),
        ("location", "site:nowhere"),
        ("location", f"site:{NOBODY}"),
        ("customer_id", "x"),
        ("duration_minutes", "100000"),
        ("received_at", "tomorrow"),
        ("received_at", "2199-01-01T10:00"),
        ("wish_to", "25:00"),
        ("priority", "extreme"),
        ("description", "x" * 20_001),
    ],
)
def test_a_wrong_value_is_told_and_changes_nothing(
    company: Company, office: Client, field: str, value: str
) -> None:
    order = company.order()
    before = ServiceOrder.objects.values().get(pk=order.pk)
    answer = send(office, order, form_of(order, **{field: value}))
    assert answer.status_code == 422
    assert "co-error" in answer.content.decode() or 'role="alert"' in answer.content.decode()
    assert ServiceOrder.objects.values().get(pk=order.pk) == before


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return SimpleUploadedFile("leak.png", out.getvalue(), "image/png")


@pytest.fixture
def kept_here(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.mark.usefixtures("kept_here")
def test_files_are_added_and_go_out_tame_to_their_owners_only(
    company: Company, office: Client, browser: Browser
) -> None:
    order = company.planned()
    page = SimpleUploadedFile("evil.html", b"<script>1</script>", "text/html")
    answer = office.post(
        f"/orders/{order.pk}/files/?tab=files",
        {"file": [photo(), page], "for_technician": "on"},
        headers=HTMX,
    )
    assert answer.status_code == 200
    assert "evil.html" in answer.content.decode()  # told by name, not kept
    assert "data-toast-stay" in answer.content.decode()  # and until it was read
    row = Attachment.objects.get()
    address = f"/orders/files/{row.pk}/"
    sent = office.get(address)
    assert sent.status_code == 200
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in sent["Content-Security-Policy"]
    assert "leak.jpg" in sent["Content-Disposition"]
    assert "no-store" in sent["Cache-Control"]
    assert browser(company.anna).get(address).status_code == 200
    assert browser(company.bert).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert browser(company.bert).post(f"{address}remove/").status_code == 403
    assert office.post(f"{address}remove/", headers=HTMX).status_code == 200
    assert office.get(address).status_code == 404


@pytest.mark.usefixtures("kept_here")
def test_what_cannot_be_kept_is_told_in_words(company: Company, office: Client) -> None:
    order = company.order()
    bad = SimpleUploadedFile("x.png", b"not a picture", "image/png")
    answer = office.post(f"/orders/{order.pk}/files/", {"file": bad}, headers=HTMX)
    assert answer.status_code == 422
    assert "cannot be read" in answer.content.decode()
    assert office.post(f"/orders/{order.pk}/files/", headers=HTMX).status_code == 422
