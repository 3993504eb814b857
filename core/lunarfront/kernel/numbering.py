"""Numbers that people read, other than receipts: one counter row a kind, taken in the transaction (runtime.md §4)."""

from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.uow import UnitOfWork

_TAKE = """
INSERT INTO document_counter (company_id, id, kind, last) VALUES (%(company)s, %(id)s, %(kind)s, %(count)s)
ON CONFLICT (company_id, kind) DO UPDATE SET last = document_counter.last + excluded.last
RETURNING last
"""


def take_numbers(uow: UnitOfWork, kind: str, count: int = 1) -> range:
    """Return the next ``count`` numbers of a kind, from 1.

    The counter's row stays locked until the end of the transaction, so numbers of committed rows have no gaps;
    counters are the last lock of an operation (OCC-02).
    """
    params = {"company": uow.company_id, "id": uuid7(), "kind": kind, "count": count}
    last: int = uow.query(_TAKE, params)[0].last
    return range(last - count + 1, last + 1)


def next_number(uow: UnitOfWork, kind: str) -> int:
    """Return the next number of a kind."""
    return take_numbers(uow, kind)[0]
