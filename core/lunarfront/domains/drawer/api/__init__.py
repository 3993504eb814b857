"""Routes of the cash drawer (domain-core.md §9)."""
