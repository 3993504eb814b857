"""Routes of drawers and their sessions: rights, bad input, other companies, versions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient

As = Callable[..., ApiClient]


def test_drawer_is_set_up_and_taken_out_of_use(client: ApiClient, company: Any) -> None:
    body = {"location_id": str(company.location_id), "name": "Drawer 2", "default_float": "150.00"}
    made = client.post("/drawers", body)
    assert made.status_code == 201, made.json
    drawer = made.json
    assert (drawer["name"], drawer["default_float"], drawer["last_left"]) == ("Drawer 2", "150.00", "0.00")
    assert client.get(f"/drawers/{drawer['id']}").json == drawer
    twice = client.post("/drawers", body)
    assert (twice.status_code, twice.json["errors"][0]["field"]) == (409, "name")
    changed = client.patch(f"/drawers/{drawer['id']}", {"is_active": False, "name": "Old"}, drawer["version"])
    assert (changed.json["is_active"], changed.json["name"]) == (False, "Old")
    stale = client.patch(f"/drawers/{drawer['id']}", {"name": "New"}, drawer["version"])
    assert (stale.status_code, stale.json["code"]) == (412, "version_conflict")
    opened = client.post("/drawer-sessions", {"drawer_id": drawer["id"], "opening_float": "1.00"})
    assert (opened.status_code, opened.json["code"]) == (409, "conflict")
    names = [row["name"] for row in client.get("/drawers?filter[is_active]=true").json["items"]]
    assert names == ["Drawer 1"]
    assert [row["name"] for row in client.get("/drawers?q=ol").json["items"]] == ["Old"]


def test_open_drawer_stays_in_use(client: ApiClient, opened: str, company: Any) -> None:
    drawer = client.get(f"/drawers/{company.drawer_id}").json
    refused = client.patch(f"/drawers/{company.drawer_id}", {"is_active": False}, drawer["version"])
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")


def test_usr_02_rights_of_drawers(as_user: As, company: Any, opened: str) -> None:
    body = {"location_id": str(company.location_id), "name": "Drawer 9"}
    assert as_user("manager").post("/drawers", body).status_code == 403
    assert as_user("viewer").get("/drawers").status_code == 200
    viewer = as_user("viewer")
    assert viewer.get(opened).status_code == 200
    for path, sent in (("count", {"counted_total": "1.00"}), ("close", {}), ("resume", {})):
        assert viewer.post(f"{opened}/{path}", sent).status_code == 403
    assert viewer.get(f"{opened}/x").status_code == 403
    assert viewer.post("/drawer-sessions", {"opening_float": "1.00"}).status_code == 403
    assert as_user("technician").get(opened).status_code == 403


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"opening_float": "1.00", "business_date": "2026-01-01"}, "unknown_field", "business_date"),
        ({"opening_float": 1.0}, "money_must_be_string", "opening_float"),
        ({"opening_float": "1e2"}, "money_invalid", "opening_float"),
        ({"opening_float": "1.001"}, "money_precision", "opening_float"),
        ({"opening_float": "-1.00"}, "money_out_of_range", "opening_float"),
        ({"denominations": ["20.00"]}, "validation_failed", "denominations"),
        ({"opening_float": "1.00", "variance_note": "a\x00b"}, "text_invalid", "variance_note"),
        ({"opening_float": "1.00", "variance_note": "x" * 501}, "text_too_long", "variance_note"),
        ({"opening_float": "1.00", "drawer_id": 7}, "validation_failed", "drawer_id"),
    ],
)
def test_bad_input_opens_nothing(
    client: ApiClient, goods: dict[str, UUID], body: dict[str, Any], code: str, field: str
) -> None:
    refused = client.post("/drawer-sessions", body)
    assert (refused.status_code, refused.json["code"]) == (422, code), refused.json
    assert refused.json["errors"][0]["field"] == field
    assert client.get("/drawer-sessions/current").status_code == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "sale", "amount": "5.00"}, "validation_failed"),
        ({"kind": "close_drop", "amount": "5.00"}, "validation_failed"),
        ({"kind": "drop", "reason_code": "safe"}, "validation_failed"),
        ({"kind": "drop", "amount": "0.00", "reason_code": "safe"}, "validation_failed"),
        ({"kind": "drop", "amount": "-5.00", "reason_code": "safe"}, "money_out_of_range"),
        ({"kind": "drop", "amount": "5.00", "reason_code": "miscount"}, "reason_required"),
        ({"amount": "5.00"}, "validation_failed"),
        ({"kind": "drop", "amount": "5.00", "tender_id": str(uuid4())}, "unknown_field"),
    ],
)
def test_bad_movements_move_nothing(client: ApiClient, opened: str, body: dict[str, Any], code: str) -> None:
    refused = client.post(f"{opened}/movements", body)
    assert (refused.status_code, refused.json["code"]) == (422, code), refused.json
    assert client.get(opened).json["expected_total"] == "200.00"


def test_gen_02_other_companies_drawers_are_not_there(
    as_user: As, client: ApiClient, opened: str, other_company: Any
) -> None:
    stranger = as_user("admin", of=other_company)
    assert stranger.get(opened).status_code == 404
    assert stranger.get(f"{opened}/x").status_code == 404
    assert stranger.get(f"{opened}/z").status_code == 404
    assert stranger.post(f"{opened}/count", {"counted_total": "1.00"}).status_code == 404
    assert stranger.post(f"{opened}/close", {}).status_code == 404
    assert stranger.post(f"{opened}/force-close", {"counted": False, "note": "x"}).status_code == 404
    drop = {"kind": "drop", "amount": "5.00", "reason_code": "safe"}
    assert stranger.post(f"{opened}/movements", drop).status_code == 404
    theirs = {"drawer_id": str(other_company.drawer_id), "opening_float": "1.00"}
    assert client.post("/drawer-sessions", theirs).status_code == 404
    made = {"location_id": str(other_company.location_id), "name": "Ours"}
    assert client.post("/drawers", made).status_code == 404
    day = f"/reports/drawer-day?date=2026-01-01&location_id={other_company.location_id}"
    assert client.get(day).status_code == 404
    assert stranger.get("/drawer-sessions").json["items"] == []


def test_idm_01_a_repeated_open_is_one_session(client: ApiClient, goods: dict[str, UUID]) -> None:
    body = {"opening_float": "200.00"}
    first = client.post("/drawer-sessions", body, Idempotency_Key="open-key-0001")
    again = client.post("/drawer-sessions", body, Idempotency_Key="open-key-0001")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == first.json


def test_org_01_a_till_is_needed(as_user: As, goods: dict[str, UUID]) -> None:
    desk = as_user("admin", terminal=False)
    assert desk.get("/drawer-sessions/current").json["code"] == "validation_failed"
    assert desk.post("/drawer-sessions", {"opening_float": "1.00"}).json["code"] == "validation_failed"


def test_list_is_filtered_and_paged(
    client: ApiClient, opened: str, close: Callable[..., Any], ctx: CompanyContext
) -> None:
    close(opened, "200.00", "200.00")
    second = client.post("/drawer-sessions", {"opening_float": "200.00"}).json
    listed = client.get("/drawer-sessions").json["items"]
    assert [row["status"] for row in listed] == ["open", "closed"]
    assert [row["id"] for row in client.get("/drawer-sessions?filter[status]=open").json["items"]] == [
        second["id"]
    ]
    page = client.get("/drawer-sessions?limit=1&total=1").json
    assert (page["total"], len(page["items"])) == (2, 1)
    following = client.get(f"/drawer-sessions?limit=1&cursor={page['next_cursor']}").json
    assert following["items"][0]["status"] == "closed"
    assert client.get("/drawer-sessions?sort=secret").status_code == 422


def test_usr_04_people_of_other_locations_stay_out(
    as_user: As, opened: str, ctx: CompanyContext, company: Any
) -> None:
    ctx.uow.execute(
        "INSERT INTO location (company_id, id, code, name, timezone, price_mode) "
        "SELECT company_id, gen_random_uuid(), 'TWO', 'Two', timezone, price_mode FROM location"
    )
    ctx.uow.execute(
        "INSERT INTO user_location (company_id, id, user_id, location_id) SELECT l.company_id, gen_random_uuid(), "
        "%(user)s, l.id FROM location l WHERE l.code = 'TWO'",
        {"user": company.people["manager"].id},
    )
    ctx.uow.commit()
    elsewhere = as_user("manager", terminal=False)
    assert elsewhere.get(opened).status_code == 403
    assert elsewhere.post(f"{opened}/force-close", {"counted": False, "note": "x"}).status_code == 403
    assert elsewhere.get("/drawer-sessions").json["items"] == []
    today = ctx.business_date().isoformat()
    assert elsewhere.get(f"/reports/drawer-history?from={today}&to={today}").json["items"] == []
    day = f"/reports/drawer-day?date={today}&location_id={company.location_id}"
    assert elsewhere.get(day).status_code == 403
