"""Imports sent, their columns chosen, confirmed, stopped. Nothing of them is done here: the jobs
`checking` and `running` do that. Whoever is a manager may do all of it with any import."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from callout.customers import policy
from callout.customers.imports.columns import columns_guess, columns_of
from callout.customers.imports.keeping import sent_drop, sent_write
from callout.customers.imports.reading import MOST_BYTES, table_look, table_open
from callout.customers.models import Import, ImportKind, ImportState
from callout.customers.tasks import import_check_later, import_run_later
from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import row_lock, row_save, rows_add, service
from callout.kernel.checks import Wrong, choice, cleaned
from callout.kernel.errors import Forbidden, Invalid, Refused, TooLarge

# Of a file that was not confirmed, columns may be chosen anew; a run that broke off goes on.
OPEN = (ImportState.SENT, ImportState.CHECKED)
BROKEN_OFF = (ImportState.STOPPED, ImportState.FAILED)
OPTIONS = ("with_site", "with_changes", "with_likely")


@service
def import_send(*, actor: Actor, kind: str, file_name: str, data: bytes) -> Import:
    """Keep a file and read what its first row says. Nothing of it is done.

    TooLarge, or Invalid beside "file" with why it cannot be read.
    """
    policy.manage(actor)
    cleaned({"kind": choice(ImportKind.values)}, {"kind": kind})
    if actor.user_id is None:
        raise Forbidden(_("Somebody has to answer for an import."))
    if len(data) > MOST_BYTES:
        raise TooLarge(_("The file has %(most)d MB at most.") % {"most": MOST_BYTES // 1_000_000})
    try:
        table = table_open(data)
        looked = table_look(table)
    except Wrong as error:
        raise Invalid({"file": [str(error)]}) from None
    guess = columns_guess(kind, looked.head)
    run = Import(
        kind=kind,
        made_by_id=actor.user_id,
        file_name=_name(file_name),
        encoding=table.encoding,
        separator=table.separator,
        has_head=bool(guess),
        head=looked.head,
        sample=looked.sample,
        columns=guess,
        row_count=looked.count - bool(guess),
        options={"with_site": True},
    )
    sent_write(run.pk, data)
    rows_add(run)
    recorded(actor, run, "send")
    return run


def _name(given: str) -> str:
    last = given.replace("\\", "/").rpartition("/")[2]
    return "".join(one for one in last if one.isprintable())[:140] or "import.csv"


@service
def import_columns_set(
    *,
    actor: Actor,
    import_id: UUID,
    version: int,
    columns: Mapping[str, int | None],
    has_head: bool,
    with_site: bool = False,
) -> Import:
    """Say which column is which field, and have every row looked at by a job.

    Invalid for a field that is needed, for a column that is not there, and for one given twice.
    """
    run = import_lock(actor, import_id, version)
    if run.state not in OPEN:
        raise Refused(_("This import has begun already."), code="begun")
    run.columns = _columns(run, columns)
    run.has_head = has_head
    run.options = {"with_site": with_site and run.kind == ImportKind.CUSTOMERS}
    run.state, run.progress_done, run.failure = ImportState.CHECKING, 0, ""
    row_save(run, ["columns", "has_head", "options", "state", "progress_done", "failure"])
    recorded(actor, run, "check")
    import_check_later(run.pk)
    return run


def _columns(run: Import, columns: Mapping[str, int | None]) -> dict[str, int]:
    wide = max(len(run.head), len(run.sample))
    wrong: dict[str, list[str]] = {}
    chosen: dict[str, int] = {}
    for column in columns_of(run.kind):
        place = columns.get(column.name)
        if place is None:
            if column.needed:
                wrong[column.name] = [_("Say in which column this is.")]
        elif not 0 <= place < wide:
            wrong[column.name] = [_("Choose one of the list.")]
        elif place in chosen.values():
            wrong[column.name] = [_("This column is chosen twice.")]
        else:
            chosen[column.name] = place
    if wrong:
        raise Invalid(wrong)
    return chosen


@service
def import_confirm(
    *,
    actor: Actor,
    import_id: UUID,
    version: int,
    with_changes: bool = False,
    with_likely: bool = False,
) -> Import:
    """Have done what the preview showed: what is new; what differs and what may be known already
    only where that is said. From now on it is the work of whoever confirmed it."""
    run = import_lock(actor, import_id, version)
    if run.state != ImportState.CHECKED:
        raise Refused(_("Have the file checked first."), code="not_checked")
    run.options = {**run.options, "with_changes": with_changes, "with_likely": with_likely}
    run.confirmed_by_id, run.confirmed_at = actor.user_id, clock.now()
    run.state, run.progress_done = ImportState.RUNNING, 0
    row_save(run, ["options", "confirmed_by", "confirmed_at", "state", "progress_done"])
    recorded(actor, run, "confirm", options=run.options)
    import_run_later(run.pk)
    return run


@service
def import_stop(*, actor: Actor, import_id: UUID) -> Import:
    """Do no further row. What is done stays done."""
    run = import_lock(actor, import_id)
    if run.state != ImportState.RUNNING:
        raise Refused(_("It is not being done any more."), code="not_running")
    run.state = ImportState.STOPPED
    row_save(run, ["state"])
    recorded(actor, run, "stop")
    return run


@service
def import_go_on(*, actor: Actor, import_id: UUID) -> Import:
    """Do the rows that are left of one that broke off, as whoever asks for it now."""
    run = import_lock(actor, import_id)
    if run.state not in BROKEN_OFF or run.confirmed_at is None:
        raise Refused(_("There is nothing left to go on with."), code="not_stopped")
    run.state, run.failure, run.confirmed_by_id = ImportState.RUNNING, "", actor.user_id
    row_save(run, ["state", "failure", "confirmed_by"])
    recorded(actor, run, "go_on")
    import_run_later(run.pk)
    return run


@service
def import_drop(*, actor: Actor, import_id: UUID) -> None:
    """Forget a file that was not confirmed."""
    run = import_lock(actor, import_id)
    if run.confirmed_at is not None or run.state == ImportState.CHECKING:
        raise Refused(_("This import has begun already."), code="begun")
    recorded(actor, run, "drop")
    run.delete()
    sent_drop(import_id)


@service
def import_faults_export(*, actor: Actor, import_id: UUID) -> None:
    """Say in the journal that the rows with faults leave as a file."""
    recorded(actor, import_lock(actor, import_id), "faults_export")


def import_lock(actor: Actor, import_id: UUID, version: int | None = None) -> Import:
    """The import, locked. Forbidden but for managers."""
    policy.manage(actor)
    return row_lock(Import.objects.all(), import_id, version)


def recorded(actor: Actor, run: Import, kind: str, **facts: Any) -> None:
    """One entry of the journal. A file's name may be anybody's."""
    journal.record(
        actor,
        entity="import",
        entity_id=run.pk,
        kind=kind,
        facts={"of": run.kind, **facts},
        personal={"file_name": run.file_name},
    )
