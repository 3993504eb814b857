"""Database access: the one SQLAlchemy registry, base classes of tables and the rules of tenancy in SQL."""

from lunarfront.kernel.db.base import LegacyMixin, TenantModel, VersionedModel, db, tenant_fk
from lunarfront.kernel.db.types import Money, Pool, Quantity, Rate, UnitCost, Wide

__all__ = [
    "LegacyMixin",
    "Money",
    "Pool",
    "Quantity",
    "Rate",
    "TenantModel",
    "UnitCost",
    "VersionedModel",
    "Wide",
    "db",
    "tenant_fk",
]
