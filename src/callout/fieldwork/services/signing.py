"""The customer's signature, and the seal: the exact bytes that they read, kept as they came."""

import base64
import binascii
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from callout.fieldwork.models import Signature
from callout.fieldwork.policy import author_of, visit_to_record
from callout.fieldwork.services.parts import MOST_PARTS
from callout.fieldwork.services.photos import MOST_PHOTOS
from callout.fieldwork.services.telling import record
from callout.kernel import checks, clock
from callout.kernel.actor import Actor
from callout.kernel.change import rows_add, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid, Refused
from callout.orders import policy
from callout.orders.models import Visit

VERSION = 1
MOST_SEAL = 128_000
MOST_IMAGE = 64_000
MOST_SIDE, MOST_PIXELS = 2000, 1_500_000
MOST_SIGNATURES = 20
MOST_DEEP = 8  # lists within lists: whoever reads it later must get through them
# Lines that a visit can have, and lines that the summary of such a visit can show.
MOST_LINES = {"work": 200, "parts": MOST_PARTS, "checklist": 300}
MOST_TEXTS = 1_000
MOST_TEXT = 10_000  # characters of one line: a report's
NAME = {"name": checks.text(120, required=True)}


@service
def signature_add(
    *,
    actor: Actor,
    visit_id: UUID,
    signature_id: UUID,
    name: str,
    seal: Any,
    image: Any,
    at: datetime | None = None,
    read_as: UUID | None = None,
) -> Signature:
    """Keep who signed what. `seal` is stored verbatim, `image` (a PNG in base64) written anew.

    What the seal says of itself must be so: its version, this visit, this name, and the hash of
    the very picture sent. `read_as` is the visit that the customer read, where the office has made
    another of it, which only a manager may. The latest signature of a visit counts; the ones
    before stay.
    """
    visit = visit_to_record(actor, visit_id)
    name = cleaned(NAME, {"name": name})["name"]
    sent = _image_sent(image)
    if read_as is not None:
        policy.manager_required(actor)
    _seal_checked(seal, read_as or visit.pk, name, hashlib.sha256(sent).hexdigest())
    there = _there(visit, signature_id, seal)
    if there is not None:
        return there
    if visit.signatures.count() >= MOST_SIGNATURES:
        raise Refused(_("A visit is signed 20 times at most."), code="too_many_signatures")
    row = Signature(
        id=signature_id,
        order=visit.order,
        visit=visit,
        name=name,
        seal=seal,
        seal_sha256=hashlib.sha256(seal.encode()).hexdigest(),
        image=signature_written_anew(sent),
        image_sha256_sent=hashlib.sha256(sent).hexdigest(),
        signed_at=at or clock.now(),
        author_id=author_of(actor),
        device_id=actor.device_id,
    )
    rows_add(row)
    record(actor, visit, "sign", _hashes(row), {"note": name}, at=at)
    return row


def _hashes(row: Signature) -> dict[str, Any]:
    """For the journal: of what was read, of the image as it was sent, and as it is kept."""
    return {
        "signature": str(row.pk),
        "seal_sha256": row.seal_sha256,
        "sha256_sent": row.image_sha256_sent,
        "sha256": hashlib.sha256(row.image).hexdigest(),
    }


def _there(visit: Visit, signature_id: UUID, seal: Any) -> Signature | None:
    """This very signature, if it has come before. Invalid where its id is another one's."""
    there = Signature.objects.filter(pk=signature_id).first()
    if there is not None and (there.visit_id, there.seal) != (visit.pk, seal):
        raise Invalid({"id": [_("Choose one of the list.")]})
    return there


def mark_of(seal_sha256: str) -> str:
    """The ten characters of a seal's hash that are printed on the report."""
    return seal_sha256[:10]


def _image_sent(image: Any) -> bytes:
    if not isinstance(image, str) or len(image) > MOST_IMAGE * 4 // 3 + 4:
        raise Invalid({"image": [_("This signature is too large. Sign again.")]})
    try:
        return base64.b64decode(image, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid({"image": [_("This signature cannot be read. Sign again.")]}) from None


def signature_written_anew(sent: bytes) -> bytes:
    """The pixels alone, black on white: no metadata, nothing hidden behind them."""
    unreadable = Invalid({"image": [_("This signature cannot be read. Sign again.")]})
    if len(sent) > MOST_IMAGE:
        raise Invalid({"image": [_("This signature is too large. Sign again.")]})
    try:
        picture = Image.open(io.BytesIO(sent), formats=["PNG"])
        large = max(picture.size) > MOST_SIDE or picture.width * picture.height > MOST_PIXELS
        if large:
            raise Invalid({"image": [_("This signature is too large. Sign again.")]})
        drawn = picture.convert("RGBA")
    except (
        UnidentifiedImageError, OSError, ValueError, SyntaxError, IndexError, KeyError,
        Image.DecompressionBombError,
    ):  # fmt: skip
        raise unreadable from None
    paper = Image.new("RGBA", drawn.size, "white")
    paper.alpha_composite(drawn)
    grey = paper.convert("L")
    darkest, lightest = grey.getextrema()
    if darkest == lightest:
        raise Invalid({"image": [_("Nothing is drawn. Sign again.")]})
    out = io.BytesIO()
    grey.save(out, "PNG", optimize=True)
    if out.tell() > MOST_IMAGE:
        raise Invalid({"image": [_("This signature is too large. Sign again.")]})
    return out.getvalue()


def seal_read(seal: str) -> dict[str, Any]:
    """What the seal says. ValueError for what is none."""

    def never(word: str) -> NoReturn:
        raise ValueError(word)

    try:
        said = json.loads(seal, parse_constant=never)
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(said, dict):
        raise ValueError("no object")
    return said


def _seal_checked(seal: Any, visit_id: UUID, name: str, image_sha256: str) -> None:
    broken = Invalid({"seal": [_("What was signed does not fit this visit. Sign again.")]})
    words = _("What was signed is longer than a visit can be. Shorten it, and sign again.")
    too_long = Invalid({"seal": [words]})
    if not isinstance(seal, str) or not seal or "\x00" in seal:
        raise broken
    try:
        if len(seal) > MOST_SEAL or len(seal.encode()) > MOST_SEAL:
            raise too_long
        said = seal_read(seal)
    except ValueError:  # half a surrogate too
        raise broken from None
    fits = (
        said.get("v") == VERSION
        and said.get("visit") == str(visit_id)
        and " ".join(str(said.get("name")).split()) == name
        and said.get("signature_sha256") == image_sha256
        and isinstance(said.get("facts"), dict)
        and isinstance(said.get("texts"), list)
        and isinstance(said.get("photos"), list)
    )
    if not fits or not _shallow(said):
        raise broken
    if _too_long(said):
        raise too_long


def _shallow(said: Any) -> bool:
    level = [said]
    for _deep in range(MOST_DEEP):
        nested = (one.values() if isinstance(one, dict) else one for one in level)
        level = [each for some in nested for each in some if isinstance(each, dict | list)]
    return not level


def _too_long(said: dict[str, Any]) -> bool:
    """Whether it names more than could have been on the visit, or on the summary of it."""
    facts = said["facts"]
    lines = [(facts.get(name), most) for name, most in MOST_LINES.items()]
    lines += [(said["texts"], MOST_TEXTS), (said["photos"], MOST_PHOTOS)]
    if any(isinstance(some, list) and len(some) > most for some, most in lines):
        return True
    return any(len(text) > MOST_TEXT for text in _texts(said))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
