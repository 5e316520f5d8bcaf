"""Files on disk by the hash of their bytes, and what may become one.

A picture is decoded and written anew: no metadata, no second file hidden behind it. Anything else
is kept only if its kind is on the list and its first bytes agree with its name.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from callout.kernel.disk import file_write
from callout.kernel.errors import Invalid, TooLarge

MOST_BYTES = 25_000_000
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2560
THUMB_SIDE = 320
PHOTO_TYPES = {"JPEG", "PNG", "WEBP", "GIF"}  # JPEG opens the MPO of some phones too
# Ending: media type and the bytes it starts with. Office files are zip archives or OLE.
OTHERS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (b"PK\x03\x04",),
    ),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    "odt": ("application/vnd.oasis.opendocument.text", (b"PK\x03\x04",)),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", (b"PK\x03\x04",)),
    "txt": ("text/plain", ()),
    "csv": ("text/csv", ()),
}
IMAGES = {"jpg", "jpeg", "png", "webp", "gif"}


# Pillow knows only some of its formats before this, and open() asks for each by name.
Image.init()


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it will be stored."""

    kind: str  # photo or file
    name: str
    media_type: str
    data: bytes
    sha256_sent: str
    width: int | None = None
    height: int | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def file_read(name: str, data: bytes) -> Kept:
    """What would be kept of an upload. TooLarge, or Invalid with what can be sent instead."""
    if len(data) > MOST_BYTES:
        raise TooLarge(_("A file has 25 MB at most."))
    if not data:
        raise Invalid({"file": [_("This file is empty.")]})
    name = _name_clean(name)
    ending = name.rpartition(".")[2].lower()
    sent = hashlib.sha256(data).hexdigest()
    if ending in IMAGES:
        return _image(name, data, sent)
    if ending not in OTHERS:
        raise Invalid({"file": [_("Send a photo, a PDF, an office document, text or CSV.")]})
    media_type, starts = OTHERS[ending]
    if starts and not data.startswith(starts):
        raise Invalid({"file": [_("This file is not what its name says.")]})
    if not starts and not _is_text(data):
        raise Invalid({"file": [_("This file is not what its name says.")]})
    return Kept("file", name, media_type, data, sent)


def _name_clean(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*')
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:120]}{dot}{ending[:10]}".strip(" .") or "file"


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in data


def _image(name: str, data: bytes, sent: str) -> Kept:
    unreadable = Invalid({"file": [_("This picture cannot be read. Take it again.")]})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=sorted(PHOTO_TYPES))
            if picture.width * picture.height > MOST_PIXELS:
                raise TooLarge(_("This picture is too large: 60 megapixels at most."))
            # Smaller first: of a large picture there is never more than itself in memory.
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            plain = ImageOps.exif_transpose(picture).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooLarge(_("This picture is too large: 60 megapixels at most.")) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, IndexError, KeyError):
        raise unreadable from None
    # A new picture of the pixels alone: nothing that came along with them is written.
    clean = Image.new("RGB", plain.size)
    clean.paste(plain)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=85, optimize=True)
    stem = name.rpartition(".")[0] or "photo"
    return Kept("photo", f"{stem}.jpg", "image/jpeg", out.getvalue(), sent, *clean.size)


def file_path(sha256: str) -> Path:
    """Where the bytes of a hash lie."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


def thumb_path(sha256: str) -> Path:
    """Where a small picture of a kept photo lies, beside it; made when it is first asked for."""
    path = file_path(sha256)
    small = path.with_name(f"{sha256}.thumb")
    if not small.exists():
        with Image.open(path, formats=["JPEG"]) as picture:  # one of ours, written anew
            picture.draft("RGB", (THUMB_SIDE, THUMB_SIDE))
            picture.thumbnail((THUMB_SIDE, THUMB_SIDE))
            out = io.BytesIO()
            picture.convert("RGB").save(out, "JPEG", quality=75, optimize=True)
        file_write(small, out.getvalue())
    return small


def file_store(data: bytes, sha256: str) -> None:
    """Write the bytes once, whole and flushed: a name in the folder is a complete file."""
    path = file_path(sha256)
    if path.exists():
        return
    file_write(path, data)
