"""A phone says where it takes pushes: for itself alone, and only an address that may be asked."""

from typing import Any

import pytest

from callout.kernel.errors import Invalid, NotFound
from callout.kernel.models import JournalEntry
from callout.notify.models import PushSubscription
from callout.notify.services import push_subscribe, push_unsubscribe
from tests.notify.conftest import Company, on_phone, phone_of
from tests.notify.service import Browser

ADDRESS = "https://push.example/send/abc"


def subscribe(actor: Any, **values: Any) -> PushSubscription:
    return push_subscribe(actor=actor, **({"endpoint": ADDRESS, **Browser().keys} | values))


def test_a_phone_subscribes_and_changes_its_address(company: Company) -> None:
    device = phone_of(company.anna)
    actor = on_phone(company.anna, device)
    subscribe(actor)
    again = subscribe(actor, endpoint=f"{ADDRESS}d")
    row = PushSubscription.objects.get()
    assert (row.pk, row.device_id, row.endpoint) == (again.pk, device.pk, f"{ADDRESS}d")


def test_the_same_again_is_no_change(company: Company) -> None:
    actor = on_phone(company.anna, phone_of(company.anna))
    keys = Browser().keys
    for _ in range(2):
        push_subscribe(actor=actor, endpoint=ADDRESS, **keys)
    assert JournalEntry.objects.filter(kind="device_push_on").count() == 1


def test_who_signs_in_on_anothers_phone_takes_its_pushes_over(company: Company) -> None:
    anna, bert = (on_phone(one, phone_of(one)) for one in (company.anna, company.bert))
    subscribe(anna)
    subscribe(bert)
    assert PushSubscription.objects.get().device_id == bert.device_id


def test_a_phone_leaves_and_leaves_again(company: Company) -> None:
    actor = on_phone(company.anna, phone_of(company.anna))
    subscribe(actor)
    for _ in range(2):
        push_unsubscribe(actor=actor)
    assert not PushSubscription.objects.exists()
    assert JournalEntry.objects.filter(kind="device_push_off").count() == 1


def test_anothers_phone_and_no_phone_are_not_there(company: Company) -> None:
    annas = phone_of(company.anna)
    for actor in (on_phone(company.bert, annas), company.anna, company.manager):
        with pytest.raises(NotFound):
            subscribe(actor)
        with pytest.raises(NotFound):
            push_unsubscribe(actor=actor)


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://push.example/send/abc"},
        {"endpoint": "https://push.example:22/"},
        {"endpoint": "https://user@push.example/"},
        {"endpoint": "javascript:alert(1)"},
        {"endpoint": "https://push.example/" + "a" * 1000},
        {"endpoint": ""},
        {"p256dh": "AAAA"},
        {"p256dh": "A" * 87},
        {"p256dh": "é"},
        {"auth": "short"},
        {"auth": "!" * 22},
    ],
)
def test_what_no_browser_gives_is_refused(company: Company, wrong: dict[str, str]) -> None:
    actor = on_phone(company.anna, phone_of(company.anna))
    with pytest.raises(Invalid) as refused:
        subscribe(actor, **wrong)
    assert set(refused.value.fields) == set(wrong)
    assert not PushSubscription.objects.exists()
