"""Reads of stock: what the till finds, balances, movements and units."""
