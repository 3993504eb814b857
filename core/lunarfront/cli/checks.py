"""Cross-table checks of one company (SEC-15, ACC-12): each statement returns the rows that disagree, with amounts."""

from collections.abc import Mapping

#: Net debit of all accounts with one of these roles.
LEDGER = """(SELECT coalesce(sum(l.debit - l.credit), 0) FROM journal_entry_line l
  JOIN account_code c ON c.company_id = l.company_id AND c.id = l.account_code_id
  WHERE l.company_id = %(company)s AND c.role IN ({roles}))"""


def _ties(roles: str, other: str) -> str:
    """Return the statement that compares a control account with what it stands for."""
    ledger = LEDGER.format(roles=roles)
    return f"SELECT ledger, rows FROM (SELECT {ledger} AS ledger, ({other}) AS rows) s WHERE ledger <> rows"  # noqa: S608


#: Name to statement; no rows is good. ``company`` is the only parameter.
CHECKS: Mapping[str, str] = {
    "trial balance": """
        SELECT debits, credits FROM (
          SELECT coalesce(sum(debit), 0) AS debits, coalesce(sum(credit), 0) AS credits
          FROM journal_entry_line WHERE company_id = %(company)s) s WHERE debits <> credits""",
    "journal entries balance": """
        SELECT e.id AS entry, e.total_debits, sum(l.debit) AS debits, sum(l.credit) AS credits
        FROM journal_entry e
        LEFT JOIN journal_entry_line l ON l.company_id = e.company_id AND l.entry_id = e.id
        WHERE e.company_id = %(company)s GROUP BY e.company_id, e.id
        HAVING sum(l.debit) IS DISTINCT FROM e.total_debits OR sum(l.credit) IS DISTINCT FROM e.total_credits""",
    "events are posted": """
        SELECT id AS event, event_type, error FROM financial_event
        WHERE company_id = %(company)s AND error IS NOT NULL""",
    "stock is the sum of its movements": """
        SELECT b.variant_id AS variant, b.location_id AS location, b.qty_on_hand, m.qty, b.pool_value, m.value
        FROM stock_balance b
        LEFT JOIN LATERAL (
          SELECT coalesce(sum(qty), 0) AS qty, coalesce(sum(value), 0) AS value FROM stock_movement
          WHERE company_id = b.company_id AND variant_id = b.variant_id AND location_id = b.location_id) m ON true
        WHERE b.company_id = %(company)s AND (b.qty_on_hand <> m.qty OR b.pool_value <> m.value)""",
    "inventory accounts are the stock's value": _ties(
        "'inventory', 'inventory_parts'",
        "SELECT coalesce(sum(pool_value), 0) FROM stock_balance WHERE company_id = %(company)s",
    ),
    "store credit is the sum of its entries": """
        SELECT s.id AS store_credit, s.balance, coalesce(sum(e.amount), 0) AS entries FROM store_credit s
        LEFT JOIN stored_value_entry e ON e.company_id = s.company_id AND e.store_credit_id = s.id
        WHERE s.company_id = %(company)s GROUP BY s.company_id, s.id
        HAVING s.balance <> coalesce(sum(e.amount), 0)""",
    "store credit account is what is outstanding": _ties(
        "'store_credit'",
        "SELECT -coalesce(sum(balance), 0) FROM store_credit WHERE company_id = %(company)s",
    ),
    "receivables are the open invoices": _ties(
        "'ar'",
        "SELECT coalesce(sum(balance), 0) FROM invoice WHERE company_id = %(company)s AND status <> 'void'",
    ),
    "sales tax payable is the tax of all lines": _ties(
        "'sales_tax'",
        """SELECT -coalesce(sum(x.amount), 0) FROM transaction_line_tax x
           JOIN transaction_line_item i ON i.company_id = x.company_id AND i.id = x.line_id
           JOIN transaction t ON t.company_id = i.company_id AND t.id = i.transaction_id
           WHERE x.company_id = %(company)s AND t.status = 'completed'""",
    ),
    "sales add up to their lines": """
        SELECT t.id AS transaction, t.number, t.net_total, sum(i.net) AS net, t.tax_total, sum(i.tax) AS tax
        FROM transaction t
        LEFT JOIN transaction_line_item i ON i.company_id = t.company_id AND i.transaction_id = t.id
        WHERE t.company_id = %(company)s AND t.status = 'completed' GROUP BY t.company_id, t.id
        HAVING t.net_total IS DISTINCT FROM sum(i.net) OR t.tax_total IS DISTINCT FROM sum(i.tax)""",
    "sales are paid by their tenders": """
        SELECT t.id AS transaction, t.number, t.paid_total, coalesce(sum(p.amount), 0) AS tendered
        FROM transaction t
        LEFT JOIN tender p ON p.company_id = t.company_id AND p.transaction_id = t.id AND p.status = 'captured'
        WHERE t.company_id = %(company)s AND t.status = 'completed' GROUP BY t.company_id, t.id
        HAVING t.paid_total <> coalesce(sum(p.amount), 0)""",
    "serial numbers are the stock of serialized goods": """
        SELECT b.variant_id AS variant, b.location_id AS location, b.qty_on_hand, count(u.id) AS units
        FROM stock_balance b
        JOIN product_variant v ON v.company_id = b.company_id AND v.id = b.variant_id
        JOIN product p ON p.company_id = v.company_id AND p.id = v.product_id AND p.is_serialized
        LEFT JOIN (
          SELECT u.company_id, u.id, u.variant_id, u.location_id FROM inventory_unit u
          JOIN unit_status s ON s.company_id = u.company_id AND s.id = u.status_id
          WHERE u.ownership = 'owned' AND s.behaves_as IN (
            'available', 'reserved', 'on_layaway', 'on_trial', 'damaged', 'in_repair')
        ) u ON u.company_id = b.company_id AND u.variant_id = b.variant_id AND u.location_id = b.location_id
        WHERE b.company_id = %(company)s GROUP BY b.company_id, b.id HAVING b.qty_on_hand <> count(u.id)""",
}
