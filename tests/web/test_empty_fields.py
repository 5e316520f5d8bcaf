"""What is said of a field that was left empty: what to do, in the reader's language."""

import pytest
from django import forms
from django.conf import settings
from django.utils import translation

from callout.web.apps import EMPTY

KINDS: list[type[forms.Field]] = [
    forms.CharField, forms.IntegerField, forms.EmailField, forms.BooleanField, forms.ChoiceField,
    forms.MultipleChoiceField, forms.FileField, forms.DateField, forms.DateTimeField,
    forms.TimeField,
]  # fmt: skip


def said(field: forms.Field) -> str:
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(None)
    return str(refused.value.messages[0])


def test_an_empty_field_says_what_to_do_in_each_language() -> None:
    found: dict[str, set[str]] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = {said(make()) for make in KINDS}
            assert found[code] == {str(words) for words in EMPTY.values()}
    assert not any("required" in words for words in found["en"])
    for code in found.keys() - {"en"}:
        assert not found[code] & found["en"], code


def test_what_a_field_says_besides_is_as_before() -> None:
    with pytest.raises(forms.ValidationError, match="valid date"):
        forms.DateField().clean("x")
    with pytest.raises(forms.ValidationError, match="whole number"):
        forms.IntegerField().clean("x")
    assert said(forms.CharField(error_messages={"required": "Type it."})) == "Type it."
