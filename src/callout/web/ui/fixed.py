"""Parts of a page that are made once for all their readers, and what is put into them each time."""

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from callout.web.ui import assets

# Where a kept part has what differs each time: in a place that nobody can write into a page.
PLACE = token_hex()
FORM = "csrf_token"


def fixed_part(
    part: str, put: Mapping[str, str], token: Any, values: Mapping[str, Hashable]
) -> SafeString:
    """The template `part`, which knows its `values` alone; see the tag `fixed`. A form in it has
    this `token`, which is asked for nothing where there is none: that alone would set a cookie."""
    language = get_language() or ""
    built = assets.icons().sprite  # the tests' pages have addresses of their own
    texts: dict[str, Any] = dict(put)
    there = tuple((name, bool(text)) for name, text in texts.items())
    house = built, settings.ROOT_URLCONF
    made = _fixed(part, language, house, there, **values)
    if len(made) == 1:
        return made[0]
    texts[FORM] = token or ""
    pieces: list[str] = list(made)
    pieces[1::2] = [conditional_escape(texts[name]) for name in made[1::2]]
    return mark_safe("".join(pieces))  # noqa: S308


@lru_cache(maxsize=128, typed=True)  # typed: what is safe is another value than what is not
def _fixed(
    part: str,
    _language: str,
    _house: tuple[str, str],
    there: tuple[tuple[str, bool], ...],
    **values: Hashable,
) -> tuple[SafeString, ...]:
    """The part, split where something is put: every second piece is the name of what."""
    put = {name: f"{PLACE}{name};" if is_there else "" for name, is_there in there}
    made = render_to_string(part, {FORM: f"{PLACE}{FORM};", "put": put, **values})
    return tuple(map(SafeString, re.split(f"{PLACE}([a-z_]+);", made)))
