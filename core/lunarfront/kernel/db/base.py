"""Base classes of all tables: keys, common columns and composite foreign keys (GEN-01, GEN-02, SEC-05)."""

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, ForeignKeyConstraint, Index, MetaData, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry

from lunarfront.kernel.ids import uuid7

NAMING = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "ck": "%(table_name)s_%(constraint_name)s_check",
}


TYPES: dict[Any, Any] = {
    str: Text,
    datetime: DateTime(timezone=True),
    dict[str, Any]: JSONB,
    list[Any]: JSONB,
}


class Base(DeclarativeBase):
    """Declarative base with constraint names that errors and migrations can rely on."""

    metadata = MetaData(naming_convention=NAMING)
    registry = registry(metadata=metadata, type_annotation_map=TYPES)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def tenant_fk(table: str, *, nullable: bool = False, index: bool = False) -> Any:
    """Return a column that refers to ``table`` inside the same company.

    The foreign key is composite, ``(company_id, x_id) -> (company_id, id)``, so the database itself
    refuses a reference into another company (GEN-02). It is added when the table is built.
    """
    return mapped_column(Uuid, nullable=nullable, info={"tenant_fk": table, "tenant_index": index})


class TenantModel(db.Model):  # type: ignore[name-defined]
    """A table of one company: primary key ``(company_id, id)``, id a UUIDv7 made by the server.

    A table that must refer to another row of its company gets its company from that key; only the others
    refer to ``company`` themselves, so that a sale does not lock the company's row once for each of its rows.

    Subclasses set ``append_only`` where rows are never changed (AUD-03) and ``searched`` where the
    search functions of SEC-07 read the table.
    """

    __abstract__ = True
    append_only: ClassVar[bool] = False
    searched: ClassVar[bool] = False

    company_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, sort_order=-20)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7, sort_order=-19)
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), sort_order=90)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        table = cls.__dict__.get("__table__")
        if table is None:
            return
        table.info |= {"tenant": True, "append_only": cls.append_only, "searched": cls.searched}
        for column in list(table.columns):
            _add_tenant_key(table, column)
        if not any(c.info.get("tenant_fk") and not c.nullable for c in table.columns):
            table.append_constraint(ForeignKeyConstraint(["company_id"], ["company.id"]))
        if issubclass(cls, LegacyMixin):
            table.append_constraint(UniqueConstraint("company_id", "legacy_source", "legacy_id"))


def _add_tenant_key(table: Any, column: Any) -> None:
    target = column.info.get("tenant_fk")
    if target:
        pair = ["company_id", column.name]
        table.append_constraint(ForeignKeyConstraint(pair, [f"{target}.company_id", f"{target}.id"]))
        if column.info["tenant_index"]:
            Index(None, table.c.company_id, column)


class VersionedModel(TenantModel):
    """A row that people edit: ``version`` is the optimistic lock (OCC-01) and rises by one with each change."""

    __abstract__ = True

    updated_at: Mapped[datetime] = mapped_column(
        server_default=text("now()"), onupdate=lambda: datetime.now(UTC), sort_order=91
    )
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"), sort_order=92)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version} if hasattr(cls, "__tablename__") else {}


class LegacyMixin:
    """Where a row came from (GEN-01): given at creation, never changed, unique per source."""

    legacy_id: Mapped[str | None] = mapped_column(Text, sort_order=93)
    legacy_source: Mapped[str | None] = mapped_column(Text, sort_order=94)
    migrated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), sort_order=95)
