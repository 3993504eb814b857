"""Use cases: barcodes of a variant (INV-04)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lunarfront.domains.catalog.models import ProductBarcode, ProductVariant
from lunarfront.domains.catalog.queries.references import taken_codes
from lunarfront.domains.catalog.service.checks import check_barcode
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import apply, load, load_for_edit
from lunarfront.kernel.faults import Faults


def create_barcode(ctx: CompanyContext, values: Mapping[str, Any]) -> ProductBarcode:
    """Give a variant a further code and return it.

    Raises:
        Problem: ``not_found``, ``barcode_check_digit`` or ``conflict``.
    """
    load(ctx, ProductVariant, values["variant_id"])
    row = ProductBarcode(**_checked(ctx, values, None))
    ctx.uow.session.add(row)
    ctx.uow.session.flush()
    return row


def change_barcode(
    ctx: CompanyContext, barcode_id: UUID, values: Mapping[str, Any], expected_version: int
) -> ProductBarcode:
    """Change a code or what it means and return it.

    Raises:
        Problem: ``not_found``, ``version_conflict``, ``barcode_check_digit`` or ``conflict``.
    """
    row = load_for_edit(ctx, ProductBarcode, barcode_id, expected_version)
    if "code" in values:
        values = _checked(ctx, values, barcode_id)
    elif "kind" in values:
        values = _checked(ctx, {"code": row.code} | dict(values), barcode_id)
    apply(ctx, row, values)
    return row


def _checked(ctx: CompanyContext, values: Mapping[str, Any], besides: UUID | None) -> dict[str, Any]:
    faults, checked = Faults(), dict(values)
    check_barcode(checked, faults)
    if taken_codes(ctx, [checked["code"]], besides):
        faults.add("code", "conflict", "This code is in use already.")
    faults.raise_any()
    return checked


def delete_barcode(ctx: CompanyContext, barcode_id: UUID, expected_version: int) -> None:
    """Take a code away; the goods that carry it are not found by it any more.

    Raises:
        Problem: ``not_found`` or ``version_conflict``.
    """
    row = load_for_edit(ctx, ProductBarcode, barcode_id, expected_version)
    ctx.uow.session.delete(row)
    audit.record(
        ctx,
        "catalog.barcode.removed",
        "product_variant",
        row.variant_id,
        old={"code": row.code, "kind": row.kind},
    )
