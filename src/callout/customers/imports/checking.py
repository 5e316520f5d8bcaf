"""The job that looks at every row of a file and says what it would do. It changes nothing else.

Done anew from the first row where a worker was killed: what it kept until then goes first.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from callout.accounts.selectors import actor_for_user, user_signed_in
from callout.customers.import_models import Import, ImportKind, ImportRow, ImportState
from callout.customers.imports.cells import values_of
from callout.customers.imports.judge_assets import AssetsJudge
from callout.customers.imports.judge_customers import CustomersJudge
from callout.customers.imports.judge_sites import SitesJudge
from callout.customers.imports.judging import Judge, Judging, Row
from callout.customers.imports.keeping import sent_read
from callout.customers.imports.making import import_lock, recorded
from callout.customers.imports.reading import records, table_open
from callout.kernel.actor import Actor
from callout.kernel.change import row_save, service
from callout.kernel.checks import Wrong
from callout.kernel.errors import CalloutError, Forbidden

AT_ONCE = 100  # rows that are looked at in one transaction; a condition of an index takes no more

JUDGES: dict[str, Callable[[Actor], Judge]] = {
    ImportKind.CUSTOMERS: CustomersJudge,
    ImportKind.SITES: SitesJudge,
    ImportKind.ASSETS: AssetsJudge,
}


def import_check(import_id: UUID) -> None:
    """Called by the job. Does nothing for one that nobody waits for (any more)."""
    run = Import.objects.select_related("made_by").filter(pk=import_id).first()
    if run is None or run.state != ImportState.CHECKING:
        return
    checking = Work.seen(run)
    with translation.override(run.made_by.language), told(checking):
        actor = whoever(run.made_by_id)
        if not import_begin(actor=actor, checking=checking):
            return
        judging = Judging(JUDGES[run.kind](actor))
        rows = _rows(run)
        while some := list(islice(rows, AT_ONCE)):
            if not import_judged(actor=actor, checking=checking, judging=judging, rows=some):
                return
            checking.done += len(some)
        import_checked(actor=actor, checking=checking)


@dataclass(slots=True)
class Work:
    """How far one worker has come, or has seen an import be. Two may have come for one at once:
    whoever finds it further, or begun anew, or with other columns, leaves it to the other."""

    import_id: UUID
    state: str
    version: int
    done: int

    @classmethod
    def seen(cls, run: Import) -> "Work":
        """What somebody finds who has done nothing of it yet."""
        return cls(run.pk, run.state, run.version, run.progress_done)

    def is_ours(self, run: Import) -> bool:
        """Asked with the import locked, whenever something of it is to be kept."""
        stands = (run.state, run.version, run.progress_done)
        return stands == (self.state, self.version, self.done)


def whoever(user_id: UUID | None) -> Actor:
    """Who answers for it, as they are now. Forbidden where they may not any more."""
    user = user_signed_in(user_id) if user_id else None
    if user is None or not user.is_manager:
        raise Forbidden(_("Whoever asked for it may not import any more."))
    return actor_for_user(user, "system")


def _rows(run: Import) -> Iterator[Row]:
    found = records(table_open(sent_read(run.pk)))
    if run.has_head:
        next(found, None)
    for record in found:
        if record.fault:
            yield Row(record.line, {}, {"": [record.fault]})
        else:
            yield Row(record.line, *values_of(run.kind, record.cells, run.columns))


@service
def import_begin(*, actor: Actor, checking: Work) -> bool:
    """Take it from whoever was at it before; whether to go on. Its version rises, so that the one
    before sees that, wherever both stand. No entry: it changes nothing for anybody."""
    run = import_lock(actor, checking.import_id)
    if run.state != ImportState.CHECKING:
        return False
    run.rows.all().delete()
    run.progress_done = 0
    row_save(run, ["progress_done"])
    checking.version, checking.done = run.version, 0
    return True


@service
def import_judged(*, actor: Actor, checking: Work, judging: Judging, rows: Sequence[Row]) -> bool:
    """Keep what these rows would do; whether to go on. No entry: it changes nothing for anybody."""
    run = import_lock(actor, checking.import_id)
    if not checking.is_ours(run):
        return False
    kept = judging.all(rows)
    for row in kept:
        row.run = run
    ImportRow.objects.bulk_create(kept)
    Import.objects.filter(pk=run.pk).update(progress_done=run.progress_done + len(kept))
    return True


@service
def import_checked(*, actor: Actor, checking: Work) -> None:
    """All rows are told: whoever sent them may confirm."""
    run = import_lock(actor, checking.import_id)
    if not checking.is_ours(run):
        return
    run.state, run.row_count = ImportState.CHECKED, run.progress_done
    row_save(run, ["state", "row_count"])
    recorded(actor, run, "checked", rows=run.row_count)


# --- what fails ----------------------------------------------------------------------------------


class told:  # noqa: N801 - a context manager, read as a word
    """Whatever breaks off within is said on the import's page."""

    def __init__(self, work: Work) -> None:
        self.work = work

    def __enter__(self) -> None:
        """Nothing to be done before."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is None or not isinstance(error, Exception):
            return False
        known = isinstance(error, CalloutError | Wrong | FileNotFoundError)
        words = str(error) if known else _("Something went wrong here. Try again.")
        if isinstance(error, FileNotFoundError):
            words = _("The file is not there any more. Send it again.")
        import_fail(actor=Actor.system("imports"), work=self.work, words=words)
        return known


@service
def import_fail(*, actor: Actor, work: Work, words: str) -> None:
    """It broke off; in words why. One that was not confirmed goes back to its columns.

    Not where another has come further since: that one is at it, brings it to its end, or says
    itself why not.
    """
    run = import_lock(actor, work.import_id)
    if not work.is_ours(run):
        return
    confirmed = run.confirmed_at is not None
    run.state = ImportState.FAILED if confirmed else ImportState.SENT
    run.failure = words[:300]
    row_save(run, ["state", "failure"])
    recorded(actor, run, "failed")
