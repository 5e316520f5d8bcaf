"""Areas: postcodes as people write them, and who may change them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from callout.customers import selectors, services
from callout.customers.models import Area
from callout.customers.paces import AreaPace, paces_at
from callout.customers.postcodes import covers, parse
from callout.kernel.actor import Actor
from callout.kernel.checks import Wrong
from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from callout.kernel.models import JournalEntry
from tests.customers.conftest import last_entry


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("3000", ["3000", " 3000 ", "B-3000"], ["3001", "300", "30000", ""]),
        ("1000-1299", ["1000", "1150", "1299"], ["999", "1300", "10000", "0999"]),
        ("1000 - 1299", ["1150"], ["1300"]),
        ("1000\u20131299", ["1150"], ["1300"]),
        ("15*", ["1500", "1599", "15"], ["1600", "2150", "51500"]),
        ("1000-1299, 15*;3000\n84*", ["1100", "1502", "3000", "8400"], ["1300", "3001"]),
        ("B-1000-B-1299", ["1150", "B-1150"], ["1300"]),
        ("l-1*", ["L-1911", "1911"], ["L-2911"]),
        ("1012 ab", ["1012 AB", "1012ab"], ["1012 AC", "1012"]),
        ("1000-1099", ["1012 AB"], ["1100 AB"]),
        ("SW1A 1AA, EC*", [], []),
        ("59*", ["59000", "59 000"], ["60000"]),
        ("02000-02999", ["02100"], ["2100"]),
    ],
)
def test_postcodes_are_covered_as_people_mean_them(
    written: str, inside: list[str], outside: list[str]
) -> None:
    if written.startswith("SW"):
        with pytest.raises(Wrong, match="EC"):  # letters alone are a word, not a postcode
            parse(written)
        return
    assert [one for one in inside if not covers(written, one)] == []
    assert [one for one in outside if covers(written, one)] == []


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "Type postcodes, like 1000-1299"),
        (" , ;", "Type postcodes, like 1000-1299"),
        ("Brussels", "BRUSSELS” is no postcode"),
        ("*", "is no postcode"),
        ("1000-99", "both ends need as many digits"),
        ("1299-1000", "the second is before the first"),
        ("1000 2000", "Put a comma between"),
        ("1000-1100-1200", "is no postcode"),
        ("1*0", "is no postcode"),
        ("1000-", "is no postcode"),
        ("-1000", "is no postcode"),
        ("1000..1200", "is no postcode"),
        ("12", "is no postcode"),
        ("\u0661\u0662\u0663", "is no postcode"),
        ("1000, 2000, what", "WHAT” is no postcode"),
        (",".join(["1000"] * 301), "these are too many"),
    ],
)
def test_nonsense_is_told_in_words(written: str, words: str) -> None:
    with pytest.raises(Wrong, match=words.replace("(", r"\(")):
        parse(written)


@given(st.integers(1000, 9999), st.integers(1000, 9999), st.integers(1000, 9999))
def test_a_range_covers_what_lies_in_it(one: int, other: int, postcode: int) -> None:
    low, high = sorted((one, other))
    assert covers(f"{low}-{high}", str(postcode)) == (low <= postcode <= high)
    assert covers(f"{str(low)[:2]}*", str(postcode)) == (str(postcode)[:2] == str(low)[:2])


@pytest.mark.wide
@given(st.text(max_size=40), st.text(max_size=12))
def test_whatever_is_typed_is_read_or_refused(written: str, postcode: str) -> None:
    try:
        parse(written)
    except Wrong:
        return
    covers(written, postcode)


@pytest.mark.django_db
def test_an_area_is_made_edited_put_away_and_taken_out(manager: Actor, coast: Area) -> None:
    assert coast.covers("8400")
    entry = JournalEntry.objects.latest("id")
    assert (entry.entity, entry.kind) == ("area", "create")
    assert entry.facts["postcodes"] == "8300-8499, 86*"
    row = services.area_update(actor=manager, area_id=coast.pk, version=1, postcodes="8*")
    assert (row.name, row.version, row.covers("8900")) == ("Coast", 2, True)
    with pytest.raises(Stale):
        services.area_update(actor=manager, area_id=coast.pk, version=1, name="Sea")
    services.area_archive(actor=manager, area_id=coast.pk)
    assert selectors.area_list(actor=manager).items == []
    with pytest.raises(Refused, match="archived"):
        services.area_update(actor=manager, area_id=coast.pk, version=3, name="Sea")
    services.area_restore(actor=manager, area_id=coast.pk)
    assert selectors.area_list(actor=manager, q="oast").items == [coast]


@pytest.mark.django_db
def test_what_cannot_be_is_told_beside_its_field(manager: Actor, coast: Area) -> None:
    for values, field in (
        ({"name": "Coast", "postcodes": "1*"}, "name"),
        ({"name": "", "postcodes": "1*"}, "name"),
        ({"name": "New", "postcodes": "none"}, "postcodes"),
        ({"name": "New"}, "postcodes"),
        ({"name": "New", "postcodes": "1*", "kmh": "fast"}, "kmh"),
        ({"name": "New", "postcodes": "1*", "kmh": 4}, "kmh"),
        ({"name": "New", "postcodes": "1*", "kmh": True}, "kmh"),
        ({"name": "New", "postcodes": "1*", "detour_percent": 301}, "detour_percent"),
        (
            {"name": "New", "postcodes": "1*", "detour_percent": "\u0661\u0663\u0660"},
            "detour_percent",
        ),
    ):
        with pytest.raises(Invalid) as refused:
            services.area_create(actor=manager, **values)
        assert list(refused.value.fields) == [field]
    assert Area.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["technician", "stranger"])
def test_only_a_manager_changes_areas(
    who: str, coast: Area, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    before = JournalEntry.objects.count()
    attempts: list[Callable[[], object]] = [
        lambda: services.area_create(actor=actor, name="Mine", postcodes="1*"),
        lambda: services.area_update(actor=actor, area_id=coast.pk, version=1, name="Mine"),
        lambda: services.area_archive(actor=actor, area_id=coast.pk),
        lambda: services.area_restore(actor=actor, area_id=coast.pk),
    ]
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()
    assert JournalEntry.objects.count() == before


@pytest.mark.django_db
def test_who_works_here_reads_the_areas_and_a_stranger_none(
    manager: Actor, technician: Actor, stranger: Actor, coast: Area
) -> None:
    for actor in (manager, technician):
        assert selectors.area_detail(actor=actor, area_id=coast.pk) == coast
    assert selectors.area_list(actor=stranger).items == []
    with pytest.raises(NotFound):
        selectors.area_detail(actor=stranger, area_id=coast.pk)


@pytest.mark.django_db
def test_the_office_writes_an_area_and_what_was_typed_stays(office: Client) -> None:
    new = reverse("office:area_new")
    answer = office.post(new, {"name": "South", "postcodes": "5*, nowhere"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "NOWHERE” is no postcode" in page
    assert "5*, nowhere" in page
    assert office.post(new, {"name": "South", "postcodes": "5*\n6000"}).status_code == 302
    row = Area.objects.get()
    assert "5*\n6000" in office.get(reverse("office:areas")).content.decode()
    given = {"name": "South", "postcodes": "5*", "version": "1"}
    assert office.post(reverse("office:area", args=[row.pk]), given).status_code == 302
    row.refresh_from_db()
    assert row.postcodes == "5*"


@pytest.mark.django_db
def test_an_area_says_how_one_drives_from_there_and_it_counts_at_once(
    office: Client, manager: Actor, coast: Area
) -> None:
    assert paces_at("8400") == []
    page = reverse("office:area", args=[coast.pk])
    given = {"name": "Coast", "postcodes": "8*", "version": "1"}
    wrong = office.post(page, given | {"detour_percent": "150", "kmh": "9000"})
    assert wrong.status_code == 422
    assert "Type a whole number from 5 to 200." in wrong.content.decode()
    assert office.post(page, given | {"detour_percent": "150", "kmh": " 70"}).status_code == 302
    assert paces_at("8400") == [AreaPace("8*", 150, 70)]
    assert paces_at("9000") == []
    listed = office.get(reverse("office:areas")).content.decode()
    assert "150 % of the straight line, 70 km/h" in listed
    facts = last_entry(coast.pk).facts
    assert (facts["detour_percent"], facts["kmh"]) == (150, 70)
    services.area_archive(actor=manager, area_id=coast.pk)
    assert paces_at("8400") == []
    services.area_restore(actor=manager, area_id=coast.pk)
    assert len(paces_at("8400")) == 1
