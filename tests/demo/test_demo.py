"""`lunarfront demo` from the outside: one line, a shop that works, a clean end (runtime.md §2, architecture.md §11)."""

import json
from uuid import uuid4

import pytest

from lunarfront.kernel.permissions import SYSTEM_ROLES

from .conftest import Demo, command

pytestmark = pytest.mark.slow


def test_the_line_tells_all_that_a_client_needs(demo: Demo) -> None:
    line = demo.line
    assert line["ready"] is True
    assert [user["roles"] for user in line["users"]] == [[role] for role in SYSTEM_ROLES]
    assert all(user["email"] and user["password"] and user["pin"] for user in line["users"])
    me = demo.call("GET", "/auth/me")
    assert me["company"]["id"] == line["company_id"]
    assert me["company"]["is_demo"] is True
    assert me["rights"]["company.create"] == "allow"
    assert me["location"]["id"] == line["location_id"]
    assert (demo.home / "secrets" / "demo_api_token").stat().st_mode & 0o777 == 0o600


def test_everybody_signs_in_with_the_password_that_is_printed(demo: Demo) -> None:
    for role in SYSTEM_ROLES:
        me = demo.call("GET", "/auth/me", token=demo.sign_in(role))
        assert me["company"]["id"] == demo.line["company_id"]


def test_the_shop_is_full_of_goods_customers_and_orders(demo: Demo) -> None:
    def total(path: str) -> int:
        found: int = demo.call("GET", f"{path}?limit=1&total=1")["total"]
        return found

    assert total("/products") == 124
    assert total("/variants") == 176
    assert total("/accounts") == 22
    assert total("/locations") == 2
    assert demo.call("GET", "/transactions?limit=50&filter[kind]=refund")["items"]
    school = demo.call("GET", "/accounts?filter[kind]=school&limit=50")["items"]
    assert sorted(account["tax_exempt"] for account in school) == [False, False, True]
    drawers = {row["id"]: row for row in demo.call("GET", "/drawer-sessions?limit=50")["items"]}
    assert {row["status"] for row in drawers.values()} == {"closed"}
    assert {row["over_short"] for row in drawers.values()} == {"0.00"}
    assert demo.line["drawer_id"] not in {row["drawer_id"] for row in drawers.values()}


def test_the_first_day_of_a_cashier(demo: Demo) -> None:
    cashier = demo.sign_in("staff", terminal_id=demo.line["terminal_id"])
    shift = demo.call("POST", "/drawer-sessions", {"opening_float": "200.00"}, cashier)
    (item,) = demo.call("GET", "/lookup?code=bw-a12", token=cashier)["items"]

    sale = demo.call(
        "POST",
        "/transactions",
        {
            "client_uuid": str(uuid4()),
            "lines": [{"variant_id": item["variant_id"], "qty": "2"}],
            "tenders": [{"type": "cash", "tendered": "20.00"}],
            "complete": True,
        },
        cashier,
    )

    assert (sale["net_total"], sale["tax_total"], sale["total"]) == ("17.98", "1.48", "19.46")
    assert sale["change_given"] == "0.54"
    assert sale["number"].startswith("MAIN-T1-")
    line = sale["lines"][0]["id"]
    back = {
        "client_uuid": str(uuid4()),
        "lines": [{"line_id": line, "qty": "1", "reason_code": "wrong_item"}],
    }
    refund = demo.call("POST", f"/transactions/{sale['id']}/refunds", back, cashier)
    assert refund["total"] == "-9.73"
    path = f"/drawer-sessions/{shift['id']}"
    demo.call("POST", f"{path}/count", {"counted_total": "209.73"}, cashier)
    closed = demo.call("POST", f"{path}/close", {}, cashier)
    assert (closed["status"], closed["over_short"]) == ("closed", "0.00")


def test_sec_15_audit_stock_and_books_agree(demo: Demo) -> None:
    done = command("check", "--json", home=demo.home)
    answer = json.loads(done.stdout)
    assert [row for row in answer["checks"] if not row["ok"]] == []
    assert done.returncode == 0


@pytest.mark.parametrize("words", ["db upgrade", "up --port 0", "setup"])
def test_every_other_start_refuses_a_demo_database(demo: Demo, words: str) -> None:
    more = (
        "--company-name A --currency USD --country US --timezone UTC --location M --full-name B --email b@a.example"
        f" --password-file {demo.home / 'secrets' / 'secret_key'}"
    )
    done = command(*words.split(), *(more.split() if words == "setup" else ()), home=demo.home)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "lunarfront demo" in done.stderr or "runs already" in done.stderr
    assert "Traceback" not in done.stderr


def test_one_demo_at_a_time(demo: Demo) -> None:
    done = command("demo", "--port", "0", "--json", home=demo.home)
    assert done.returncode == 1
    assert "runs already" in json.loads(done.stdout)["error"]


def test_a_stop_leaves_nothing_and_a_warm_start_is_the_same_shop(demo: Demo) -> None:
    before = demo.line
    sales = demo.call("GET", "/transactions?limit=200")["items"]

    after = demo.restart()

    assert {**after, "url": ""} == {**before, "url": ""}
    assert demo.call("GET", "/transactions?limit=200")["items"] == sales
