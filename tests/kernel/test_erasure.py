"""Personal values in the journal go on an admin's word, and nothing else does."""

from uuid import uuid4

import pytest

from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.erasure import journal_redact
from callout.kernel.errors import Forbidden, NotFound, NotSignedIn
from callout.kernel.ids import uuid7
from callout.kernel.models import JournalEntry

ADMIN = Actor(user_id=uuid4(), name="Ada", door="office", is_admin=True)
PERSON = uuid7()
pytestmark = pytest.mark.django_db


@service
def renamed(*, actor: Actor, name: str) -> None:
    journal.record(
        actor,
        entity="customer",
        entity_id=PERSON,
        kind="updated",
        facts={"fields": ["name"]},
        personal={"name": name},
    )


def test_an_admin_empties_the_personal_part_and_who_when_and_why_stay() -> None:
    renamed(actor=ADMIN, name="Ann")
    renamed(actor=ADMIN, name="Anna")
    assert journal_redact(actor=ADMIN, entity_id=PERSON) == 2
    old = JournalEntry.objects.filter(kind="updated")
    assert [(e.personal, e.actor_id, e.facts) for e in old] == [
        (None, ADMIN.user_id, {"fields": ["name"]})
    ] * 2
    said = JournalEntry.objects.get(kind="redacted")
    assert (said.entity, said.entity_id, said.facts) == ("customer", PERSON, {"entries": 2})


REFUSED = [
    Actor(user_id=uuid4(), name="Mia", door="office", is_manager=True),
    Actor(user_id=uuid4(), name="Tom", door="office", is_technician=True, technician_id=uuid4()),
    Actor(user_id=uuid4(), name="Ada", door="api", is_admin=True, token_id=uuid4()),
]


@pytest.mark.parametrize("actor", REFUSED)
def test_nobody_else_may(actor: Actor) -> None:
    renamed(actor=ADMIN, name="Ann")
    with pytest.raises(Forbidden):
        journal_redact(actor=actor, entity_id=PERSON)
    assert JournalEntry.objects.get().personal == {"name": "Ann"}


def test_no_actor_no_erasure() -> None:
    with pytest.raises(NotSignedIn):
        journal_redact(actor=None, entity_id=PERSON)  # type: ignore[arg-type]


def test_what_the_journal_does_not_know_is_not_there() -> None:
    with pytest.raises(NotFound):
        journal_redact(actor=ADMIN, entity_id=uuid7())
