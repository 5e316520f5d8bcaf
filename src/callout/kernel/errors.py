"""The one hierarchy of errors: a stable code for programs, a sentence for the person who reads it.

Doors map them to answers by `status`; nothing else in the code decides about HTTP.
"""

from typing import Any

from django.utils.translation import gettext as _


class CalloutError(Exception):
    """Something that was asked and cannot be done, said to the person who asked."""

    status = 400
    code = "error"

    def __init__(self, message: str, *, code: str | None = None, **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.extra = extra


class NotSignedIn(CalloutError):
    status = 401
    code = "not_signed_in"

    def __init__(self, message: str | None = None, **extra: Any) -> None:
        super().__init__(message or _("Sign in first."), **extra)


class Forbidden(CalloutError):
    status = 403
    code = "forbidden"

    def __init__(self, message: str | None = None, **extra: Any) -> None:
        super().__init__(message or _("You may not do this."), **extra)


class NotFound(CalloutError):
    """Not there, or not the reader's: the two are never told apart."""

    status = 404
    code = "not_found"

    def __init__(self, message: str | None = None, **extra: Any) -> None:
        super().__init__(message or _("There is nothing here, or it is not yours."), **extra)


class Refused(CalloutError):
    """The state of things, or another booking, forbids it. `code` says which rule."""

    status = 409
    code = "refused"


class Stale(CalloutError):
    """Somebody else was faster. `current` is what stands now."""

    status = 412
    code = "stale"

    def __init__(self, message: str | None = None, *, current: dict[str, Any], **extra: Any):
        super().__init__(
            message or _("Somebody changed this in the meantime. Look at what is new, then retry."),
            **extra,
        )
        self.current = current


class TooLarge(CalloutError):
    status = 413
    code = "too_large"


class Invalid(CalloutError):
    """A value that cannot be. `fields` holds the words for each field; "" is the whole."""

    status = 422
    code = "invalid"

    def __init__(self, fields: dict[str, list[str]] | str, **extra: Any) -> None:
        self.fields = {"": [fields]} if isinstance(fields, str) else fields
        words = [word for field in self.fields.values() for word in field]
        super().__init__(" ".join(words), **extra)


class VersionMissing(CalloutError):
    status = 428
    code = "version_missing"

    def __init__(self, message: str | None = None, **extra: Any) -> None:
        super().__init__(message or _("Say which version you changed (If-Match)."), **extra)


class TooMany(CalloutError):
    status = 429
    code = "too_many"


class Unavailable(CalloutError):
    status = 503
    code = "unavailable"
