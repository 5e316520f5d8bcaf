"""What tests of the record need: a visit at work, its phone's Told, a picture, a seal."""

import base64
import hashlib
import io
import json
from typing import Any
from uuid import UUID, uuid4

from PIL import Image, ImageDraw

from callout.fieldwork.models import ChecklistItem
from callout.fieldwork.services.checklists import checklist_item_create
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.models import ServiceOrder, Visit
from tests.orders.conftest import Company


def working(company: Company, actor: Actor | None = None, **command: Any) -> Visit:
    """A visit on which the technician (Anna unless said otherwise) works right now."""
    order = company.planned(actor, hours=command.pop("hours", 1), **command)
    company.act(actor or company.anna, order, "start_work")
    return visit_of(order)


def visit_of(order: ServiceOrder) -> Visit:
    visit_id = ServiceOrder.objects.get(pk=order.pk).visit_id
    return Visit.objects.select_related("order").get(pk=str(visit_id))


def line(company: Company, kind: str = "tick", **values: Any) -> ChecklistItem:
    """A line of the checklist of the company's type."""
    given = {"text": f"A {kind}", "kind": kind, **values}
    if kind == "choice":
        given.setdefault("choices", ["good", "worn"])
    return checklist_item_create(actor=company.manager, type_id=company.kind.pk, values=given)


def picture(size: tuple[int, int] = (64, 48), colour: str = "red", kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def drawn(size: tuple[int, int] = (300, 120)) -> bytes:
    """A signature as the phone draws it: dark on nothing."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(10, 100), (90, 20), (150, 90), (280, 30)], fill="black", width=3)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def seal_of(
    visit: Visit, name: str = "Mevr. Peeters", image: bytes | None = None, **more: Any
) -> str:
    """What the phone makes of what it shows; `facts` and any other part may be given."""
    image = image or drawn()
    facts = {
        "work": [], "minutes": 0, "parts": [], "checklist": [], "report": "", "result": "",
        **more.pop("facts", {}),
    }  # fmt: skip
    said = {
        "v": 1, "visit": str(visit.pk), "order_number": "SO-000001", "title": "No hot water",
        "company": "C", "customer": "B", "site": "S", "name": name,
        "signed_at": clock.now().isoformat(), "language": "en", "texts": [["Report", "…"]],
        "facts": facts, "photos": [], "signature_sha256": sha256(image), **more,
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False)


def signed(visit: Visit, actor: Actor, image: bytes | None = None, **more: Any) -> dict[str, Any]:
    """What `signature_add` takes."""
    image = image or drawn()
    name = more.pop("name", "Mevr. Peeters")
    seal = more.pop("seal", None)
    return {
        "actor": actor, "visit_id": visit.pk, "signature_id": more.pop("id", uuid4()),
        "name": name, "seal": seal_of(visit, name, image, **more) if seal is None else seal,
        "image": base64.b64encode(image).decode(),
    }  # fmt: skip


def announced(visit: Visit, data: bytes, actor: Actor, **more: Any) -> dict[str, Any]:
    """What `photo_announce` takes for these bytes."""
    return {
        "actor": actor, "visit_id": visit.pk, "photo_id": more.pop("id", uuid4()),
        "file": sha256(data), "size": len(data), "name": "IMG_1.jpg", "type": "image/jpeg",
        "tag": "other", **more,
    }  # fmt: skip


def helped(company: Company, helper: Actor) -> Visit:
    """Anna works, and somebody helps her."""
    return working(company, company.anna, helper_ids=(UUID(str(helper.technician_id)),))
