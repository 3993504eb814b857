"""Tries at the same moment: none slips past a lock, and an administrator always remains (USR-01, SEC-21, SEC-28)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.plugin import RealDb
from lunarfront.sdk.testing.world import PASSWORD, PIN

pytestmark = pytest.mark.realdb


def together(calls: list[Callable[[], Any]]) -> list[Any]:
    with ThreadPoolExecutor(max_workers=8) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def rows(realdb: RealDb, sql: str) -> Any:
    with UnitOfWork(realdb.engine, realdb.world.company.id) as uow:
        return uow.query(sql)


def test_usr_01_parallel_guesses_get_five_tries(realdb: RealDb) -> None:
    def guess() -> int:
        body = {"email": "staff@a.example", "password": "wrong wrong"}
        return int(ApiClient(realdb.app, None).post("/auth/login", body).status_code)

    assert set(together([guess] * 12)) == {401}
    [user] = rows(realdb, "SELECT failed_logins, locked_until FROM app_user WHERE email = 'staff@a.example'")
    assert user.failed_logins == 5, "the lock holds from the fifth on: later ones were not compared"
    assert user.locked_until is not None
    locked = rows(realdb, "SELECT 1 FROM audit_log WHERE action = 'auth.sign_in.locked'")
    assert len(locked) == 1
    right = {"email": "staff@a.example", "password": PASSWORD}
    assert ApiClient(realdb.app, None).post("/auth/login", right).status_code == 401


def test_sec_21_parallel_tries_of_an_address_are_all_counted(realdb: RealDb) -> None:
    def guess(number: int) -> int:
        body = {"email": f"nobody{number}@a.example", "password": "x"}
        return int(ApiClient(realdb.app, None).post("/auth/login", body).status_code)

    codes = together([lambda n=n: guess(n) for n in range(30)])  # type: ignore[misc]
    assert sorted(codes) == [401] * 20 + [429] * 10


def test_usr_10_parallel_pins_get_five_tries(realdb: RealDb) -> None:
    terminal = realdb.world.company.terminal_id
    key = realdb.client().post(f"/terminals/{terminal}/pair").get_json()["device_key"]

    def guess(pin: str = "0000") -> int:
        body = {"device_key": key, "staff_number": "0003", "pin": pin}
        return int(ApiClient(realdb.app, None).post("/auth/pin-switch", body).status_code)

    assert sorted(together([guess] * 12)) == [401] * 5 + [423] * 7
    assert guess(PIN) == 423


def test_sec_24_parallel_renewals_end_the_family(realdb: RealDb) -> None:
    nobody = ApiClient(realdb.app, None)
    first = nobody.post("/auth/login", {"email": "staff@a.example", "password": PASSWORD}).get_json()

    def renew() -> Any:
        return ApiClient(realdb.app, None).post("/auth/refresh", {"refresh_token": first["refresh_token"]})

    answers = together([renew] * 6)
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 5
    won = next(answer.get_json() for answer in answers if answer.status_code == 200)
    assert ApiClient(realdb.app, won["access_token"]).get("/auth/me").status_code == 401


def test_sec_28_two_administrators_cannot_demote_each_other_at_once(realdb: RealDb) -> None:
    client, company = realdb.client(), realdb.world.company
    first, second = company.people["admin"].id, company.people["manager"].id
    admin = [str(company.role_ids["admin"])]
    assert client.patch(f"/users/{second}", {"role_ids": admin}, 1).status_code == 200

    def demote(role: str, whom: object, version: int) -> int:
        return int(realdb.client(role).patch(f"/users/{whom}", {"role_ids": []}, version).status_code)

    codes = together([lambda: demote("admin", second, 2), lambda: demote("manager", first, 1)])
    assert codes.count(200) == 1
    assert set(codes) <= {200, 403, 409}
    held = rows(
        realdb,
        "SELECT 1 FROM user_role u JOIN role r ON r.id = u.role_id WHERE r.code = 'admin' AND r.is_active",
    )
    assert len(held) == 1
