"""What became of a technician's work, by mail: all that was decided within some minutes in one.

It is made of the notices (services/telling.py), so it says nothing of what they did themselves, nor
of what they have seen in the app by then.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from callout.accounts.mail import mail_send, own_url
from callout.accounts.models import User
from callout.kernel import clock
from callout.notify.models import Notice
from callout.notify.selectors import work_mail_lines
from callout.notify.services.telling import kind_of

STALE = timedelta(days=2)  # what could not be told by then is no news any more
MOST = 200  # visits in one mail


def work_mail_send(technician_id: UUID) -> None:
    """The mail, if its technician is a user who wants it and there is news. Killed between the
    server's answer and its being noted, it comes twice."""
    rows = Notice.objects.filter(technician=technician_id, mailed_at=None)
    rows = rows.exclude(kind=Notice.DECIDED).filter(created_at__gt=clock.now() - STALE)
    notices = list(rows.select_related("order__type", "order__site").order_by("entry_id", "pk"))
    ids = [one.pk for one in notices]
    user = User.objects.filter(
        technician=technician_id, is_active=True, is_technician=True, mail_of_work=True
    ).first()
    if user is not None and (news := list(news_of(notices, _known(notices)))):
        context = {
            "lines": lambda: work_mail_lines(news),  # asked within the user's language
            "settings_link": own_url("/settings/profile/"),
        }
        mail_send(user, "notify/mail/work", context)
    Notice.objects.filter(pk__in=ids).update(mailed_at=clock.now())


def _known(notices: Sequence[Notice]) -> dict[UUID | None, Any]:
    """The slot of each visit as the last mail about it left it, if there was one."""
    if not notices:
        return {}
    before = Notice.objects.filter(
        technician=notices[0].technician_id,
        visit__in={one.visit_id for one in notices},
        mailed_at__isnull=False,
    ).exclude(kind=Notice.DECIDED)
    rows = before.order_by("entry_id").values_list("visit_id", "facts")
    return {visit: facts.get("is") for visit, facts in rows}


def news_of(notices: Iterable[Notice], known: Mapping[UUID | None, Any]) -> Iterator[Notice]:
    """Of each visit one, from what was `known`, else before the first of them, to what is so at
    last; none where that is the same, or where the last word was seen already. Not saved."""
    visits: dict[Any, list[Notice]] = {}
    for one in notices:
        visits.setdefault(one.visit_id, []).append(one)
    for told in list(visits.values())[:MOST]:
        last = told[-1]
        was = known.get(last.visit_id, told[0].facts.get("was"))
        kind = kind_of(was, last.facts.get("is"), last.facts.get("outcome"))
        # What came and went counts as seen for the app, which never showed it. A mail may have.
        if kind and (last.seen_at is None or last.facts.get("silent")):
            last.kind, last.facts = kind, {**last.facts, "was": was}
            yield last
