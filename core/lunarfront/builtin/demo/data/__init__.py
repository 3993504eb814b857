"""The demo store as files: organisation, goods, customers, today's sales."""
