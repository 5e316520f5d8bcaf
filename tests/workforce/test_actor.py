import pytest

from callout.accounts import services
from callout.accounts.models import User
from callout.accounts.selectors import actor_for_token, actor_for_user
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.workforce.models import Technician

pytestmark = pytest.mark.django_db


@pytest.fixture
def tom(db: None) -> User:
    system = Actor.system("tests", "command")
    return services.user_create(
        actor=system, email="tom@example.com", name="Tom", is_technician=True
    )


def test_a_user_acts_as_the_technician_they_are(tom: User) -> None:
    mine = Technician.objects.create(user=tom, name="Tom", name_sort="tom")
    Technician.objects.create(name="Somebody else", name_sort="somebody else")
    assert actor_for_user(tom, "technician").technician_id == mine.pk
    _token, plain = services.token_create(
        actor=Actor.system("tests", "command"), user_id=tom.pk, name="phone"
    )
    assert actor_for_token(plain).technician_id == mine.pk


def test_an_archived_technician_acts_no_more(tom: User) -> None:
    Technician.objects.create(user=tom, name="Tom", name_sort="tom", archived_at=clock.now())
    assert actor_for_user(tom, "technician").technician_id is None


def test_a_user_without_a_technician_acts_as_none(tom: User) -> None:
    Technician.objects.create(name="Subcontractor", name_sort="subcontractor")
    assert actor_for_user(tom, "technician").technician_id is None
