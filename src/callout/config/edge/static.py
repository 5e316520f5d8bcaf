"""Static files, from the event loop: found once, compressed once, kept in memory.

What the front-end build names by its content may be kept by browsers for ever.
"""

import asyncio
import gzip
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation

from callout.config.edge.types import Headers, Scope, Send, answer, headers_of

HASHED = re.compile(r"^build/.*[-.][A-Za-z0-9_-]{8,}\.[a-z0-9.]+$")
COMPRESSED = {"text/", "application/json", "application/javascript", "image/svg+xml"}
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("application/geo+json", ".geojson")


@dataclass(frozen=True)
class File:
    """One file as it was when it was read."""

    stamp: tuple[int, int]
    kind: str
    plain: bytes
    zipped: bytes | None

    @property
    def etag(self) -> str:
        """Changes whenever the file does."""
        return f'"{self.stamp[0]:x}-{self.stamp[1]:x}"'


class Static:
    """Answers GET and HEAD below /static/."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self.places: dict[str, Path] = {}

    async def __call__(self, scope: Scope, send: Send, name: str) -> None:
        """Send the file, or 404."""
        file = await asyncio.to_thread(self._file, name)
        if file is None or scope["method"] not in ("GET", "HEAD"):
            plain = {"content-type": "text/plain; charset=utf-8"}
            await answer(send, 404 if file is None else 405, plain, b"")
            return
        asked = headers_of(scope)
        forever = HASHED.match(name)
        headers: Headers = {
            "content-type": file.kind,
            "etag": file.etag,
            "vary": "Accept-Encoding",
            "cache-control": "public, max-age=31536000, immutable" if forever else "no-cache",
        }
        if asked.get("if-none-match") == file.etag:
            await answer(send, 304, headers, b"")
            return
        body = file.plain
        if file.zipped and "gzip" in asked.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            body = file.zipped
        if scope["method"] == "HEAD":
            headers["content-length"] = str(len(body))
            body = b""
        await answer(send, 200, headers, body)

    def _file(self, name: str) -> File | None:
        path = self.places.get(name) or self._find(name)
        try:
            if path is None or not path.is_file():
                return None
            stat = path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            known = self.files.get(name)
            if known is None or known.stamp != stamp:
                known = self.files[name] = read(path, stamp)
            return known
        except (OSError, ValueError):
            return None

    def _find(self, name: str) -> Path | None:
        try:
            found = finders.find(name)
        except (ValueError, SuspiciousFileOperation):  # a name that no file of ours can have
            return None
        if not isinstance(found, str):
            return None
        return self.places.setdefault(name, Path(found))


def read(path: Path, stamp: tuple[int, int]) -> File:
    """Read a file, and compress it where that pays."""
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    plain = path.read_bytes()
    pays = len(plain) > 500 and any(kind.startswith(start) for start in COMPRESSED)
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    return File(stamp, kind, plain, gzip.compress(plain, 9) if pays else None)
