"""Health of a process and of what it depends on, answered in bounded time whatever hangs (runtime.md §8, SEC-77)."""
