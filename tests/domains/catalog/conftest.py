"""Goods for the tests of the catalogue."""

from tests.domains.goods import body, category, make

__all__ = ["body", "category", "make"]
