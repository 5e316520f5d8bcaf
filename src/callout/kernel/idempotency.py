"""The repeat of an unsafe request does nothing twice and gets the first answer again."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from callout.kernel import change, rows
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError, Invalid
from callout.kernel.message import message
from callout.kernel.models import IdempotencyKey
from callout.kernel.taken_back import SHELTER, sheltered

KEPT_DAYS = 30
KEY_FORM = re.compile(r"[\x21-\x7e]{1,200}")
CLAIM = (
    "INSERT INTO kernel_idempotencykey (user_id, key, body_hash) VALUES (%s, %s, %s)"
    " ON CONFLICT DO NOTHING RETURNING 1"
)
KEEP = rows.one_row(
    "UPDATE kernel_idempotencykey SET status = %s, answer = %s WHERE user_id = %s AND key = %s"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a door will send: an HTTP status and a JSON body."""

    status: int
    body: Any


class KeyReused(Invalid):
    code = "idempotency_key_reused"


def answer_once(
    actor: Actor,
    key: str,
    body: bytes,
    work: Callable[[], Answer],
    refusal: Callable[[CalloutError], Answer],
) -> Answer:
    """Run `work` unless this user sent `key` before; then give that answer again.

    `body` is what identifies the request: method, path and bytes sent. The same key with another
    body raises KeyReused. The key is inserted first, in the change's own transaction, so that a
    parallel twin waits for the outcome. Kept are 2xx and the definite refusals that `refusal`
    words; whatever else is raised rolls the key back too, and the request may be sent again.
    The caller has authenticated `actor`; authorise before calling.
    """
    if actor.user_id is None or not KEY_FORM.fullmatch(key):
        raise Invalid(_("A key has 1 to 200 visible ASCII characters."))
    digest = hashlib.sha256(body).digest()
    try:
        return _once(actor.user_id, key, digest, work, refusal)
    except DatabaseError as error:
        if change.sqlstate(error) not in change.RETRIED:
            raise
        return _once(actor.user_id, key, digest, work, refusal)


def _once(
    user_id: UUID,
    key: str,
    digest: bytes,
    work: Callable[[], Answer],
    refusal: Callable[[CalloutError], Answer],
) -> Answer:
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if not _claimed(user_id, key, digest):
            return _replayed(user_id, key, digest)
        try:
            # Behind the savepoint that came with the claim: a refusal must not drop the key.
            return sheltered(work, lambda answer: _keeping(user_id, key, answer), commit=alone)
        except CalloutError as error:
            if error.status not in {404, 409, 412, 422}:
                raise
            answer = refusal(error)
        rows.send([_keeping(user_id, key, answer)], commit=alone)
        return answer


def _keeping(user_id: UUID, key: str, answer: Answer) -> rows.Written:
    body = None if answer.body is None else json.dumps(answer.body)
    return KEEP, [answer.status, body, user_id, key]


def _claimed(user_id: UUID, key: str, digest: bytes) -> bool:
    with message([(CLAIM, [user_id, key, digest]), (SHELTER, [])]) as cursor:
        return bool(cursor.fetchall())


def _replayed(user_id: UUID, key: str, digest: bytes) -> Answer:
    kept = IdempotencyKey.objects.get(user_id=user_id, key=key)
    if bytes(kept.body_hash) != digest:
        raise KeyReused(_("This idempotency key was used for another request."))
    return Answer(kept.status or 500, kept.answer)
