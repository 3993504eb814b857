"""Which table an id in a path belongs to, and companies with a row in each of them."""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from lunarfront.kernel.db import db
from lunarfront.kernel.uow import UnitOfWork
from lunarfront.sdk.testing.contexts import context_of
from lunarfront.sdk.testing.strangers import fill_company
from lunarfront.sdk.testing.world import CompanyWorld

PARAMETER = re.compile(r"<uuid:(\w+)>")
#: Names of path parameters whose table is not their own name.
TABLES = {
    "user_id": "app_user",
    "variant_id": "product_variant",
    "barcode_id": "product_barcode",
    "unit_id": "inventory_unit",
    "entry_id": "journal_entry",
    "order_id": "transaction",
    "status_id": "unit_status",
    "condition_id": "item_condition",
    "session_id": "auth_session",
    "token_id": "api_token",
    "grant_id": "permission_grant",
    "identifier_id": "member_identifier",
    "exemption_id": "tax_exemption",
    "jurisdiction_id": "tax_jurisdiction",
    "component_id": "tax_component",
    "rule_id": "tax_rule",
    "job_id": "job_outbox",
    "reason_id": "reason_code",
    "item_id": "supplier_item",
    "list_id": "price_list",
    "balance_id": "stock_balance",
    "batch_id": "import_batch",
}

#: Resources whose path parameter is just ``row_id``.
ROW_TABLES = {
    "/unit-statuses/": "unit_status",
    "/item-conditions/": "item_condition",
    "/tax/categories/": "tax_category",
    "/tax/components/": "tax_component",
    "/tax/jurisdictions/": "tax_jurisdiction",
    "/tax/rules/": "tax_rule",
}


def table_of(parameter: str, path: str, ids: dict[str, list[UUID]]) -> str:
    if parameter == "session_id" and "drawer" in path:
        return "drawer_session"
    if parameter == "row_id":
        return next(table for segment, table in ROW_TABLES.items() if segment in path)
    name = TABLES.get(parameter, parameter.removesuffix("_id"))
    assert name in ids, f"{path}: say in TABLES which table {parameter} is of"
    return name


def filled(connection: Connection, company: CompanyWorld, now: datetime) -> dict[str, list[UUID]]:
    """Write a row of everything into a company and return the ids by table."""
    with UnitOfWork(connection, company.id, join_transaction_mode="create_savepoint") as uow:
        fill_company(context_of(uow, company, company.people["admin"].id, now), company)
        uow.commit()
        names = [
            t.name for t in db.metadata.tables.values() if "company_id" in t.columns and "id" in t.columns
        ]
        return {name: [row.id for row in uow.query(f'SELECT id FROM "{name}" ORDER BY id')] for name in names}
