"""Customers, their members, contact data, duplicates and exemptions."""
