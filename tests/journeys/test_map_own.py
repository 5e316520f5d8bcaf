"""An operator's own map and geocoder, both on another host: drawn, found, and nobody else asked."""

import struct
import threading
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from callout.accounts.zone import today
from callout.customers.models import Site
from tests.harness.server import Served, on_the_test_database
from tests.journeys.conftest import Opened
from tests.journeys.test_map import settled
from tests.orders.conftest import Company
from tests.travel.conftest import PHOTON, Fake, Service

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.journey
EARTH = (0xEE, 0xF0, 0xEA)  # --co-map-land: our water is all that is without a tile


def tile() -> bytes:
    """A vector tile that is all land: one layer "earth", one square over the whole of it."""
    geometry = bytes([9, 0, 0, 26, *[0x80, 0x40, 0], *[0, 0x80, 0x40], *[0xFF, 0x3F, 0], 15])
    feature = bytes([0x18, 3, 0x22, len(geometry)]) + geometry
    layer = bytes([0x0A, 5]) + b"earth" + bytes([0x12, len(feature)]) + feature
    layer += bytes([0x28, 0x80, 0x20, 0x78, 2])  # 4096 units wide; version 2
    return bytes([0x1A, len(layer)]) + layer


def pmtiles() -> bytes:
    """The smallest archive there can be: that tile, for the whole world."""
    data, directory, metadata = tile(), bytes([1, 0, 1, len(tile()), 1]), b"{}"
    at = [127, 127 + len(directory), 127 + len(directory) + len(metadata)]
    sizes = [len(directory), len(metadata), 0, len(data)]
    places = [at[0], sizes[0], at[1], sizes[1], at[2], 0, at[2], sizes[3]]
    head = struct.pack("<7sB8Q3Q", b"PMTiles", 3, *places, 1, 1, 1)
    # Clustered, nothing compressed, vector tiles, of zoom 0 alone.
    head += struct.pack("<6B4iB2i", 1, 1, 1, 1, 0, 0, -1800000000, -850000000, 1800000000,
                        850000000, 0, 0, 0)  # fmt: skip
    return head + directory + metadata + data


def answer(service: Service) -> None:
    """Parts of the archive to whoever asks from anywhere; else what Photon says."""
    if service.path == "/nothing.json":
        return service.say(b"no style", 200, **{"Access-Control-Allow-Origin": "*"})
    if service.path != "/be.pmtiles":
        return service.json(PHOTON)
    first, last = (int(one) for one in service.headers["Range"].removeprefix("bytes=").split("-"))
    body = pmtiles()
    part = body[first : last + 1]
    shown = f"bytes {first}-{first + len(part) - 1}/{len(body)}"
    return service.say(part, 206, **{"Content-Range": shown, "Access-Control-Allow-Origin": "*"})


@pytest.fixture
def other() -> Iterator[Fake]:
    """The operator's other host."""
    fake = Fake(("127.0.0.1", 0), Service)
    fake.asked, fake.answer = [], answer
    threading.Thread(target=fake.serve_forever, args=(0.02,), daemon=True).start()
    yield fake
    fake.shutdown()
    fake.server_close()


@pytest.fixture
def server(transactional_db: None, other: Fake, request: pytest.FixtureRequest) -> Iterator[Served]:
    """`callout serve` with that host in its settings, and this map of it."""
    own = {
        "CALLOUT_MAP_STYLE": f"{other.url}/{getattr(request, 'param', 'be.pmtiles')}",
        "CALLOUT_GEOCODER_URL": other.url,
        "CALLOUT_OUTGOING_INTERNAL": other.url,
    }
    served = Served(on_the_test_database() | own)
    try:
        yield served.wait_until_ready()
    finally:
        served.forget()


def pixel(page: "Page", x: float, y: float) -> tuple[int, ...]:
    """What stands on the screen there."""
    picture = page.screenshot(clip={"x": int(x), "y": int(y), "width": 1, "height": 1})
    at, data = 8, b""
    while at < len(picture):
        length, kind = struct.unpack(">I4s", picture[at : at + 8])
        data += picture[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    return tuple(zlib.decompress(data)[1:4])


def test_a_map_of_ones_own_is_drawn_and_an_address_found_on_it(
    company: Company, screen: Opened, other: Fake
) -> None:
    on_screen = screen(company.manager)
    on_screen.may_ask(other.url)
    page = on_screen.open(f"/map/?from={today()}&to={today()}")
    settled(page)
    assert "/be.pmtiles" in other.asked
    box = page.locator(".co-map-picture").bounding_box()
    assert box
    assert pixel(page, box["x"] + 200, box["y"] + 200) == EARTH

    page = on_screen.open(f"/sites/{company.site.pk}/edit/")
    page.get_by_role("button", name="Find position").click()
    page.get_by_role("button", name="Chaussée de Louvain").click()
    expect(page.get_by_label("Latitude")).to_have_value("50.717200")
    expect(page.get_by_label("Longitude")).to_have_value("4.607500")
    expect(page.locator(".co-pin-map canvas")).to_be_visible()
    assert on_screen.flaws() == []
    page.get_by_role("button", name="Save").first.click()
    expect(page).not_to_have_url(f"{on_screen.base}/sites/{company.site.pk}/edit/")
    assert Site.objects.get(pk=company.site.pk).latitude == pytest.approx(50.7172)


@pytest.mark.parametrize("server", ["nothing.json"], indirect=True)
def test_where_ones_own_map_does_not_come_the_built_in_one_is_drawn(
    company: Company, screen: Opened, other: Fake
) -> None:
    company.planned()
    on_screen = screen(company.manager)
    on_screen.may_ask(other.url)
    page = on_screen.open(f"/map/?from={today()}&to={today()}")
    expect(page.locator(".co-toast").last).to_contain_text("does not answer")
    settled(page)
    expect(page.locator(".co-map-wait")).to_be_hidden()
    expect(page.locator(".maplibregl-ctrl-attrib")).to_contain_text("Natural Earth")
