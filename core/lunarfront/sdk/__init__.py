"""The only import surface for modules: re-exports, no logic (architecture.md §2)."""
