"""Pure rules of the sale: price, discounts, approvals, tenders and returns. No database, no clock."""
