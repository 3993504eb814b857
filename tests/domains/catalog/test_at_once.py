"""Several people change the catalogue at the same time (INV-01, INV-24, OCC-01)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from lunarfront.sdk.testing.plugin import RealDb

pytestmark = pytest.mark.realdb


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [task.result() for task in [pool.submit(call) for call in calls]]


def post(realdb: RealDb, path: str, body: Any) -> Callable[[], Any]:
    return lambda: realdb.client().post(path, body)


def product(category: str, **variant: Any) -> dict[str, Any]:
    return {"name": "String", "category_id": category, "variants": [{"price": "1.00"} | variant]}


@pytest.fixture
def category(realdb: RealDb) -> str:
    """A category with a SKU prefix."""
    answer = realdb.client().post("/categories", {"name": "Strings", "sku_prefix": "STR-"})
    return answer.json["id"]


def test_inv_01_one_of_two_gets_the_sku(realdb: RealDb, category: str) -> None:
    answers = at_once([post(realdb, "/products", product(category, sku="A")) for _ in range(4)])
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json["code"] for answer in answers if answer.status_code == 409} == {"conflict"}


def test_inv_01_generated_skus_are_all_different(realdb: RealDb, category: str) -> None:
    answers = at_once([post(realdb, "/products", product(category)) for _ in range(12)])
    skus = [answer.json["variants"][0]["sku"] for answer in answers]
    assert sorted(skus) == [f"STR-{n:06d}" for n in range(1, 13)]


def test_categories_moved_at_once_make_no_circle(realdb: RealDb) -> None:
    client = realdb.client()
    first, second = (client.post("/categories", {"name": name}).json["id"] for name in "AB")

    def move(which: str, below: str) -> Callable[[], Any]:
        return lambda: realdb.client().patch(f"/categories/{which}", {"parent_id": below}, 1)

    answers = at_once([move(first, second), move(second, first)])
    assert sorted(answer.status_code for answer in answers) == [200, 422]


def test_occ_01_one_of_two_edits_wins(realdb: RealDb, category: str) -> None:
    made = realdb.client().post("/products", product(category)).json
    path = f"/products/{made['id']}"
    answers = at_once([lambda: realdb.client().patch(path, {"name": "New"}, 1) for _ in range(4)])
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


def test_inv_24_one_file_sent_twice_at_once_is_imported_once(realdb: RealDb) -> None:
    person = realdb.world.company.people["admin"]

    def send() -> Any:
        headers = {"Authorization": f"Bearer {person.token}"}
        return realdb.app.test_client().post(
            "/api/v1/imports/suppliers", data=b"name\nAcme\n", headers=headers, content_type="text/csv"
        )

    answers = at_once([send] * 4)
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json["repeated"] for answer in answers) == [False, True, True, True]
    assert len(realdb.client().get("/suppliers").json["items"]) == 1
