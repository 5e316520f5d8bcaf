"""What technicians of the demo checked, used, photographed and had signed, as phones say it."""

import base64
import hashlib
import io
import json
import random
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from PIL import Image, ImageDraw

from callout.config.demo.load import Demo
from callout.fieldwork.models import ChecklistItem, Upload
from callout.fieldwork.services.checklists import answer_set, checklist_item_create
from callout.fieldwork.services.keeping import upload_link
from callout.fieldwork.services.parts import part_set
from callout.fieldwork.services.photos import photo_announce
from callout.fieldwork.services.reports import report_set, unsigned_set
from callout.fieldwork.services.signing import signature_add
from callout.fieldwork.services.uploads import PART, parts_drop, upload_part
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.models import ServiceOrder, TimeEntry, Visit
from callout.orders.numbers import order_number

Values = dict[str, Any]
# Lines of each type: text, kind, and what else there is to say.
CHECKLISTS: dict[str, list[tuple[str, str, Values]]] = {
    "Maintenance": [
        ("Filters and burner cleaned", "tick", {"required": True}),
        ("CO in the flue gas", "number",
         {"low": "0", "high": "100", "unit": "ppm", "required": True}),
        ("Condition of the seals", "choice", {"choices": ["good", "worn", "to be replaced"]}),
        ("Photo of the nameplate", "photo", {"required": True}),
        ("Advice to the customer", "text", {}),
    ],
    "Inspection": [
        ("Safety devices tested", "tick", {"required": True}),
        ("Pressure", "number", {"low": "0.5", "high": "3", "unit": "bar"}),
        ("Result", "choice", {"choices": ["passed", "passed with remarks", "failed"]}),
    ],
    "Breakdown": [
        ("Works again, shown to the customer", "tick", {}),
        ("Cause", "choice", {"choices": ["wear", "dirt", "setting", "electricity", "other"]}),
    ],
    "Installation": [
        ("Serial number noted", "tick", {}),
        ("Photo after installation", "photo", {}),
    ],
}  # fmt: skip
ADVICE = ["Next maintenance in a year.", "Have the expansion vessel replaced within the year.", ""]
PARTS = [("Ignition electrode", "1", "pc"), ("Seal set", "1", "pc"), ("Copper pipe 22", "1.5", "m")]
REPORTS = [
    "Cleaned, set and tested. Everything works.",
    "Electrode replaced, burner cleaned. Ran for twenty minutes without a fault.",
    "Checked according to the list. Seals are worn, no danger for now.",
]
SIGNERS = ["Koen Aerts", "Isabelle Pirard", "Mevr. Peeters", "Jan Wuyts", "Hélène Noël"]
WHY_NOT = "Nobody of the customer's was there at the end."


def checklists_load(demo: Demo) -> None:
    """The templates, as the office made them some days ago."""
    for name, lines in CHECKLISTS.items():
        for text, kind, more in lines:
            checklist_item_create(
                actor=demo.managers[0],
                type_id=demo.types[name].pk,
                values={"text": text, "kind": kind, **more},
            )


