"""Form fields of the office's plain pages: a choice by typing, a country, hours of a week."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from callout.kernel import hours
from callout.kernel.checks import Wrong
from callout.kernel.errors import NotFound

Named = Callable[[UUID], str]


class Combobox(forms.Widget):
    """parts/combobox.html as a widget. `named` tells the words for a chosen id; set by the form."""

    def __init__(self, url_name: str, icon: str = "search") -> None:
        super().__init__()
        self.url_name = url_name
        self.icon = icon
        self.named: Named | None = None

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002 - Django passes it by name
    ) -> SafeString:
        """The box with what is chosen now."""
        context = {
            "id": (attrs or {}).get("id", name),
            "name": name,
            "url": reverse(self.url_name),
            "icon": self.icon,
            "value": value or "",
            "text": self._text(value),
            "required": self.is_required,
        }
        return render_to_string("parts/combobox.html", context)

    def _text(self, value: Any) -> str:
        try:
            return self.named(UUID(str(value))) if value and self.named else ""
        except (ValueError, NotFound):
            return ""  # what was sent is no id of theirs; the service says so


class ChoiceByTyping(forms.CharField):
    """The id of another thing, chosen in a search-as-you-type box. Services check it."""

    def __init__(self, url_name: str, icon: str = "search", **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(widget=Combobox(url_name, icon), max_length=36, **kwargs)


def named_by(form: forms.Form, name: str, named: Named) -> None:
    """Tell a form's combobox how to read a chosen id."""
    widget = form.fields[name].widget
    assert isinstance(widget, Combobox)  # noqa: S101 - a slip of the programmer, not of the reader
    widget.named = named


class HoursForm(forms.Form):
    """Seven fields, one a day: "08:00-12:00, 13:00-17:00"; an empty one is a day without hours."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(7):
            self.fields[f"day{number}"] = forms.CharField(
                label=hours.day_name(number), required=False, max_length=120
            )

    @staticmethod
    def shown(week: hours.Week | None) -> dict[str, str]:
        """The fields' values for a stored week."""
        return {f"day{n}": hours.day_shown(day) for n, day in enumerate(week or [[]] * 7)}

    def week_typed(self) -> hours.Week | None:
        """The week as it is stored; None when a day cannot be read (its error is set)."""
        week = []
        for number in range(7):
            name = f"day{number}"
            try:
                week.append(hours.day_typed(self.cleaned_data.get(name, ""), number))
            except Wrong as error:
                self.add_error(name, str(error))
        return week if len(week) == 7 else None


class CountryField(forms.CharField):
    """A country's two letters; left empty it is the company's."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Country"),
            required=False,
            max_length=2,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )


def lines(label: Any, rows: int = 3, **kwargs: Any) -> forms.CharField:
    """A field of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, widget=widget, max_length=4000, **kwargs)


def short(label: Any, most: int = 200, **kwargs: Any) -> forms.CharField:
    """An optional field of one line."""
    return forms.CharField(label=label, required=False, max_length=most, **kwargs)


def phone_field(label: Any) -> forms.CharField:
    """A telephone number as people write it."""
    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=40, widget=widget)
