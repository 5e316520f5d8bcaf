"""Several columns as one value: what is only compared, until somebody wants to know what it says.

Of a row of 31 columns psycopg makes 31 objects, and whoever keeps something by them hashes and
compares each. As the database packs them (record_send) they are one value of bytes, the same for
the same values of the same types, which is read again where it is not known yet.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from struct import Struct
from typing import Any, get_args
from uuid import UUID

from django.db.models import BinaryField, Func

Reader = Callable[[bytes], Any]


class Packed(Func):
    """`Packed("town", "postcode")`: these as one value. Of a `Prepared(…, binary=True)` alone."""

    template = "record_send(ROW(%(expressions)s))"
    output_field = BinaryField()


class Sent(Func):
    """One column as it is sent: `Sent("start", kind="timestamptz")`. In a key bytes cost a tenth
    of an UUID, and those of ids and of moments after 2000 are sorted as what they say."""

    template = "%(kind)s_send(%(expressions)s)"
    output_field = BinaryField()


_BEGIN = datetime(2000, 1, 1, tzinfo=UTC)
_DOUBLE = Struct("!d").unpack


@lru_cache(maxsize=16_384)  # a team begins at the same hours
def moment(value: bytes) -> datetime:
    """A moment, in UTC."""
    return _BEGIN + timedelta(microseconds=int.from_bytes(value, signed=True))


def readers_of(kinds: Sequence[Any]) -> tuple[Reader, ...]:
    """How values of these types are read; of `T | None` as of T."""
    return tuple([_READERS[(get_args(kind) or (kind,))[0]] for kind in kinds])


_READERS: dict[Any, Reader] = {
    UUID: lambda value: UUID(bytes=value),
    datetime: moment,
    str: bytes.decode,
    int: lambda value: int.from_bytes(value, signed=True),
    bool: lambda value: value != b"\0",
    float: lambda value: _DOUBLE(value)[0],
}


def unpacked(packed: bytes, readers: Sequence[Reader]) -> list[Any]:
    """The values of a `Packed`: how many there are, then of each its type, its length (-1 of what
    is null) and itself."""
    found: list[Any] = []
    place = 4
    for read in readers:
        length = int.from_bytes(packed[place + 4 : place + 8], signed=True)
        place += 8
        if length < 0:
            found.append(None)
        else:
            found.append(read(packed[place : place + length]))
            place += length
    return found
