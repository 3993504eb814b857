"""Invoices of on-account sales."""
