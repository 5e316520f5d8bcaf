"""The tags of the screens: what they write, and that values never become markup."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from callout.web.ui import assets, fixed, keys, marks, navigation


def render(source: str, **values: object) -> str:
    return Template("{% load callout_ui %}" + source).render(Context(values))


def test_a_status_is_disc_and_word_in_its_own_colour() -> None:
    html = render('{% status "on_site" %}')
    assert 'class="co-pill co-k-on_site"' in html
    assert html.endswith("On site</span>")
    assert "#map-pin" in html


def test_every_status_has_a_word_and_an_icon_of_the_sprite() -> None:
    assert set(marks.STATUS_ICONS) == set(marks.STATUS_LABELS)
    assert set(marks.STATUS_ICONS.values()) <= assets.icons().names


def test_normal_and_low_priority_show_nothing() -> None:
    assert render('{% priority "normal" "Normal" %}{% priority "low" "Low" %}') == ""


def test_a_short_mark_still_says_its_whole_words() -> None:
    html = render("{% absent 2 'planned' %}")
    assert '<span aria-hidden="true">x2</span><span class="co-vh">absent x2</span>' in html
    assert render("{% absent 0 %}") == ""


def test_a_word_is_kept_in_the_language_it_was_made_in() -> None:
    with translation.override("fr"):
        render('{% status "planned" %}')
    assert "Planned" in render('{% status "planned" %}')


def test_an_icon_that_the_build_does_not_hold_shows_as_a_point() -> None:
    assert "#point" in render("{% icon name %}", name="no-such-icon")


@pytest.mark.parametrize(
    "source",
    [
        "{% status 'new' text %}",
        "{% flag 'bolt' text %}",
        "{% flag 'bolt' 'x1' full=text %}",
        "{% avatar text text %}",
        "{% priority 'high' text %}",
        "{% icon text %}",
    ],
)
def test_a_value_never_becomes_markup(source: str) -> None:
    assert "<img" not in render(source, text='"><img src=x onerror=alert(1)>')


class Vat(forms.Form):
    vat = forms.CharField(label="VAT number", help_text="Ten digits")


def test_a_field_with_an_error_says_so_beside_it_and_to_who_hears_it() -> None:
    html = render("{% field form.vat aside='optional' %}", form=Vat({"vat": ""}))
    assert '<label class="co-label" for="id_vat">VAT number<small>optional</small>' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_vat-hint id_vat-error"' in html
    assert 'id="id_vat-error" role="alert"' in html


def test_a_field_without_an_error_has_no_alert() -> None:
    html = render("{% field form.vat %}", form=Vat({"vat": "1"}))
    assert "alert" not in html
    assert "aria-invalid" not in html


@pytest.mark.parametrize(
    ("cookie", "own", "expected"),
    [
        ("dark", "light", ' data-bs-theme="dark"'),
        (None, "light", ' data-bs-theme="light"'),
        ("system", "dark", ""),
        ('"><script>', "system", ""),
    ],
)
def test_the_theme_is_the_cookie_s_else_the_user_s(
    cookie: str | None, own: str, expected: str
) -> None:
    request = SimpleNamespace(COOKIES={} if cookie is None else {"callout_theme": cookie})
    assert render("{% theme %}", request=request, user=SimpleNamespace(theme=own)) == expected


def test_a_page_without_a_request_follows_the_device() -> None:
    assert render("{% theme %}") == ""


def test_the_query_changes_one_thing_and_keeps_the_rest() -> None:
    request = RequestFactory().get("/orders/", {"type": "b", "page": "2"})
    html = render("{% query page=None sort='start' %}", request=request)
    assert html == "?type=b&amp;sort=start"


HEAD = '{% fixed "office/orders/head.html" view="list" put=put at_risk=False %}'


def test_what_is_put_into_a_kept_part_is_each_time_s_own_and_never_markup() -> None:
    put = dict.fromkeys(("list", "q", "in_use", "columns_url", "chips"), "")
    first = render(HEAD, put={**put, "q": "lift", "list": "/orders/?q=lift"})
    assert 'value="lift"' in first
    assert 'href="/orders/?q=lift"' in first
    kept = fixed._fixed.cache_info().misses
    second = render(HEAD, put={**put, "q": '"><img src=x>', "list": "/a?b&c"})
    assert fixed._fixed.cache_info().misses == kept, "nothing else differs"
    assert "<img" not in second
    assert "lift" not in second
    assert 'href="/a?b&amp;c"' in second


def test_a_kept_part_knows_which_of_what_is_put_is_empty_and_whose_form_it_holds() -> None:
    put = dict.fromkeys(("in_use", "columns_url", "export_url"), "")
    assert "Columns" not in render(HEAD, put=put)
    put["columns_url"], put["export_url"] = "/columns/", "/export/"
    for token in ("one", "two"):
        html = render(HEAD, put=put, csrf_token=token)
        assert f'name="csrfmiddlewaretoken" value="{token}"' in html
    assert fixed.PLACE not in html


def test_two_forms_have_two_keys() -> None:
    assert render("{% idempotency_key %}") != render("{% idempotency_key %}")


def test_the_rail_shows_only_what_this_installation_has(monkeypatch: pytest.MonkeyPatch) -> None:
    subjects = [*navigation.SUBJECTS, ("more", "dots", "office:more")]
    monkeypatch.setattr(navigation, "SUBJECTS", subjects)
    shown = [item.key for item in navigation.items("settings")]
    assert shown == ["home", "orders", "planning", "map", "customers", "team", "settings"]


def test_an_entry_that_is_not_built_is_said_in_words() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"no entry 'nothing\.ts'"):
        assets.entry("nothing.ts")


def test_a_front_end_that_is_not_built_says_what_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(assets, "BUILD", tmp_path)
    with pytest.raises(ImproperlyConfigured, match="make build"):
        assets.icons()


def test_the_sheet_of_keys_begins_with_the_screen_s_own() -> None:
    screens = [group.screen for group in keys.groups("kanban")]
    assert screens[:2] == ["kanban", ""]
    assert sorted(screens) == ["", "kanban", "list", "map", "planning"]
    assert keys.groups("")[0].screen == ""
    assert {keys.screen_of(name) for name in ("orders", "planning", "team")} == {
        "list", "planning", ""
    }  # fmt: skip


def test_every_key_that_a_screen_hears_is_on_the_sheet() -> None:
    """Letters are what nobody guesses: those compared with in the scripts, or named in a page."""
    told = {key for group in keys.groups("") for shown, _words in group.keys for key in shown}
    frontend = Path(__file__).parents[2] / "frontend" / "src"
    scripts = [
        path.read_text()
        for folder in ("office", "planning", "shared")
        for path in (*(frontend / folder).rglob("*.ts"), *(frontend / folder).rglob("*.svelte"))
    ]
    compared = re.compile(r'key(?:\.toLowerCase\(\))? [!=]== "(\S)"')
    heard = {key for text in scripts for key in compared.findall(text)}
    pages = (Path(assets.__file__).parents[1] / "templates").rglob("*.html")
    heard |= {key for page in pages for key in re.findall(r'data-key="(\S)"', page.read_text())}
    assert {"n", "/", "m", "b", "x", "z"} <= heard
    assert heard <= told
