"""Reads of the cash drawer. Nothing here changes a row."""
