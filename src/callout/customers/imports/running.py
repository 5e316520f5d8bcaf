"""The job that does what a preview showed, by the ordinary services, as whoever confirmed it.

Some rows in each transaction, with what became of them: done twice after a kill, no row is. Each
row stands behind a savepoint of its own, and is judged again first: what is not as it was shown is
left, in words.
"""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from callout.customers.import_models import (
    Import,
    ImportRow,
    ImportState,
    Outcome,
    Verdict,
)
from callout.customers.imports.checking import JUDGES, Work, told, whoever
from callout.customers.imports.doing import DOERS
from callout.customers.imports.judging import Judging, Row
from callout.customers.imports.making import import_lock, recorded
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.change import row_save, service
from callout.kernel.errors import CalloutError
from callout.kernel.taken_back import attempted

AT_ONCE = 25  # rows in one transaction: a second's work, which is what others wait for at most
TOLD = ["outcome", "told", "target_id", "target_name"]


def import_run(import_id: UUID) -> None:
    """Called by the job. Goes on where it was, does nothing for one that was stopped."""
    run = Import.objects.select_related("confirmed_by").filter(pk=import_id).first()
    if run is None or run.state != ImportState.RUNNING or run.confirmed_by is None:
        return
    work = Work.seen(run)
    with translation.override(run.confirmed_by.language), told(work):
        while done := import_portion(actor=whoever(run.confirmed_by_id), import_id=import_id):
            work.done = done


@service
def import_portion(*, actor: Actor, import_id: UUID) -> int:
    """Do the next rows; how many are done now. Where all are, it says so, and gives 0."""
    run = import_lock(actor, import_id)
    if run.state != ImportState.RUNNING:
        return 0
    rows = list(run.rows.filter(outcome="").order_by("line")[:AT_ONCE])
    if not rows:
        run.state, run.finished_at = ImportState.DONE, clock.now()
        row_save(run, ["state", "finished_at"])
        recorded(actor, run, "done", rows=run.row_count)
        return 0
    _Portion(actor, run, rows).do()
    ImportRow.objects.bulk_update(rows, TOLD)
    done = run.progress_done + len(rows)
    Import.objects.filter(pk=import_id).update(progress_done=done)
    return done


class _Portion:
    def __init__(self, actor: Actor, run: Import, rows: Sequence[ImportRow]) -> None:
        self.actor, self.run, self.rows = actor, run, rows
        self.of = {row.line: row for row in rows}
        above = {row.same_line for row in rows if row.same_line} - set(self.of)
        for row in run.rows.filter(line__in=above):
            self.of[row.line] = row

    def do(self) -> None:
        wanted = [row for row in self.rows if self._wanted(row)]
        read = [Row(row.line, dict(row.values)) for row in wanted]
        now = Judging(JUDGES[self.run.kind](self.actor)).all(read)
        for row, as_read, judged in zip(wanted, read, now, strict=True):
            if row.same_line is None and not _as_shown(row, judged):
                _left(row, _("It is not as it was in the preview any more. Import it again."))
                continue
            self._try(row, as_read)

    def _wanted(self, row: ImportRow) -> bool:
        """Whether anything of it is to be done; otherwise it says why not."""
        left = {
            Verdict.ERROR: lambda: _words(row.errors),
            Verdict.SAME: lambda: (
                _("Same as %(what)s: %(why)s.") % {"what": row.target_name, "why": row.why}
            ),
            Verdict.LIKELY: lambda: (
                _("Perhaps the same as %(what)s: %(why)s.")
                % {"what": row.target_name, "why": row.why}
            ),
            Verdict.CHANGES: lambda: _("Known already, left as it is."),
        }
        options = self.run.options
        if row.verdict == Verdict.NEW:
            return True
        if row.verdict == Verdict.LIKELY and options.get("with_likely"):
            return True
        if row.verdict == Verdict.CHANGES and options.get("with_changes"):
            return True
        _left(row, left[Verdict(row.verdict)]())
        if row.verdict == Verdict.ERROR:
            row.outcome = Outcome.FAILED
        return False

    def _try(self, row: ImportRow, read: Row) -> None:
        target = self._target(row)
        if row.same_line is not None and row.verdict == Verdict.NEW and target is None:
            _left(row, _("Line %(line)d was not imported.") % {"line": row.same_line})
            return
        if read.ready is None:
            row.outcome, row.told = Outcome.FAILED, _words(read.faults)[:500]
            return
        new = row.verdict in (Verdict.NEW, Verdict.LIKELY)
        work = partial(
            DOERS[self.run.kind],
            self.actor,
            read.ready,
            None if row.verdict == Verdict.LIKELY else target,
            {name for name, _was, _would in row.changes},
            self.run.options,
        )
        try:
            row.target_id, row.target_name = attempted(work)
        except CalloutError as error:
            row.outcome, row.told = Outcome.FAILED, error.message[:500]
        else:
            row.target_name = row.target_name[:200]
            row.outcome = Outcome.CREATED if new else Outcome.CHANGED

    def _target(self, row: ImportRow) -> UUID | None:
        """What it is the same as; of a row above, what became of that one: what that was perhaps
        the same as is somebody else."""
        if row.same_line is None:
            return row.target_id
        above = self.of.get(row.same_line)
        if above is None or (above.verdict == Verdict.LIKELY and above.outcome != Outcome.CREATED):
            return None
        return above.target_id


def _as_shown(row: ImportRow, now: ImportRow) -> bool:
    """Whether a row would do what it was shown to do."""
    if row.verdict == Verdict.LIKELY:
        return now.verdict in (Verdict.LIKELY, Verdict.NEW)
    shown = (row.verdict, row.target_id, row.changes)
    return shown == (now.verdict, now.target_id, now.changes)


def _left(row: ImportRow, words: str) -> None:
    row.outcome, row.told = Outcome.SKIPPED, words[:500]


def _words(faults: dict[str, list[str]]) -> str:
    return " ".join(word for words in faults.values() for word in words)
