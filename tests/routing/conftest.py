import pytest

from tests.routing.world import Town, town_made


@pytest.fixture
def town(db: None) -> Town:
    return town_made()
