"""Gettext catalogues without GNU gettext: Babel reads the texts and updates them.

Babel is there where Callout is built, not where it runs; so it is imported when it is needed.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

DOMAIN = "django"
FIRST = datetime(2026, 11, 23, tzinfo=UTC)
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def po_file(locales: Path, language: str) -> Path:
    """Where a language's catalogue is."""
    return locales / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def sources(package: Path) -> Iterator[tuple[Path, bytes]]:
    """Each file with texts, as Python that Babel can read."""
    for path in sorted(package.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_bytes()
    for path in sorted(
        [*package.rglob("templates/**/*.html"), *package.rglob("templates/**/*.txt")]
    ):
        python = templatize(path.read_text(), origin=str(path))
        # What is left of the page between its texts is no indentation.
        yield path, re.sub(r"(?m)^[ \t]+", "", python).encode()


def extracted(package: Path) -> Catalog:
    """All texts of the package, each with the files it stands in."""
    catalog = Catalog(project="Callout", version="1", fuzzy=False)
    for path, content in sources(package):
        if b"_(" not in content and b"gettext" not in content:
            continue  # half of them: to look is cheaper than to read them word by word
        found = extract("python", BytesIO(content), KEYWORDS, ("Translators:",))
        for line, message, comments, context in found:
            place = (str(path.relative_to(package.parent)), line)
            catalog.add(message, None, [place], auto_comments=comments, context=context)
    return catalog


def known(locales: Path, language: str) -> Catalog:
    """A language's catalogue as it is; empty if there is none."""
    path = po_file(locales, language)
    if not path.exists():
        return Catalog(locale=language, project="Callout", version="1", fuzzy=False)
    return read_po(BytesIO(path.read_bytes()), locale=language)


def update(package: Path, locales: Path, languages: list[str]) -> None:
    """Bring every language's catalogue up to the texts of today; nothing is guessed."""
    template = extracted(package)
    for language in languages:
        path = po_file(locales, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = known(locales, language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.header_comment = f"# Callout in {language}; `make messages` updates it."
        catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = ""
        # A date would make every run a change.
        catalog.creation_date = catalog.revision_date = FIRST
        with path.open("wb") as file:
            write_po(file, catalog, width=100, sort_output=True, include_lineno=False)
