"""Positions of addresses: asked slowly, kept, never believed blindly, and done without."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, Invalid, NotSignedIn, Refused
from callout.travel import asking, geocoder, tasks
from callout.travel.geocoder import Found, GeocoderError, place_find
from callout.travel.models import FoundKept, Turn
from tests.orders.conftest import Company, company_made
from tests.travel.conftest import PHOTON, Fake, Service, hang

pytestmark = pytest.mark.django_db

BAKERY = Found("Chaussée de Louvain 41, 1300 Wavre, Belgique", 50.7172, 4.6075)
NOMINATIM = [{"display_name": BAKERY.label, "lat": "50.7172", "lon": "4.6075"}]


@pytest.fixture
def company(db: None) -> Company:
    return company_made()


@pytest.fixture
def manager(company: Company) -> Actor:
    return company.manager


@pytest.fixture
def nominatim(photon: Fake, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Fake:
    settings.GEOCODER_KIND = "nominatim"
    monkeypatch.setattr("callout.travel.geocoder.time.sleep", lambda _seconds: None)
    photon.answer = lambda service: service.json(NOMINATIM)
    return photon


def test_photon_is_asked_and_what_it_says_is_kept(
    photon: Fake, manager: Actor, django_assert_num_queries: Any
) -> None:
    assert place_find(actor=manager, text=" Chaussée de Louvain 41,  1300 Wavre ") == [BAKERY]
    assert photon.asked == ["/api?q=Chauss%C3%A9e+de+Louvain+41%2C+1300+Wavre&limit=5&lang=en"]
    with django_assert_num_queries(1):
        assert place_find(actor=manager, text="chaussée de louvain 41, 1300 wavre") == [BAKERY]
    assert len(photon.asked) == 1
    # Whose address it was is not to be read from what is kept.
    assert "wavre" not in FoundKept.objects.get().key


def test_nominatim_is_asked_in_its_own_way(nominatim: Fake, manager: Actor) -> None:
    assert place_find(actor=manager, text="Chaussée de Louvain 41 Wavre") == [BAKERY]
    assert nominatim.asked == [
        "/search?q=Chauss%C3%A9e+de+Louvain+41+Wavre&format=jsonv2&limit=5&accept-language=en"
    ]


def test_nothing_found_is_an_answer(photon: Fake, manager: Actor) -> None:
    photon.answer = lambda service: service.json({"features": []})
    assert place_find(actor=manager, text="Nowhere Street 1") == []


def test_who_comes_later_waits_for_the_next_second_and_who_comes_last_is_sent_away(
    nominatim: Fake, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("callout.travel.geocoder.time.sleep", waits.append)
    # A minute for each second: a busy machine takes seconds to ask five times.
    monkeypatch.setitem(geocoder.PAUSE, "nominatim", 60.0)
    monkeypatch.setattr(geocoder, "PATIENCE", geocoder.PATIENCE * 60)
    for n in range(4):
        place_find(actor=manager, text=f"Street {n}, Wavre")
    assert waits[0] == 0
    # Nobody truly waits here: each is given a moment after that of the one before.
    for nth, wait in enumerate(waits):
        assert nth - 1 < wait / 60 <= nth
    with pytest.raises(GeocoderError, match="try again in a few seconds"):
        place_find(actor=manager, text="Street 9, Wavre")
    assert len(nominatim.asked) == 4
    Turn.objects.update(next_at=clock.now() - timedelta(seconds=1))
    assert place_find(actor=manager, text="Street 9, Wavre") == [BAKERY]


def feature(**change: Any) -> Callable[[Service], None]:
    found = json.loads(json.dumps(PHOTON))
    found["features"][0] |= change
    return lambda service: service.json(found)


HOSTILE: dict[str, Callable[[Service], None]] = {
    "HTML": lambda service: service.say(b"<html>"),
    "an error": lambda service: service.json({"error": "no"}, 500),
    "no list": lambda service: service.json({"features": 7}),
    "a list": lambda service: service.json([]),
    "nothing of it": lambda service: service.json({}),
    "off the earth": feature(geometry={"coordinates": [4.6, 91]}),
    "NaN": feature(geometry={"coordinates": [float("nan"), 50]}),
    "text": feature(geometry={"coordinates": ["4.6", "50"]}),
    "three numbers": feature(geometry={"coordinates": [1, 2, 3]}),
    "no geometry": feature(geometry=None),
    "no properties": feature(properties=[1]),
    "a list as street": feature(properties={"name": ["a"]}),
    "a redirect": lambda service: service.say(b"", 302, location="http://127.0.0.1:1/"),
    "closes": lambda service: service.connection.close(),
    "hangs": hang,
}


@pytest.mark.wide
@pytest.mark.parametrize("name", HOSTILE)
def test_a_geocoder_that_lies_or_hangs_is_told_in_words_and_left_alone(
    name: str, photon: Fake, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geocoder, "SECONDS", 0.8)
    photon.answer = HOSTILE[name]
    for _again in range(2):
        with pytest.raises(GeocoderError, match="set the pin on the map"):
            place_find(actor=manager, text="Rue 1, Wavre")
    assert len(photon.asked) == 1
    assert not FoundKept.objects.exists()


def test_what_it_calls_a_place_is_text_of_one_line(photon: Fake, manager: Actor) -> None:
    photon.answer = feature(properties={"name": "<script>\n\x00\u202e" + "x" * 500})
    (found,) = place_find(actor=manager, text="Rue 1, Wavre")
    assert found.label.startswith("<script>   x")
    assert len(found.label) == 200


def test_without_a_geocoder_it_says_so(manager: Actor) -> None:
    with pytest.raises(Refused, match="No geocoder is set"):
        place_find(actor=manager, text="Rue 1, Wavre")


@pytest.mark.parametrize("text", ["", "  ", "a", "\x00\x00\x00\x00"])
def test_hardly_anything_is_not_asked(text: str, photon: Fake, manager: Actor) -> None:
    with pytest.raises(Invalid, match="street"):
        place_find(actor=manager, text=text)
    assert photon.asked == []


def test_only_a_manager_asks(photon: Fake, company: Company) -> None:
    with pytest.raises(Forbidden):
        place_find(actor=company.anna, text="Rue 1, Wavre")
    with pytest.raises(NotSignedIn):
        place_find(actor=None, text="Rue 1, Wavre")  # type: ignore[arg-type]
    assert photon.asked == []


def test_what_was_found_is_forgotten_after_a_month(photon: Fake, manager: Actor) -> None:
    with clock.freeze(clock.now() - timedelta(days=31)):
        place_find(actor=manager, text="Rue 1, Wavre")
    place_find(actor=manager, text="Rue 2, Wavre")
    assert tasks.kept_purge(timestamp=0) == 1
    place_find(actor=manager, text="Rue 1, Wavre")
    assert len(photon.asked) == 3


@pytest.mark.django_db(transaction=True)
def test_nobody_is_asked_in_the_middle_of_a_change(photon: Fake, manager: Actor) -> None:
    with transaction.atomic(), pytest.raises(GeocoderError, match="in the middle of a change"):
        place_find(actor=manager, text="Rue 1, Wavre")
    assert photon.asked == []
    assert not connection.in_atomic_block
    asking.rested()
    assert place_find(actor=manager, text="Rue 1, Wavre") == [BAKERY]
