"""What would help is told in whole sentences, each of which can be said in any language."""

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from django.utils.translation import override

from callout.routing.building import Built
from callout.routing.engine.reasons import Reason, Relaxation
from callout.routing.words import unserved_words


def built(*names: str) -> Built:
    shifts = {
        name: SimpleNamespace(person=SimpleNamespace(name=name), day=date(2026, 11, 24))
        for name in names
    }
    works = {"P": SimpleNamespace(name="SO-000002")}
    return cast("Built", SimpleNamespace(shifts=shifts, works=works))


def remedy(*given: Any) -> str:
    with override("en"):
        told = unserved_words(built("Anna", "Bert"), Reason("no_room", remedy=given), "O")
    return told.remedy


def test_one_remedy_or_several_are_sentences_beside_each_other() -> None:
    longer = Relaxation("shift", "Anna", 61)
    assert remedy() == ""
    assert remedy(longer) == "it would fit like this: Anna works 2 min longer"
    assert remedy(
        longer, Relaxation("lunch", "Bert"), Relaxation("instead", "Anna", order_id="P")
    ) == (
        "it would fit like this: Anna works 2 min longer; Bert has no lunch break; "
        "Anna does not have SO-000002"
    )
