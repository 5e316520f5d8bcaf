"""Who opens a stream, and which journal entries take that right away again."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie

from callout.accounts.device_selectors import actor_for_device
from callout.accounts.selectors import actor_for_token, actor_for_user, session_mark
from callout.kernel.actor import Actor
from callout.kernel.errors import NotSignedIn
from callout.kernel.feed import FeedEntry
from callout.kernel.stream import Stream

ENDED = {"session_ended", "signed_out"}
PHONE_ENDED = {"device_revoked", "device_lost", "device_signed_out"}


class AccountRules:
    """What the entries of accounts and workforce mean for streams."""

    entities = frozenset({"user", "api_token", "technician"})

    def private(self, entry: FeedEntry) -> bool:
        """Sign-ins, sessions and tokens of people are no business of their colleagues."""
        return entry.entity in {"user", "api_token"}

    def ends(self, entry: FeedEntry, stream: Stream) -> bool:
        """This very session, token or user is out."""
        if entry.entity == "api_token":
            return entry.kind == "revoked" and entry.entity_id == stream.actor.token_id
        if entry.entity != "user" or entry.entity_id != stream.actor.user_id:
            return False
        # allauth ends the session just after saying so: asking the database now could be too early
        ended = entry.kind in ENDED and entry.facts.get("session") == stream.session != ""
        if entry.kind in PHONE_ENDED and stream.actor.device_id is not None:
            ended = entry.facts.get("device") == str(stream.actor.device_id)
        return ended or entry.kind == "deactivated"

    def touches(self, entry: FeedEntry, stream: Stream) -> bool:
        """The user, or the technician that the user is, was or becomes, has changed."""
        if entry.entity == "technician":
            named = str(stream.actor.user_id) in map(str, entry.facts.values())
            return named or entry.entity_id == stream.actor.technician_id
        owner = entry.entity_id if entry.entity == "user" else entry.facts.get("user")
        return str(stream.actor.user_id) == str(owner)


class Credentials:
    """A session's or a phone's cookie or a bearer token, as sent; asked about again while the
    stream lives."""

    def __init__(self, *, session_key: str = "", token: str = "", device: str = "") -> None:
        self.session_key, self.token, self.device = session_key, token, device

    @property
    def mark(self) -> str:
        """What the journal calls the session."""
        return session_mark(self.session_key) if self.session_key else ""

    def actor(self) -> Actor | None:
        """Who holds them now; None for nobody. Asks the database."""
        try:
            if self.token:
                return actor_for_token(self.token)
            if self.device:
                return actor_for_device(self.device)
            return self._session_actor() if self.session_key else None
        except NotSignedIn:
            return None

    def _session_actor(self) -> Actor:
        request = HttpRequest()
        store = import_module(settings.SESSION_ENGINE).SessionStore
        request.session = store(self.session_key)
        return actor_for_user(get_user(request), "api")


def credentials_of(headers: dict[str, str], *, phone: bool = False) -> Credentials:
    """A token counts before a cookie; a wrong one is not made good by a cookie.

    On a `phone`'s own path nothing counts but the cookie of its device.
    """
    cookies = parse_cookie(headers.get("cookie", ""))
    if phone:
        return Credentials(device=cookies.get(settings.DEVICE_COOKIE_NAME, "")[:100])
    scheme, _blank, token = headers.get("authorization", "").partition(" ")
    if scheme:
        return Credentials(token=token.strip() if scheme.lower() == "bearer" else "")
    return Credentials(session_key=cookies.get(settings.SESSION_COOKIE_NAME, ""))
