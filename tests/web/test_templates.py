"""The rules that keep the strict policy possible, checked in every template of the project."""

import re
from pathlib import Path

import pytest

from callout.config import errors
from callout.web.ui import assets

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "src/callout").rglob("templates/**/*.html"))
FORBIDDEN = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline script": r"<script(?![^>]*\b(src=|type=\"application/json\"))",
    "an event attribute": r"<[^>]*\son[a-z]+\s*=",
    "hx-on": r"\bhx-on\b",
    "a js: or javascript: value": r"[\"'](js|javascript):",
    "a trigger filter": r"hx-trigger\s*=\s*[\"']([^\"']*[,\s])?[\w:.-]+(?<!from:)(?<!target:)\[",
    "a long text that is cut without a word": r"<textarea\b[^>]*\smaxlength",
    "an address of another host": r"(src|href|action)\s*=\s*[\"'](https?:)?//",
}
COMPONENTS = sorted((ROOT / "frontend/src").rglob("*.svelte"))
# Their handlers are no attributes in the page; what they print is escaped unless it says @html.
FORBIDDEN_THERE = {
    "html as it came": r"\{@html",
    **{
        name: FORBIDDEN[name]
        for name in (
            "a style attribute",
            "a js: or javascript: value",
            "an address of another host",
        )
    },
}


def faults(text: str, forbidden: dict[str, str] = FORBIDDEN) -> list[str]:
    """What the policy would forbid in this template."""
    code = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.S)
    return [name for name, pattern in forbidden.items() if re.search(pattern, code, re.I)]


def test_no_template_holds_anything_that_the_policy_forbids() -> None:
    assert TEMPLATES
    assert {path: found for path in TEMPLATES if (found := faults(path.read_text()))} == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a style attribute", '<p class="x" style="color: red">'),
        ("a style element", "<style>p {}</style>"),
        ("an inline script", "<script>go()</script>"),
        ("an event attribute", '<button onclick="go()">'),
        ("hx-on", '<div hx-on:click="go()">'),
        ("a js: or javascript: value", "<div hx-vals='js:{a: 1}'>"),
        ("a trigger filter", '<div hx-trigger="click[ctrlKey]">'),
        ("a trigger filter", '<div hx-trigger="load, keyup[key==1] delay:1s">'),
        ("a long text that is cut without a word", '<textarea name="text" maxlength="9">'),
        ("an address of another host", '<img src="//example.com/a.png">'),
    ],
)
def test_each_rule_finds_its_fault(name: str, text: str) -> None:
    assert name in faults(text)


def test_nor_does_a_component_and_none_prints_anything_as_html() -> None:
    assert COMPONENTS
    wrong = {path: faults(path.read_text(), FORBIDDEN_THERE) for path in COMPONENTS}
    assert {path: found for path, found in wrong.items() if found} == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("html as it came", "<p>{@html words}</p>"),
        ("a style attribute", "<div style={`left: ${left}px`}></div>"),
        ("a js: or javascript: value", '<a href="javascript:go()">'),
        ("an address of another host", '<a href="https://example.com/">'),
    ],
)
def test_each_rule_of_components_finds_its_fault(name: str, text: str) -> None:
    assert faults(text, FORBIDDEN_THERE) == [name]


def test_choosing_another_element_by_its_attribute_is_no_filter() -> None:
    assert faults('<div hx-trigger="change from:[name=site]">') == []


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r"{% icon [\"']([a-z0-9-]+)[\"']", path.read_text())
    }
    assert named - assets.icons().names == set()


def test_every_part_says_in_its_head_what_it_takes() -> None:
    parts = [path for path in TEMPLATES if path.parent == ROOT / "src/callout/web/templates/parts"]
    silent = [path.name for path in parts if "{#" not in path.read_text()]
    assert parts
    assert silent == ["logo.html"]


def test_the_page_of_an_error_has_no_form_since_it_has_no_token() -> None:
    _kind, page = errors.answer(404, "not_found", "Nothing here", path="/nowhere/", headers={})
    assert b"Nothing here" in page
    assert b"<form" not in page
