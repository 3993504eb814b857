"""Barcodes over the API (INV-02, INV-04)."""

from collections.abc import Callable
from typing import Any

import pytest

from lunarfront.sdk.testing.client import ApiClient
from lunarfront.sdk.testing.world import CompanyWorld

Make = Callable[..., dict[str, Any]]
UPC = "036000291452"


@pytest.fixture
def variant(make: Make) -> str:
    """A variant without codes."""
    return make()["variants"][0]["id"]


@pytest.fixture
def barcode(client: ApiClient, variant: str) -> dict[str, Any]:
    """Its code."""
    made = client.post("/barcodes", {"variant_id": variant, "code": UPC})
    assert made.status_code == 201, made.json
    return made.json


def test_inv_04_barcode_is_added_changed_and_taken_away(
    client: ApiClient, variant: str, barcode: dict[str, Any]
) -> None:
    assert (barcode["kind"], barcode["pack_qty"]) == ("upc_a", "1")
    path = f"/barcodes/{barcode['id']}"
    assert client.get(f"/barcodes?filter[variant_id]={variant}").json["items"] == [barcode]
    changed = client.patch(path, {"pack_qty": "6"}, 1)
    assert (changed.json["pack_qty"], changed.json["version"]) == ("6", 2)
    assert client.get(f"/lookup?code={UPC}").json["items"][0]["pack_qty"] == "6"
    assert client.patch(path, {"pack_qty": "7"}, 1).status_code == 412
    assert client.delete(path, 2).status_code == 204
    assert client.get(path).status_code == 404
    assert client.get(f"/lookup?code={UPC}").status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "036000291453"}, "barcode_check_digit"),
        ({"code": "4006381333932"}, "barcode_check_digit"),
        ({"code": "12345", "kind": "ean_8"}, "validation_failed"),
        ({"code": ""}, "validation_failed"),
        ({"code": "x" * 81}, "text_too_long"),
        ({"code": "A", "kind": "qr"}, "validation_failed"),
        ({"code": "A", "pack_qty": "-1"}, "quantity_invalid"),
        ({"code": "A", "colour": "red"}, "unknown_field"),
    ],
)
def test_inv_04_bad_barcode_is_refused(
    client: ApiClient, variant: str, change: dict[str, Any], code: str
) -> None:
    answer = client.post("/barcodes", {"variant_id": variant} | change)
    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_inv_04_changed_code_is_checked_too(client: ApiClient, variant: str, barcode: dict[str, Any]) -> None:
    path = f"/barcodes/{barcode['id']}"
    assert client.patch(path, {"code": "036000291453"}, 1).json["code"] == "barcode_check_digit"
    assert client.patch(path, {"kind": "ean_13"}, 1).json["code"] == "validation_failed"
    assert client.patch(path, {"code": "0" + UPC}, 1).json["kind"] == "ean_13"


def test_inv_04_a_code_is_given_once(client: ApiClient, make: Make, barcode: dict[str, Any]) -> None:
    other = make("Other")["variants"][0]["id"]
    for code in (UPC, "0" + UPC):
        assert client.post("/barcodes", {"variant_id": other, "code": code}).json["code"] == "conflict"


def test_barcodes_need_the_right(
    as_user: Callable[..., ApiClient], barcode: dict[str, Any], variant: str
) -> None:
    staff = as_user("staff")
    assert staff.get(f"/barcodes/{barcode['id']}").status_code == 200
    assert staff.post("/barcodes", {"variant_id": variant, "code": "A"}).status_code == 403
    assert staff.delete(f"/barcodes/{barcode['id']}", 1).status_code == 403


def test_usr_02_another_companys_barcode_is_not_found(
    as_user: Callable[..., ApiClient], barcode: dict[str, Any], variant: str, other_company: CompanyWorld
) -> None:
    stranger = as_user("admin", of=other_company)
    assert stranger.get(f"/barcodes/{barcode['id']}").status_code == 404
    assert stranger.delete(f"/barcodes/{barcode['id']}", 1).status_code == 404
    assert stranger.post("/barcodes", {"variant_id": variant, "code": "A"}).status_code == 404
    assert stranger.get("/barcodes").json["items"] == []
