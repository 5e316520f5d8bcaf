"""An import in words: what it is, what each row would do or did."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from callout.accounts.company import company
from callout.customers.imports.columns import columns_of, twins
from callout.customers.imports.selectors import ImportDetail
from callout.customers.models import Import, ImportRow, ImportState, Outcome, Verdict
from callout.kernel.checks import phone_shown

ICONS = {
    "new": ("plus", "fit"),
    "changes": ("pencil", ""),
    "likely": ("copy", ""),
    "same": ("equal", "plain"),
    "error": ("alert-triangle", "danger"),
    "created": ("check", "fit"),
    "changed": ("pencil", "fit"),
    "skipped": ("equal", "plain"),
    "failed": ("alert-triangle", "danger"),
}
STATES = {
    ImportState.SENT: ("table-import", "plain"),
    ImportState.CHECKING: ("hourglass", ""),
    ImportState.CHECKED: ("circle-check", "plain"),
    ImportState.RUNNING: ("hourglass", ""),
    ImportState.STOPPED: ("hand-stop", "plain"),
    ImportState.FAILED: ("alert-triangle", "danger"),
    ImportState.DONE: ("checks", "fit"),
}
LINKS = {"customers": "office:customer", "sites": "office:site", "assets": "office:asset"}


def titles() -> dict[str, str]:
    """What a file holds, by its kind."""
    return {"customers": _("Customers"), "sites": _("Sites"), "assets": _("Assets")}


def _names() -> dict[str, str]:
    return {
        "new": pgettext("row of an import", "New"),
        "changes": pgettext("row of an import", "Changes"),
        "likely": _("Perhaps known"),
        "same": _("Known already"),
        "error": _("Faults"),
        "created": _("Created"),
        "changed": _("Changed"),
        "skipped": _("Left as it is"),
        "failed": _("Not possible"),
    }


def state_flag(run: Import) -> tuple[str, str, str]:
    """Icon, words and tone of its state."""
    words = {
        ImportState.SENT: _("Columns to choose"),
        ImportState.CHECKING: _("Being checked"),
        ImportState.CHECKED: _("To confirm"),
        ImportState.RUNNING: _("Being imported"),
        ImportState.STOPPED: _("Stopped"),
        ImportState.FAILED: _("Broke off"),
        ImportState.DONE: _("Imported"),
    }
    state = ImportState(run.state)
    glyph, tone = STATES[state]
    return glyph, words[state], tone


def import_shown(request: HttpRequest, detail: ImportDetail) -> dict[str, Any]:
    """What its page shows of it."""
    run, show = detail.run, request.GET.get("show", "")
    begun = run.confirmed_at is not None
    # What became of the rows, once anything did; what they would do, before.
    counts = detail.outcomes if begun else detail.verdicts
    labels = {column.name: str(column.label) for column in columns_of(run.kind)}
    labels["contact"] = _("New contact")
    labels["bill_to_id"] = _("Bill to")
    rows = [_row(row, detail, labels, begun) for row in detail.rows.items]
    return {
        "title": titles()[run.kind],
        "state": state_flag(run),
        "file_facts": _facts(run),
        "twins": twins(run.head) if run.has_head else [],
        "begun": begun,
        "counts": [
            {
                "label": _names()[key],
                "count": count,
                "icon": ICONS[key][0],
                "tone": ICONS[key][1],
                "url": f"?{urlencode({'show': key})}",
                "chosen": show == key,
            }
            for key, count in counts.items()
        ],
        "show": show if show in counts else "",
        "whole": sum(detail.verdicts.values()),
        "faults": detail.verdicts["error"] + (detail.outcomes["failed"] if begun else 0),
        "rows": rows,
        "next": detail.rows.next,
        "cursor": request.GET.get("cursor", ""),
        "new_count": detail.verdicts["new"],
    }


def _facts(run: Import) -> list[dict[str, str]]:
    marks = {";": _("semicolon"), ",": _("comma"), "\t": _("tab")}
    count = ngettext("%(count)d row", "%(count)d rows", run.row_count) % {"count": run.row_count}
    facts = [
        (_("File"), run.file_name),
        (_("Rows"), count),
        (_("Characters"), run.encoding.upper()),
        (_("Between the columns"), marks.get(run.separator, run.separator)),
        (_("Sent by"), run.made_by.name),
    ]
    return [{"label": label, "value": value} for label, value in facts]


def _row(
    row: ImportRow, detail: ImportDetail, labels: dict[str, str], begun: bool
) -> dict[str, Any]:
    run = detail.run
    key = row.outcome if begun and row.outcome else row.verdict
    glyph, tone = ICONS[key]
    url = reverse(LINKS[run.kind], args=[row.target_id]) if row.target_id else ""
    return {
        "line": row.line,
        "name": _called(row, run),
        "words": _names()[key],
        "icon": glyph,
        "tone": tone,
        "faults": [(labels.get(name, ""), " ".join(words)) for name, words in row.errors.items()],
        "changes": [
            (labels.get(name, name), _plain(name, was), _plain(name, would))
            for name, was, would in row.changes
        ],
        "why": "" if row.outcome in (Outcome.CREATED, Outcome.CHANGED) else row.why,
        "told": "" if row.verdict == Verdict.ERROR else row.told,
        "target": _target(row, detail),
        "url": url,
    }


def _target(row: ImportRow, detail: ImportDetail) -> str:
    """What it is the same as, or became; of what stands above it in the file the line and name."""
    above = detail.above.get(row.same_line or 0)
    if above is None or row.target_id:
        return row.target_name
    line = _("line %(line)d") % {"line": above.line}
    return f"{line}: {_called(above, detail.run)}"


def _called(row: ImportRow, run: Import) -> str:
    """What tells a row from others at a glance."""
    names = {
        "customers": ("name", "postcode", "town"),
        "sites": ("name", "street", "customer"),
        "assets": ("reference", "kind", "serial_number", "site"),
    }[run.kind]
    return " · ".join(row.values[name] for name in names if row.values.get(name))[:120]


def _plain(name: str, value: str) -> str:
    if name in ("phone", "mobile") and value:
        return phone_shown(value, company().country)
    return value[:80]
