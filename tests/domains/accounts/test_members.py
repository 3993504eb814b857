"""Members: who is primary, who is a minor, who moves (ACT-06, ACT-09, ACT-10, SEC-62)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lunarfront.kernel.context import CompanyContext
from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

Maker = Callable[..., dict[str, Any]]


def members(client: ApiClient, of: dict[str, Any]) -> dict[str, bool]:
    items = client.get(f"/accounts/{of['id']}/members").json["items"]
    return {item["first_name"]: item["is_primary"] for item in items}


def path(member: dict[str, Any]) -> str:
    return f"/accounts/{member['account_id']}/members/{member['id']}"


def test_act_09_the_first_member_is_primary_by_itself(
    client: ApiClient, account: Maker, member: Maker
) -> None:
    family = account("Lopez", kind="family")
    first, second = member(family, "Maria", relation="spouse"), member(family, "Diego", relation="child")
    assert (first["member_number"], second["member_number"]) == ("M-00001", "M-00002")
    assert (first["relation"], second["relation"]) == ("primary", "child")
    assert members(client, family) == {"Maria": True, "Diego": False}
    assert client.get(path(second)).json == second


def test_act_09_another_may_become_primary(client: ApiClient, account: Maker, member: Maker) -> None:
    family = account()
    member(family, "Maria")
    member(family, "Ana", relation="primary")
    assert members(client, family) == {"Maria": False, "Ana": True}
    diego = member(family, "Diego")
    changed = client.patch(path(diego), {"is_primary": True}, 1)
    assert (changed.status_code, changed.json["relation"]) == (200, "primary")
    assert members(client, family) == {"Maria": False, "Ana": False, "Diego": True}


@pytest.mark.parametrize("body", [{"is_primary": False}, {"relation": "spouse"}])
def test_act_09_who_steps_down_names_another(
    client: ApiClient, account: Maker, member: Maker, body: dict[str, Any]
) -> None:
    family = account()
    first, second = member(family, "Maria"), member(family, "Diego")
    answer = client.patch(path(first), body, 1)
    assert (answer.status_code, answer.json["code"]) == (409, "primary_required")
    answer = client.patch(path(first), body | {"new_primary_id": second["id"]}, 1)
    assert answer.status_code == 200
    assert members(client, family) == {"Maria": False, "Diego": True}


def test_act_09_removing_the_primary_names_another(client: ApiClient, account: Maker, member: Maker) -> None:
    family = account()
    first, second = member(family, "Maria"), member(family, "Diego")
    answer = client.delete(path(first), 1)
    assert (answer.status_code, answer.json["code"]) == (409, "primary_required")
    stranger = member(account("Else"), "Else")
    answer = client.delete(f"{path(first)}?new_primary_id={stranger['id']}", 1)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "new_primary_id")
    answer = client.delete(f"{path(first)}?new_primary_id={second['id']}", 1)
    assert (answer.status_code, answer.json["is_active"]) == (200, False)
    assert members(client, family) == {"Diego": True}
    assert client.delete(path(second), client.get(path(second)).json["version"]).status_code == 200
    assert members(client, family) == {}


def test_act_06_a_moved_member_leaves_its_history(client: ApiClient, account: Maker, member: Maker) -> None:
    old, new = account("Old"), account("New")
    member(old, "Maria")
    diego = member(old, "Diego", relation="student")
    answer = client.patch(path(diego), {"account_id": new["id"]}, 1)
    assert (answer.status_code, answer.json["account_id"]) == (200, new["id"])
    assert (members(client, old), members(client, new)) == ({"Maria": True}, {"Diego": True})
    assert client.get(path(diego)).status_code == 404
    back = client.get(path(answer.json)).json
    member(new, "Ana")
    refused = client.patch(path(back), {"account_id": old["id"]}, back["version"])
    assert refused.json["code"] == "primary_required"


def test_act_06_the_last_member_may_leave(client: ApiClient, account: Maker, member: Maker) -> None:
    old, new = account("Old"), account("New")
    member(new, "Ana")
    maria = member(old, "Maria")
    assert client.patch(path(maria), {"account_id": new["id"]}, 1).status_code == 200
    assert (members(client, old), members(client, new)) == ({}, {"Ana": True, "Maria": False})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["primary", "down", "remove", "move"])), max_size=8)
)
def test_act_09_exactly_one_is_primary_whatever_happens(
    client: ApiClient, account: Maker, member: Maker, steps: list[tuple[int, str]]
) -> None:
    family, other = account("Family"), account("Other")
    people = [member(family, name) for name in ("A", "B", "C", "D")]
    for index, step in steps:
        act(client, people[index]["id"], step, [p["id"] for p in people], family["id"], other["id"])
        for of in (family, other):
            states = members(client, of).values()
            assert sum(states) == (1 if states else 0)


def act(client: ApiClient, who: str, step: str, everybody: list[str], family: str, other: str) -> None:
    for home in (family, other):
        found = client.get(f"/accounts/{home}/members/{who}")
        if found.status_code == 200 and found.json["is_active"]:
            break
    else:
        return
    here, version = f"/accounts/{home}/members/{who}", found.json["version"]
    successor = next((each for each in everybody if each != who), None)
    bodies = {
        "primary": {"is_primary": True},
        "down": {"is_primary": False, "new_primary_id": successor},
        "move": {"account_id": other if home == family else family},
    }
    if step == "remove":
        client.delete(here, version)
    else:
        client.patch(here, bodies[step], version)


def test_act_10_a_minor_is_one_by_the_business_date(
    client: ApiClient, account: Maker, member: Maker, clock: Any
) -> None:
    clock.now = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # still the 23rd in Chicago
    child = member(account(), "Diego", birth_date="2008-11-24")
    assert child["is_minor"] is True
    clock.forward(hours=3)
    assert client.get(path(child)).json["is_minor"] is False
    changed = client.patch(path(child), {"is_minor_override": True}, 1)
    assert changed.json["is_minor"] is True


def test_act_10_nobody_is_born_tomorrow(client: ApiClient, account: Maker) -> None:
    answer = client.post(
        f"/accounts/{account()['id']}/members", {"first_name": "x", "birth_date": "2999-01-01"}
    )
    assert (answer.status_code, answer.json["code"]) == (422, "future_date")


def test_sec_62_a_minors_birth_date_is_shown_to_few(
    client: ApiClient, as_user: Callable[..., ApiClient], account: Maker, member: Maker
) -> None:
    child = member(account(), "Diego", birth_date="2020-05-05")
    adult = member(account("Else"), "Maria", birth_date="1980-05-05")
    staff = as_user("staff")
    assert (staff.get(path(child)).json["birth_date"], staff.get(path(child)).json["is_minor"]) == (
        None,
        True,
    )
    assert staff.get(path(adult)).json["birth_date"] == "1980-05-05"
    assert as_user("manager").get(path(child)).json["birth_date"] == "2020-05-05"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "first_name", "validation_failed"),
        ({"first_name": "x", "hat": 1}, "hat", "unknown_field"),
        ({"first_name": "x\x07"}, "first_name", "text_invalid"),
        ({"first_name": "x" * 121}, "first_name", "text_too_long"),
        ({"first_name": "x", "birth_date": "yesterday"}, "birth_date", "validation_failed"),
        ({"first_name": "x", "phone": "1"}, "phone", "validation_failed"),
        ({"first_name": "x", "relation": "cousin"}, "relation", "validation_failed"),
    ],
)
def test_act_09_bad_members_are_refused(
    client: ApiClient, account: Maker, body: dict[str, Any], field: str, code: str
) -> None:
    answer = client.post(f"/accounts/{account()['id']}/members", body)
    found = {error["field"]: error["code"] for error in answer.json["errors"]}
    assert (answer.status_code, found.get(field)) == (422, code)


def test_usr_02_members_of_another_company_do_not_exist(
    as_user: Callable[..., ApiClient], other_company: CompanyWorld, account: Maker, member: Maker
) -> None:
    ada = member(account(), "Ada")
    stranger = as_user("admin", of=other_company)
    assert stranger.get(path(ada)).status_code == 404
    assert stranger.patch(path(ada), {"first_name": "x"}, 1).status_code == 404
    assert stranger.delete(path(ada), 1).status_code == 404


def test_occ_01_member_versions(client: ApiClient, account: Maker, member: Maker) -> None:
    ada = member(account(), "Ada")
    assert client.patch(path(ada), {"first_name": "Grace"}, 1).json["version"] == 2
    assert client.patch(path(ada), {"first_name": "Ada"}, 1).status_code == 412
    assert client.delete(path(ada), 1).status_code == 412


def test_aud_07_a_members_change_is_kept(
    client: ApiClient, ctx: CompanyContext, account: Maker, member: Maker
) -> None:
    ada = member(account(), "Ada")
    client.patch(path(ada), {"first_name": "Grace"}, 1)
    rows = ctx.uow.query(
        "SELECT old, new FROM change_log WHERE row_id = %(id)s AND field = 'first_name'", ada
    )
    assert [(row.old, row.new) for row in rows] == [("Ada", "Grace")]
