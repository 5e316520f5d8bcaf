"""State down: what the phone names as held is compared with what stands now, by revisions.

One path for the first start, a lost store, work taken away, changed rights: no cursor, no
tombstones. A revision is the SHA-256 of the document's bytes.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from callout.fieldwork.selectors.me import me_document
from callout.fieldwork.selectors.scope import own_work
from callout.fieldwork.selectors.visit_documents import visit_documents
from callout.kernel.actor import Actor
from callout.kernel.snapshot import at_one_moment

MOST_DOCS = 64
MOST_BYTES = 262_144


@dataclass(slots=True)
class Down:
    """What the phone has to write, and whether it must ask again."""

    docs: list[Any] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    more: bool = False


def documents(actor: Actor) -> Iterator[tuple[str, bytes]]:
    """Every document that the phone should hold, and its bytes: `me`, then visits by start."""
    me, visits = at_one_moment(
        lambda: (me_document(actor), visit_documents(actor, own_work(actor)))
    )
    yield "me", _bytes(me)
    for pk, visit in visits.items():
        yield f"visit:{pk}", _bytes(visit)


def down(actor: Actor, known: Mapping[str, str]) -> Down:
    """What differs from what the phone has, and what it should hold no more."""
    found = Down()
    there = set()
    size = 0
    for name, body in documents(actor):
        there.add(name)
        rev = hashlib.sha256(body).hexdigest()
        if known.get(name) == rev or found.more:
            continue
        size += len(body)
        if found.docs and (len(found.docs) >= MOST_DOCS or size > MOST_BYTES):
            found.more = True
            continue
        found.docs.append({"id": name, "rev": rev, "body": orjson.Fragment(body)})
    found.gone = sorted(name for name in known if name not in there)
    return found


def _bytes(body: Any) -> bytes:
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
