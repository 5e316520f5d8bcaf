"""The gallery's pages, and just enough answers for its scripts."""

import json
from typing import Any

from django import forms
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from callout.web.ui.order_cards import order_cards
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
    request.session = SessionBase("gallery")
    form = Example({"vat": "BE 0412.345.67", "email": "els@example.com", "language": "fr"})
    form.add_error("vat", "Type 10 digits, one is missing")
    context: dict[str, Any] = {
        key.lower(): getattr(data, key) for key in dir(data) if key.isupper()
    }
    return render(request, f"{name}.html", context | {"form": form, "nav": "orders"})


def options(request: HttpRequest) -> JsonResponse:
    text = request.GET.get("q", "").lower()
    found = [order for order in data.ORDERS if text in order.customer.lower()]
    items = [
        {"id": order.id, "name": order.customer, "detail": order.town, "icon": "building",
         "url": order.url}
        for order in found
    ]  # fmt: skip
    return JsonResponse({"items": items})


DIALOG = """<hx-partial hx-target="#co-dialog"><form class="co-frame" method="post" hx-post="/done">
<header><h2>Cancel SO-00{}</h2><button class="co-btn co-close" type="button" data-close>x</button>
</header><div class="co-frame-body"><label class="co-field">Reason<input class="co-input"
name="reason" autofocus></label></div><footer><button class="co-btn" type="submit">Go</button>
</footer></form></hx-partial>"""


def move(request: HttpRequest, number: str) -> HttpResponse:
    """To Completed: done. To Cancelled: asks first. Anything else is refused in words."""
    to = request.POST["to"]
    if to == "completed":
        order = next(order for order in data.ORDERS if order.id == number)
        order.stage, order.status, order.version = "completed", "done", order.version + 1
        return HttpResponse(status=204)
    if to == "cancelled":
        return HttpResponse(DIALOG.format(number))
    words = '<p class="alert alert-danger" role="alert">Plan it from New only.</p>'
    return HttpResponse(words, status=409)


def cards(request: HttpRequest) -> HttpResponse:
    """The asked cards as they are now."""
    asked = request.GET.get("ids", "").split(",")
    return HttpResponse(order_cards(order for order in data.ORDERS if order.id in asked))


def done(request: HttpRequest) -> HttpResponse:
    """Closes the dialog and says so."""
    toast = {"co:close": {}, "co:toast": {"text": "SO-001043 cancelled", "status": "cancelled"}}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(toast)})


def menu(request: HttpRequest, number: str) -> HttpResponse:
    return render(request, "parts/menu_items.html", {"items": data.MENU})


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
    path("plain", page, {"name": "plain"}),
    path("options", options),
    path("move/<number>", move),
    path("menu/<number>", menu),
    path("cards", cards),
    path("done", done),
    path("", include(office)),
]
