"""The small marks: icon, status disc and pill, priority, flag, initials, key.

They stand on every card and row, so each distinct mark is made once and kept.
"""

from functools import lru_cache

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from callout.web.ui import assets

# Stage and technician status as they travel, with the one icon of each.
STATUS_ICONS = {
    "new": "circle-dashed",
    "planned": "calendar-event",
    "en_route": "steering-wheel",
    "on_site": "map-pin",
    "working": "tool",
    "break": "coffee",
    "done": "check",
    "completed": "check",
    "cancelled": "circle-x",
}
STATUS_LABELS: dict[str, Promise] = {
    "new": pgettext_lazy("stage", "New"),
    "planned": gettext_lazy("Planned"),
    "en_route": gettext_lazy("En route"),
    "on_site": gettext_lazy("On site"),
    "working": gettext_lazy("Working"),
    "break": pgettext_lazy("technician status", "Break"),
    "done": gettext_lazy("Done"),
    "completed": gettext_lazy("Completed"),
    "cancelled": gettext_lazy("Cancelled"),
}
# New and Cancelled: nobody is on it, so their ring stays open.
OPEN_RINGS = frozenset({"new", "cancelled"})
PRIORITY_ICONS = {"high": "chevron-up", "urgent": "chevrons-up"}
UNKNOWN_ICON = "point"
NOTHING = SafeString("")


def icon(name: str, size: str = "") -> SafeString:
    """An icon of the sprite; a name that the build does not hold shows as a point."""
    built = assets.icons()
    return _icon(built.sprite, name if name in built.names else UNKNOWN_ICON, size)


@lru_cache(maxsize=1024)
def _icon(sprite: str, name: str, size: str) -> SafeString:
    return format_html(
        '<svg class="i o{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" s{size}" if size else "",
        sprite,
        name,
    )


def disc(key: str, size: str = "") -> SafeString:
    """The status mark alone: colour and glyph. Its word must stand beside it."""
    return _disc(assets.icons().sprite, key, size)


@lru_cache(maxsize=256)
def _disc(_sprite: str, key: str, size: str) -> SafeString:
    return format_html(
        '<span class="co-disc{}{} co-k-{}">{}</span>',
        f" co-disc-{size}" if size else "",
        " co-disc-open" if key in OPEN_RINGS else "",
        key,
        icon(STATUS_ICONS[key]),
    )


def pill(key: str, label: str = "", *, large: bool = False) -> SafeString:
    """Status as disc and word; the word is the key's own unless another is given."""
    word = label or _word(key, get_language())
    return _pill(assets.icons().sprite, key, word, large)


@lru_cache(maxsize=64)
def _word(key: str, _language: str | None) -> str:
    return str(STATUS_LABELS[key])


@lru_cache(maxsize=256)
def _pill(_sprite: str, key: str, label: str, large: bool) -> SafeString:
    size = " co-pill-lg" if large else ""
    return format_html('<span class="co-pill{} co-k-{}">{}{}</span>', size, key, disc(key), label)


def priority(code: str, label: str, *, short: bool = False) -> SafeString:
    """High and Urgent show a mark with what they are called; Normal and Low show nothing."""
    if code not in PRIORITY_ICONS:
        return NOTHING
    return _priority(assets.icons().sprite, code, label, short)


@lru_cache(maxsize=128)
def _priority(_sprite: str, code: str, label: str, short: bool) -> SafeString:
    if short:
        template = (
            '<span class="co-prio co-prio-{} co-prio-sq" title="{}">{}'
            '<span class="co-vh">{}</span></span>'
        )
        return format_html(template, code, label, icon(PRIORITY_ICONS[code]), label)
    return format_html(
        '<span class="co-prio co-prio-{}">{}{}</span>', code, icon(PRIORITY_ICONS[code]), label
    )


def flag(name: str, text: str, tone: str = "", full: str = "") -> SafeString:
    """A small flag; `full` is what it means in whole words where `text` is shortened."""
    return _flag(assets.icons().sprite, name, text, tone, full)


@lru_cache(maxsize=256)
def _flag(_sprite: str, name: str, text: str, tone: str, full: str) -> SafeString:
    kind = f" co-flag-{tone}" if tone else ""
    if not text:
        return format_html(
            '<span class="co-flag co-flag-sq{}" title="{}">{}<span class="co-vh">{}</span></span>',
            kind,
            full,
            icon(name),
            full,
        )
    if not full or full == text:
        return format_html('<span class="co-flag{}">{}{}</span>', kind, icon(name), text)
    return format_html(
        '<span class="co-flag{}" title="{}">{}<span aria-hidden="true">{}</span>'
        '<span class="co-vh">{}</span></span>',
        kind,
        full,
        icon(name),
        text,
        full,
    )


def absent(count: int, *, short: bool = False) -> SafeString:
    """How often nobody was there; nothing for never."""
    if not count:
        return SafeString("")
    full = _("absent x%(count)s") % {"count": count}
    return flag("user-off", f"x{count}" if short else full, full=full)


@lru_cache(maxsize=512)
def avatar(initials: str, name: str = "", size: str = "") -> SafeString:
    """Initials in a neutral disc; with `name` they say whose they are. Empty: nobody yet."""
    kind = f" co-avatar-{size}" if size else ""
    if not initials:
        return format_html('<span class="co-avatar{} co-avatar-none"></span>', kind)
    if not name:
        return format_html('<span class="co-avatar{}" aria-hidden="true">{}</span>', kind, initials)
    return format_html(
        '<span class="co-avatar{}" title="{}" role="img" aria-label="{}">{}</span>',
        kind,
        name,
        name,
        initials,
    )


def sort_head(label: str, url: str, key: str, sort: str) -> SafeString:
    """What stands in a column's head: a link that sorts, with an arrow where it does; the label
    alone without a `url`."""
    if not url:
        return format_html("{}", label)
    arrows = {key: "arrow-up", f"-{key}": "arrow-down"}
    arrow = icon(arrows[sort], "12") if sort in arrows else ""
    kind = SafeString(' class="co-sorted"') if arrow else ""
    return format_html('<a href="{}"{}>{}{}</a>', url, kind, label, arrow)
