"""Sign-in with e-mail address and password over the API (USR-01, USR-11, SEC-20 to SEC-24)."""

import pytest
from flask import Flask
from sqlalchemy import Connection

from lunarfront.kernel.auth.lockout import address_key, lock_after
from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.plugin import Clock
from lunarfront.sdk.testing.world import PASSWORD, CompanyWorld


@pytest.fixture
def nobody(app: Flask) -> ApiClient:
    """A client that is not signed in."""
    return ApiClient(app, None)


def login(client: ApiClient, email: str = "staff@a.example", password: str = PASSWORD, **more: object):
    return client.post("/auth/login", {"email": email, "password": password, **more})


def bearer(app: Flask, text: str) -> ApiClient:
    return ApiClient(app, text)


def test_usr_01_right_password_answers_tokens_user_and_company(
    nobody: ApiClient, company: CompanyWorld
) -> None:
    answer = login(nobody, "Staff@A.example")
    assert answer.status_code == 200
    body = answer.get_json()
    assert body["token_type"] == "Bearer"
    assert body["user"]["id"] == str(company.people["staff"].id)
    assert body["company"]["id"] == str(company.id)
    assert body["company"]["currency"] == "USD"
    assert body["access_token"].count(".") == 2
    assert body["expires_at"].endswith("Z")


def test_usr_01_wrong_name_and_wrong_password_look_the_same(nobody: ApiClient) -> None:
    wrong = login(nobody, password="not the password")
    unknown = login(nobody, "nobody@a.example")
    assert wrong.status_code == unknown.status_code == 401
    drop = {"request_id"}
    assert {k: v for k, v in wrong.get_json().items() if k not in drop} == {
        k: v for k, v in unknown.get_json().items() if k not in drop
    }


def test_usr_01_five_failures_lock_then_doubling(
    nobody: ApiClient, clock: Clock, ctx: CompanyContext
) -> None:
    for _ in range(5):
        assert login(nobody, password="wrong wrong").status_code == 401
    assert login(nobody).status_code == 401, "locked, even with the right password"
    clock.forward(minutes=14)
    assert login(nobody).status_code == 401
    clock.forward(minutes=2)
    for _ in range(5):
        assert login(nobody, password="wrong wrong").status_code == 401
    clock.forward(minutes=20)
    assert login(nobody).status_code == 401, "the second lock lasts 30 minutes"
    clock.forward(minutes=11)
    assert login(nobody).status_code == 200
    actions = [row.action for row in ctx.uow.query("SELECT action FROM audit_log ORDER BY id")]
    assert actions.count("auth.sign_in.locked") == 2
    assert actions.count("auth.sign_in.failed") == 13
    assert actions.count("auth.sign_in.done") == 1


def test_usr_01_success_forgets_failures(nobody: ApiClient) -> None:
    for _ in range(3):
        for _ in range(4):
            login(nobody, password="wrong wrong")
        assert login(nobody).status_code == 200


