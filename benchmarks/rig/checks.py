"""After every run: the books balance, numbers have no gaps, stock is the sum of its movements (hot-path.md §8)."""

import psycopg

#: name -> statement that counts what is wrong.
WRONG = {
    "entries out of balance": """
        SELECT count(*) FROM (SELECT entry_id FROM journal_entry_line GROUP BY entry_id
                              HAVING sum(debit) <> sum(credit) OR sum(debit) = 0) x""",
    "sales without their entry": """
        SELECT count(*) FROM transaction t WHERE status = 'completed' AND NOT EXISTS (
          SELECT FROM journal_entry j WHERE j.event_id = t.id)""",
    "gaps in numbers": """
        SELECT count(*) FROM (SELECT t.terminal_id, count(*) AS n, max(right(t.number, 6)::int) AS last, p.next_sequence
          FROM transaction t JOIN terminal p ON p.id = t.terminal_id WHERE t.number IS NOT NULL
          GROUP BY t.terminal_id, p.next_sequence) x WHERE n <> last OR last <> next_sequence - 1""",
    "stock that is not the sum of its movements": """
        SELECT count(*) FROM stock_balance b JOIN (
          SELECT variant_id, location_id, sum(qty) AS qty, sum(value) AS value FROM stock_movement GROUP BY 1, 2) m
          USING (variant_id, location_id) WHERE b.qty_on_hand <> m.qty OR b.pool_value <> m.value""",
    "sales without one stored answer": """
        SELECT abs((SELECT count(*) FROM transaction WHERE status = 'completed')
                 - (SELECT count(*) FROM idempotency_record WHERE response_status = 201))""",
    "sales whose tenders are not their total": """
        SELECT count(*) FROM transaction t WHERE status = 'completed' AND total + cash_rounding <> (
          SELECT coalesce(sum(amount), 0) FROM tender WHERE transaction_id = t.id)""",
}


def insist_on_order(url: str) -> int:
    """Return the number of sales after checking all of them, across companies, as the administrator.

    Raises:
        SystemExit: naming what is wrong.
    """
    with psycopg.connect(url) as connection:
        for name, statement in WRONG.items():
            count = connection.execute(statement).fetchone()[0]  # type: ignore[index,arg-type]
            if count:
                raise SystemExit(f"{count} {name}")
        sold: int = connection.execute("SELECT count(*) FROM transaction").fetchone()[0]  # type: ignore[index]
    return sold
