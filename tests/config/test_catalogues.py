"""The catalogues are made from the texts of the code and the templates."""

from pathlib import Path

import pytest

from callout.config import catalogues


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
