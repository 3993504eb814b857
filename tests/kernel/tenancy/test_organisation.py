"""Company, settings, locations, terminals and reason codes over the API (ORG-01 to ORG-03, GEN-04, GEN-05)."""

from collections.abc import Callable
from typing import Any

import pytest

from lunarfront.domains.drawer.models import Drawer, DrawerSession
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.problems import Problem
from lunarfront.kernel.settings import CATALOGUE, DEFAULTS, checked
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

COMPANY = "/companies/current"
PLACE = {"code": "EAST", "name": "East side", "price_mode": "exclusive"}


@pytest.fixture
def audited(ctx: CompanyContext) -> Callable[[str], list[Any]]:
    """``audited("settings.changed")``: the audit rows of an action."""
    return lambda action: list(
        ctx.uow.query("SELECT * FROM audit_log WHERE action = %(action)s ORDER BY id", {"action": action})
    )


def open_drawer(ctx: CompanyContext, company: CompanyWorld) -> None:
    """An open drawer session of the till: the first financial row."""
    ctx.uow.add(
        DrawerSession,
        drawer_id=company.drawer_id,
        terminal_id=company.terminal_id,
        location_id=company.location_id,
        status="open",
        opened_by=company.people["admin"].id,
        opened_at=ctx.now,
        business_date=ctx.business_date(),
        opening_float="200.00",
    )
    ctx.uow.commit()


# --- company --------------------------------------------------------------------------------------------------


def test_company_is_read_with_every_setting(as_user: Callable[..., ApiClient], company: CompanyWorld) -> None:
    body = as_user("viewer").get(COMPANY).get_json()
    assert body["id"] == str(company.id)
    assert body["currency"] == "USD"
    assert body["settings"] == dict(DEFAULTS)


def test_aud_02_changed_settings_leave_old_and_new(client: ApiClient, audited: Callable[..., Any]) -> None:
    changed = client.patch(COMPANY, {"settings": {"held_days": 3, "negative_stock": "approve"}}, 1)
    assert changed.status_code == 200
    body = changed.get_json()
    assert body["version"] == 2
    assert body["settings"]["held_days"] == 3
    [row] = audited("settings.changed")
    assert (row.old, row.new) == ({"held_days": 7}, {"held_days": 3})
    back = client.patch(COMPANY, {"settings": {"held_days": 7}}, 2).get_json()
    assert back["settings"] == dict(DEFAULTS)


def test_only_changed_settings_are_stored(client: ApiClient, ctx: CompanyContext) -> None:
    client.patch(COMPANY, {"settings": {"held_days": 3, "return_days": 30}}, 1)
    assert ctx.uow.query("SELECT settings FROM company")[0].settings == {"held_days": 3}


def test_setting_counts_at_the_next_request(client: ApiClient) -> None:
    client.patch(COMPANY, {"settings": {"pos_lock_minutes": 9}}, 1)
    assert client.get(COMPANY).get_json()["settings"]["pos_lock_minutes"] == 9


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"settings": {"no_such": 1}}, 422, "unknown_field"),
        ({"settings": {"held_days": 0}}, 422, "setting_invalid"),
        ({"settings": {"held_days": "3"}}, 422, "setting_invalid"),
        ({"settings": {"held_days": True}}, 422, "setting_invalid"),
        ({"settings": {"variance_limit": 5}}, 422, "setting_invalid"),
        ({"settings": {"variance_limit": "-5"}}, 422, "setting_invalid"),
        ({"settings": {"negative_stock": ["allow"]}}, 422, "setting_invalid"),
        ({"settings": []}, 422, "validation_failed"),
        ({"name": ""}, 422, "validation_failed"),
        ({"name": "x" * 121}, 422, "text_too_long"),
        ({"name": "a\x1bb"}, 422, "text_invalid"),
        ({"currency": "usd"}, 422, "validation_failed"),
        ({"country": "USA"}, 422, "text_too_long"),
        ({"default_timezone": "Chicago"}, 422, "validation_failed"),
        ({"is_demo": True}, 422, "unknown_field"),
        ({"catalog_version": 9}, 422, "unknown_field"),
    ],
)
def test_bad_input_of_the_company(client: ApiClient, body: dict[str, Any], status: int, code: str) -> None:
    answer = client.patch(COMPANY, body, 1)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert client.get(COMPANY).get_json()["version"] == 1


