"""Sessions in the database, as Django keeps them; to read one takes no making of a statement."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField

from callout.kernel import clock
from callout.kernel.prepared import Given, Prepared

_LIVE = Prepared(
    lambda: Session.objects.filter(
        session_key=Given("key", CharField()), expire_date__gt=Given("now", DateTimeField())
    )
)


class SessionStore(DatabaseSessions):
    """The session of a request."""

    def _get_session_from_db(self) -> Any:
        found = _LIVE.first(key=self.session_key, now=clock.now())
        if found is None:
            self._session_key = None
        return found
