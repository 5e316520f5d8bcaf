"""People who have signed in already, where it is not the signing in that is looked at."""

import time

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.crypto import get_random_string

from callout.accounts.models import User
from callout.accounts.sessions import SessionStore


def session_of(user: User) -> str:
    """The key of a new session, as signing in makes it: the row alone, without its journal."""
    store, key = SessionStore(), get_random_string(32, VALID_KEY_CHARS)
    said = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        "seen": int(time.time()),
    }
    row = Session(
        session_key=key, session_data=store.encode(said), expire_date=store.get_expiry_date()
    )
    row.save(force_insert=True)
    return key


def sign_in(client: Client, user: User) -> None:
    """This browser is the user's from now on."""
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