def test_usr_01_rule_of_locks() -> None:
    minutes = [int(lock.total_seconds() // 60) if (lock := lock_after(n)) else 0 for n in range(1, 16)]
    assert minutes == [0, 0, 0, 0, 15, 0, 0, 0, 0, 30, 0, 0, 0, 0, 60]
    assert lock_after(5000).days == 1


def test_sec_21_address_has_twenty_failures_in_five_minutes(nobody: ApiClient, clock: Clock) -> None:
    for number in range(20):
        assert login(nobody, f"nobody{number}@a.example").status_code == 401
    refused = login(nobody)
    assert refused.status_code == 429
    assert refused.get_json()["code"] == "rate_limited"
    assert int(refused.headers["Retry-After"]) > 200
    clock.forward(minutes=6)
    assert login(nobody).status_code == 200


def test_sec_21_good_sign_ins_do_not_count(nobody: ApiClient) -> None:
    assert {login(nobody).status_code for _ in range(23)} == {200}


def test_sec_21_network_of_an_ipv6_address_counts_as_one() -> None:
    assert address_key("2001:db8:1:2:aaaa::1") == address_key("2001:db8:1:2:bbbb::9")
    assert address_key("::ffff:192.0.2.7") == "192.0.2.7"
    assert address_key(None) == address_key("no address") == "unknown"


def test_usr_11_several_companies_let_the_person_choose(
    nobody: ApiClient,
    ctx: CompanyContext,
    connection: Connection,
    company: CompanyWorld,
    other_company: CompanyWorld,
) -> None:
    for world in (company, other_company):
        connection.exec_driver_sql("SELECT set_config('app.company_id', %s, true)", (str(world.id),))
        connection.exec_driver_sql(
            "UPDATE app_user SET email = 'both@example.com' WHERE id = %s", (world.people["staff"].id,)
        )
    answer = login(nobody, "both@example.com")
    assert answer.status_code == 409
    choices = {choice["id"]: choice["name"] for choice in answer.get_json()["companies"]}
    assert choices == {str(company.id): "Riverside Music", str(other_company.id): "Harbor Strings"}
    chosen = login(nobody, "both@example.com", company=str(other_company.id))
    assert chosen.status_code == 200
    assert chosen.get_json()["company"]["id"] == str(other_company.id)


def test_usr_11_password_of_one_company_signs_in_there(
    nobody: ApiClient, connection: Connection, company: CompanyWorld, other_company: CompanyWorld
) -> None:
    from lunarfront.kernel.auth.passwords import hash_password

    for world, password in ((company, PASSWORD), (other_company, "another good one")):
        connection.exec_driver_sql("SELECT set_config('app.company_id', %s, true)", (str(world.id),))
        connection.exec_driver_sql(
            "UPDATE app_user SET email = 'both@example.com', password_hash = %s WHERE id = %s",
            (hash_password(password), world.people["staff"].id),
        )
    for _ in range(6):
        answer = login(nobody, "both@example.com")
        assert answer.status_code == 200, "the other company's counter is not run up by it"
        assert answer.get_json()["company"]["id"] == str(company.id)
    assert login(nobody, "both@example.com", "another good one").get_json()["company"]["id"] == str(
        other_company.id
    )


def test_usr_08_disabled_user_cannot_sign_in(
    nobody: ApiClient, ctx: CompanyContext, company: CompanyWorld
) -> None:
    ctx.uow.execute(
        "UPDATE app_user SET is_active = false WHERE id = %(id)s", {"id": company.people["staff"].id}
    )
    ctx.uow.commit()
    assert login(nobody).status_code == 401


def test_login_binds_a_terminal_of_the_company(
    app: Flask, nobody: ApiClient, company: CompanyWorld, other_company: CompanyWorld
) -> None:
    assert login(nobody, terminal_id=str(other_company.terminal_id)).status_code == 404
    body = login(nobody, terminal_id=str(company.terminal_id)).get_json()
    me = bearer(app, body["access_token"]).get("/auth/me").get_json()
    assert me["terminal"]["id"] == str(company.terminal_id)
    assert me["location"]["code"] == "MAIN"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "validation_failed"),
        ({"email": "a@b.example"}, "validation_failed"),
        ({"email": "a@b.example", "password": 1}, "validation_failed"),
        ({"email": ["a"], "password": "x"}, "validation_failed"),
        ({"email": "a@b.example", "password": "x" * 129}, "text_too_long"),
        ({"email": "a\x00@b.example", "password": "x"}, "text_invalid"),
        ({"email": "a@b.example", "password": "x", "admin": True}, "unknown_field"),
        ({"email": "a@b.example", "password": "x", "company": "7"}, "validation_failed"),
    ],
)
def test_bad_input_of_login(nobody: ApiClient, body: dict[str, object], code: str) -> None:
    answer = nobody.post("/auth/login", body)
    assert answer.status_code == 422
    assert answer.get_json()["code"] == code


def test_sec_25_login_refuses_forms(app: Flask) -> None:
    answer = app.test_client().post(
        "/api/v1/auth/login", data={"email": "staff@a.example", "password": PASSWORD}
    )
    assert answer.status_code == 415


# --- tokens ---------------------------------------------------------------------------------------------------


def test_sec_24_access_token_opens_the_api(app: Flask, nobody: ApiClient, company: CompanyWorld) -> None:
    me = bearer(app, login(nobody).get_json()["access_token"]).get("/auth/me").get_json()
    assert me["user"]["email"] == "staff@a.example"
    assert me["company"]["id"] == str(company.id)
    assert me["company"]["unit"] == "0.01"
    assert me["rights"]["pos.sell"] == "allow"
    assert me["rights"]["pos.void"] == "approval"
    assert "user.manage" not in me["rights"]
    assert me["limits"]["discount_percent_limit"] == "0.100000"
    assert me["session"]["kind"] == "api"


