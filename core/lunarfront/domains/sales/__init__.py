"""The cart, its price, tenders, completion, refunds and voids."""
