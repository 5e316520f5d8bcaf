"""A field of a form as its template shows it: label, hint, errors, and the widget tied to them."""

from typing import Any

from django.forms import BoundField
from django.forms.widgets import CheckboxInput, RadioSelect
from django.utils.safestring import SafeString


def field(
    bound: BoundField,
    label: str = "",
    hint: str | None = None,
    icon: str = "",
    placeholder: str | None = None,
    aside: str = "",
) -> dict[str, Any]:
    """A form's field: label above, `aside` beside the label, hint and errors under it.

    {% field form.name %} or {% field form.vat aside=_("optional") icon="search" %}; an empty
    hint or placeholder takes away the form's own.
    """
    words = bound.help_text if hint is None else hint
    return {
        "id": bound.id_for_label,
        "label": label or bound.label,
        "aside": aside,
        "hint": words,
        "icon": icon,
        "errors": list(bound.errors),
        "kind": _kind(bound),
        "options": list(bound) if isinstance(bound.field.widget, RadioSelect) else [],
        "control": _control(bound, bool(words), icon, placeholder),
    }


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, RadioSelect):
        return "choice"
    return "check" if isinstance(widget, CheckboxInput) else "text"


def _control(bound: BoundField, hinted: bool, icon: str, placeholder: str | None) -> SafeString:
    """The widget itself, tied to its hint and its errors for those who hear the page."""
    attrs: dict[str, Any] = {}
    if _kind(bound) == "text" and not icon:
        attrs["class"] = f"{bound.field.widget.attrs.get('class', '')} co-input".strip()
    if placeholder is not None:
        attrs["placeholder"] = placeholder
    described = []
    if hinted:
        described.append(f"{bound.id_for_label}-hint")
    if bound.errors:
        attrs["aria-invalid"] = "true"
        described.append(f"{bound.id_for_label}-error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return bound.as_widget(attrs=attrs)
