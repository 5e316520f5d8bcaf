"""A server on this machine that speaks like OSRM or a geocoder, or like somebody hostile."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from callout.travel import asking
from callout.travel.estimate import Place, straight_km

PHOTON = {
    "features": [
        {
            "geometry": {"type": "Point", "coordinates": [4.6075, 50.7172]},
            "properties": {
                "street": "Chaussée de Louvain", "housenumber": "41", "postcode": "1300",
                "city": "Wavre", "country": "Belgique",
            },
        }
    ]
}  # fmt: skip
Answer = Callable[["Service"], None]


class Service(BaseHTTPRequestHandler):
    """Answers as its server's `answer` has it."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.server.answer(self)  # type: ignore[attr-defined]

    def say(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content-length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def json(self, answer: object, status: int = 200) -> None:
        self.say(json.dumps(answer).encode(), status)

    @property
    def query(self) -> dict[str, str]:
        return {name: one[0] for name, one in parse_qs(urlsplit(self.path).query).items()}

    def log_message(self, *_words: object) -> None:
        pass


class Fake(ThreadingHTTPServer):
    daemon_threads = True
    answer: Answer
    asked: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def fake(settings: Any) -> Iterator[Fake]:
    """The server; the settings name it as one that may be asked."""
    server = Fake(("127.0.0.1", 0), Service)
    server.asked = []
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    settings.OUTGOING_INTERNAL = [server.url]
    asking.rested()
    yield server
    asking.rested()
    server.shutdown()
    server.server_close()


@pytest.fixture
def osrm(fake: Fake, settings: Any) -> Fake:
    """It drives along the straight line, a kilometre a minute."""
    settings.OSRM_URL = fake.url
    fake.answer = osrm_answer
    return fake


@pytest.fixture
def photon(fake: Fake, settings: Any) -> Fake:
    settings.GEOCODER_URL = fake.url
    fake.answer = lambda service: service.json(PHOTON)
    return fake


def osrm_answer(service: Service) -> None:
    """What OSRM would say, in its form."""
    kind, _version, _profile, coordinates = urlsplit(service.path).path.strip("/").split("/")
    pairs = [one.split(",") for one in coordinates.split(";")]
    places = [Place(float(latitude), float(longitude)) for longitude, latitude in pairs]
    if kind == "route":
        legs = [_leg(a, b) for a, b in pairwise(places)]
        service.json({"code": "Ok", "routes": [{"legs": legs}]})
        return
    rows = [places[int(one)] for one in service.query["sources"].split(";")]
    columns = [places[int(one)] for one in service.query["destinations"].split(";")]
    lengths = [[straight_km(a, b) * 1000 for b in columns] for a in rows]
    seconds = [[metres * 0.06 for metres in row] for row in lengths]
    service.json({"code": "Ok", "durations": seconds, "distances": lengths})


def _leg(a: Place, b: Place) -> dict[str, Any]:
    """Two steps by way of a corner; the last one is the arrival, as OSRM has it."""
    corner = [b.longitude, a.latitude]
    points = [[a.longitude, a.latitude], corner], [corner, [b.longitude, b.latitude]]
    steps = [{"geometry": {"coordinates": some}} for some in (*points, [points[1][1]])]
    metres = straight_km(a, b) * 1000
    return {"duration": metres * 0.06, "distance": metres, "steps": steps}


def hang(_service: Service) -> None:
    time.sleep(3)


def slow_drip(service: Service) -> None:
    service.send_response(200)
    service.send_header("content-length", "1000")
    service.end_headers()
    for _ in range(30):
        service.wfile.write(b" ")
        time.sleep(0.1)
