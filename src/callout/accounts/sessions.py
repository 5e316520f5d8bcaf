"""Sessions in the database, as Django keeps them; read in one message with whose they are."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField

from callout.accounts.models import User
from callout.accounts.selectors import users_signed_in
from callout.kernel import clock
from callout.kernel.feed import END, Cursor, end_of
from callout.kernel.message import message
from callout.kernel.prepared import Given, Prepared, parts_of, read_of

KEY_FORM = re.compile("[a-z0-9]{32}")  # as Django makes them
_LIVE = Prepared(
    lambda: Session.objects.filter(
        session_key=Given("key", CharField()), expire_date__gt=Given("now", DateTimeField())
    )
)
# allauth notes at each sign-in whose session it is.
_USER = Prepared(
    lambda: users_signed_in().filter(usersession__session_key=Given("key", CharField()))
)
_at_hand: ContextVar[User | None] = ContextVar("user of the session being looked at", default=None)


class SessionStore(DatabaseSessions):
    """The session of a request. With `tells_end` it also tells the `end` of the feed, as it was
    just before: a page needs it, and it costs no journey of its own.
    """

    tells_end = False
    end: Cursor | None = None
    _user: User | None = None

    def _validate_session_key(self, key: Any) -> bool:
        """What is no key of ours (a cookie can quote a NUL) is nobody's, and not looked up."""
        return isinstance(key, str) and KEY_FORM.fullmatch(key) is not None

    def _get_session_from_db(self) -> Any:
        key = self.session_key
        asked = _LIVE.ask(key=key, now=clock.now()), _USER.ask(key=key)
        before = [END.part({})] if self.tells_end else []
        with message([*before, *parts_of(asked)]) as cursor:
            if before:
                self.end = end_of(cursor.fetchall())
                cursor.nextset()
            found, users = read_of(asked, cursor)
        if not found:
            self._session_key = None
            return None
        self._user = users[0] if users else None
        return found[0]

    @contextmanager
    def user_at_hand(self) -> Iterator[None]:
        """Within, `user_read` answers for the user who was read with this session."""
        self.get(SESSION_KEY)  # reads it, if it was not
        token = _at_hand.set(self._user)
        try:
            yield
        finally:
            _at_hand.reset(token)


def user_read(user_id: UUID) -> User | None:
    """This user, if they were read a moment ago with their session."""
    user = _at_hand.get()
    return user if user and user.pk == user_id else None
