"""What can be sealed. The kernel knows audit rows; the ledger describes its entries itself."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, select
from sqlalchemy.dialects.postgresql import INET, JSONB

from lunarfront.kernel.db import TenantModel
from lunarfront.kernel.records import TransactionId
from lunarfront.kernel.uow import UnitOfWork

#: Modules with a ``SEALABLE``, in the order in which a company is sealed.
MODULES: tuple[str, ...] = ("lunarfront.kernel.seals.audit_rows", "lunarfront.domains.ledger.sealing")

Rows = Mapping[UUID, dict[str, Any]]


@dataclass(frozen=True)
class Sealable:
    """One chain per company.

    Args:
        kind: as in ``seal_pending.kind``.
        source: the append-only table of the rows.
        seal: the append-only table of the links.
        row_key: the seal's column that names the row.
        number_key: the seal's column of the gapless number; also its name in the canonical text.
        load: returns the whole rows of some ids, without their number; a row that is gone is missing.
    """

    kind: str
    source: type[TenantModel]
    seal: type[TenantModel]
    row_key: str
    number_key: str
    load: Callable[[UnitOfWork, Sequence[UUID]], Rows]

    @property
    def number(self) -> Any:
        """The number column of the seal."""
        return getattr(self.seal, self.number_key)

    @property
    def row_id(self) -> Any:
        """The column of the seal that names the row."""
        return getattr(self.seal, self.row_key)


@cache
def sealables() -> tuple[Sealable, ...]:
    """Return every chain."""
    return tuple(import_module(name).SEALABLE for name in MODULES)


def whole_rows(uow: UnitOfWork, model: type[TenantModel], where: Any) -> list[dict[str, Any]]:
    """Return rows with every column, JSON and network types as the database writes them."""
    columns = [_readable(column) for column in model.__table__.columns]
    found = uow.session.execute(select(*columns).where(model.company_id == uow.company_id, where))
    is_json = {column.name for column in model.__table__.columns if isinstance(column.type, JSONB)}
    return [_decoded(dict(row._mapping), is_json) for row in found]


def _readable(column: Any) -> Any:
    as_text = isinstance(column.type, JSONB | INET | TransactionId)
    return (cast(column, Text) if as_text else column).label(column.name)


def _decoded(row: Mapping[str, Any], is_json: set[str]) -> dict[str, Any]:
    return {name: _from_json(value) if name in is_json else value for name, value in row.items()}


def _from_json(text: str | None) -> Any:
    """Numbers with a point stay as they are written: a binary float would lose digits."""
    return None if text is None else json.loads(text, parse_float=str)
