"""Addresses made without asking Django for each are the ones that Django gives."""

from uuid import UUID

import pytest
from django.test import override_settings
from django.urls import NoReverseMatch, reverse

from callout.web.ui.addresses import address

ID = UUID("01999999-0000-7000-8000-000000000001")


def test_they_are_what_reverse_gives() -> None:
    for number in (1, 2, 7_070_707_070_707):
        assert address("office:order", number=number) == reverse(
            "office:order", kwargs={"number": number}
        )
    place = {"order_id": ID, "code": "hand-back"}
    assert address("office:order_act", **place) == reverse("office:order_act", kwargs=place)
    assert address("office:orders") == reverse("office:orders")


def test_two_ids_stand_where_they_are_named_in_whatever_order() -> None:
    place = {"link_id": ID, "site_id": UUID(int=ID.int + 1)}
    assert address("office:site_unlink", **place) == reverse("office:site_unlink", kwargs=place)


def test_each_set_of_addresses_has_its_own() -> None:
    assert address("office:profile") == reverse("office:profile")
    with (
        override_settings(ROOT_URLCONF="callout.web.technician.urls"),
        pytest.raises(NoReverseMatch),
    ):
        address("office:profile")
