"""What each row would do, told without touching anything.

A judge reads what is there for some rows at once, in a constant number of queries, and remembers
the rows before them: a file may hold the same thing twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from callout.customers.import_models import ImportRow, Verdict
from callout.customers.imports.cells import Faults, Values
from callout.kernel.checks import Check, cleaned
from callout.kernel.errors import Invalid

Key = tuple[str, ...]
Changes = list[list[str]]  # [field, what it is, what it would be]


@dataclass(slots=True)
class Row:
    """A row as it was read. `ready` is what its judge makes of it, to be found, compared, done."""

    line: int
    values: Values
    faults: Faults = field(default_factory=dict)
    ready: Any = None


@dataclass(slots=True)
class Match:
    """Something that a row may be the same as; `sure` or only likely."""

    target: UUID | None
    name: str
    why: str
    sure: bool
    line: int | None = None
    row: Any = None


class Judge(Protocol):
    """What differs between customers, sites and assets."""

    def prepare(self, rows: Sequence[Row]) -> None:
        """Put `ready` on each row, or say in `faults` why it cannot be."""

    def match(self, row: Row) -> Match | None:
        """What is there already that it is the same as."""

    def keys(self, row: Row) -> list[tuple[Key, str, bool]]:
        """By which rows of one file are the same, why in words, and whether that is sure."""

    def brings(self, row: Row) -> list[Key]:
        """By what more than its own keys rows below it find it, once it is done."""

    def changes(self, row: Row, match: Match) -> Changes:
        """What would change, `match` being the same."""

    def adds(self, row: Row, match: Match) -> Changes:
        """What would be added beside it (a contact)."""


class Judging:
    """The rows of one file, in their order."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.seen: dict[Key, int] = {}

    def all(self, rows: Sequence[Row]) -> list[ImportRow]:
        """What each of them would do, as it is kept."""
        self.judge.prepare([row for row in rows if not row.faults])
        return [self._one(row) for row in rows]

    def _one(self, row: Row) -> ImportRow:
        kept = ImportRow(line=row.line, values=row.values, verdict=Verdict.ERROR)
        if row.faults:
            kept.errors = row.faults
            return kept
        match = self._same(row)
        if match is None:
            kept.verdict = Verdict.NEW
        else:
            kept.target_id, kept.target_name = match.target, match.name[:200]
            kept.why, kept.same_line = match.why[:200], match.line
            kept.verdict, kept.changes = self._against(row, match)
        own = [key for key, _why, _sure in self.judge.keys(row)]
        for key in (*own, *self.judge.brings(row)):
            self.seen.setdefault(key, row.line)
        return kept

    def _against(self, row: Row, match: Match) -> tuple[Verdict, Changes]:
        if not match.sure:
            return Verdict.LIKELY, []
        changes = self.judge.changes(row, match) if match.line is None else []
        added = self.judge.adds(row, match)
        if changes:
            return Verdict.CHANGES, [*changes, *added]
        return (Verdict.NEW, added) if added else (Verdict.SAME, [])

    def _same(self, row: Row) -> Match | None:
        """The surest of what is there and of what stands above it."""
        there, above = self.judge.match(row), self._above(row)
        if there is not None and (there.sure or above is None or not above.sure):
            return there
        return above

    def _above(self, row: Row) -> Match | None:
        found = [
            Match(None, _("line %(line)d") % {"line": self.seen[key]}, why, sure, self.seen[key])
            for key, why, sure in self.judge.keys(row)
            if key in self.seen
        ]
        return next((one for one in found if one.sure), next(iter(found), None))


def cleaned_all(
    table: Mapping[str, Check], values: Mapping[str, Any], faults: Faults, prefix: str = ""
) -> dict[str, Any]:
    """The values that can be, as their checks give them back; beside each other why not."""
    clean: dict[str, Any] = {}
    for name, value in values.items():
        with told_beside(faults, prefix):
            clean |= cleaned(table, {name: value})
    return clean


@contextmanager
def told_beside(faults: Faults, prefix: str = "") -> Iterator[None]:
    """What is Invalid within stands beside its fields."""
    try:
        yield
    except Invalid as error:
        for name, words in error.fields.items():
            faults.setdefault(f"{prefix}{name}", []).extend(words)


def differing(there: Any, wanted: Any, names: Iterable[str]) -> Changes:
    """The fields of these names in which a row would be another than the one that is there."""
    pairs = ((name, getattr(there, name), getattr(wanted, name)) for name in names)
    return [[name, _plain(was), _plain(would)] for name, was, would in pairs if was != would]


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
