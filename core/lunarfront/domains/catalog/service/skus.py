"""SKUs for variants that come without one (INV-01)."""

from collections.abc import Iterable, Mapping
from typing import Any

from lunarfront.domains.catalog.queries.references import taken_skus
from lunarfront.domains.catalog.rules import DEFAULT_SKU_PREFIX, generated_sku
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.numbering import take_numbers
from lunarfront.kernel.text import identifier_key


def fill_skus(
    ctx: CompanyContext, blank: Iterable[tuple[dict[str, Any], str | None]], given: Iterable[str] = ()
) -> None:
    """Give a generated SKU to each variant in ``blank``, which brings the prefix of its category.

    ``given`` are the SKU keys of the same request, which are not in the database yet.
    """
    taken = set(given)
    for prefix, variants in _by_prefix(blank).items():
        while variants:
            made = [generated_sku(prefix, n) for n in take_numbers(ctx.uow, f"sku:{prefix}", len(variants))]
            used = taken | taken_skus(ctx, [identifier_key(sku) for sku in made])
            free = [sku for sku in made if identifier_key(sku) not in used]
            for variant, sku in zip(variants, free, strict=False):
                variant["sku"] = sku
            variants = variants[len(free) :]


def _by_prefix(blank: Iterable[tuple[dict[str, Any], str | None]]) -> Mapping[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for variant, prefix in blank:
        groups.setdefault(prefix or DEFAULT_SKU_PREFIX, []).append(variant)
    return groups
