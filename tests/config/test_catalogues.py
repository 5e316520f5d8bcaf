"""The catalogues are made from the texts of the code and the templates."""

import ast
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings

from callout.config import catalogues

PACKAGE = Path(catalogues.__file__).parents[1]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small package with a text of every kind."""
    folder = tmp_path / "small"
    (folder / "templates").mkdir(parents=True)
    (folder / "views.py").write_text(
        "from django.utils.translation import gettext as _, ngettext, pgettext_lazy\n"
        'a = _("One")\nb = ngettext("%(n)d two", "%(n)d twos", 2)\n'
        'c = pgettext_lazy("verb", "Plan")\n'
    )
    (folder / "templates" / "page.html").write_text(
        "{% load i18n %}\n  <p>it's {% translate 'Three' %}</p>\n"
        "    {% blocktranslate count n=n %}{{ n }} four{% plural %}{{ n }} fours"
        "{% endblocktranslate %}\n"
    )
    return folder


def test_texts_are_found_in_code_and_templates(package: Path) -> None:
    found = {
        (message.context, message.id) for message in catalogues.extracted(package) if message.id
    }
    assert found == {
        (None, "One"),
        (None, ("%(n)d two", "%(n)d twos")),
        ("verb", "Plan"),
        (None, "Three"),
        (None, ("%(n)s four", "%(n)s fours")),
    }


def test_a_translation_stays_when_the_catalogue_is_updated(package: Path, tmp_path: Path) -> None:
    locales = tmp_path / "locale"
    catalogues.update(package, locales, ["fr"])
    path = catalogues.po_file(locales, "fr")
    path.write_text(path.read_text().replace('msgid "One"\nmsgstr ""', 'msgid "One"\nmsgstr "Un"'))
    before = path.read_text()
    catalogues.update(package, locales, ["fr"])
    assert 'msgstr "Un"' in before
    assert path.read_text() == before


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return catalogues.extracted(PACKAGE)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES if code != "en"])
def test_every_text_is_in_every_language_with_all_that_is_filled_in(
    texts: Catalog, language: str
) -> None:
    """`make messages` adds what is new; somebody who speaks it translates it."""
    catalog = catalogues.known(PACKAGE / "locale", language)
    wrong = [
        (text.id, "not translated")
        for text in texts
        if text.id and not _translated(catalog.get(text.id, text.context))
    ]
    wrong += [(text.id, str(errors[0])) for text, errors in catalog.check()]
    assert wrong == []


def _translated(text: Message | None) -> bool:
    if text is None:
        return False
    return all(text.string) if isinstance(text.string, tuple) else bool(text.string)


@pytest.mark.wide
def test_no_text_stands_within_an_f_string_where_the_extraction_does_not_look() -> None:
    marks = {"_", "gettext", "ngettext", "pgettext", "npgettext", "gettext_lazy", "pgettext_lazy"}
    hidden = [
        f"{path.name}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        for made in ast.walk(ast.parse(path.read_text()))
        if isinstance(made, ast.JoinedStr)
        for node in ast.walk(made)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in marks
    ]
    assert hidden == []
