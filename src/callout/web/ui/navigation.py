"""The rail: one link for each subject that has a page."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from callout.web.ui.addresses import address


@dataclass(frozen=True)
class Item:
    """One link of the rail."""

    key: str
    label: str
    icon: str
    url: str
    current: bool


def url_if(name: str, **kwargs: Any) -> str:
    """The address of a view, or "" where this installation has none."""
    try:
        return address(name, **kwargs)
    except NoReverseMatch:
        return ""


# Key, icon and view of each subject, in the rail's order.
SUBJECTS = (
    ("home", "home", "office:home"),
    ("orders", "clipboard-list", "office:orders"),
    ("planning", "calendar-clock", "office:planning"),
    ("map", "map-2", "office:map"),
    ("customers", "building", "office:customers"),
    ("team", "users", "office:team"),
    ("settings", "settings", "office:settings"),
)


def labels() -> dict[str, str]:
    """What the subjects are called."""
    return {
        "home": _("Home"),
        "orders": _("Service orders"),
        "planning": _("Planning"),
        "map": _("Map"),
        "customers": _("Customers & assets"),
        "team": _("Team"),
        "settings": _("Settings"),
    }


def key_of(path: str) -> str:
    """The subject that an address belongs to, "" for none."""
    found = [(key, url_if(name)) for key, _icon, name in SUBJECTS]
    return next((key for key, url in found if url and path.startswith(url)), "")


def items(current: str) -> list[Item]:
    """The subjects that have a page, in their order; `current` is marked."""
    words = labels()
    found = [(key, icon, url_if(name)) for key, icon, name in SUBJECTS]
    return [Item(key, words[key], icon, url, key == current) for key, icon, url in found if url]
