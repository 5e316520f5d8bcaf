"""What is told about an order: its facts, the steps of a visit, the lines of its journal.

Written here and not in templates, as cards are: an order's page has fifty of these lines. Every
value is escaped; nothing else may reach the page.
"""

from collections.abc import Iterable, Mapping
from html import escape as e
from typing import Any, Protocol

from django.utils.safestring import SafeString, mark_safe

from callout.web.ui import marks


class StepView(Protocol):
    """One of the discs of a visit; `state` is done, now or todo."""

    @property
    def status(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def at(self) -> str: ...


class LineView(Protocol):
    """A line of the journal: a `day` as a heading, or what happened."""

    @property
    def day(self) -> str: ...
    @property
    def time(self) -> str: ...
    @property
    def iso(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def icon(self) -> str: ...
    @property
    def aside(self) -> str: ...
    @property
    def who(self) -> str: ...
    @property
    def note(self) -> str: ...


def facts(
    facts: Iterable[Mapping[str, Any]], *, rows: bool = False, ruled: bool = False
) -> SafeString:
    """Term above value: {label, value, initials, url, icon}; one per line with `rows`, `ruled` for
    a line above all."""
    names = f"co-facts{' co-facts-ruled' if ruled else ''}{' co-facts-rows' if rows else ''}"
    shown = "".join([_fact(fact) for fact in facts])
    return mark_safe(f'<dl class="{names}">{shown}</dl>\n')  # noqa: S308


def _fact(fact: Mapping[str, Any]) -> str:
    mark = ""
    if fact.get("initials"):
        mark = marks.avatar(fact["initials"])
    elif fact.get("icon"):
        mark = marks.icon(fact["icon"])
    value = e(str(fact.get("value") or "")) or "–"
    url = fact.get("url")
    shown = f'<a class="co-link" href="{e(url)}">{value}</a>' if url else f"<span>{value}</span>"
    return f"<div><dt>{e(str(fact['label']))}</dt><dd>{mark}{shown}</dd></div>"


def steps(steps: Iterable[StepView]) -> SafeString:
    """The discs of a visit, with a line in the colour of the step done."""
    return mark_safe(f'<ol class="co-steps">{"".join([_step(one) for one in steps])}</ol>\n')  # noqa: S308


def _step(step: StepView) -> str:
    colour = f" co-k-{e(step.status)}" if step.state != "todo" else ""
    now = ' aria-current="step"' if step.state == "now" else ""
    at = f'<span class="co-t3">{e(step.at)}</span>' if step.at else ""
    return (
        f'<li class="is-{e(step.state)}{colour}"{now}>{marks.disc(step.status, "24")}'
        f"<b>{e(str(marks.STATUS_LABELS[step.status]))}</b>{at}</li>"
    )


def journal(lines: Iterable[LineView]) -> SafeString:
    """The journal: time, disc, text; who and by which door under it, and perhaps a note."""
    return mark_safe(f'<ol class="co-journal">{"".join([_line(one) for one in lines])}</ol>\n')  # noqa: S308


def _line(line: LineView) -> str:
    if line.day:
        return f'<li class="co-journal-day">{e(line.day)}</li>'
    iso = f' datetime="{e(line.iso)}"' if line.iso else ""
    if line.status:
        mark = str(marks.disc(line.status, "20"))
    else:
        icon = marks.icon(line.icon or "point")
        mark = f'<span class="co-disc co-disc-20 co-disc-plain">{icon}</span>'
    aside = f'<span class="co-t3"> · {e(line.aside)}</span>' if line.aside else ""
    who = f"<small>{e(line.who)}</small>" if line.who else ""
    note = f'<span class="co-note">{e(line.note)}</span>' if line.note else ""
    told = f"<div>{e(line.text)}{aside}{who}{note}</div>"
    return f"<li><time{iso}>{e(line.time)}</time>{mark}{told}</li>"
