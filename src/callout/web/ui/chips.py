"""The chips of a filter bar: what is chosen, a way to choose, a way to drop it.

Every list page has ten of them; written here they take a fifth of a template's time.
"""

from collections.abc import Iterable
from html import escape as e
from typing import Protocol

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from callout.web.ui.marks import icon


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
    return mark_safe("".join([_chosen(one) if one.value else _free(one) for one in found]))  # noqa: S308


def menus(found: Iterable[ChipView]) -> SafeString:
    """Their menus, empty: what they offer is fetched when they open."""
    made = [
        f'<div class="co-menu co-chip-menu" id="chip-{e(one.name)}" popover data-menu="start"'
        f' aria-label="{e(one.label)}"></div>'
        for one in found
    ]
    return mark_safe("".join(made))  # noqa: S308


def _free(one: ChipView) -> str:
    opener = f'<button class="co-chip" {_opens(one)}>{icon("plus", "14")}{e(one.label)}</button>'
    return f'<span class="co-chip-box">{opener}</span>'


def _chosen(one: ChipView) -> str:
    opener = (
        f'<button class="co-chip-open" {_opens(one)}>{icon(one.icon, "14")}{e(one.label)}'
        f' <b class="co-ell">{e(one.value)}</b></button>'
    )
    without = ""
    if one.without:
        words = _("Without %(label)s") % {"label": one.label}
        without = (
            f'<a class="co-chip-x" href="{e(one.without)}" aria-label="{e(words)}">'
            f"{icon('x', '12')}</a>"
        )
    return f'<span class="co-chip co-chip-on">{opener}{without}</span>'


def _opens(one: ChipView) -> str:
    menu = f"chip-{e(one.name)}"
    return (
        f'type="button" popovertarget="{menu}" aria-haspopup="dialog"'
        f' hx-get="{e(one.choices_url)}" hx-target="#{menu}" hx-swap="innerHTML"'
    )
