"""Opening another company over the API (ORG-04, USR-11)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from lunarfront.kernel.core import Core
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.permissions import SYSTEM_ROLES
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.plugin import RealDb
from lunarfront.sdk.testing.world import PASSWORD

pytestmark = pytest.mark.realdb


def body(**more: Any) -> dict[str, Any]:
    return {
        "client_uuid": str(uuid7()),
        "name": "Gift Shop",
        "currency": "GBP",
        "country": "GB",
        "default_timezone": "Europe/London",
    } | more


@pytest.fixture
def demo(realdb: RealDb) -> RealDb:
    """A demo, in which companies may be opened."""
    core: Core = realdb.app.extensions["lunarfront"]
    core.demo = True
    return realdb


def of(realdb: RealDb, opened: dict[str, Any]) -> ApiClient:
    return ApiClient(realdb.app, opened["api_token"], opened["terminal_id"])


def test_org_04_company_is_opened_with_all_it_needs(demo: RealDb) -> None:
    answer = demo.client().post("/companies", body())
    assert answer.status_code == 201
    opened = answer.get_json()
    assert opened["role_ids"].keys() == SYSTEM_ROLES.keys()
    there = of(demo, opened)
    me = there.get("/auth/me").get_json()
    assert me["company"]["id"] == opened["company_id"]
    assert me["company"]["name"] == "Gift Shop"
    assert me["company"]["currency"] == "GBP"
    assert me["company"]["is_demo"]
    assert me["terminal"] == {
        "id": opened["terminal_id"],
        "code": "T1",
        "name": "Till 1",
        "drawer_id": opened["drawer_id"],
    }
    assert me["location"]["id"] == opened["location_id"]
    assert me["location"]["timezone"] == "Europe/London"
    assert me["user"]["id"] == opened["user_id"]
    assert me["user"]["email"] == "admin@a.example"
    assert me["rights"]["company.create"] == "allow"
    assert there.get("/reason-codes?filter[kind]=void").get_json()["items"]
    assert there.get("/drawers").get_json()["items"][0]["id"] == opened["drawer_id"]


def test_org_04_repeat_makes_nothing_and_answers_a_fresh_token(demo: RealDb) -> None:
    sent = body()
    first = demo.client().post("/companies", sent).get_json()
    again = demo.client().post("/companies", sent | {"name": "Other"})
    assert again.status_code == 200
    second = again.get_json()
    assert second["api_token"] != first["api_token"]
    drop = {"api_token"}
    assert {k: v for k, v in first.items() if k not in drop} == {
        k: v for k, v in second.items() if k not in drop
    }
    assert of(demo, first).get("/companies/current").get_json()["name"] == "Gift Shop"
    assert of(demo, second).get("/users").get_json()["items"][0]["id"] == first["user_id"]
    assert len(of(demo, second).get("/locations").get_json()["items"]) == 1


def test_org_04_repeats_at_the_same_moment_open_one_company(demo: RealDb) -> None:
    sent = body()

    def send(_number: int) -> Any:
        return demo.client().post("/companies", sent)

    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = list(pool.map(send, range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.get_json()["company_id"] for answer in answers}) == 1


def test_org_04_same_client_uuid_of_another_user_is_another_company(demo: RealDb) -> None:
    sent = body()
    first = demo.client().post("/companies", sent).get_json()
    there = of(demo, first).post("/companies", sent)
    assert there.status_code == 201
    assert there.get_json()["company_id"] != first["company_id"]


def test_org_04_companies_do_not_see_each_other(demo: RealDb) -> None:
    opened = demo.client().post("/companies", body()).get_json()
    there, company = of(demo, opened), demo.world.company
    for path in (f"/locations/{company.location_id}", f"/terminals/{company.terminal_id}"):
        assert there.get(path).status_code == 404
    assert demo.client().get(f"/locations/{opened['location_id']}").status_code == 404
    emails = {row["email"] for row in there.get("/users").get_json()["items"]}
    assert emails == {"admin@a.example"}


def test_org_04_sign_in_of_the_caller_asks_for_no_company(demo: RealDb) -> None:
    opened = demo.client().post("/companies", body()).get_json()
    nobody = ApiClient(demo.app, None)
    sign_in = {"email": "admin@a.example", "password": PASSWORD}
    assert nobody.post("/auth/login", sign_in).get_json()["company"]["id"] == str(demo.world.company.id)
    there = of(demo, opened)
    password = {"password": "seven lutes hum"}
    assert there.post(f"/users/{opened['user_id']}/reset-password", password).status_code == 204
    assert there.patch(f"/users/{opened['user_id']}", {"can_sign_in": True}, 2).status_code == 200
    sign_in = {"email": "admin@a.example", "password": "seven lutes hum"}
    assert nobody.post("/auth/login", sign_in).get_json()["company"]["id"] == opened["company_id"]


def test_org_04_only_where_the_operator_allows_it(realdb: RealDb) -> None:
    refused = realdb.client().post("/companies", body())
    assert (refused.status_code, refused.get_json()["code"]) == (403, "forbidden")


def test_org_04_needs_the_right(demo: RealDb) -> None:
    for role in ("manager", "staff", "viewer"):
        assert demo.client(role).post("/companies", body()).status_code == 403


@pytest.fixture
def refused(demo: RealDb) -> Callable[..., Any]:
    """``refused(name=…)``: status and code of a body with this change."""

    def send(**change: Any) -> tuple[int, str]:
        answer = demo.client().post("/companies", body(**change))
        return answer.status_code, answer.get_json()["code"]

    return send


def test_org_04_bad_input(refused: Callable[..., Any], demo: RealDb) -> None:
    assert refused(currency="gbp") == (422, "validation_failed")
    assert refused(currency="KWD") == (422, "validation_failed")
    assert refused(country="XX1") == (422, "text_too_long")
    assert refused(country="QQ") == (422, "validation_failed")
    assert refused(default_timezone="Mars/Base") == (422, "validation_failed")
    assert refused(name="") == (422, "validation_failed")
    assert refused(name="a\x00b") == (422, "text_invalid")
    assert refused(client_uuid="7") == (422, "validation_failed")
    assert refused(client_uuid=None) == (422, "validation_failed")
    assert refused(settings={}) == (422, "unknown_field")
    assert refused(company_id=str(uuid7())) == (422, "unknown_field")
    assert demo.client().post("/companies", {}).status_code == 422
