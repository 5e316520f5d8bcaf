"""The whole server as one ASGI callable.

The live streams are raw ASGI: an open one costs no thread. Everything that Django answers runs as
WSGI in a fixed pool of threads, each with one database connection. The rest is answered here.
"""

from django.conf import settings
from django.utils.translation import gettext as _

from callout.config.edge import health
from callout.config.edge.bodies import spooled
from callout.config.edge.downloads import with_downloads
from callout.config.edge.readers import with_patience
from callout.config.edge.static import Static
from callout.config.edge.threads import Threads
from callout.config.edge.types import App, Message, Receive, Scope, Send, refuse
from callout.config.wsgi import application as django_application

SAFE = ("GET", "HEAD", "OPTIONS")
LIVE = ("/api/v1/live", "/technician/live")  # by a session or token, by a phone
POLICY = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(self), camera=(self), microphone=(), payment=()"),
    (b"cache-control", b"private, no-cache"),
]


def live_app() -> App | None:
    """The live hub's endpoint."""
    from callout.web.live.endpoint import live_app as app

    return app


class Application:
    """Sends each request where it belongs; every answer carries the same policy."""

    def __init__(self) -> None:
        threads = Threads(django_application, workers=settings.WEB_THREADS)
        self.django = spooled(with_downloads(with_patience(threads)))
        self.static = Static()
        self.live = live_app()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http":
            await self._http(scope, receive, with_policy(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if "\x00" in path or b"%00" in scope["query_string"]:
            await refuse(
                scope, send, 400, "bad_request", lambda: _("This address cannot be understood.")
            )
        elif path == "/healthz":
            await health.healthz(send)
        elif path == "/readyz":
            await health.readyz(send)
        elif path.startswith(settings.STATIC_URL):
            await self.static(scope, send, path.removeprefix(settings.STATIC_URL))
        elif path in LIVE and self.live:
            await self.live(scope, receive, send)
        elif scope["method"] not in SAFE and health.disk_is_full():
            await refuse(scope, send, 503, "disk_full", disk_full)
        else:
            # In WSGI a-b and a_b are one name: who is trusted must not be said by the other one.
            plain = [pair for pair in scope["headers"] if b"_" not in pair[0]]
            await self.django({**scope, "headers": plain}, receive, send)


def disk_full() -> str:
    """In words, why nothing is written."""
    return _("The server's disk is full. Nothing was changed; ask whoever runs it to make room.")


def with_policy(send: Send) -> Send:
    """Adds to each answer what it does not say itself."""

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            said = {name.lower() for name, _value in message["headers"]}
            missing = [pair for pair in POLICY if pair[0] not in said]
            message = {**message, "headers": [*message["headers"], *missing]}
        await send(message)

    return wrapped


application = Application()
