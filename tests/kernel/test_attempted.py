"""A part of a change whose refusal takes back that part alone."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import IntegrityError

from callout.kernel import change, journal, wake
from callout.kernel.actor import Actor
from callout.kernel.change import rows_add, service
from callout.kernel.errors import Refused
from callout.kernel.models import JournalEntry
from callout.kernel.taken_back import attempted
from callout.workforce.models import Skill

pytestmark = pytest.mark.django_db
SOMEBODY = Actor.system("a test")


def made(name: str) -> None:
    row = Skill(name=name, name_sort=name.lower())
    rows_add(row)
    journal.record(SOMEBODY, entity="skill", entity_id=row.pk, kind="create")


def then_refused(name: str) -> None:
    made(name)
    raise Refused("not this one", code="refused")


@service
def tried(*, actor: Actor, works: list[Callable[[], None]]) -> list[str]:
    """Each on its own; what each was told."""
    told = []
    for work in works:
        try:
            attempted(work)
            told.append("")
        except Refused as error:
            told.append(error.message)
    return told


def names() -> list[str]:
    return sorted(Skill.objects.values_list("name", flat=True))


def test_what_is_refused_is_taken_back_and_the_rest_stands() -> None:
    works = [lambda: made("Gas"), lambda: then_refused("Lifts"), lambda: made("Water")]
    assert tried(actor=SOMEBODY, works=works) == ["", "not this one", ""]
    assert names() == ["Gas", "Water"]
    assert JournalEntry.objects.filter(entity="skill", kind="create").count() == 2


def test_a_broken_guard_of_the_database_is_worded_and_taken_back_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = lambda: Refused("there is one", code="twice")  # noqa: E731
    monkeypatch.setitem(change._constraints, "skill_once", told)
    works = [lambda: made("Gas"), lambda: made("Gas"), lambda: made("Water")]
    assert tried(actor=SOMEBODY, works=works) == ["", "there is one", ""]
    assert names() == ["Gas", "Water"]


def test_a_guard_that_has_no_words_ends_the_whole_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(change._constraints, "skill_once", raising=False)
    with pytest.raises(IntegrityError):
        tried(actor=SOMEBODY, works=[lambda: made("Gas"), lambda: made("Gas")])
    assert names() == []


def test_nobody_is_woken_for_what_was_taken_back(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    for works, woken in (([lambda: then_refused("Gas")], 0), ([lambda: made("Gas")], 1)):
        with django_capture_on_commit_callbacks() as callbacks:  # type: ignore[attr-defined]
            tried(actor=SOMEBODY, works=works)
        assert [one is wake.wake for one in callbacks] == [True] * woken


def test_outside_a_change_nothing_is_attempted() -> None:
    with pytest.raises(RuntimeError):
        attempted(lambda: made(str(uuid4())))
