"""Testing kit of LunarFront: real PostgreSQL, two companies, one role per user (architecture.md §9)."""
