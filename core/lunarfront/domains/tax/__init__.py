"""Tax components, rules and computation."""
