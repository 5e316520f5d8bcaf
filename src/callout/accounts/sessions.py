"""Sessions in the database, as Django keeps them; to read one takes no making of a statement."""

import re
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField

from callout.kernel import clock
from callout.kernel.prepared import Given, Prepared

KEY_FORM = re.compile("[a-z0-9]{32}")  # as Django makes them
_LIVE = Prepared(
    lambda: Session.objects.filter(
        session_key=Given("key", CharField()), expire_date__gt=Given("now", DateTimeField())
    )
)


class SessionStore(DatabaseSessions):
    """The session of a request."""

    def _validate_session_key(self, key: Any) -> bool:
        """What is no key of ours (a cookie can quote a NUL) is nobody's, and not looked up."""
        return isinstance(key, str) and KEY_FORM.fullmatch(key) is not None

    def _get_session_from_db(self) -> Any:
        found = _LIVE.first(key=self.session_key, now=clock.now())
        if found is None:
            self._session_key = None
        return found
