"""What changed on an order since somebody looked at it."""

from uuid import UUID

from django.db.models import IntegerField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.errors import Stale
from callout.orders.selectors.history import journal_of
from callout.orders.selectors.history_words import words_of
from callout.orders.selectors.when import When

MOST = 3


def changes_since(*, actor: Actor, order_id: UUID, version: int) -> list[str]:
    """The latest changes after `version`, oldest first: "Departed, by Anna at 10:12"."""
    made = Cast(KeyTextTransform("version", "facts"), IntegerField())
    rows = journal_of(actor, order_id).annotate(made=made).filter(made__gt=version)
    when = When()
    return [_words(entry, when) for entry in reversed(rows[:MOST])]


def stale_told(actor: Actor, order_id: UUID, error: Stale, version: int) -> Stale:
    """`error` with what changed in the meantime, and by whom."""
    changes = changes_since(actor=actor, order_id=order_id, version=version)
    if not changes:
        return error
    words = _("In the meantime: %(changes)s. Look at it before you go on.")
    return Stale(words % {"changes": "; ".join(changes)}, current=error.current)


def _words(entry: object, when: When) -> str:
    text, _aside = words_of(entry, when)
    who = entry.person or entry.actor_name  # type: ignore[attr-defined]
    words = {"what": text, "name": who, "time": when.moment(entry.recorded_at)}  # type: ignore[attr-defined]
    return _("%(what)s (%(name)s, %(time)s)") % words