def test_sec_24_access_token_ends_after_fifteen_minutes(app: Flask, nobody: ApiClient, clock: Clock) -> None:
    client = bearer(app, login(nobody).get_json()["access_token"])
    clock.forward(minutes=14)
    assert client.get("/auth/me").status_code == 200
    clock.forward(minutes=2)
    assert client.get("/auth/me").status_code == 401


def test_sec_24_sign_out_ends_an_unexpired_token(app: Flask, nobody: ApiClient) -> None:
    body = login(nobody).get_json()
    client = bearer(app, body["access_token"])
    assert client.get("/auth/me").status_code == 200
    assert client.post("/auth/logout").status_code == 204
    assert client.get("/auth/me").status_code == 401
    assert nobody.post("/auth/refresh", {"refresh_token": body["refresh_token"]}).status_code == 401


def test_sec_24_refresh_rotates(app: Flask, nobody: ApiClient, clock: Clock) -> None:
    first = login(nobody).get_json()
    clock.forward(minutes=20)
    second = nobody.post("/auth/refresh", {"refresh_token": first["refresh_token"]})
    assert second.status_code == 200
    body = second.get_json()
    assert body["session_id"] == first["session_id"]
    assert body["refresh_token"] != first["refresh_token"]
    assert bearer(app, body["access_token"]).get("/auth/me").status_code == 200


def test_sec_24_old_refresh_token_kills_the_family(
    app: Flask, nobody: ApiClient, ctx: CompanyContext
) -> None:
    first = login(nobody).get_json()
    second = nobody.post("/auth/refresh", {"refresh_token": first["refresh_token"]}).get_json()
    stolen = nobody.post("/auth/refresh", {"refresh_token": first["refresh_token"]})
    assert stolen.status_code == 401
    assert stolen.get_json()["code"] == "refresh_reused"
    assert bearer(app, second["access_token"]).get("/auth/me").status_code == 401
    assert nobody.post("/auth/refresh", {"refresh_token": second["refresh_token"]}).status_code == 401
    assert ctx.uow.query("SELECT 1 FROM audit_log WHERE action = 'auth.refresh.reused'")


def test_sec_24_refresh_token_ends_after_thirty_days(nobody: ApiClient, clock: Clock) -> None:
    first = login(nobody).get_json()
    clock.forward(days=31)
    assert nobody.post("/auth/refresh", {"refresh_token": first["refresh_token"]}).status_code == 401


@pytest.mark.parametrize("text", ["", "x", "lf_abc", "lr_abc", "lr_" + "A" * 64])
def test_sec_24_nonsense_is_no_refresh_token(nobody: ApiClient, text: str) -> None:
    assert nobody.post("/auth/refresh", {"refresh_token": text}).status_code in (401, 422)


def test_usr_08_refresh_of_a_disabled_user(
    nobody: ApiClient, ctx: CompanyContext, company: CompanyWorld
) -> None:
    first = login(nobody).get_json()
    ctx.uow.execute(
        "UPDATE app_user SET is_active = false WHERE id = %(id)s", {"id": company.people["staff"].id}
    )
    ctx.uow.commit()
    assert nobody.post("/auth/refresh", {"refresh_token": first["refresh_token"]}).status_code == 401


def test_sec_20_hash_with_old_parameters_is_renewed(
    nobody: ApiClient, ctx: CompanyContext, company: CompanyWorld
) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    user = {"id": company.people["staff"].id, "hash": weak}
    ctx.uow.execute("UPDATE app_user SET password_hash = %(hash)s WHERE id = %(id)s", user)
    ctx.uow.commit()
    assert login(nobody).status_code == 200
    stored = ctx.uow.query("SELECT password_hash, version FROM app_user WHERE id = %(id)s", user)[0]
    assert stored.password_hash != weak
    assert stored.version == 1, "signing in is no edit of the user"


def test_sec_41_secrets_do_not_stand_in_descriptions() -> None:
    from lunarfront.kernel.auth.secrets import new_secret
    from lunarfront.kernel.identity.pin_switch import PinAttempt
    from lunarfront.kernel.identity.sign_in import Attempt
    from lunarfront.kernel.ids import uuid7

    secret = new_secret(uuid7())
    shown = repr(
        [Attempt("a@b.example", "hush-hush", otp="998877"), PinAttempt("ld_x", "0001", "1357"), secret]
    )
    assert not any(text in shown for text in ("hush-hush", "998877", "ld_x", "1357", secret.text))
