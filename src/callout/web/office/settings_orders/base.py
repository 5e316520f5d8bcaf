"""What the pages of this folder share: a list of things to edit, archive and restore."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from callout.web.access import ActorRequest
from callout.web.office.account.base import base_of

MOST = 200


def list_page(request: ActorRequest, title: str, **context: Any) -> HttpResponseBase:
    """A list of the settings, in groups."""
    shown = {"base": base_of(request), "nav": "settings", "title": title, **context}
    return render(request, "settings/catalogue.html", shown)


def parent_of(name: str, title: str) -> dict[str, str]:
    """Of a form: the list that it goes back to."""
    return {"parent": reverse(f"office:{name}"), "parent_title": title, "nav": "settings"}
