"""The password printed for everybody is hashed once: each time costs a fifth of a second."""

from functools import cache

from django.contrib.auth.hashers import Argon2PasswordHasher

from callout.config.demo.people import PASSWORD


class PrintedOnce(Argon2PasswordHasher):
    """The real one; all people of the demo have one password, and so one hash."""

    def encode(self, password: str, salt: str) -> str:
        """A password of somebody's own is hashed as always."""
        return _printed() if password == PASSWORD else super().encode(password, salt)


@cache
def _printed() -> str:
    real = Argon2PasswordHasher()
    return real.encode(PASSWORD, real.salt())
