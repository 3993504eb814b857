"""Use cases: suppliers and what they deliver (AUD-01 for costs)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.catalog.models import ProductVariant, Supplier, SupplierItem
from lunarfront.domains.catalog.service.changes import audit_prices, with_archive
from lunarfront.domains.catalog.service.products import PRICE_RIGHT
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import apply, load, load_for_edit
from lunarfront.kernel.problems import invalid
from lunarfront.kernel.text import folded


def create_supplier(ctx: CompanyContext, values: Mapping[str, Any]) -> Supplier:
    """Make a supplier and return it.

    Raises:
        Problem: ``conflict`` for a name in use, whatever its case; ``validation_failed`` for a telephone number.
    """
    row = Supplier(**normal(ctx, values))
    if taken_names(ctx, [row.name_key]):
        raise invalid("name", "conflict", "There is a supplier with this name.")
    ctx.uow.session.add(row)
    ctx.uow.session.flush()
    return row


def change_supplier(
    ctx: CompanyContext, supplier_id: UUID, values: Mapping[str, Any], expected_version: int
) -> Supplier:
    """Change a supplier and return it.

    Raises:
        Problem: ``not_found``, ``version_conflict``, ``conflict`` or ``validation_failed``.
    """
    row = load_for_edit(ctx, Supplier, supplier_id, expected_version)
    changed = normal(ctx, values)
    if changed.get("name_key", row.name_key) != row.name_key and taken_names(ctx, [changed["name_key"]]):
        raise invalid("name", "conflict", "There is a supplier with this name.")
    apply(ctx, row, with_archive(ctx, changed))
    return row


def normal(ctx: CompanyContext, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a supplier: name to compare by, address in lower case, telephone number in E.164.

    Raises:
        Problem: ``validation_failed`` for what is no telephone number.
    """
    changed = dict(values)
    if "name" in changed:
        changed["name_key"] = folded(changed["name"])
    if changed.get("email"):
        changed["email"] = changed["email"].lower()
    if "phone" in changed:
        phone = changed.pop("phone")
        changed["phone_e164"] = _e164(phone, ctx.company.country) if phone else None
    return changed


def _e164(text: str, country: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise invalid("phone", "validation_failed", "This is no telephone number.") from None
    if not phonenumbers.is_possible_number(number):
        raise invalid("phone", "validation_failed", "This is no telephone number.")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def taken_names(ctx: CompanyContext, keys: list[str]) -> set[str]:
    """Return those folded names that a supplier has already."""
    found = select(Supplier.name_key).where(Supplier.name_key.in_(keys))
    return set(ctx.uow.session.execute(found).scalars())


def create_supplier_item(ctx: CompanyContext, values: Mapping[str, Any]) -> SupplierItem:
    """Say that a supplier delivers a variant and return the row. A cost needs ``catalog.price.edit``.

    Raises:
        Problem: ``not_found`` for an unknown supplier or variant, ``conflict`` if it is known already.
    """
    if values.get("cost") is not None:
        ctx.require(PRICE_RIGHT)
    load(ctx, Supplier, values["supplier_id"])
    load(ctx, ProductVariant, values["variant_id"])
    if values.get("is_preferred"):
        _take_preference(ctx, values["variant_id"])
    row = SupplierItem(**values)
    ctx.uow.session.add(row)
    ctx.uow.session.flush()
    return row


def change_supplier_item(
    ctx: CompanyContext, item_id: UUID, values: Mapping[str, Any], expected_version: int
) -> SupplierItem:
    """Change what a supplier delivers and return it; costs are audited.

    Raises:
        Problem: ``forbidden``, ``not_found`` or ``version_conflict``.
    """
    if "cost" in values:
        ctx.require(PRICE_RIGHT)
    row = load_for_edit(ctx, SupplierItem, item_id, expected_version)
    if values.get("is_preferred") and not row.is_preferred:
        _take_preference(ctx, row.variant_id)
    old, new = apply(ctx, row, values)
    audit_prices(ctx, "supplier_item", item_id, old, new)
    return row


def _take_preference(ctx: CompanyContext, variant_id: UUID) -> None:
    """A variant has one preferred supplier (INV-21)."""
    found = select(SupplierItem).where(SupplierItem.variant_id == variant_id, SupplierItem.is_preferred)
    for row in ctx.uow.session.execute(found).scalars():
        row.is_preferred = False
    ctx.uow.session.flush()


def delete_supplier_item(ctx: CompanyContext, item_id: UUID, expected_version: int) -> None:
    """Forget that a supplier delivers a variant.

    Raises:
        Problem: ``not_found`` or ``version_conflict``.
    """
    ctx.uow.session.delete(load_for_edit(ctx, SupplierItem, item_id, expected_version))
