"""Use cases: make, change and move categories (domain-core.md §3.4)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lunarfront.domains.catalog import rules
from lunarfront.domains.catalog.models import Category
from lunarfront.domains.catalog.queries import references
from lunarfront.domains.catalog.queries.categories import parents
from lunarfront.domains.catalog.service.changes import with_archive
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import apply, load_for_edit
from lunarfront.kernel.faults import Faults

ACCOUNTS = ("revenue_account", "cogs_account", "inventory_account")
_RELATED = ("tax_category", *ACCOUNTS, "restock_fee_type", "restock_fee_value")


def create_category(ctx: CompanyContext, values: Mapping[str, Any]) -> Category:
    """Make a category and return it.

    Raises:
        Problem: ``not_found`` for an unknown parent, ``conflict`` for a name in use there, or naming every fault.
    """
    _check(ctx, values, values, None)
    category = Category(**values)
    ctx.uow.session.add(category)
    ctx.uow.session.flush()
    return category


def change_category(
    ctx: CompanyContext, category_id: UUID, values: Mapping[str, Any], expected_version: int
) -> Category:
    """Change or move a category and return it.

    Raises:
        Problem: ``not_found``, ``version_conflict``, ``conflict``, or naming every fault.
    """
    category = load_for_edit(ctx, Category, category_id, expected_version)
    after = {name: getattr(category, name) for name in _RELATED} | dict(values)
    _check(ctx, values, after, category_id)
    apply(ctx, category, with_archive(ctx, values))
    return category


def _check(
    ctx: CompanyContext, values: Mapping[str, Any], after: Mapping[str, Any], category_id: UUID | None
) -> None:
    faults = Faults()
    if values.get("parent_id") is not None:
        _check_place(ctx, category_id, values["parent_id"], faults)
    if "tax_category" in values and values["tax_category"] not in references.known_tax_categories(ctx):
        faults.add("tax_category", "validation_failed", "There is no such tax category.")
    named = [name for name in ACCOUNTS if name in values]
    roles = references.known_account_roles(ctx) if named else set()
    for name in named:
        if values[name] not in roles:
            faults.add(name, "validation_failed", "The chart has no account with this role.")
    _check_fee(after, faults)
    faults.raise_any()


def _check_place(ctx: CompanyContext, category_id: UUID | None, parent_id: UUID, faults: Faults) -> None:
    tree = parents(ctx, lock=True)
    if parent_id not in tree:
        faults.add("parent_id", "not_found", "There is no such category.")
    elif fault := rules.tree_fault(tree, category_id, parent_id):
        faults.add("parent_id", "validation_failed", fault)


def _check_fee(after: Mapping[str, Any], faults: Faults) -> None:
    kind, value = after["restock_fee_type"], after.get("restock_fee_value")
    if kind != "none" and value is None:
        faults.add("restock_fee_value", "validation_failed", "Say how much the fee is.")
    if kind == "percent" and value is not None and value > 100:
        faults.add("restock_fee_value", "validation_failed", "At most 100 percent.")
