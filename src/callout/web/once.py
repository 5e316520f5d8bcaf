"""A form or a tap sent twice works once: the pages' side of `kernel.idempotency`.

The key comes with the form (`{% idempotency_key %}`) or as the header Idempotency-Key that the
scripts add to every change. A refusal is kept like a success and raised again for the repeat.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.http import HttpRequest

from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError, Invalid, NotFound, Refused, Stale
from callout.kernel.idempotency import Answer, answer_once

Facts = dict[str, Any]
NOT_COUNTED = {"csrfmiddlewaretoken", "idempotency_key"}  # they change with each sign-in or page


def once(request: HttpRequest, actor: Actor, work: Callable[[], Facts], part: bytes = b"") -> Facts:
    """What `work` said, or said when this very request was sent before. Facts are JSON.

    Several services called in `work` are one transaction. After a deadlock `work` is done a second
    time, so it must find what it was given as it was. Raises what `work` raises; for a repeat the
    same again. Where a request asks for several things, each of which may be refused for itself,
    `part` tells them apart.
    """
    key = request.POST.get("idempotency_key") or request.headers.get("Idempotency-Key", "")
    key = key or str(uuid4())  # none sent: all the same one transaction
    if part:
        key = f"{key[:160]}-{hashlib.sha256(part).hexdigest()[:32]}"
    body = part or body_of(request)
    answer = answer_once(actor, key, body, lambda: Answer(200, work()), _kept)
    if answer.status >= 400:
        raise _again(answer)
    facts: Facts = answer.body
    return facts


def body_of(request: HttpRequest) -> bytes:
    """What makes two requests the same: address, fields, and the bytes of files."""
    fields = [[k, v] for k, vs in request.POST.lists() if k not in NOT_COUNTED for v in vs]
    files = []
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest = hashlib.sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
            files.append([name, file.name, digest.hexdigest()])
    parts = [request.method, request.get_full_path(), sorted(fields), files]
    return json.dumps(parts).encode()


def _kept(error: CalloutError) -> Answer:
    body: Facts = {"code": error.code, "message": error.message, "extra": error.extra}
    if isinstance(error, Invalid):
        body["fields"] = error.fields
    if isinstance(error, Stale):
        body["current"] = error.current
    return Answer(error.status, json.loads(json.dumps(body, default=str)))


def _again(answer: Answer) -> CalloutError:
    said: Facts = answer.body
    if answer.status == NotFound.status:
        return NotFound(said["message"])
    if answer.status == Stale.status:
        return Stale(said["message"], current=said["current"])
    if answer.status == Invalid.status:
        return Invalid(said["fields"], code=said["code"], **said["extra"])
    return Refused(said["message"], code=said["code"], **said["extra"])
