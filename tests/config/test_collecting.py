"""What a run leaves out is not laid out, and nothing else is left out."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import settings

from tests import scale
from tests.harness import collecting

TESTS = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("expression", "out"),
    [
        ("", ""),
        ("not journey and not wide", "journey wide"),
        ("wide and not long", "long"),
        ("(process or race) and not alone and not long", "alone long"),
        # Here none keeps a test out by itself.
        ("long or not long", ""),
        ("wide and not long or journey", ""),
        ("not (long or wide)", ""),
        ("((wide) or long) and not dear", ""),
        ("not not wide", ""),
    ],
)
def test_a_mark_is_left_out_that_no_other_one_brings_back(expression: str, out: str) -> None:
    assert collecting.left_out(expression) == set(out.split())


@pytest.mark.parametrize(("folder", "mark"), collecting.FOLDERS.items())
def test_a_folder_that_is_passed_over_has_the_mark_in_all_its_files(folder: str, mark: str) -> None:
    files = list((TESTS / folder).rglob("test_*.py"))
    assert len(files) > 5
    pattern = re.compile(rf"^pytestmark = .*pytest\.mark\.{mark}\b", re.MULTILINE)
    assert [file.name for file in files if not pattern.search(file.read_text())] == []


def laid(expression: str, *args: str) -> collecting.Laid:
    option = SimpleNamespace(markexpr=expression)
    return collecting.Laid(SimpleNamespace(option=option, args=args))  # type: ignore[arg-type]


def file_marked(*marks: pytest.MarkDecorator) -> Any:
    return SimpleNamespace(iter_markers=lambda: [one.mark for one in marks])


def plain() -> None: ...


@pytest.mark.wide
def wide() -> None: ...


def test_only_what_may_run_is_laid_out() -> None:
    fast, named = laid("not wide"), laid("not wide", "tests/a.py::test_a")
    makes = collecting.Laid.pytest_pycollect_makeitem
    # An empty list is no test; None leaves it to pytest.
    assert makes(fast, file_marked(), "test_a", wide) == []
    assert makes(fast, file_marked(pytest.mark.wide), "test_a", plain) == []
    assert makes(fast, file_marked(), "test_a", plain) is None
    assert makes(fast, file_marked(pytest.mark.race), "test_a", plain) is None
    assert makes(laid("wide and not long"), file_marked(), "test_a", wide) is None
    assert makes(laid(""), file_marked(), "test_a", wide) is None
    assert makes(named, file_marked(), "test_a", wide) is None, "who names it is told of it"


def test_a_folder_that_is_left_out_is_passed_over() -> None:
    ignored = collecting.Laid.pytest_ignore_collect
    assert ignored(laid("not race"), TESTS / "races") is True
    assert ignored(laid("not race"), TESTS / "journeys") is None
    assert ignored(laid("race or journey"), TESTS / "races") is None
    assert ignored(laid("not long"), TESTS / "races" / "test_booking.py") is None


@pytest.mark.parametrize(
    ("text", "is_ignored"),
    [
        ("pytestmark = pytest.mark.wide\n", True),
        ("\npytestmark = [pytest.mark.wide, pytest.mark.django_db(transaction=True)]\n", True),
        ("pytestmark = pytest.mark.django_db\n\n@pytest.mark.wide\ndef test_a(): ...\n", False),
        ("@pytest.mark.wide\ndef test_a():\n    pytestmark = pytest.mark.wide\n", False),
    ],
)
def test_a_file_that_is_left_out_is_not_imported(
    tmp_path: Path, text: str, is_ignored: bool
) -> None:
    file = tmp_path / "test_a.py"
    file.write_text(text)
    ignored = collecting.Laid.pytest_ignore_collect
    assert bool(ignored(laid("not wide"), file)) is is_ignored
    assert ignored(laid("wide and not long"), file) is None
    for named in (str(file), f"{file}::test_a"):
        assert ignored(laid("not wide", named), file) is None


def test_the_fast_tier_has_a_few_random_cases_of_each_test_and_the_others_all() -> None:
    assert laid("not journey and not wide").is_fast
    assert not laid("(wide or hypothesis) and not long").is_fast
    assert not laid("long or not long").is_fast


def test_the_run_has_as_many_random_cases_as_its_tier(pytestconfig: pytest.Config) -> None:
    fast = "wide" in collecting.left_out(pytestconfig.option.markexpr)
    assert settings().max_examples == (scale.FEW if fast else 100)
    assert scale.examples(60, 60) == (scale.FEW if fast and not scale.is_full() else 60)


def test_the_wide_tier_runs_what_is_random_again() -> None:
    assert "-m '(wide or hypothesis) and" in (TESTS.parent / "Makefile").read_text()


@pytest.mark.parametrize("mark", ["journey", "alone"])
def test_a_tier_that_looks_into_some_folders_has_all_files_of_its_mark(mark: str) -> None:
    makefile = (TESTS.parent / "Makefile").read_text()
    (paths,) = re.findall(rf"pytest .*-m '{mark} and [^']*' (.+)", makefile)
    looked = [TESTS.parent / path for path in paths.split()]
    marked = [
        file
        for file in TESTS.rglob("test_*.py")
        if re.search(rf"^(pytestmark = .*|@)pytest\.mark\.{mark}\b", file.read_text(), re.MULTILINE)
    ]
    assert marked
    for file in marked:
        assert any(path == file or path in file.parents for path in looked), file
