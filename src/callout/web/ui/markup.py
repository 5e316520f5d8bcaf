"""Markup that is written in Python: what is drawn anew after every change, a hundred times a page.

It takes a fifth of a template's time, and escapes as a template does: whatever is not markup
already is text. No other module marks anything as safe that it has put together itself
(tests/web/test_markup.py).
"""

import re
from collections.abc import Callable, Iterable
from html import escape
from string import Formatter
from typing import Any

from django.utils.safestring import SafeString

NOTHING = SafeString("")
_special = re.compile("[&<>\"']").search
_break = re.compile(r"\s*\n\s*")


def piece(template: str) -> Callable[..., SafeString]:
    """A function that fills the holes of `template`, which it takes by name:

        ROW = piece('<li>{mark}<a href="{url}">{title}</a></li>')
        ROW(mark=marks.icon("box"), url=order.url, title=order.title)

    Every value is escaped but a SafeString. A missing name, or one too many, is a TypeError. A line
    break with its indentation is one space within a tag, or where there are attributes alone, and
    nothing between tags.
    """
    names: list[str] = []
    parts: list[str] = []
    for words, name, _spec, _conversion in Formatter().parse(_joined_lines(template)):
        if words:
            parts.append(repr(words))
        if name is not None:
            names.append(name)
            parts.append(f"{name} if _kind({name}) is _Safe else _escaped({name})")
    # Made as namedtuple makes a class: a tuple of its own, joined, is the quickest there is (an
    # f-string asks each SafeString for its text), and what stands in it is ours alone.
    taken = ", ".join(["*", *dict.fromkeys(names)]) if names else ""
    made: dict[str, Any] = {"_kind": type, "_Safe": SafeString, "_escaped": _escaped}
    made["_join"] = "".join
    exec(f"def fill({taken}):\n    return _Safe(_join(({', '.join(parts)},)))", made)  # noqa: S102
    fill: Callable[..., SafeString] = made["fill"]
    return fill


def text(value: object) -> SafeString:
    """A value as text of a page: escaped."""
    return SafeString(_escaped(value))


def _escaped(value: object) -> str:
    words = value if type(value) is str else str(value)
    # Most words have nothing to escape, and to look costs less than five replacements.
    return escape(words) if _special(words) else words


def joined(found: Iterable[object], between: str = "") -> SafeString:
    """Pieces one after the other. What is none is text here too."""
    return SafeString(
        between.join([one if type(one) is SafeString else _escaped(one) for one in found])
    )


def _joined_lines(template: str) -> str:
    words = template.strip("\n ") if "\n" in template else template
    return _break.sub(lambda found: " " if _in_tag(words, found.start()) else "", words)


def _in_tag(words: str, place: int) -> bool:
    return "<" not in words or words.rfind("<", 0, place) > words.rfind(">", 0, place)
