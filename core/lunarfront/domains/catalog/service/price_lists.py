"""Use cases: price lists (POS-06, AUD-01)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.accounts.models import Account
from lunarfront.domains.catalog.models import PriceList, PriceListItem
from lunarfront.domains.catalog.queries.references import components
from lunarfront.domains.catalog.service.checks import check_amounts
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import apply, load, load_for_edit
from lunarfront.kernel.faults import Faults
from lunarfront.kernel.problems import invalid, not_found


def create_price_list(ctx: CompanyContext, values: Mapping[str, Any]) -> PriceList:
    """Make a price list and return it.

    Raises:
        Problem: ``conflict`` for a code in use, ``not_found`` for another company's location.
    """
    row = PriceList(**_checked(ctx, values, values))
    ctx.uow.session.add(row)
    ctx.uow.session.flush()
    audit.record(
        ctx, "catalog.price_list.created", "price_list", row.id, new={"code": row.code, "name": row.name}
    )
    return row


def change_price_list(
    ctx: CompanyContext, list_id: UUID, values: Mapping[str, Any], expected_version: int
) -> PriceList:
    """Change a price list and return it.

    Raises:
        Problem: ``not_found``, ``version_conflict`` or ``conflict``.
    """
    row = load_for_edit(ctx, PriceList, list_id, expected_version)
    after = {"starts_on": row.starts_on, "ends_on": row.ends_on} | dict(values)
    old, new = apply(ctx, row, _checked(ctx, values, after))
    if new:
        audit.record(ctx, "catalog.price_list.changed", "price_list", list_id, old=old, new=new)
    return row


def _checked(ctx: CompanyContext, values: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    starts, ends = after.get("starts_on"), after.get("ends_on")
    if starts and ends and ends < starts:
        raise invalid("ends_on", "validation_failed", "It ends before it starts.")
    changed = dict(values)
    if "account_ids" in changed:
        _check_accounts(ctx, changed["account_ids"])
        changed["account_ids"] = [str(account) for account in changed["account_ids"]]
    return changed


def _check_accounts(ctx: CompanyContext, account_ids: Sequence[UUID]) -> None:
    found = select(Account.id).where(Account.id.in_(account_ids))
    if set(account_ids) - set(ctx.uow.session.execute(found).scalars()):
        raise invalid("account_ids", "not_found", "There is no such account.")


def set_prices(ctx: CompanyContext, list_id: UUID, items: Sequence[Mapping[str, Any]]) -> int:
    """Set the prices of variants in a list and return how many; each changed price is audited.

    Raises:
        Problem: ``not_found``, or naming every fault.
    """
    load(ctx, PriceList, list_id)
    wanted = _wanted(ctx, items)
    found = select(PriceListItem).where(
        PriceListItem.price_list_id == list_id, PriceListItem.variant_id.in_(wanted)
    )
    rows = {row.variant_id: row for row in ctx.uow.session.execute(found).scalars()}
    for variant_id, price in wanted.items():
        _set_price(ctx, list_id, rows.get(variant_id), variant_id, price)
    ctx.uow.flush()
    return len(wanted)


def _wanted(ctx: CompanyContext, items: Sequence[Mapping[str, Any]]) -> dict[UUID, Decimal]:
    faults, known = Faults(), components(ctx, {item["variant_id"] for item in items})
    for number, item in enumerate(items):
        here = faults.at(f"items[{number}].")
        check_amounts(ctx, item, here)
        if item["variant_id"] not in known:
            here.add("variant_id", "not_found", "There is no such item.")
    faults.raise_any()
    return {item["variant_id"]: item["price"] for item in items}


def _set_price(
    ctx: CompanyContext, list_id: UUID, row: PriceListItem | None, variant_id: UUID, price: Decimal
) -> None:
    before = row.price if row is not None else None
    if before == price:
        return
    if row is None:
        ctx.uow.add(PriceListItem, price_list_id=list_id, variant_id=variant_id, price=price)
    else:
        row.price = price
    _audit_price(ctx, list_id, variant_id, before, price)


def _audit_price(
    ctx: CompanyContext, list_id: UUID, variant_id: UUID, before: Decimal | None, after: Decimal | None
) -> None:
    old, new = ({"price_list_id": list_id, "price": price} for price in (before, after))
    audit.record(ctx, "catalog.price.changed", "product_variant", variant_id, old=old, new=new)


def remove_price(ctx: CompanyContext, list_id: UUID, variant_id: UUID) -> None:
    """Take a variant out of a list: its own price holds again.

    Raises:
        Problem: ``not_found``.
    """
    load(ctx, PriceList, list_id)
    found = select(PriceListItem).where(
        PriceListItem.price_list_id == list_id, PriceListItem.variant_id == variant_id
    )
    row = ctx.uow.session.execute(found).scalar_one_or_none()
    if row is None:
        raise not_found()
    ctx.uow.session.delete(row)
    _audit_price(ctx, list_id, variant_id, row.price, None)
