"""Items and customers of the file: one variant per stock code, its list price the one most often asked."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from babel import Locale

from retail.rows import Row

MAX_NAME = 200
T = TypeVar("T")
#: Names of countries that the data set writes in its own way.
OTHER_NAMES = {
    "EIRE": "IE",
    "USA": "US",
    "RSA": "ZA",
    "Czech Republic": "CZ",
    "Hong Kong": "HK",
    "Korea": "KR",
}


@dataclass(frozen=True)
class Item:
    """What becomes a product with one variant. A charge has no list price: it is priced freely."""

    code: str
    name: str
    price: Decimal
    is_charge: bool


@dataclass(frozen=True)
class Customer:
    """A known customer."""

    number: str
    country: str | None


def items_of(rows: Iterable[Row]) -> dict[str, Item]:
    """Return the items by key."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    names: dict[str, Counter[str]] = defaultdict(Counter)
    prices: dict[str, Counter[Decimal]] = defaultdict(Counter)
    charges: dict[str, bool] = {}
    for row in rows:
        spellings[row.key][row.code] += 1
        charges[row.key] = row.is_charge
        if row.description:
            # What is written on a line without a price is a note about the stock, not the item's name.
            names[row.key][row.description] += 1000 if row.price else 1
        if row.price:
            prices[row.key][row.price] += 1
    return {
        key: Item(
            code=_most(spellings[key], key),
            name=_most(names[key], key)[:MAX_NAME],
            price=Decimal(0) if is_charge else _most(prices[key], Decimal(0)),
            is_charge=is_charge,
        )
        for key, is_charge in charges.items()
    }


def _most(counts: Counter[T], otherwise: T) -> T:
    return min(counts, key=lambda value: (-counts[value], str(value))) if counts else otherwise


def customers_of(rows: Iterable[Row]) -> dict[str, Customer]:
    """Return the known customers by number."""
    countries = {
        name: code for code, name in Locale("en").territories.items() if len(code) == 2
    } | OTHER_NAMES
    return {row.customer: Customer(row.customer, countries.get(row.country)) for row in rows if row.customer}
