"""Search as you type: over a `search` column (normalised text under a trigram index)."""

import re
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from callout.kernel.text import normalise

M = TypeVar("M", bound=models.Model)

MOST_WORDS = 6
_UNFINDABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a search-as-you-type box: what it is called, and why it is this one."""

    id: UUID
    label: str
    detail: str = ""
    icon: str = ""
    initials: str = ""
    kind: str = ""
    linked: bool = True  # False: choosing it asks for one more tick


def typed(q: str) -> str:
    """What was typed, as the `search` columns spell it; never what the database cannot take."""
    return normalise(_UNFINDABLE.sub(" ", q[:200]))


def found_by(q: str) -> Q:
    """The rows whose `search` holds every word of `q`; a number also however it is grouped."""
    words = typed(q).split()[:MOST_WORDS]
    condition = Q()
    for word in words:
        condition &= Q(search__contains=word)
    # "0498 00 11 22", "BE 0412.345.678" and "1-ABC-234" are kept without what groups them.
    compact = re.sub(r"[\s./()-]+", "", typed(q)).removeprefix("+").removeprefix("00")
    if len(words) and sum(c.isdigit() for c in compact) >= 3:
        condition |= Q(search__contains=compact)
    return condition


def matching(rows: QuerySet[M], q: str) -> QuerySet[M]:
    """The rows that `q` finds; all of them when it is empty."""
    return rows.filter(found_by(q)) if typed(q) else rows


def ranked(rows: QuerySet[M], q: str, name: str, limit: int) -> list[M]:
    """The best few for `q`: whose `name` column begins with it, then a word of it, then others.

    The first kind is asked for alone: one or two letters match half of a large table, and the
    index by name answers with its first few at once.
    """
    text = typed(q)
    if not text:
        return list(rows.order_by(name, "pk")[:limit])
    begins = Q(**{f"{name}__startswith": text})
    found = list(rows.filter(begins).order_by(name, "pk")[:limit])
    if len(found) == limit:
        return found
    rank = Case(
        When(**{f"{name}__contains": f" {text}"}, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    others = rows.filter(found_by(q)).exclude(begins).order_by(rank, name, "pk")
    return found + list(others[: limit - len(found)])
