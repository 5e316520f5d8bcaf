"""Rows written together, questions asked together: the same as one by one, but faster."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection
from django.db.models import UUIDField
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext_lazy

from callout.accounts.models import User
from callout.kernel import change, journal, rows
from callout.kernel.actor import Actor
from callout.kernel.change import row_save, rows_add, service
from callout.kernel.errors import Refused
from callout.kernel.idempotency import Answer, answer_once
from callout.kernel.models import JournalEntry
from callout.kernel.prepared import Given, Prepared, together
from callout.workforce.models import Skill

pytestmark = pytest.mark.usefixtures("db")

SOMEBODY = Actor.system("a test")


def skill(name: str) -> Skill:
    return Skill(name=name, name_sort=name.lower())


def noted(entity_id: UUID) -> None:
    journal.record(SOMEBODY, entity="skill", entity_id=entity_id, kind="noted")


# --- written together ----------------------------------------------------------------------------


@service
def three_written(*, actor: Actor) -> Skill:
    row = skill("Gas")
    rows_add(row)
    row.name = "Gas; and water"
    row_save(row, ["name"])
    noted(row.pk)
    return row


def test_what_a_change_writes_goes_in_one_message() -> None:
    with CaptureQueriesContext(connection) as run:
        row = three_written(actor=SOMEBODY)
    sent = [q["sql"] for q in run.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(sent) == 1
    found = Skill.objects.get(pk=row.pk)
    assert (found.name, found.name_sort, found.version) == ("Gas; and water", "gas", 2)
    assert JournalEntry.objects.filter(entity_id=row.pk).count() == 1


def test_a_question_within_the_change_finds_what_was_written_before() -> None:
    @service
    def asking(*, actor: Actor) -> int:
        rows_add(skill("Gas"), skill("Lifts"))
        return Skill.objects.count()

    assert asking(actor=SOMEBODY) == 2


def test_a_value_is_written_as_django_would_write_it() -> None:
    @service
    def written(*, actor: Actor, **values: object) -> None:
        row = skill("")
        for name, value in values.items():
            setattr(row, name, value)
        rows_add(row)
        row_save(row, ["name_sort", "archived_at"])

    key, at = uuid4(), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    lazy: object = gettext_lazy("Gas")
    written(actor=SOMEBODY, id=str(key), name=lazy, name_sort=3, archived_at=at)
    found = Skill.objects.get(pk=key)
    assert (found.name, found.name_sort, found.archived_at) == ("Gas", "3", at)
    # A time without its zone is nobody's: it would be taken for the server's own.
    with pytest.raises(RuntimeWarning, match="naive"):
        written(actor=SOMEBODY, archived_at=at.replace(tzinfo=None))
    with pytest.raises(ValidationError):
        written(actor=SOMEBODY, id="no id")
    assert Skill.objects.count() == 1


def test_a_refused_change_writes_nothing_of_what_waited() -> None:
    @service
    def refused(*, actor: Actor) -> None:
        rows_add(skill("Gas"))
        noted(uuid4())
        raise Refused("no", code="no")

    before = JournalEntry.objects.count()
    with pytest.raises(Refused):
        refused(actor=SOMEBODY)
    assert not Skill.objects.exists()
    assert JournalEntry.objects.count() == before


def test_a_row_that_is_not_there_is_not_saved_in_silence() -> None:
    @service
    def lost(*, actor: Actor) -> None:
        row_save(skill("Gas"), ["name"])

    with pytest.raises(DatabaseError, match="not one row"):
        lost(actor=SOMEBODY)


def test_a_broken_guard_is_told_in_words_though_it_speaks_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = Refused("There is one.", code="skill_twice")
    monkeypatch.setitem(change._constraints, "skill_once", lambda: told)

    @service
    def twice(*, actor: Actor) -> None:
        rows_add(skill("Gas"))
        rows_add(skill("Gas"))

    with pytest.raises(Refused, match="There is one"):
        twice(actor=SOMEBODY)


def test_a_guard_broken_by_djangos_own_save_is_told_in_words_under_a_key_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = Refused("There is one.", code="skill_twice")
    monkeypatch.setitem(change._constraints, "skill_once", lambda: told)
    user = User.objects.create(email="els@example.com", name="Els", is_manager=True)
    els = Actor(user_id=user.pk, name="Els", door="api", is_manager=True)

    @service
    def twice(*, actor: Actor) -> None:
        rows_add(skill("Gas"))
        noted(uuid4())
        skill("Gas").save(force_insert=True)  # here Django forbids the transaction's next statement

    def work() -> Answer:
        twice(actor=els)
        return Answer(200, {})

    before = JournalEntry.objects.count()
    for _first_and_repeat in range(2):
        answer = answer_once(els, "key", b"body", work, lambda e: Answer(e.status, {"is": e.code}))
        assert answer == Answer(409, {"is": "skill_twice"})
    assert not Skill.objects.exists()
    assert JournalEntry.objects.count() == before


def test_a_guard_without_words_keeps_what_the_database_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(change._constraints, "skill_once", raising=False)

    @service
    def twice(*, actor: Actor) -> None:
        rows_add(skill("Gas"), skill("Gas"))

    with pytest.raises(IntegrityError) as raised:
        twice(actor=SOMEBODY)
    assert change.sqlstate(raised.value) == "23505"


def test_nulls_and_texts_of_several_rows_come_out_as_they_went_in() -> None:
    first, second = skill("It's 100% %s; DROP TABLE x"), skill("Lifts")
    second.archived_at = first.created_at
    change.rows_add(first, second)
    found = {row.name: row.archived_at for row in Skill.objects.all()}
    assert found == {first.name: None, "Lifts": first.created_at}


def test_columns_of_plain_sql_become_a_row_whatever_their_order() -> None:
    given = uuid4()
    row = rows.read(Skill, ["name", "id"], ["Gas", given])
    assert (row.pk, row.name) == (given, "Gas")
    assert "name_sort" in row.get_deferred_fields()


# --- asked together ------------------------------------------------------------------------------

NAMED = Prepared(lambda: Skill.objects.filter(pk__any=Given("ids", UUIDField())).order_by("name"))
NOBODY_S = Prepared(lambda: Skill.objects.none())


def test_several_questions_are_one_message_and_keep_their_answers_apart() -> None:
    gas, lifts = skill("Gas"), skill("Lifts")
    change.rows_add(gas, lifts)
    asked = [NAMED.ask(ids=[gas.pk]), NOBODY_S.ask(), NAMED.ask(ids=[lifts.pk, gas.pk])]
    for _often_enough_to_be_prepared in range(5):
        with CaptureQueriesContext(connection) as run:
            found = together(*asked)
        assert found == [[gas], [], [gas, lifts]]
        assert len(run) == 1


def test_a_constant_means_the_same_alone_and_together() -> None:
    change.rows_add(skill("100%"))
    constant = Prepared(lambda: Skill.objects.filter(name="100%"))
    assert [row.name for row in constant.all()] == ["100%"]
    assert together(constant.ask()) == [constant.all()]


def test_what_is_asked_together_finds_what_the_change_wrote_before() -> None:
    @service
    def asking(*, actor: Actor) -> int:
        row = skill("Gas")
        rows_add(row)
        return len(together(NAMED.ask(ids=[row.pk]))[0])

    assert asking(actor=SOMEBODY) == 1
