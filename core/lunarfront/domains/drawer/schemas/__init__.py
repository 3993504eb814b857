"""Requests and answers of the cash drawer."""
