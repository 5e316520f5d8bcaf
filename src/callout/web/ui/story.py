"""What is told about an order: its facts, the steps of a visit, the lines of its journal.

An order's page has fifty of these lines, so they are written in Python (markup.py), as cards are.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django.utils.safestring import SafeString

from callout.web.ui import marks
from callout.web.ui.markup import NOTHING, joined, piece

FACTS = piece('<dl class="co-facts{kind}">{facts}</dl>')
FACT = piece("<div><dt>{label}</dt><dd>{mark}{shown}</dd></div>")
VALUE = piece("<span>{value}</span>")
VALUE_LINK = piece('<a class="co-link" href="{url}">{value}</a>')
STEPS = piece('<ol class="co-steps">{steps}</ol>')
STEP = piece('<li class="is-{state}{colour}"{now}>{mark}<b>{label}</b>{at}</li>')
STEP_AT = piece('<span class="co-t3">{at}</span>')
STEP_NOW = SafeString(' aria-current="step"')
JOURNAL = piece('<ol class="co-journal">{lines}</ol>')
DAY = piece('<li class="co-journal-day">{day}</li>')
LINE = piece("""
    <li>
      <time{moment}>{time}</time>{mark}
      <div>{text}{aside}{who}{note}</div>
    </li>
""")
MOMENT = piece(' datetime="{iso}"')
PLAIN_DISC = piece('<span class="co-disc co-disc-20 co-disc-plain">{icon}</span>')
ASIDE = piece('<span class="co-t3"> · {aside}</span>')
WHO = piece("<small>{who}</small>")
NOTE = piece('<span class="co-note">{note}</span>')


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
    kind = f"{' co-facts-ruled' if ruled else ''}{' co-facts-rows' if rows else ''}"
    return FACTS(kind=kind, facts=joined([_fact(fact) for fact in facts]))


def _fact(fact: Mapping[str, Any]) -> SafeString:
    mark = NOTHING
    if fact.get("initials"):
        mark = marks.avatar(fact["initials"])
    elif fact.get("icon"):
        mark = marks.icon(fact["icon"])
    value, url = fact.get("value") or "–", fact.get("url")
    shown = VALUE_LINK(url=url, value=value) if url else VALUE(value=value)
    return FACT(label=fact["label"], mark=mark, shown=shown)


def steps(steps: Iterable[StepView]) -> SafeString:
    """The discs of a visit, with a line in the colour of the step done."""
    return STEPS(steps=joined([_step(one) for one in steps]))


def _step(step: StepView) -> SafeString:
    return STEP(
        state=step.state,
        colour=f" co-k-{step.status}" if step.state != "todo" else "",
        now=STEP_NOW if step.state == "now" else NOTHING,
        mark=marks.disc(step.status, "24"),
        label=marks.STATUS_LABELS[step.status],
        at=STEP_AT(at=step.at) if step.at else NOTHING,
    )


def journal(lines: Iterable[LineView]) -> SafeString:
    """The journal: time, disc, text; who and by which door under it, and perhaps a note."""
    return JOURNAL(lines=joined([_line(one) for one in lines]))


def _line(line: LineView) -> SafeString:
    if line.day:
        return DAY(day=line.day)
    if line.status:
        mark = marks.disc(line.status, "20")
    else:
        mark = PLAIN_DISC(icon=marks.icon(line.icon or "point"))
    return LINE(
        moment=MOMENT(iso=line.iso) if line.iso else NOTHING,
        time=line.time,
        mark=mark,
        text=line.text,
        aside=ASIDE(aside=line.aside) if line.aside else NOTHING,
        who=WHO(who=line.who) if line.who else NOTHING,
        note=NOTE(note=line.note) if line.note else NOTHING,
    )
