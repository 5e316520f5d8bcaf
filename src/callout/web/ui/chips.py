"""The chips of a filter bar: what is chosen, a way to choose, a way to drop it.

Every list page has ten of them, so they are written in Python (markup.py).
"""

from collections.abc import Iterable
from typing import Protocol

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from callout.web.ui.marks import icon
from callout.web.ui.markup import NOTHING, joined, piece

FREE = piece("""
    <span class="co-chip-box"><button class="co-chip" {opens}>{icon}{label}</button></span>
""")
CHOSEN = piece("""
    <span class="co-chip co-chip-on">
      <button class="co-chip-open" {opens}>{icon}{label} <b class="co-ell">{value}</b></button>
      {without}
    </span>
""")
WITHOUT = piece('<a class="co-chip-x" href="{url}" aria-label="{words}">{icon}</a>')
OPENS = piece("""
    type="button" popovertarget="chip-{name}" aria-haspopup="dialog" hx-get="{url}"
    hx-target="#chip-{name}" hx-swap="innerHTML"
""")
MENU = piece("""
    <div class="co-menu co-chip-menu" id="chip-{name}" popover data-menu="start"
      aria-label="{label}"></div>
""")


class ChipView(Protocol):
    """One chip: `value` is what is chosen ("" for none), `without` the address that drops it."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def icon(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def without(self) -> str: ...
    @property
    def choices_url(self) -> str: ...


def chips(found: Iterable[ChipView]) -> SafeString:
    """The chips, each opening its menu (`menus`)."""
    return joined([_chosen(one) if one.value else _free(one) for one in found])


def menus(found: Iterable[ChipView]) -> SafeString:
    """Their menus, empty: what they offer is fetched when they open."""
    return joined([MENU(name=one.name, label=one.label) for one in found])


def _free(one: ChipView) -> SafeString:
    return FREE(opens=_opens(one), icon=icon("plus", "14"), label=one.label)


def _chosen(one: ChipView) -> SafeString:
    without = NOTHING
    if one.without:
        words = _("Without %(label)s") % {"label": one.label}
        without = WITHOUT(url=one.without, words=words, icon=icon("x", "12"))
    return CHOSEN(
        opens=_opens(one),
        icon=icon(one.icon, "14"),
        label=one.label,
        value=one.value,
        without=without,
    )


def _opens(one: ChipView) -> SafeString:
    return OPENS(name=one.name, url=one.choices_url)
