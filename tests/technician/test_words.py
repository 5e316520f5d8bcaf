"""The app's words: the server writes each that a script asks for, and none that none asks for."""

import re
from pathlib import Path

from callout.web.ui.strings_phone import phone_texts

SOURCES = Path(__file__).resolve().parents[2] / "frontend" / "src" / "technician"
WRITTEN = "\n".join(
    path.read_text() for path in sorted(SOURCES.rglob("*")) if path.suffix in {".ts", ".svelte"}
)
KEYS = set(re.findall(r"[\"'](phone\.[a-z0-9_.]+)[\"']", WRITTEN))
# `phone.mark.${mark}.more`: a family, of which each member is looked for by its shape.
SHAPES = {
    re.compile(re.sub(r"\\\$\\\{[^}]*\\\}", r"[a-z_]+", re.escape(one)))
    for one in re.findall(r"`(phone\.[^`]+)`", WRITTEN)
}


def test_every_text_that_a_script_names_is_there() -> None:
    assert len(KEYS) > 200
    assert sorted(KEYS - set(phone_texts())) == []
    texts = set(phone_texts())
    assert [one.pattern for one in SHAPES if not any(one.fullmatch(key) for key in texts)] == []


def test_no_text_is_there_in_vain() -> None:
    left = {key for key in phone_texts() if key not in KEYS}
    assert sorted(key for key in left if not any(one.fullmatch(key) for one in SHAPES)) == []
