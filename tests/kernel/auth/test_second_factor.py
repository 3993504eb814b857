"""Second factor: authenticator and recovery codes (SEC-29)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from lunarfront.kernel.auth.totp import STEP_SECONDS, code_at, matching_step, new_seed, seed_text, setup_uri
from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.plugin import Clock, RealDb
from lunarfront.sdk.testing.world import PASSWORD, CompanyWorld

#: Appendix B of RFC 6238, SHA-1, the last six of its eight digits.
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_sec_29_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert code_at(b"12345678901234567890", seconds // STEP_SECONDS) == code


def test_sec_29_code_counts_one_step_around_and_once() -> None:
    seed, now = new_seed(), datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    current = int(now.timestamp()) // STEP_SECONDS
    for shift in (-1, 0, 1):
        assert matching_step(seed, code_at(seed, current + shift), now, None) == current + shift
    for shift in (-3, -2, 2, 3):
        assert matching_step(seed, code_at(seed, current + shift), now, None) is None
    assert matching_step(seed, code_at(seed, current), now, current) is None
    assert matching_step(seed, code_at(seed, current - 1), now, current) is None


def test_sec_29_address_for_the_app() -> None:
    seed = new_seed()
    parts = urlsplit(setup_uri(seed, "ann@a.example", "LunarFront Riverside & Sons"))
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parse_qs(parts.query)["secret"] == [seed_text(seed)]
    assert parse_qs(parts.query)["issuer"] == ["LunarFront Riverside & Sons"]


def code(secret: str, now: datetime) -> str:
    import base64

    seed = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return code_at(seed, int(now.timestamp()) // STEP_SECONDS)


@pytest.fixture
def enrol(clock: Clock) -> Callable[[ApiClient], tuple[str, list[str]]]:
    """``enrol(client)``: the secret of the new second factor and its recovery codes."""

    def send(client: ApiClient) -> tuple[str, list[str]]:
        begun = client.post("/auth/mfa", {"password": PASSWORD}).get_json()
        body = {"enrolment": begun["enrolment"], "otp": code(begun["secret"], clock())}
        done = client.post("/auth/mfa/confirm", body)
        assert done.status_code == 200, done.get_json()
        return begun["secret"], done.get_json()["recovery_codes"]

    return send


def test_sec_29_sign_in_asks_for_the_code(
    signed_in: Callable[..., ApiClient], login: Callable[..., Any], enrol: Any, clock: Clock
) -> None:
    secret, _ = enrol(signed_in())
    asked = login()
    assert asked.status_code == 401
    assert asked.get_json()["mfa_required"] is True
    assert login(otp=code(secret, clock())).status_code == 401, "the code that proved the app was used"
    clock.forward(seconds=31)
    right = code(secret, clock())
    assert login(otp=right).status_code == 200
    assert login(otp=right).status_code == 401, "a code works once"
    assert "mfa_required" not in login(password="wrong wrong").get_json()


def test_sec_29_recovery_code_works_once(
    signed_in: Callable[..., ApiClient], login: Callable[..., Any], enrol: Any, ctx: CompanyContext
) -> None:
    _, codes = enrol(signed_in())
    assert len(set(codes)) == 10
    assert login(otp=codes[0].lower()).status_code == 200
    assert login(otp=codes[0]).status_code == 401
    assert login(otp=codes[1]).status_code == 200
    stored = ctx.uow.query("SELECT hash FROM mfa_recovery_code")
    assert not any(text.replace("-", "").encode() in bytes(row.hash) for text in codes for row in stored)


def test_sec_29_wrong_codes_lock_the_account(
    signed_in: Callable[..., ApiClient], login: Callable[..., Any], enrol: Any, clock: Clock
) -> None:
    secret, _ = enrol(signed_in())
    for _ in range(5):
        assert login(otp="000000").status_code == 401
        login()
    clock.forward(seconds=31)
    assert login(otp=code(secret, clock())).status_code == 401, (
        "asking for the code does not forget wrong ones"
    )
    clock.forward(minutes=16)
    assert login(otp=code(secret, clock())).status_code == 200


def test_sec_44_seed_lies_sealed(
    signed_in: Callable[..., ApiClient], enrol: Any, ctx: CompanyContext
) -> None:
    import base64

    secret, _ = enrol(signed_in())
    seed = base64.b32decode(secret + "=" * (-len(secret) % 8))
    [row] = ctx.uow.query("SELECT mfa_secret FROM app_user WHERE mfa_secret IS NOT NULL")
    assert seed not in bytes(row.mfa_secret)
    assert secret.encode() not in bytes(row.mfa_secret)


def test_sec_29_enrolment_proves_the_app(
    signed_in: Callable[..., ApiClient], clock: Clock, company: CompanyWorld
) -> None:
    staff, manager = signed_in(), signed_in("manager")
    assert staff.post("/auth/mfa", {"password": "wrong"}).status_code == 422
    begun = staff.post("/auth/mfa", {"password": PASSWORD}).get_json()
    right = code(begun["secret"], clock())
    confirm = {"enrolment": begun["enrolment"], "otp": right}
    assert staff.post("/auth/mfa/confirm", confirm | {"otp": "000000"}).status_code == 422
    assert staff.post("/auth/mfa/confirm", confirm | {"otp": "é"}).status_code == 422
    assert staff.post("/auth/mfa/confirm", confirm | {"enrolment": "AAAA"}).status_code == 422
    assert staff.post("/auth/mfa/confirm", confirm | {"enrolment": "é"}).status_code == 422
    assert manager.post("/auth/mfa/confirm", confirm).status_code == 422, "it is bound to its user"
    clock.forward(minutes=11)
    late = confirm | {"otp": code(begun["secret"], clock())}
    assert staff.post("/auth/mfa/confirm", late).status_code == 422


def test_sec_29_switching_off_needs_password_and_code(
    signed_in: Callable[..., ApiClient], login: Callable[..., Any], enrol: Any, clock: Clock
) -> None:
    staff = signed_in()
    assert staff.post("/auth/mfa/disable", {"password": PASSWORD, "otp": "123456"}).status_code == 409
    secret, codes = enrol(staff)
    assert staff.post("/auth/mfa", {"password": PASSWORD}).status_code == 409
    assert staff.post("/auth/mfa/disable", {"password": "wrong", "otp": codes[0]}).status_code == 422
    assert staff.post("/auth/mfa/disable", {"password": PASSWORD, "otp": "000000"}).status_code == 422
    clock.forward(seconds=31)
    done = {"password": PASSWORD, "otp": code(secret, clock())}
    assert staff.post("/auth/mfa/disable", done).status_code == 204
    assert login().status_code == 200


def test_sec_29_administrator_takes_a_lost_factor_away(
    client: ApiClient,
    signed_in: Callable[..., ApiClient],
    login: Callable[..., Any],
    enrol: Any,
    company: CompanyWorld,
) -> None:
    enrol(signed_in())
    path = f"/users/{company.people['staff'].id}"
    assert client.get(path).get_json()["has_mfa"]
    assert client.call("DELETE", f"{path}/mfa").status_code == 204
    assert not client.get(path).get_json()["has_mfa"]
    assert login().status_code == 200


@pytest.mark.realdb
def test_sec_29_required_for_administrators(realdb: RealDb) -> None:
    client, app = realdb.client(), realdb.app
    setting = {"settings": {"mfa_required_for_admins": True}}
    assert client.patch("/companies/current", setting, 1).status_code == 200
    nobody = ApiClient(app, None)
    body = {"email": "admin@a.example", "password": PASSWORD}
    admin = ApiClient(app, nobody.post("/auth/login", body).get_json()["access_token"])
    assert admin.get("/users").status_code == 403
    assert admin.get("/auth/me").get_json()["rights"] == {}
    begun = admin.post("/auth/mfa", {"password": PASSWORD}).get_json()
    now = datetime.now(UTC)
    confirm = {"enrolment": begun["enrolment"], "otp": code(begun["secret"], now)}
    assert admin.post("/auth/mfa/confirm", confirm).status_code == 200
    assert admin.get("/users").status_code == 200, "the rights come with the factor"
    staff = nobody.post("/auth/login", body | {"email": "staff@a.example"}).get_json()
    assert ApiClient(app, staff["access_token"]).get("/auth/me").get_json()["rights"], "others need none"


def test_sec_29_page_asks_for_the_code(
    app: Flask, signed_in: Callable[..., ApiClient], enrol: Any, clock: Clock
) -> None:
    import re

    secret, _ = enrol(signed_in())
    browser = app.test_client()
    token = re.search(r'name="form_token" value="([^"]+)"', browser.get("/login").get_data(as_text=True))
    assert token
    form = {"form_token": token[1], "email": "staff@a.example", "password": PASSWORD}
    asked = browser.post("/login", data=form)
    assert asked.status_code == 401
    assert 'name="otp"' in asked.get_data(as_text=True)
    clock.forward(seconds=31)
    assert browser.post("/login", data=form | {"otp": code(secret, clock())}).status_code == 302
