"""What a run leaves out is not laid out, and the garbage collector lets lie what is.

Nearly half of all tests are the wide tier's, which the fast one would make only to drop them; and
all that is collected stays until the end, so that to look through it again finds nothing.
"""

import gc
import re
from pathlib import Path

import pytest

# All of a folder: nothing of it is imported.
FOLDERS = {"journeys": "journey", "races": "race"}
OF_A_FILE = re.compile(r"^pytestmark = .*", re.MULTILINE)
MARK = re.compile(r"pytest\.mark\.(\w+)")
REST = re.compile(r"\([^()]*\)")
NOT = re.compile(r"not (\w+)")


class Laid:
    """The plugin."""

    def __init__(self, config: pytest.Config) -> None:
        # Who names a test, or its file, is told that it was left out, not that there is none.
        named = any("::" in one or one.endswith(".py") for one in config.args)
        out = left_out(config.option.markexpr)
        self.out = frozenset() if named else out
        self.is_fast = "wide" in out

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        gc.disable()

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        if collection_path.is_dir():
            return True if FOLDERS.get(collection_path.name) in self.out else None
        return True if self.out and self.out & marks_of(collection_path) else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(
        self, collector: pytest.Collector, name: str, obj: object
    ) -> list[pytest.Item] | None:
        if not self.out or not name.startswith("test_"):
            return None
        marks = [*getattr(obj, "pytestmark", []), *collector.iter_markers()]
        return [] if any(mark.name in self.out for mark in marks) else None

    def pytest_collection_finish(self) -> None:
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        gc.enable()


def marks_of(path: Path) -> frozenset[str]:
    """What all of a file's tests are marked with, by its text: it is not imported."""
    if path.suffix != ".py" or not path.name.startswith("test_"):
        return frozenset()
    found = OF_A_FILE.search(path.read_text())
    return frozenset(MARK.findall(found[0])) if found else frozenset()


def left_out(expression: str) -> frozenset[str]:
    """The marks that each keep a test out by themselves, whatever others it has."""
    rest = REST.sub("()", expression)
    if "(" in rest.replace("()", "") or " or " in rest:
        return frozenset()
    return frozenset(found[1] for term in rest.split(" and ") if (found := NOT.fullmatch(term)))