def test_no_setting_takes_nonsense() -> None:
    """Whatever is sent: it is a listed problem, or something that the database can hold."""
    nonsense = [{"a": 1}, [[]], "\x00", -1, 10**30, "x" * 5000, 1.5]
    no_numbers = ["NaN", "Infinity", "1e9", "1.234", ""]
    for name in CATALOGUE:
        takes_text = name in ("account_number_prefix", "return_policy")
        for value in nonsense + ([] if takes_text else no_numbers):
            with pytest.raises(Problem, match="setting_invalid"):
                checked({name: value})


def test_every_default_is_valid() -> None:
    assert checked(DEFAULTS) == dict(DEFAULTS)


def test_occ_01_company_needs_its_version(client: ApiClient) -> None:
    assert client.call("PATCH", COMPANY, {"name": "B"}).status_code == 428
    assert client.patch(COMPANY, {"name": "B"}, 7).status_code == 412
    assert client.patch(COMPANY, {"name": "B"}, 1).get_json()["name"] == "B"


def test_org_03_currency_changes_only_before_the_first_financial_row(
    client: ApiClient, ctx: CompanyContext, company: CompanyWorld
) -> None:
    assert client.patch(COMPANY, {"currency": "JPY"}, 1).get_json()["currency"] == "JPY"
    assert client.get("/auth/me").get_json()["company"]["unit"] == "1.00"
    open_drawer(ctx, company)
    refused = client.patch(COMPANY, {"currency": "USD"}, 2)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "conflict")
    assert client.patch(COMPANY, {"currency": "JPY", "name": "Same"}, 2).status_code == 200


def test_usr_02_settings_need_the_right(as_user: Callable[..., ApiClient]) -> None:
    for role in ("manager", "staff", "viewer"):
        person = as_user(role)
        assert person.get(COMPANY).status_code == 200
        assert person.patch(COMPANY, {"name": "X"}, 1).status_code == 403
        assert person.post("/locations", PLACE).status_code == 403
        assert person.post("/terminals", {}).status_code in (403, 422)
        reason = {"kind": "void", "code": "mine", "label": "Mine"}
        assert person.post("/reason-codes", reason).status_code == 403


# --- locations ------------------------------------------------------------------------------------------------


def place(client: ApiClient, **more: Any) -> dict[str, Any]:
    answer = client.post("/locations", PLACE | more)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def test_location_is_created_read_listed_and_archived(client: ApiClient, audited: Callable[..., Any]) -> None:
    made = place(client, day_cutoff="04:00", city="Springfield", cash_rounding_increment="0.05")
    assert made["timezone"] == "America/Chicago"
    assert made["day_cutoff"] == "04:00"
    assert made["cash_rounding_increment"] == "0.05"
    assert made["tax_rounding"] == "document"
    path = f"/locations/{made['id']}"
    assert client.get(path).get_json() == made
    assert [row["code"] for row in client.get("/locations?sort=code").get_json()["items"]] == ["EAST", "MAIN"]
    assert client.get("/locations?q=east&total=1").get_json()["total"] == 1
    assert client.delete(path, 1).status_code == 204
    assert client.get(path).get_json()["archived_at"]
    assert [row["code"] for row in client.get("/locations?filter[is_active]=1").get_json()["items"]] == [
        "MAIN"
    ]
    assert audited("location.created")[0].new["day_cutoff"] == "04:00"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"code": "NINELETTE"}, 422, "text_too_long"),
        ({"code": "A B"}, 422, "validation_failed"),
        ({"code": "MAIN"}, 409, "conflict"),
        ({"timezone": "Nowhere"}, 422, "validation_failed"),
        ({"timezone": "../etc/passwd"}, 422, "validation_failed"),
        ({"price_mode": "both"}, 422, "validation_failed"),
        ({"cash_rounding_increment": "0.02"}, 422, "validation_failed"),
        ({"cash_rounding_increment": 0.05}, 422, "money_must_be_string"),
        ({"day_cutoff": "25:00"}, 422, "validation_failed"),
        ({"day_cutoff": 4}, 422, "validation_failed"),
        ({"price_mode": "inclusive", "trade_in_reduces_tax": True}, 422, "validation_failed"),
        ({"receipt_footer": "x" * 1001}, 422, "text_too_long"),
        ({"is_active": True}, 422, "unknown_field"),
        ({"is_mobile": "yes"}, 422, "validation_failed"),
    ],
)
def test_bad_input_of_locations(client: ApiClient, change: dict[str, Any], status: int, code: str) -> None:
    answer = client.post("/locations", PLACE | change)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_org_02_change_of_a_location_touches_no_stored_row(
    client: ApiClient, ctx: CompanyContext, company: CompanyWorld
) -> None:
    open_drawer(ctx, company)
    sql = "SELECT * FROM drawer_session"
    before = ctx.uow.query(sql)
    change = {
        "timezone": "Asia/Tokyo",
        "day_cutoff": "05:00",
        "price_mode": "inclusive",
        "tax_rounding": "line",
    }
    assert client.patch(f"/locations/{company.location_id}", change, 1).status_code == 200
    assert ctx.uow.query(sql) == before
    me = client.get("/auth/me").get_json()
    assert (me["location"]["timezone"], me["location"]["price_mode"]) == ("Asia/Tokyo", "inclusive")


