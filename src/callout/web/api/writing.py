"""How a change is answered: once for each key, against a version, with what stands afterwards."""

import re
from collections.abc import Callable
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel

from callout.kernel.errors import CalloutError, Invalid, Stale, VersionMissing
from callout.kernel.idempotency import KEY_FORM, Answer, answer_once
from callout.web.api.access import ApiRequest
from callout.web.api.problems import problem, problem_answer

Values = dict[str, Any]
# How a thing reads: as a `Shape`; or, where many are asked for or change all the time, as plain
# values (ids, moments and days too) that are as a `Shape` says. A test holds the two together:
# checking them anew for each reader took a tenth of a change.
Shown = BaseModel | Values | None
KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"


def found(shown: BaseModel | Values) -> HttpResponse:
    """A thing as it stands, with its version as ETag."""
    return _answer(200, _values(shown), "")


def as_json(shown: Any) -> bytes:
    """A part of it, to be put in as `orjson.Fragment`."""
    return orjson.dumps(shown, option=orjson.OPT_UTC_Z)


def changed(
    request: ApiRequest,
    work: Callable[[], Shown],
    *,
    status: int = 200,
    place: str = "",
    current: Callable[[], Shown] | None = None,
    sent: bytes | None = None,
) -> HttpResponse:
    """Do `work` (a service, and how the thing reads afterwards), once for each Idempotency-Key.

    `place` is where a created thing is found, before its id. `current` reads the thing for whoever
    was overtaken. `sent` stands for the bytes of the request where those differ from try to try.
    """
    ran = False

    def run() -> Answer:
        nonlocal ran
        ran = True
        shown = work()
        return Answer(status if shown is not None else 204, plain(shown))

    def refusal(error: CalloutError) -> Answer:
        return Answer(error.status, problem(_with_current(error, current)))

    key = request.headers.get(KEY)
    if key is None:
        try:
            shown = work()
            return _answer(status if shown is not None else 204, _values(shown), place)
        except Stale as error:
            raise _with_current(error, current) from error
    if not KEY_FORM.fullmatch(key):
        raise Invalid({KEY: [_("A key has 1 to 200 visible ASCII characters.")]})
    answer = answer_once(request.auth, key, _identity(request, sent), run, refusal)
    response = _answer(answer.status, answer.body, place)
    if not ran:
        response[REPLAYED] = "true"
    return response


def version_sent(request: ApiRequest, *, required: bool = True) -> int | None:
    """The version that the sender has seen, of If-Match. VersionMissing if `required`."""
    sent = request.headers.get("If-Match", "").strip()
    if sent in ("", "*"):  # "whatever is there" is the silent overwrite that this is to prevent
        if required:
            raise VersionMissing
        return None
    # A proxy that compresses makes a strong ETag weak; the version stays what it is.
    number = re.fullmatch(r'(?:W/)?"(\d{1,9})"', sent)
    if number is None:
        raise Invalid({"If-Match": [_('Send the ETag that came with what you read, like "3".')]})
    return int(number[1])


def version_needed(request: ApiRequest) -> int:
    """The same where a change overwrites."""
    version = version_sent(request)
    if version is None:
        raise VersionMissing
    return version


def plain(shown: Shown) -> Any:
    """As JSON. Fields that were not filled for this reader are left out."""
    return orjson.loads(as_json(shown)) if isinstance(shown, dict) else _values(shown)


def _values(shown: Shown) -> Any:
    if isinstance(shown, BaseModel):
        return shown.model_dump(mode="json", exclude_unset=True)
    return shown


def _answer(status: int, body: Any, place: str) -> HttpResponse:
    if status >= 400:
        return problem_answer(status, body)
    if status == 204:
        return HttpResponse(status=204)
    response = _json(body, status)
    if "version" in body:
        response["ETag"] = f'"{body["version"]}"'
    if status in (201, 202) and place:
        response["Location"] = f"{place}/{body['id']}"
    return response


def _json(body: Any, status: int) -> HttpResponse:
    return HttpResponse(as_json(body), status=status, content_type="application/json")


def _with_current(error: CalloutError, current: Callable[[], Shown] | None) -> CalloutError:
    if isinstance(error, Stale) and current is not None:
        error.current = plain(current())
    return error


def _identity(request: ApiRequest, sent: bytes | None) -> bytes:
    """What makes two requests the same one. With other rights it is another request: an answer
    given to a manager is not for who is one no more."""
    actor = request.auth
    rights = f"{actor.is_manager} {actor.technician_id}"
    head = "\n".join([request.method or "", request.get_full_path(), rights, ""])
    return head.encode() + (request.body if sent is None else sent)
