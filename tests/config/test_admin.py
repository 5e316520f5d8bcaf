"""Django's admin is for developers, and off unless a setting says otherwise."""

import pytest
from django.test import Client

from tests.config.test_env import NOWHERE, callout


@pytest.mark.django_db
def test_without_the_setting_it_is_not_there(client: Client) -> None:
    assert client.get("/admin/").status_code == 404


@pytest.mark.process
def test_with_the_setting_it_fits_in() -> None:
    done = callout("check", **NOWHERE, CALLOUT_ADMIN="true")
    assert done.returncode == 0, done.stderr
