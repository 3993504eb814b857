"""Search of variants: exact identifier, then prefix, then similar (SRC-01 to SRC-03)."""

from uuid import UUID

from lunarfront.domains.catalog.rules import same_codes
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.text import folded, identifier_key, prefix_end

MAX_HITS = 20
#: More are read than answered, since those that a filter takes away must not leave the page empty.
CANDIDATES = 200
MIN_SIMILAR = 3

_EXACT_AND_PREFIX = """
SELECT variant_id AS id, 0 AS place, 0::real AS score FROM product_barcode
WHERE company_id = %(company)s AND code = ANY(%(codes)s)
UNION ALL
SELECT id, 0, 0 FROM product_variant WHERE company_id = %(company)s AND sku_key = %(key)s
UNION ALL
SELECT variant_id, 0, 0 FROM inventory_unit WHERE company_id = %(company)s AND serial_key = %(key)s
UNION ALL
(SELECT id, 1, 0 FROM product_variant WHERE company_id = %(company)s AND name_sort >= %(text)s
 AND name_sort < %(text_end)s ORDER BY name_sort, id LIMIT %(limit)s)
UNION ALL
(SELECT id, 1, 0 FROM product_variant WHERE company_id = %(company)s AND sku_key >= %(key)s
 AND sku_key < %(key_end)s ORDER BY sku_key LIMIT %(limit)s)
"""
_SIMILAR = " UNION ALL SELECT variant_id, 2, -score FROM lf_search_variants(%(text)s, %(limit)s)"
_RANKED = """
SELECT h.id FROM (SELECT id, min(place) AS place, min(score) AS score FROM ({hits}) x GROUP BY id) h
JOIN product_variant v ON v.company_id = %(company)s AND v.id = h.id
ORDER BY h.place, h.score, v.name_sort, v.id
"""


def ranked_variants(ctx: CompanyContext, text: str) -> list[UUID]:
    """Return the variants that a text finds, best first; under three characters by their beginning only.

    Stock lies above the catalogue, so serial numbers are read by SQL.
    """
    words = folded(text)
    key = identifier_key(text)
    hits = _EXACT_AND_PREFIX + (_SIMILAR if len(words) >= MIN_SIMILAR else "")
    params = {
        "company": ctx.company.id,
        "codes": list(same_codes(text)),
        "key": key,
        "key_end": prefix_end(key),
        "text": words,
        "text_end": prefix_end(words),
        "limit": CANDIDATES,
    }
    return [row.id for row in ctx.uow.query(_RANKED.format(hits=hits), params)]
