"""The built app of the phone: what its service worker keeps, and the worker itself."""

import base64
import hashlib
import json
from functools import lru_cache
from typing import Any

from callout.web.ui import assets

# Files that keep their own names: looked up by what they hold.
OWN_NAMES = ("favicon.svg", "app-192.png")


def files() -> list[dict[str, Any]]:
    """Address and hash of every file that the app needs without a network."""
    return _files(assets.built_at("precache.json"))


def build() -> str:
    """Ten characters that name this build."""
    return hashlib.sha256(json.dumps(files()).encode()).hexdigest()[:10]


def worker() -> str:
    """The service worker, as built."""
    return _worker(assets.built_at("technician-sw.js"))


def integrity(content: bytes) -> str:
    """As browsers compare it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()


@lru_cache(maxsize=1)
def _files(_built_at: int) -> list[dict[str, Any]]:
    listed = json.loads((assets.BUILD / "precache.json").read_text())
    for name in OWN_NAMES:
        hashed = integrity((assets.BUILD / name).read_bytes())
        listed.append({"url": name, "revision": hashed, "integrity": hashed})
    return [{**file, "url": assets.url(file["url"])} for file in listed]


@lru_cache(maxsize=1)
def _worker(_built_at: int) -> str:
    return (assets.BUILD / "technician-sw.js").read_text()
