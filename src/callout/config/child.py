"""One process under `callout serve`: `python -m callout.config.child web|worker ...`.

It ends by itself when its parent does, however that ended: the parent holds the other end of a
pipe, and a pipe's end closes with its process.
"""

import os
import signal
import socket
import sys
import threading
import time

GRACE_SECONDS = 10


def end_with_parent(life: int) -> None:
    """Watch the pipe; at its end, end."""

    def watch() -> None:
        os.read(life, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="life", daemon=True).start()


def web(listener: int) -> None:
    """Serve HTTP on a socket that the parent has bound."""
    import uvicorn
    from django.conf import settings

    from callout.config.asgi import application
    from callout.kernel.ending import end_if_database_is_away
    from callout.web.live.endpoint import close_streams

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            end_if_database_is_away()
            close_streams()  # else it would wait for every open screen
            await super().shutdown(sockets)

    config = uvicorn.Config(
        application,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,  # addresses hold secrets, such as the key of a password reset
        server_header=False,
        proxy_headers=bool(settings.TRUSTED_PROXIES),
        forwarded_allow_ips=settings.TRUSTED_PROXIES,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
    )
    Server(config).run(sockets=[socket.socket(fileno=listener)])


def worker() -> None:
    """Do the jobs."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("worker")


def main() -> None:
    """Become what the parent asked for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callout.config.settings")
    kind, life, listener = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    end_with_parent(life)
    if kind == "web":
        web(listener)
    else:
        worker()


if __name__ == "__main__":
    main()
