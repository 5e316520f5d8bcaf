"""Where an address is, by Photon or Nominatim, if the operator has set one. Asked when somebody
presses a button, never while one types: an address leaves the house then.

https://github.com/komoot/photon and https://nominatim.org/release-docs/latest/api/Search/
"""

import hashlib
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callout.kernel import clock
from callout.kernel.actor import Actor, actor_required
from callout.kernel.errors import CalloutError, Forbidden, Invalid, Refused
from callout.kernel.text import normalise
from callout.travel.asking import Server, Unanswered
from callout.travel.kept_drives import KEPT
from callout.travel.models import FoundKept

SECONDS = 8.0
PATIENCE = 3.0  # seconds that one waits for one's turn
# Between two questions of all processes together. One a second is what Nominatim's own public
# server asks of everybody; Photon's asks to be used with measure.
PAUSE = {"nominatim": 1.0, "photon": 0.2}
MOST, LONGEST = 5, 200
SPOKEN = ("en", "fr", "de")  # by Photon, which refuses every other language

# Who comes takes the next moment that is free, and waits for it without holding anything; who
# would wait too long takes none.
TURN = """
INSERT INTO travel_turn AS turn (server, next_at)
VALUES (%(server)s, clock_timestamp() + %(pause)s * interval '1 second')
ON CONFLICT (server) DO UPDATE
SET next_at = greatest(turn.next_at, clock_timestamp()) + %(pause)s * interval '1 second'
WHERE turn.next_at < clock_timestamp() + %(patience)s * interval '1 second'
RETURNING extract(epoch FROM next_at - clock_timestamp())
"""


class GeocoderError(CalloutError):
    """The geocoder did not answer in a way that can be used. Nobody's fault who asked."""

    status = 502
    code = "geocoder"


@dataclass(frozen=True, slots=True)
class Found:
    """A place that the words may mean."""

    label: str
    latitude: float
    longitude: float


def geocoder_is_set() -> bool:
    """Whether there is anybody to ask."""
    return bool(settings.GEOCODER_URL)


def place_find(*, actor: Actor, text: str) -> list[Found]:
    """The places that an address may mean, the likeliest first; none where nothing is found.

    For managers. Refused without a geocoder, GeocoderError when it fails. Not in a transaction.
    """
    if not actor_required(actor).is_manager:
        raise Forbidden(_("Only a manager may do this."))
    asked = " ".join(text.replace("\x00", " ").split())[:LONGEST]
    if len(asked) < 3:
        raise Invalid({"text": [_("Type the street and the town first.")]})
    if not geocoder_is_set():
        raise Refused(
            _("No geocoder is set. Type the position, or set the pin on the map."),
            code="no_geocoder",
        )
    server, kind = Server(settings.GEOCODER_URL), settings.GEOCODER_KIND
    language = (get_language() or "en")[:2]
    key = hashlib.sha256(f"{kind} {server.url} {language} {normalise(asked)}".encode()).hexdigest()
    kept = FoundKept.objects.filter(pk=key, kept_at__gt=clock.now() - KEPT).first()
    if kept is None:
        try:
            found = list(_asked(server, kind, asked, language))
        except Unanswered as error:
            words = _("The geocoder gave no position: %(why)s. Type it, or set the pin on the map.")
            raise GeocoderError(words % {"why": error}) from error
        kept = FoundKept(pk=key, found=[asdict(one) for one in found], kept_at=clock.now())
        FoundKept.objects.bulk_create(
            [kept], update_conflicts=True, unique_fields=["key"],
            update_fields=["found", "kept_at"],
        )  # fmt: skip
    return [Found(**one) for one in kept.found]


def _asked(server: Server, kind: str, text: str, language: str) -> list[Found]:
    until = time.monotonic() + SECONDS
    _turn(server, PAUSE[kind])
    if kind == "nominatim":
        given = {"q": text, "format": "jsonv2", "limit": MOST, "accept-language": language}
        answer, read = server.ask(f"/search?{urlencode(given)}", until=until), _nominatim
    else:
        given = {"q": text, "limit": MOST}
        given |= {"lang": language} if language in SPOKEN else {}
        answer, read = server.ask(f"/api?{urlencode(given)}", until=until), _photon
    try:
        return list(read(answer))[:MOST]
    except (KeyError, IndexError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise server.failed(_("its answer makes no sense")) from error


def _turn(server: Server, pause: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TURN, {"server": server.key, "pause": pause, "patience": PATIENCE})
        row = cursor.fetchone()
    if row is None:
        raise Unanswered(_("many ask it at this moment, try again in a few seconds"))
    time.sleep(max(0.0, float(row[0]) - pause))


def _nominatim(answer: Any) -> Iterator[Found]:
    if not isinstance(answer, list):
        raise TypeError(answer)
    for one in answer:
        yield _found(one["display_name"], float(one["lat"]), float(one["lon"]))


def _photon(answer: Any) -> Iterator[Found]:
    for feature in answer["features"]:
        longitude, latitude = feature["geometry"]["coordinates"]
        about = feature["properties"]
        street = f"{about.get('street', '')} {about.get('housenumber', '')}".strip()
        town = f"{about.get('postcode', '')} {about.get('city', '')}".strip()
        parts = [about.get("name", ""), street, town, about.get("country", "")]
        label = ", ".join(dict.fromkeys(part for part in parts if part))
        yield _found(label, latitude, longitude)


def _found(label: Any, latitude: float, longitude: float) -> Found:
    """What it says, as text of one line and a position on earth; ValueError for anything else."""
    if not (type(label) is str and abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError(label)
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        raise ValueError(label)
    plain = "".join(letter if letter.isprintable() else " " for letter in label[:LONGEST])
    return Found(plain, round(latitude, 6), round(longitude, 6))
