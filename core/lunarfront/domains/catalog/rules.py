"""Pure rules of the catalogue: check digits, kinds of products, the category tree, names."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

#: Kinds of core; modules declare theirs as ``<module>.<name>`` (GEN-05).
PRODUCT_KINDS = ("stocked", "service", "non_stocked", "gift_card", "bundle", "fee")
STOCKED_KINDS = frozenset({"stocked"})
BARCODE_KINDS = ("upc_a", "ean_13", "ean_8", "code_128", "internal")
BARCODE_LENGTHS: Mapping[str, int] = {"upc_a": 12, "ean_13": 13, "ean_8": 8}
MAX_DEPTH = 5
DEFAULT_SKU_PREFIX = "I"


def check_digit(payload: str) -> int:
    """Return the check digit of UPC-A, EAN-13 and EAN-8: weights 3 and 1 from the right (INV-04, W14)."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(payload)))
    return -weighted % 10


def has_valid_check_digit(code: str) -> bool:
    """Tell whether the last digit of ``code`` is its check digit."""
    return _is_digits(code) and check_digit(code[:-1]) == int(code[-1])


def barcode_kind(code: str) -> str:
    """Return the kind that a code looks like when nobody says: digits of a fixed length are what they seem."""
    if _is_digits(code):
        return next((kind for kind, length in BARCODE_LENGTHS.items() if len(code) == length), "code_128")
    return "code_128"


def barcode_fault(code: str, kind: str) -> tuple[str, str] | None:
    """Return error code and sentence of a barcode that cannot be stored, or None (INV-04)."""
    length = BARCODE_LENGTHS.get(kind)
    if kind == "internal" and len(code) == 13 and code.startswith("2") and _is_digits(code):
        length = 13
    if length is None:
        return (
            None
            if _fits_code_128(code)
            else ("validation_failed", "Code 128 takes visible ASCII characters.")
        )
    if not _is_digits(code) or len(code) != length:
        return "validation_failed", f"{kind} has {length} digits."
    if not has_valid_check_digit(code):
        return "barcode_check_digit", f"The last digit of {code} should be {check_digit(code[:-1])}."
    return None


def same_codes(code: str) -> tuple[str, ...]:
    """Return all spellings of a scanned code: UPC-A is also found by EAN-13 with a leading 0 (INV-04)."""
    if len(code) == 12 and _is_digits(code):
        return code, "0" + code
    if len(code) == 13 and _is_digits(code) and code.startswith("0"):
        return code, code[1:]
    return (code,)


def _is_digits(code: str) -> bool:
    return code.isascii() and code.isdigit()


def _fits_code_128(code: str) -> bool:
    return code.isascii() and code.isprintable() and bool(code)


def item_name(name: str, suffix: str | None) -> str:
    """Return what a variant is called on screens and receipts."""
    return f"{name} {suffix or ''}".strip()


def tree_fault(parents: Mapping[UUID, UUID | None], node: UUID | None, parent: UUID | None) -> str | None:
    """Return why ``node`` (None: a new one) cannot hang below ``parent``, or None.

    Args:
        parents: every category with its parent, as they are now.
        node: the category that is moved.
        parent: its new parent, which must be in ``parents``.
    """
    above = _ancestors(parents, parent)
    if node is not None and node in above:
        return "A category cannot lie inside itself."
    height = 1 if node is None else _height(parents, node)
    if len(above) + height > MAX_DEPTH:
        return f"Categories are at most {MAX_DEPTH} levels deep."
    return None


def _ancestors(parents: Mapping[UUID, UUID | None], start: UUID | None) -> list[UUID]:
    """``start`` and all above it; a broken tree ends the walk instead of going round for ever."""
    path: list[UUID] = []
    while start is not None and start not in path:
        path.append(start)
        start = parents[start]
    return path


def _height(parents: Mapping[UUID, UUID | None], node: UUID) -> int:
    children = [child for child, parent in parents.items() if parent == node]
    return 1 + max((_height(parents, child) for child in children), default=0)


def subtree(parents: Mapping[UUID, UUID | None], root: UUID) -> set[UUID]:
    """Return a category with everything below it."""
    return {node for node in parents if root in _ancestors(parents, node)}


def kind_faults(product: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield field and sentence of what does not fit the kind of a product."""
    kind = product["kind"]
    if kind not in PRODUCT_KINDS:
        yield "kind", f"One of: {', '.join(PRODUCT_KINDS)}."
    if product.get("is_serialized") and kind not in STOCKED_KINDS:
        yield "is_serialized", "Only stocked goods have serial numbers."
    if product.get("is_serialized") and product.get("is_divisible"):
        yield "is_divisible", "A piece with a serial number cannot be divided."


def component_fault(kind: str, is_serialized: bool) -> str | None:
    """Return why a variant cannot be part of a bundle, or None."""
    if kind in ("bundle", "gift_card"):
        return f"A {kind} cannot be part of a bundle."
    return "A piece with a serial number cannot be part of a bundle." if is_serialized else None


def precision_faults(values: Mapping[str, Any], fields: Collection[str], unit: Decimal) -> Iterable[str]:
    """Yield the amounts with more decimals than the currency has (MON-01)."""
    return (name for name in fields if values.get(name) is not None and values[name] % unit != 0)


def generated_sku(prefix: str, number: int) -> str:
    """Return the SKU made for a variant without one (INV-01)."""
    return f"{prefix}{number:06d}"
