"""Promise 2: a committed sale is never lost, and its follow-up jobs run once in effect, whatever is killed with -9."""

from collections import Counter
from collections.abc import Callable

import pytest

from tests.chaos.conftest import Store
from tests.chaos.kinds import DONE, SENT

pytestmark = pytest.mark.chaos


def prove(store: Store) -> None:
    """Every acknowledged sale is there, and each of its follow-ups has had its effect once."""
    assert store.caught_up(), f"{store.open_jobs()} follow-ups are still open"
    assert store.errors() == []
    sold = store.effects("chaos.sold")
    assert set(store.acknowledged) <= set(sold)
    assert Counter(store.effects(DONE)) == Counter(sold)
    assert Counter(store.effects(SENT)) == Counter(sold)
    keys = store.outside.read_text().split()
    assert len(set(keys)) == len(sold)


def test_sec_70_whatever_is_killed_with_valkey_between(store: Callable[..., Store]) -> None:
    shop = store("rq")
    with shop.open():
        for victim in ("worker-1", "valkey", "dispatcher", "postgresql", "worker-2"):
            assert shop.sells_again()
            shop.kill(victim)
        assert shop.sells_again()
    prove(shop)


def test_sec_70_whatever_is_killed_without_valkey(store: Callable[..., Store]) -> None:
    shop = store("postgres")
    with shop.open():
        for victim in ("worker-1", "postgresql", "dispatcher", "worker-2"):
            assert shop.sells_again()
            shop.kill(victim)
        assert shop.sells_again()
    prove(shop)


def test_sec_71_everything_at_once(store: Callable[..., Store]) -> None:
    shop = store("rq", worker="worker-in-process")
    with shop.open():
        assert shop.sells_again(30)
        for victim in ("worker-1", "worker-2", "dispatcher", "valkey", "postgresql"):
            shop.kill(victim)
        assert shop.sells_again()
    prove(shop)
