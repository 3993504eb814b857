"""Journal rules of the sale: priced and paid rows in, balanced postings out (JE-01 to JE-04, JE-20, ACC-09). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from lunarfront.domains.ledger.rules import Posting, credit, debit
from lunarfront.domains.sales.rules.tenders import Settlement
from lunarfront.kernel.money import ZERO, ratio, round_to

#: Tender type to account role; cash depends on the drawer's location.
TENDER_ROLES = {
    "card": "card_clearing_other",
    "check": "checks",
    "store_credit": "store_credit",
    "account": "ar",
}
ONE = Decimal(1)


@dataclass(frozen=True)
class Books:
    """Where a transaction is booked: location, its cash account, customer, price mode and rounding unit."""

    location_id: UUID
    is_mobile: bool
    account_id: UUID | None
    price_mode: str
    unit: Decimal

    def tender_role(self, kind: str) -> str:
        """Return the account role of a tender."""
        if kind == "cash":
            return "cash_drawer_mobile" if self.is_mobile else "cash_drawer"
        return TENDER_ROLES[kind]


@dataclass(frozen=True)
class Sold:
    """What a line books; positive amounts. ``rate`` is the sum of its rates as a fraction."""

    revenue_account: str
    cogs_account: str
    inventory_account: str
    extended: Decimal
    discount: Decimal
    override: Decimal
    net: Decimal
    rate: Decimal
    taxes: tuple[tuple[UUID | None, Decimal], ...]
    cost: Decimal


@dataclass(frozen=True)
class Returned:
    """What a returned line books; positive amounts. ``pool_value`` is what entered stock again."""

    cogs_account: str
    inventory_account: str
    net: Decimal
    fee: Decimal
    taxes: tuple[tuple[UUID | None, Decimal], ...]
    cost: Decimal
    restock: str
    pool_value: Decimal = ZERO


def sale_postings(books: Books, lines: Sequence[Sold]) -> list[Posting]:
    """Revenue gross, discounts and overrides apart, tax per component, cost (JE-01); without tenders."""
    return [posting for line in lines for posting in _sold(books, line)]


def _sold(books: Books, line: Sold) -> Iterable[Posting]:
    here = books.location_id
    discount, override = _net_of_tax(books, line, line.discount), _net_of_tax(books, line, line.override)
    yield credit(line.revenue_account, line.net + discount + override, here)
    yield debit("discounts", discount, here)
    yield debit("overrides", override, here)
    for component_id, amount in line.taxes:
        yield credit("sales_tax", amount, here, tax_component_id=component_id)
    yield debit(line.cogs_account, line.cost, here)
    yield credit(line.inventory_account, line.cost, here)


def _net_of_tax(books: Books, line: Sold, amount: Decimal) -> Decimal:
    """With inclusive prices revenue and discounts are booked without their tax (ACC-09)."""
    if books.price_mode == "exclusive" or amount == 0:
        return amount
    return round_to(ratio(amount, ONE, ONE + line.rate), books.unit)


def return_postings(books: Books, lines: Sequence[Returned]) -> list[Posting]:
    """Returns at net, original tax back, cost back to stock or to shrinkage, fee kept (JE-04, RET-12)."""
    return [posting for line in lines for posting in _returned(books, line)]


def _returned(books: Books, line: Returned) -> Iterable[Posting]:
    here = books.location_id
    yield debit("returns", line.net, here)
    for component_id, amount in line.taxes:
        yield debit("sales_tax", amount, here, tax_component_id=component_id)
    yield credit("fees", line.fee, here)
    if line.restock == "none":
        return
    yield debit(line.inventory_account, line.pool_value, here)
    yield debit("shrinkage", line.cost - line.pool_value, here)
    yield credit(line.cogs_account, line.cost, here)


def tender_postings(books: Books, settlement: Settlement) -> list[Posting]:
    """One debit per tender (a credit for money given back) and the cash rounding (JE-03, JE-20)."""
    postings = [
        debit(
            books.tender_role(payment.type),
            payment.amount,
            books.location_id,
            account_id=books.account_id if payment.type in ("account", "store_credit") else None,
        )
        for payment in settlement.payments
    ]
    return [*postings, credit("cash_rounding", settlement.rounding, books.location_id)]
