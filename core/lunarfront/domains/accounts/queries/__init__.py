"""Reads about customers. Nothing here changes a row."""

from lunarfront.domains.accounts.queries.sale import SaleAccount, SaleExemption, account_for_sale

__all__ = ["SaleAccount", "SaleExemption", "account_for_sale"]
