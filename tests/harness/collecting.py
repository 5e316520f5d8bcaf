"""What a run leaves out is not laid out, and the garbage collector lets lie what is.

Two of five tests are cells of large tables, which the fast tier makes only to drop them; and all
that is collected stays until the end, so that to look through it again and again finds nothing.
"""

import gc
import re
from pathlib import Path

import pytest

# All of a folder: nothing of it is imported.
FOLDERS = {"journeys": "journey", "races": "race"}
REST = re.compile(r"\([^()]*\)")
NOT = re.compile(r"not (\w+)")


class Laid:
    """The plugin."""

    def __init__(self, config: pytest.Config) -> None:
        # Who names a test is told that it was left out, not that there is none.
        named = any("::" in one for one in config.args)
        self.out = frozenset() if named else left_out(config.option.markexpr)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        gc.disable()

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        of = FOLDERS.get(collection_path.name) if collection_path.is_dir() else None
        return True if of in self.out else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(
        self, collector: pytest.Collector, name: str, obj: object
    ) -> list[pytest.Item] | None:
        if not self.out or not name.startswith("test_"):
            return None
        marks = [*getattr(obj, "pytestmark", []), *collector.iter_markers()]
        return [] if any(mark.name in self.out for mark in marks) else None

    def pytest_collection_finish(self) -> None:
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        gc.enable()


def left_out(expression: str) -> frozenset[str]:
    """The marks that each keep a test out by themselves, whatever others it has."""
    rest = REST.sub("()", expression)
    if "(" in rest.replace("()", "") or " or " in rest:
        return frozenset()
    return frozenset(found[1] for term in rest.split(" and ") if (found := NOT.fullmatch(term)))
