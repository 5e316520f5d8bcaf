"""The built front end: Vite's manifest and the icon sprite, read from static/build."""

import json
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

BUILD = Path(__file__).resolve().parent.parent / "static" / "build"


@dataclass(frozen=True)
class Entry:
    """One entry of the front end: its script, the style sheets it brings, and the scripts that it
    imports, which a browser may fetch before it has read the first."""

    script: str
    styles: tuple[str, ...]
    imports: tuple[str, ...]


@dataclass(frozen=True)
class Icons:
    """The sprite's address and the names that it holds."""

    sprite: str
    names: frozenset[str]


def url(path: str) -> str:
    """Address of a built file. Vite has put a hash into its name, so no storage adds another."""
    return f"{settings.STATIC_URL}build/{path}"


def entry(name: str) -> Entry:
    """Look up `office.ts`, `technician.ts`, ... by the name of its source file."""
    entries = _entries(built_at("manifest.json"))
    if name not in entries:
        raise ImproperlyConfigured(f"The front end has no entry {name!r}: {sorted(entries)}")
    return entries[name]


def icons() -> Icons:
    """The icon sprite of this build."""
    return _icons(built_at("icons.json"))


def built_at(name: str) -> int:
    """When the build wrote this file, so that a rebuild is seen without a restart."""
    return _time_of(BUILD, name, int(time.monotonic()))


@lru_cache(maxsize=8)
def _time_of(folder: Path, name: str, _second: int) -> int:
    """A board asks for 500 icons: the disk is asked once a second."""
    try:
        return (folder / name).stat().st_mtime_ns
    except FileNotFoundError as error:
        raise ImproperlyConfigured("The front end is not built. Run: make build") from error


@lru_cache(maxsize=1)
def _entries(_built_at: int) -> dict[str, Entry]:
    manifest: dict[str, dict[str, Any]] = json.loads((BUILD / "manifest.json").read_text())
    return {
        Path(source).name: Entry(
            url(chunk["file"]),
            tuple(map(url, _styles(chunk, manifest))),
            tuple(url(path) for path in _imports(chunk, manifest)),
        )
        for source, chunk in manifest.items()
        if chunk.get("isEntry")
    }


def _styles(chunk: dict[str, Any], manifest: dict[str, dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for imported in chunk.get("imports", []):
        found += [path for path in _styles(manifest[imported], manifest) if path not in found]
    return found + [path for path in chunk.get("css", []) if path not in found]


def _imports(chunk: dict[str, Any], manifest: dict[str, dict[str, Any]]) -> list[str]:
    found: dict[str, None] = {}
    for name in chunk.get("imports", []):
        found |= dict.fromkeys([manifest[name]["file"], *_imports(manifest[name], manifest)])
    return list(found)


@lru_cache(maxsize=1)
def _icons(_built_at: int) -> Icons:
    built = json.loads((BUILD / "icons.json").read_text())
    return Icons(url(built["sprite"]), frozenset(built["names"]))
