"""Import of suppliers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from lunarfront.domains.catalog.models import Supplier
from lunarfront.domains.catalog.schemas.suppliers import SupplierIn
from lunarfront.domains.catalog.service.suppliers import normal, taken_names
from lunarfront.domains.importing.rules import SheetLine, whole
from lunarfront.domains.importing.service.loading import load_row
from lunarfront.domains.importing.service.runs import Importer, Plan
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.faults import Faults
from lunarfront.kernel.problems import Problem

REQUIRED = ("name",)
OPTIONAL = (
    "contact_name", "email", "phone", "website", "address_line1", "address_line2", "city", "region", "postal_code",
    "country", "terms_days", "currency", "account_ref", "notes", "legacy_id", "legacy_source",
)  # fmt: skip
_COLUMNS = (*REQUIRED, "name_key", "phone_e164", *(name for name in OPTIONAL if name != "phone"))
_SUPPLIER = SupplierIn()


def plan_suppliers(ctx: CompanyContext, lines: Sequence[SheetLine]) -> Plan:
    """Check the rows of a file and say what they would make."""
    faults = Faults()
    rows = [_load(ctx, line, faults.at(f"line {line.number}: ")) for line in lines]
    taken = taken_names(ctx, [row["name_key"] for row in rows if row is not None])
    for line, row in zip(lines, rows, strict=True):
        if row is None:
            continue
        if row["name_key"] in taken:
            faults.add(f"line {line.number}: name", "conflict", "There is a supplier with this name.")
        taken.add(row["name_key"])

    def write(_batch_id: UUID) -> None:
        for row in filter(None, rows):
            ctx.uow.add(Supplier, **{name: row.get(name) for name in _COLUMNS})

    return Plan({"suppliers": len([row for row in rows if row is not None])}, faults, write)


def _load(ctx: CompanyContext, line: SheetLine, faults: Faults) -> dict[str, Any] | None:
    body: dict[str, Any] = dict(line.cells)
    if "terms_days" in body:
        body["terms_days"] = whole(body["terms_days"])
    loaded = load_row(_SUPPLIER, body, faults)
    if loaded is None:
        return None
    try:
        return normal(ctx, loaded)
    except Problem as problem:
        faults.add(problem.errors[0].field, problem.code, problem.detail)
        return None


SUPPLIERS = Importer("suppliers", REQUIRED, OPTIONAL, 20_000, plan_suppliers)
