"""Markup written in Python escapes as a template does, and nothing else is marked as safe."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

import callout.web
from callout.web.ui.markup import joined, piece, text

HOSTILE = "<script>alert('x')</script>&\""
TAMED = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&amp;&quot;"


def test_a_value_is_text_and_what_is_markup_stays_markup() -> None:
    row = piece('<li title="{title}">{mark}{count}</li>')
    mark = piece("<b>{word}</b>")(word=HOSTILE)
    assert row(title=HOSTILE, mark=mark, count=3) == f'<li title="{TAMED}"><b>{TAMED}</b>3</li>'


def test_what_comes_out_is_safe_and_what_is_joined_is_too() -> None:
    assert type(piece("<hr>")()) is type(text("a")) is type(joined([])) is SafeString
    assert joined([piece("<hr>")(), HOSTILE], "\n") == f"<hr>\n{TAMED}"


def test_words_put_together_with_markup_are_text_again() -> None:
    assert piece("{both}")(both=SafeString("<b>") + HOSTILE) == f"&lt;b&gt;{TAMED}"
    assert piece("{word}")(word=gettext_lazy("<i>")) == "&lt;i&gt;"


def test_a_hole_is_filled_by_its_name_and_by_no_other() -> None:
    assert piece("{text}{type}")(text="<", type="&") == "&lt;&amp;"
    row = piece("{a} {b} {a}")
    assert row(a="1", b="2") == "1 2 1"
    with pytest.raises(TypeError):
        row(a="1")
    with pytest.raises(TypeError):
        row(a="1", b="2", c="3")


def test_lines_of_a_template_are_one_space_in_a_tag_and_nothing_between_tags() -> None:
    made = piece("""
        <a href="{url}"
          id="i">
          {word} <b>{{}}'"</b>
        </a>
    """)
    assert made(url="/", word="w") == """<a href="/" id="i">w <b>{}'"</b></a>"""
    assert piece('\n  a="{x}"\n  b="c"\n')(x="1") == 'a="1" b="c"'
    assert piece(' a="{x}"')(x="1") == ' a="1"'


# Who may say that a text is markup without having it from `piece`: a template's own answer.
RENDERED = {"ui/fixed.py", "office/team/week.py"}
MARKS = {"mark_safe", "SafeString"}


def unproven(tree: ast.AST) -> Iterator[int]:
    """The lines that call something safe which is not a constant, or hold tags in an f-string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
            if any(not isinstance(one, ast.Constant) for one in node.args):
                yield node.lineno
        elif isinstance(node, ast.JoinedStr):
            fixed = "".join(str(one.value) for one in node.values if isinstance(one, ast.Constant))
            if re.search(r'</|/>|="', fixed):
                yield node.lineno


def test_nothing_in_the_web_is_marked_as_safe_but_pieces() -> None:
    root = Path(callout.web.__file__).parent
    found = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        if list(unproven(ast.parse(file.read_text())))
    }
    assert found == {"ui/markup.py"} | RENDERED


@pytest.mark.parametrize("slip", ["mark_safe(x)", "SafeString(f'{x}')", "f'<b>{x}</b>'"])
def test_control_a_slip_is_found(slip: str) -> None:
    assert list(unproven(ast.parse(slip)))
