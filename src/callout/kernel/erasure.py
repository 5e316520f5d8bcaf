"""A person's request to be forgotten, as far as the journal goes: who, when and why stay."""

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from callout.kernel import journal
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.errors import Forbidden, NotFound
from callout.kernel.models import JournalEntry


@service
def journal_redact(*, actor: Actor, entity_id: UUID) -> int:
    """Empty the personal part of all entries about one thing; how many had one.

    For an admin who signed in, not for a program's key: it cannot be taken back. The database does
    it by a function of its own, since the app's role may not change an entry.
    """
    if not actor.is_admin or actor.token_id is not None:
        raise Forbidden(_("Only an admin may erase personal data."))
    entity = JournalEntry.objects.filter(entity_id=entity_id).values_list("entity", flat=True)[:1]
    if not entity:
        raise NotFound
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_redact(%s)", [entity_id])
        emptied = int(cursor.fetchone()[0])
    facts = {"entries": emptied}
    journal.record(actor, entity=entity[0], entity_id=entity_id, kind="redacted", facts=facts)
    return emptied
