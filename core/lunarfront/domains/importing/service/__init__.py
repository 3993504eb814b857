"""Use cases: import files whole, or not at all (INV-24)."""
