"""Reads for pages: rows of several domains brought together with the names people know them by."""
