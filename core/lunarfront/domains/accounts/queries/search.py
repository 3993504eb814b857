"""Search of accounts: exact identifier, then beginning, then similar (SRC-01 to SRC-03)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import phonenumbers

from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.text import digits, folded

MAX_HITS = 20
#: More are read than answered, since those that a filter takes away must not leave the page empty.
CANDIDATES = 200
MIN_SIMILAR = 3
MIN_DIGITS = 4

_EXACT = """
SELECT id, 0 AS place, 0::real AS score FROM account
WHERE company_id = %(company)s AND (account_number = ANY(%(numbers)s) OR email = %(email)s OR phone_e164 = %(phone)s)
UNION ALL
SELECT account_id, 0, 0 FROM member
WHERE company_id = %(company)s AND is_active
  AND (member_number = ANY(%(numbers)s) OR email = %(email)s OR phone_e164 = %(phone)s)
UNION ALL
SELECT account_id, place, 0 FROM lf_find_accounts(%(text)s, %(anywhere)s, %(limit)s)
"""
_DIGITS = " UNION ALL SELECT account_id, 3, 0 FROM lf_find_accounts(%(digits)s, true, %(limit)s)"
_SIMILAR = "SELECT account_id AS id, 4 AS place, -score AS score FROM lf_search_accounts(%(text)s, %(limit)s)"
_RANKED = """
SELECT h.id, h.place FROM (SELECT id, min(place) AS place, min(score) AS score FROM ({hits}) x GROUP BY id) h
JOIN account a ON a.company_id = %(company)s AND a.id = h.id
ORDER BY h.place, h.score, a.name_sort, a.id
"""


def ranked_accounts(ctx: CompanyContext, text: str) -> list[UUID]:
    """Return the accounts that a text finds, best first; under three characters by their beginning only.

    Numbers, addresses and phone numbers that are meant as a whole come first, then what begins with the
    text, then what holds it. What is similar is looked for only where that is no identifier and not enough.
    """
    words, number = folded(text), digits(text)
    if not words:
        return []
    by_digits = len(number) >= MIN_DIGITS and not any(char.isalpha() for char in text)
    params = {
        "company": ctx.company.id,
        "numbers": [text.strip(), text.strip().upper()],
        "email": text.strip().lower(),
        "phone": _whole_phone(text, ctx.company.country),
        "text": words,
        "digits": number,
        "anywhere": len(words) >= MIN_SIMILAR,
        "limit": CANDIDATES,
    }
    rows = ctx.uow.query(_RANKED.format(hits=_EXACT + (_DIGITS if by_digits else "")), params)
    found = [row.id for row in rows]
    if len(words) < MIN_SIMILAR or len(found) >= MAX_HITS or any(row.place == 0 for row in rows):
        return found
    return list(dict.fromkeys([*found, *_similar(ctx, params)]))


def _similar(ctx: CompanyContext, params: Mapping[str, Any]) -> list[UUID]:
    return [row.id for row in ctx.uow.query(_RANKED.format(hits=_SIMILAR), params)]


def _whole_phone(text: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