def test_location_with_terminals_is_not_archived(client: ApiClient, company: CompanyWorld) -> None:
    assert client.delete(f"/locations/{company.location_id}", 1).status_code == 409


def test_occ_01_location_needs_its_version(client: ApiClient, company: CompanyWorld) -> None:
    path = f"/locations/{company.location_id}"
    assert client.call("PATCH", path, {"name": "B"}).status_code == 428
    assert client.patch(path, {"name": "B"}, 1).get_json()["version"] == 2
    assert client.patch(path, {"name": "C"}, 1).status_code == 412


# --- terminals ------------------------------------------------------------------------------------------------


def till(client: ApiClient, company: CompanyWorld, **more: Any) -> Any:
    body = {"location_id": str(company.location_id), "code": "T2", "name": "Till 2"} | more
    return client.post("/terminals", body)


def test_org_01_terminal_belongs_to_one_location(client: ApiClient, company: CompanyWorld) -> None:
    made = till(client, company, kind="tablet", drawer_id=str(company.drawer_id)).get_json()
    assert made["location_id"] == str(company.location_id)
    assert not made["is_paired"]
    assert "device_key_hash" not in made
    path = f"/terminals/{made['id']}"
    moved = client.patch(path, {"location_id": str(company.location_id)}, 1)
    assert moved.get_json()["code"] == "unknown_field"
    me = ApiClient(client._client.application, client._headers["Authorization"][7:], made["id"])
    assert me.get("/auth/me").get_json()["location"]["id"] == str(company.location_id)
    listed = client.get(f"/terminals?filter[location_id]={company.location_id}&sort=code").get_json()["items"]
    assert [row["code"] for row in listed] == ["T1", "T2"]
    assert client.patch(path, {"name": "Window", "drawer_id": None}, 1).get_json()["drawer_id"] is None
    assert client.delete(path, 2).status_code == 204
    assert not client.get(path).get_json()["is_active"]


def test_bad_input_of_terminals(
    client: ApiClient, company: CompanyWorld, other_company: CompanyWorld, ctx: CompanyContext
) -> None:
    def refused(**change: Any) -> tuple[int, str]:
        answer = till(client, company, **change)
        return answer.status_code, answer.get_json()["code"]

    far = place(client)
    elsewhere = ctx.uow.add(Drawer, location_id=far["id"], name="Far drawer")
    ctx.uow.commit()
    assert refused(code="T1") == (409, "conflict")
    assert refused(code="") == (422, "validation_failed")
    assert refused(kind="fridge") == (422, "validation_failed")
    assert refused(next_sequence=1) == (422, "unknown_field")
    assert refused(location_id=str(uuid7())) == (404, "not_found")
    assert refused(location_id=str(other_company.location_id)) == (404, "not_found")
    assert refused(drawer_id=str(other_company.drawer_id)) == (404, "not_found")
    assert refused(drawer_id=str(elsewhere)) == (422, "validation_failed")


