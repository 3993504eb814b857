"""Use cases of stock, one module each."""
