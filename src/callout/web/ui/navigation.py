"""The rail: one link for each subject that has a page."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Item:
    """One link of the rail."""

    key: str
    label: str
    icon: str
    url: str
    current: bool


def url_if(name: str, **kwargs: Any) -> str:
    """The address of a view, or "" where there is none (a later issue brings it)."""
    try:
        return reverse(name, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


def items(nav: str, path: str) -> list[Item]:
    """The subjects in their order; the page's own is marked by `nav`, else by its address."""
    subjects = [
        ("orders", _("Service orders"), "clipboard-list", "office:orders"),
        ("planning", _("Planning"), "calendar-clock", "office:planning"),
        ("map", _("Map"), "map-2", "office:map"),
        ("customers", _("Customers & assets"), "building", "office:customers"),
        ("team", _("Team"), "users", "office:team"),
        ("settings", _("Settings"), "settings", "office:settings"),
    ]
    found = [(key, label, icon, url_if(name)) for key, label, icon, name in subjects]
    return [
        Item(key, label, icon, url, key == nav if nav else path.startswith(url))
        for key, label, icon, url in found
        if url
    ]
