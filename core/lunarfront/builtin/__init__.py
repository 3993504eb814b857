"""What ships with core and sits on the same services and hooks as modules (architecture.md §2)."""
