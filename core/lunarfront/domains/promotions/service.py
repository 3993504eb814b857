"""Use cases: make, change and switch off discounts (AUD-01)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lunarfront.domains.catalog.queries.references import known_categories
from lunarfront.domains.promotions.rules import discount_faults
from lunarfront.domains.sales.models import Discount
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import apply, load_for_edit
from lunarfront.kernel.faults import Faults

_CHECKED = ("type", "value", "requires_approval_above", "starts_on", "ends_on")


def create_discount(ctx: CompanyContext, values: Mapping[str, Any]) -> Discount:
    """Make a discount and return it.

    Raises:
        Problem: ``discount_invalid``, ``not_found`` for an unknown category, ``conflict`` for a code in use.
    """
    row = Discount(**_checked(ctx, values, values))
    ctx.uow.session.add(row)
    ctx.uow.session.flush()
    audit.record(ctx, "pos.discount.created", "discount", row.id, new=values)
    return row


def change_discount(
    ctx: CompanyContext, discount_id: UUID, values: Mapping[str, Any], expected_version: int
) -> Discount:
    """Change a discount and return it; what was sold with it stays as it was.

    Raises:
        Problem: as for a new one, ``not_found`` or ``version_conflict``.
    """
    row = load_for_edit(ctx, Discount, discount_id, expected_version)
    after = {name: getattr(row, name) for name in _CHECKED} | dict(values)
    old, new = apply(ctx, row, _checked(ctx, values, after, row.used_count))
    if new:
        audit.record(ctx, "pos.discount.changed", "discount", discount_id, old=old, new=new)
    return row


def _checked(
    ctx: CompanyContext, values: Mapping[str, Any], after: Mapping[str, Any], used: int = 0
) -> dict[str, Any]:
    faults, changed = Faults(), dict(values)
    for name, code, message in discount_faults(after, ctx.unit):
        faults.add(name, code, message)
    if values.get("max_uses") is not None and values["max_uses"] < used:
        faults.add("max_uses", "validation_failed", f"It was used {used} times already.")
    if "category_ids" in values:
        _check_categories(ctx, values["category_ids"], faults)
        changed["category_ids"] = [str(category) for category in values["category_ids"]]
    faults.raise_any()
    return changed


def _check_categories(ctx: CompanyContext, category_ids: list[UUID], faults: Faults) -> None:
    known = known_categories(ctx, category_ids)
    for place, category_id in enumerate(category_ids):
        if category_id not in known:
            faults.add(f"category_ids[{place}]", "not_found", "There is no such category.")