class Recorder:
    """Writes what a technician's phone says of a visit, in the order in which they would."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice

    def tell(self, actor: Actor, order_id: UUID, number: int) -> None:
        """All of one visit, shortly before its end: answers, a part, a photo, report, signature."""
        order = ServiceOrder.objects.select_related("customer", "site", "visit").get(pk=order_id)
        visit = order.visit
        if visit is None or not visit.is_open:
            return
        by: Values = {"actor": actor, "visit_id": visit.pk}
        photos = [self._photo(by, "before", None, number)] if number % 3 == 0 else []
        facts: Values = {"checklist": [], "parts": []}
        for item in ChecklistItem.objects.filter(type=order.type_id).order_by("position"):
            if item.kind == ChecklistItem.PHOTO:
                photos.append(self._photo(by, "checklist", item.pk, number))
                continue
            value = self._answer(item)
            answer_set(**by, item_id=item.pk, value=value)
            facts["checklist"].append({"id": str(item.pk), "text": item.text, "value": value})
        if number % 2:
            facts["parts"].append(self._part(by))
        facts["report"] = self.dice.choice(REPORTS)
        report_set(**by, text=facts["report"])
        if number % 5 == 4:
            unsigned_set(**by, why=WHY_NOT)
        else:
            self._sign(by, order, visit, facts, photos)

    def change_afterwards(self, actor: Actor, order_id: UUID) -> None:
        """A part that was forgotten, put down after the customer had signed."""
        visit_id = Visit.objects.filter(order=order_id).values_list("pk", flat=True)[0]
        pk = self._id()
        part_set(actor=actor, visit_id=visit_id, part_id=pk, text="Filter", quantity="1", unit="pc")

    def _id(self) -> UUID:
        return UUID(int=self.dice.getrandbits(128), version=4)

    def _answer(self, item: ChecklistItem) -> bool | str | None:
        kinds: dict[str, Callable[[], bool | str]] = {
            ChecklistItem.TICK: lambda: True,
            ChecklistItem.NUMBER: lambda: str(
                self.dice.randrange(4, 38) if item.unit == "ppm" else "1.5"
            ),
            ChecklistItem.CHOICE: lambda: str(self.dice.choice(item.choices)),
            ChecklistItem.TEXT: lambda: self.dice.choice(ADVICE),
        }
        return kinds[item.kind]() or None

    def _part(self, by: Values) -> Values:
        text, quantity, unit = self.dice.choice(PARTS)
        said: Values = {"text": text, "quantity": quantity, "unit": unit}
        pk = self._id()
        part_set(**by, part_id=pk, **said)
        return {"id": str(pk), **said}

    def _photo(self, by: Values, tag: str, item: UUID | None, number: int) -> str:
        """Announced, sent in parts, and written anew: as a phone's is."""
        data = drawn_photo(number * 7 + len(tag))
        sha256 = hashlib.sha256(data).hexdigest()
        photo_announce(
            **by, photo_id=self._id(), file=sha256, size=len(data), name="photo.jpg",
            type="image/jpeg", tag=tag, item=item, taken_at=clock.now(),
        )  # fmt: skip
        for part in range(-(-len(data) // PART)):
            upload_part(
                actor=by["actor"], sha256=sha256, part=part, size=len(data),
                data=data[part * PART : (part + 1) * PART],
            )  # fmt: skip
        upload = Upload.objects.get(user=by["actor"].user_id, sha256=sha256)
        upload_link(actor=Actor.system("demo data", "command"), upload_id=upload.pk)
        parts_drop(upload)
        return sha256

    def _sign(
        self, by: Values, order: ServiceOrder, visit: Visit, facts: Values, photos: list[str]
    ) -> None:
        name, image = self.dice.choice(SIGNERS), drawn_signature(self.dice)
        work = [
            [_iso(row.start), _iso(row.end), row.kind]
            for row in TimeEntry.objects.filter(visit=visit).order_by("start")
        ]
        seal = json.dumps(
            {
                "v": 1, "visit": str(visit.pk), "order_number": order_number(order.number),
                "title": order.title, "company": "", "customer": order.customer.name,
                "site": order.site.name, "name": name, "signed_at": clock.now().isoformat(),
                "language": "en", "texts": [["Report", facts["report"]]],
                "facts": {**facts, "work": work, "minutes": 0, "result": "done"},
                "photos": photos, "signature_sha256": hashlib.sha256(image).hexdigest(),
            },
            ensure_ascii=False,
        )  # fmt: skip
        signature_add(
            **by, signature_id=self._id(), name=name, seal=seal,
            image=base64.b64encode(image).decode(),
        )  # fmt: skip


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def drawn_photo(number: int) -> bytes:
    """A boiler on a wall, in flat colours; another for each number."""
    dice = random.Random(number)  # noqa: S311 - the same demo at every load
    wall = (200 + dice.randrange(40), 205 + dice.randrange(30), 210)
    image = Image.new("RGB", (960, 720), wall)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 600, 960, 720), fill=(120, 110, 100))
    left, top = 280 + dice.randrange(80), 90 + dice.randrange(40)
    draw.rounded_rectangle((left, top, left + 320, top + 430), 24, fill=(238, 240, 242),
                           outline=(120, 128, 136), width=4)  # fmt: skip
    draw.rectangle((left + 60, top + 40, left + 260, top + 100), fill=(40, 52, 66))
    draw.ellipse((left + 120, top + 150, left + 200, top + 230), outline=(60, 70, 80), width=6)
    for place, colour in enumerate([(176, 98, 48), (176, 98, 48), (206, 168, 60)]):
        x = left + 60 + 90 * place
        draw.rectangle((x, top + 430, x + 18, 600), fill=colour)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def drawn_signature(dice: random.Random) -> bytes:
    """Some loops of a pen, dark on nothing, as the phone's canvas gives them."""
    image = Image.new("RGBA", (480, 180), (0, 0, 0, 0))
    points = [(40, 110)]
    for step in range(1, 26):
        high = dice.randrange(30, 90) if step % 2 else dice.randrange(95, 150)
        points.append((40 + step * 16, high))
    ImageDraw.Draw(image).line(points, fill=(20, 28, 40, 255), width=4, joint="curve")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
