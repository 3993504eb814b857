"""What a sale knows about the thing it sells."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from lunarfront.domains.tax.rules import Component

#: Kinds that never take a discount (POS-16).
NEVER_DISCOUNTED = frozenset({"gift_card", "fee", "deposit"})
STOCKED_KINDS = frozenset({"stocked"})


@dataclass(frozen=True)
class Item:
    """A sellable variant as the catalogue has it now; amounts in company currency, accounts are chart roles."""

    variant_id: UUID
    sku: str
    name: str
    kind: str
    price: Decimal
    category_id: UUID
    min_price: Decimal | None = None
    default_cost: Decimal | None = None
    tax_category: str = "standard"
    revenue_account: str = "sales"
    cogs_account: str = "cogs"
    inventory_account: str = "inventory"
    discountable: bool = True
    returnable: bool = True
    return_days: int | None = None
    restock_fee_type: str = "none"
    restock_fee_value: Decimal | None = None
    is_serialized: bool = False
    is_divisible: bool = False
    is_active: bool = True
    price_source: str = "variant"
    #: Components of a bundle: (variant, quantity per bundle).
    components: tuple[tuple[UUID, Decimal], ...] = ()

    @property
    def is_stocked(self) -> bool:
        """Whether selling it moves its own stock."""
        return self.kind in STOCKED_KINDS

    @property
    def takes_discounts(self) -> bool:
        """Whether a discount may reach it (POS-16)."""
        return self.discountable and self.kind not in NEVER_DISCOUNTED


@dataclass(frozen=True)
class Reduction:
    """A discount asked for: ``percent`` with 10 meaning 10 %, or ``amount`` in company currency."""

    type: str
    value: Decimal
    reason_code: str | None = None
    discount_id: UUID | None = None
    code: str | None = None
    stackable: bool = True
    requires_approval_above: Decimal | None = None
    category_ids: frozenset[str] = frozenset()

    def covers(self, item: Item) -> bool:
        """Tell whether a named discount is meant for this item's category."""
        return not self.category_ids or str(item.category_id) in self.category_ids


@dataclass(frozen=True)
class CartLine:
    """One line as the customer wants it. ``unit_price`` is an override of the list price (POS-13)."""

    item: Item
    qty: Decimal
    components: tuple[Component, ...] = ()
    unit_price: Decimal | None = None
    reason_code: str | None = None
    reductions: tuple[Reduction, ...] = ()
    excluded: bool = False
    unit_id: UUID | None = None
    description: str | None = None
    sold_by_id: UUID | None = None
    source_type: str | None = None
    source_id: UUID | None = None