def test_terminal_with_an_open_drawer_keeps_it(
    client: ApiClient, ctx: CompanyContext, company: CompanyWorld
) -> None:
    open_drawer(ctx, company)
    path = f"/terminals/{company.terminal_id}"
    assert client.delete(path, 1).status_code == 409
    assert client.patch(path, {"drawer_id": None}, 1).status_code == 409
    assert client.patch(path, {"name": "Front"}, 1).status_code == 200


def test_usr_07_pairing_shows_the_key_once(
    client: ApiClient, ctx: CompanyContext, company: CompanyWorld, audited: Callable[..., Any]
) -> None:
    paired = client.post(f"/terminals/{company.terminal_id}/pair")
    assert paired.status_code == 201
    key = paired.get_json()["device_key"]
    assert key.startswith("ld_")
    stored = ctx.uow.query("SELECT device_key_hash FROM terminal")[0].device_key_hash
    assert key.encode() not in bytes(stored)
    assert client.get(f"/terminals/{company.terminal_id}").get_json()["is_paired"]
    assert key not in str(audited("terminal.paired"))
    assert client.post(f"/terminals/{company.terminal_id}/unpair").status_code == 204
    assert not client.get(f"/terminals/{company.terminal_id}").get_json()["is_paired"]


def test_usr_07_archived_terminal_loses_its_key(client: ApiClient, company: CompanyWorld) -> None:
    made = till(client, company).get_json()
    client.post(f"/terminals/{made['id']}/pair")
    version = client.get(f"/terminals/{made['id']}").get_json()["version"]
    assert client.delete(f"/terminals/{made['id']}", version).status_code == 204
    assert not client.get(f"/terminals/{made['id']}").get_json()["is_paired"]
    assert client.post(f"/terminals/{made['id']}/pair").status_code == 409


# --- reason codes ---------------------------------------------------------------------------------------------


def test_gen_05_reasons_are_rows(client: ApiClient, as_user: Callable[..., ApiClient]) -> None:
    body = {"kind": "void", "code": "too_slow", "label": "Too slow", "requires_note": True}
    made = client.post("/reason-codes", body)
    assert made.status_code == 201
    reason = made.get_json()
    assert reason["requires_note"]
    assert client.post("/reason-codes", body).status_code == 409
    path = f"/reason-codes/{reason['id']}"
    changed = client.patch(path, {"label": "Slow", "is_active": False}, 1).get_json()
    assert (changed["label"], changed["is_active"], changed["code"]) == ("Slow", False, "too_slow")
    assert client.patch(path, {"code": "other"}, 2).get_json()["code"] == "unknown_field"
    assert client.patch(path, {"label": "X"}, 1).status_code == 412
    listed = (
        as_user("staff")
        .get("/reason-codes?filter[kind]=void&filter[is_active]=1&limit=200")
        .get_json()["items"]
    )
    assert {row["kind"] for row in listed} == {"void"}
    assert "too_slow" not in {row["code"] for row in listed}


def test_bad_input_of_reasons(client: ApiClient, other_company: CompanyWorld) -> None:
    base = {"kind": "void", "code": "mine", "label": "Mine"}
    for change in (
        {"kind": "nonsense"},
        {"code": "Not A Code"},
        {"label": ""},
        {"requires_note": "no"},
        {"x": 1},
    ):
        assert client.post("/reason-codes", base | change).status_code == 422, change
    assert client.get(f"/reason-codes/{uuid7()}").status_code == 404


def test_usr_02_rows_of_the_other_company_are_not_found(
    client: ApiClient, other_company: CompanyWorld
) -> None:
    for path in (f"/locations/{other_company.location_id}", f"/terminals/{other_company.terminal_id}"):
        assert client.get(path).status_code == 404
        assert client.patch(path, {"name": "X"}, 1).status_code == 404
        assert client.delete(path, 1).status_code == 404
    for act in ("pair", "unpair"):
        assert client.post(f"/terminals/{other_company.terminal_id}/{act}").status_code == 404
