"""Use cases of the cash drawer (domain-core.md §5.8)."""
