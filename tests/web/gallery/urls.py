"""The gallery's pages, and just enough answers for its scripts."""

from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from tests.web.gallery import data


class Example(forms.Form):
    vat = forms.CharField(label="VAT number", initial="BE 0412.345.67")
    email = forms.EmailField(help_text="Reports go here")
    remember = forms.BooleanField(label="Keep me signed in", required=False)
    language = forms.ChoiceField(
        choices=[("fr", "French"), ("nl", "Dutch")], widget=forms.RadioSelect, initial="fr"
    )
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)


def page(request: HttpRequest, name: str) -> HttpResponse:
    request.session = SimpleNamespace(session_key="gallery")  # type: ignore[attr-defined]
    form = Example({"vat": "BE 0412.345.67", "email": "els@example.com", "language": "fr"})
    form.add_error("vat", "Type 10 digits, one is missing")
    context: dict[str, Any] = {
        key.lower(): getattr(data, key) for key in dir(data) if key.isupper()
    }
    return render(request, f"{name}.html", context | {"form": form, "nav": "orders"})


def options(request: HttpRequest) -> JsonResponse:
    text = request.GET.get("q", "").lower()
    found = [order for order in data.ORDERS if text in order["customer"].lower()]
    items = [
        {"id": order["id"], "name": order["customer"], "detail": order["town"], "icon": "building",
         "url": order["url"]}
        for order in found
    ]  # fmt: skip
    return JsonResponse({"items": items})


office = (
    [
        path("orders/", page, {"name": "kanban"}, name="orders"),
        path("orders/list", page, {"name": "list"}, name="order_list"),
        path("orders/1043", page, {"name": "order"}, name="order"),
        path("customers/", page, {"name": "list"}, name="customers"),
        path("team/", page, {"name": "list"}, name="team"),
        path("settings/", page, {"name": "list"}, name="settings"),
        path("new", page, {"name": "side"}, name="order_new"),
        path("search", options, name="search"),
    ],
    "office",
)
urlpatterns: list[URLPattern | URLResolver] = [
    path("dev/gallery", page, {"name": "gallery"}),
    path("phone", page, {"name": "phone"}),
    path("plain", page, {"name": "plain"}),
    path("options", options),
    path("", include(office)),
]
