"""Search of variants: exact identifier, then beginning, then all words, then similar (SRC-01 to SRC-03)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from lunarfront.domains.catalog.rules import same_codes
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.text import folded, identifier_key, prefix_end

T = TypeVar("T")
MAX_HITS = 20
#: Read by one step; those that a filter takes away must not leave the page empty.
CANDIDATES = 200
MIN_SIMILAR = 3
#: Similarity is looked for closely first: far fewer rows are compared, and most searches end there.
THRESHOLDS = (0.6, 0.3)

_EXACT = """
WITH hits AS (
  SELECT variant_id AS id, 0 AS place FROM product_barcode
  WHERE company_id = %(company)s AND code = ANY(%(codes)s)
  UNION ALL
  SELECT id, 0 FROM product_variant WHERE company_id = %(company)s AND sku_key = %(key)s
  UNION ALL
  SELECT variant_id, 0 FROM inventory_unit WHERE company_id = %(company)s AND serial_key = %(key)s
  UNION ALL
  (SELECT id, 1 FROM product_variant WHERE company_id = %(company)s AND name_sort >= %(text)s
   AND name_sort < %(text_end)s ORDER BY name_sort, id LIMIT %(limit)s)
  UNION ALL
  (SELECT id, 1 FROM product_variant WHERE company_id = %(company)s AND sku_key >= %(key)s
   AND sku_key < %(key_end)s ORDER BY sku_key LIMIT %(limit)s)
)
SELECT v.id FROM (SELECT id, min(place) AS place FROM hits GROUP BY id) h
JOIN product_variant v ON v.company_id = %(company)s AND v.id = h.id ORDER BY h.place, v.name_sort, v.id
"""
_RANKED = """
SELECT s.variant_id AS id FROM {step} s
JOIN product_variant v ON v.company_id = %(company)s AND v.id = s.variant_id
ORDER BY s.score DESC, v.name_sort, v.id
"""
_WITH_WORDS = _RANKED.format(step="lf_variants_with_words(%(longest)s, %(patterns)s, %(limit)s)")
_SIMILAR = _RANKED.format(step="lf_similar_variants(%(text)s, %(threshold)s::real, %(limit)s)")


def search(
    ctx: CompanyContext, text: str, fetch: Callable[[Sequence[UUID]], Mapping[UUID, T]], limit: int
) -> list[T]:
    """Return the best ``limit`` things that a text finds, in a stable order.

    Args:
        ctx: the context.
        text: what was typed; under three characters only beginnings count (SRC-02).
        fetch: returns by variant id what its filters let through; it is asked step by step, until there is enough.
        limit: at most 20 are answered (SRC-03).
    """
    wanted, found = min(limit, MAX_HITS), dict[UUID, T]()
    for ids in _steps(ctx, text):
        fetched = fetch([variant for variant in ids if variant not in found])
        found |= {variant: fetched[variant] for variant in ids if variant in fetched}
        if len(found) >= wanted:
            break
    return list(found.values())[:wanted]


def ranked_variants(ctx: CompanyContext, text: str) -> list[UUID]:
    """Return the variants that a text finds, best first, for lists with an order of their own."""
    found: dict[UUID, None] = {}
    for ids in _steps(ctx, text):
        found |= dict.fromkeys(ids)
        if len(found) >= MAX_HITS:
            break
    return list(found)


def _steps(ctx: CompanyContext, text: str) -> Iterator[list[UUID]]:
    """Ids step by step, each step freer than the one before; stock lies above, so serials are read by SQL."""
    words, key = folded(text), identifier_key(text)
    params: dict[str, Any] = {"company": ctx.company.id, "limit": CANDIDATES, "text": words, "key": key}
    exact = {"codes": list(same_codes(text)), "key_end": prefix_end(key), "text_end": prefix_end(words)}
    yield _ids(ctx, _EXACT, params | exact)
    if len(words) < MIN_SIMILAR:
        return
    patterns = [f"%{_escaped(word)}%" for word in words.split()]
    yield _ids(ctx, _WITH_WORDS, params | {"longest": max(patterns, key=len), "patterns": patterns})
    for threshold in THRESHOLDS:
        yield _ids(ctx, _SIMILAR, params | {"threshold": threshold})


def _ids(ctx: CompanyContext, statement: str, params: Mapping[str, Any]) -> list[UUID]:
    return [row.id for row in ctx.uow.query(statement, params)]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
