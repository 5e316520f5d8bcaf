"""Whatever the network, the phones and the office do: nothing is lost, nothing is done twice, and
at rest everybody says the same. And a test of the test: each broken variant is caught."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fieldwork.agreeing import machine_of
from tests.fieldwork.agreeing_world import World, world_made
from tests.fieldwork.broken import PHONES, SERVERS
from tests.fieldwork.phones import host_built
from tests.orders.conftest import company_made
from tests.scale import is_full, rounds

pytestmark = [pytest.mark.wide, pytest.mark.django_db(transaction=True)]

PARTS = 4  # for as many processes to share
RUNS = rounds(200, 2_000, ci=40) // PARTS
STEPS = 50


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The phone's program, by the mutant's name; "" for the true one."""
    folder = tmp_path_factory.mktemp("phones")
    return lambda mutant: host_built(folder, mutant)


@pytest.fixture
def world(
    transactional_db: None, built: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    with world_made(company_made(), built(""), monkeypatch) as made:
        yield made


def run(world: World, runs: int, *, the_same: bool = False) -> None:
    """So many random runs, or `the_same` ones each time. A failing one is not made smaller: that
    would take an hour."""
    run_state_machine_as_test(
        machine_of(world),
        settings=settings(
            max_examples=runs,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=the_same,
            report_multiple_bugs=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_or_doubled_and_all_agree_at_rest(world: World, part: int) -> None:
    run(world, RUNS)


CAUGHT_WITHIN = 200  # runs; on the same ways each time, most in two, the last in nine


@pytest.mark.parametrize("name", PHONES)
def test_a_broken_phone_is_caught(
    transactional_db: None,
    built: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    with world_made(company_made(), built(name), monkeypatch) as world:
        caught(world)


@pytest.mark.parametrize("name", SERVERS)
def test_a_broken_server_is_caught(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    SERVERS[name](monkeypatch)
    caught(world)


def caught(world: World) -> None:
    """By one of what must hold; not by the test falling over."""
    with pytest.raises(AssertionError):
        run(world, CAUGHT_WITHIN, the_same=not is_full())
