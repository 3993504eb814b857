"""Table of file imports (INV-24)."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from lunarfront.kernel.db import TenantModel, tenant_fk


class ImportBatch(TenantModel):
    """A file that was imported whole; its hash makes a second import of it a no-op."""

    __tablename__ = "import_batch"
    append_only = True

    kind: Mapped[str]
    file_name: Mapped[str | None]
    sha256: Mapped[str]
    row_count: Mapped[int]
    result: Mapped[dict[str, Any]]
    user_id: Mapped[UUID] = tenant_fk("app_user")

    __table_args__ = (
        UniqueConstraint("company_id", "kind", "sha256"),
        CheckConstraint("kind IN ('products', 'suppliers', 'opening_stock')", name="kind"),
    )
