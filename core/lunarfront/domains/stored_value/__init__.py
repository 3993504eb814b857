"""Store credit (gift cards come later) as an append-only ledger."""
