"""What tests of copies need: a folder of files of their own, and who asks."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from callout.accounts.models import User
from callout.kernel.actor import Actor
from tests.office.conftest import browser
from tests.orders.conftest import Company, company_made

__all__ = ["browser"]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """Where files of orders lie, for this test alone."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MEDIA_ROOT.mkdir()
    return tmp_path


@pytest.fixture
def company(db: None) -> Company:
    """The company of the orders' tests."""
    return company_made()


@pytest.fixture
def admin(company: Company) -> Actor:
    """The manager, who is an admin too."""
    User.objects.filter(email="els@example.com").update(is_admin=True)
    return replace(company.manager, is_admin=True)


@pytest.fixture
def other_admin(db: None) -> Actor:
    """Another one."""
    user = User.objects.create(email="eve@example.com", name="Eve", is_admin=True)
    return Actor(user_id=user.pk, name="Eve", door="office", is_admin=True)
