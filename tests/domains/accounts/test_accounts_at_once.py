"""Several people at once: one primary, no gap in numbers, one survivor (ACT-04, ACT-09, ACT-12)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from lunarfront.sdk.testing.plugin import RealDb

pytestmark = pytest.mark.realdb


def at_once(calls: list[Any]) -> list[Any]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def make(realdb: RealDb, name: str) -> dict[str, Any]:
    return realdb.client().post("/accounts", {"display_name": name, "no_contact": True}).json


def test_act_09_eight_members_at_once_have_one_primary(realdb: RealDb) -> None:
    home = make(realdb, "Quartet")
    path = f"/accounts/{home['id']}/members"
    clients = [realdb.client() for _ in range(8)]
    answers = at_once([lambda c=c, n=n: c.post(path, {"first_name": f"M{n}"}) for n, c in enumerate(clients)])
    assert [answer.status_code for answer in answers] == [201] * 8
    items = realdb.client().get(path).json["items"]
    assert sum(item["is_primary"] for item in items) == 1
    assert sorted(item["member_number"] for item in items) == [f"M-{n:05}" for n in range(1, 9)]


def test_act_12_numbers_of_eight_accounts_at_once_have_no_gap(realdb: RealDb) -> None:
    names = ["Arco", "Bravura", "Cadenza", "Dolce", "Espressivo", "Forte", "Grave", "Hautbois"]
    made = at_once([lambda name=name: make(realdb, name) for name in names])
    assert sorted(account["account_number"] for account in made) == [f"A-{n:05}" for n in range(1, 9)]


def test_act_04_two_merges_against_each_other_have_one_survivor(realdb: RealDb) -> None:
    one, two = make(realdb, "Arco"), make(realdb, "Bravura")
    pairs = [(one, two), (two, one)]
    answers = at_once(
        [
            lambda kept=kept, gone=gone: realdb.client().post(
                f"/accounts/{kept['id']}/merge", {"account_id": gone["id"]}
            )
            for kept, gone in pairs
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    states = [realdb.client().get(f"/accounts/{account['id']}").json["is_active"] for account in (one, two)]
    assert sorted(states) == [False, True]
