"""Rows in every table of a company that a URL can name, for tests that must never reach them."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from lunarfront.domains.accounts.models import Account, Member, MemberIdentifier, TaxExemption
from lunarfront.domains.accounts.service import identifiers
from lunarfront.domains.catalog.models import (
    PriceList,
    ProductBarcode,
    Supplier,
    SupplierItem,
)
from lunarfront.domains.drawer.models import DrawerSession
from lunarfront.domains.importing.models import ImportBatch
from lunarfront.domains.inventory.service.opening import OpeningRow, receive_opening_stock
from lunarfront.domains.sales.models import Discount
from lunarfront.domains.sales.service.transactions import create_transaction
from lunarfront.kernel.auth.models import AuthSession, PermissionGrant
from lunarfront.kernel.auth.secrets import new_secret
from lunarfront.kernel.config import ensure_secret_key
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.core import core
from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.records import JobOutbox
from lunarfront.kernel.secretbox import sealer
from lunarfront.sdk.testing.goods import add_category, add_item
from lunarfront.sdk.testing.world import CompanyWorld


def fill_company(ctx: CompanyContext, company: CompanyWorld) -> None:
    """Write one row of everything, and a completed sale with its journal entry."""
    _add_people(ctx, company)
    _add_customers(ctx)
    item = _add_goods(ctx, company)
    ctx.uow.add(
        DrawerSession,
        drawer_id=company.drawer_id,
        terminal_id=company.terminal_id,
        location_id=company.location_id,
        status="open",
        opened_by=company.people["admin"].id,
        opened_at=ctx.now,
        business_date=ctx.business_date(),
        opening_float="0.00",
    )
    ctx.uow.flush()
    _sell(ctx, item)
    ctx.uow.flush()


def _add_people(ctx: CompanyContext, company: CompanyWorld) -> None:
    staff = company.people["staff"].id
    secret = new_secret(company.id)
    expires = ctx.now + timedelta(days=1)
    ctx.uow.add(AuthSession, user_id=staff, kind="web", id_hash=secret.hash, expires_at=expires)
    ctx.uow.add(PermissionGrant, user_id=staff, permission="audit.view", effect="allow")
    ctx.uow.add(JobOutbox, kind="test.stranger", payload={}, failed_at=ctx.now, error="as a test")


def _add_customers(ctx: CompanyContext) -> None:
    account = ctx.uow.add(
        Account, account_number="A-000001", kind="family", display_name="Stranger", name_sort="stranger",
        search_text="stranger", email="stranger@example.com",
    )  # fmt: skip
    member = ctx.uow.add(
        Member,
        account_id=account,
        member_number="M-000001",
        first_name="Sam",
        search_text="sam",
        is_primary=True,
    )
    box = sealer(identifiers.PURPOSE, ensure_secret_key(core().settings))
    number = box.seal(b"X0001234")
    ctx.uow.add(MemberIdentifier, member_id=member, kind="passport", number_encrypted=number, last4="1234")
    ctx.uow.add(TaxExemption, account_id=account, valid_from=ctx.business_date(), certificate_number="C-1")


def _add_goods(ctx: CompanyContext, company: CompanyWorld) -> UUID:
    category = add_category(ctx.uow)
    item = add_item(ctx.uow, category, "STR", "9.99")
    cello = add_item(ctx.uow, category, "CEL", "900.00", product={"is_serialized": True})
    ctx.uow.add(ProductBarcode, variant_id=item, code="4006381333931", kind="ean_13")
    supplier = ctx.uow.add(Supplier, name="Strings Ltd", name_key="strings ltd")
    ctx.uow.add(SupplierItem, supplier_id=supplier, variant_id=item)
    ctx.uow.add(PriceList, code="SCHOOL", name="Schools")
    ctx.uow.add(Discount, code="TEN", name="Ten off", scope="cart", type="percent", value="10")
    user = company.people["admin"].id
    batch = ctx.uow.add(ImportBatch, kind="products", sha256="0" * 64, row_count=1, result={}, user_id=user)
    ctx.uow.flush()
    rows = [
        OpeningRow(item, company.location_id, Decimal(5), Decimal("2.00")),
        OpeningRow(cello, company.location_id, Decimal(1), Decimal("450.00"), ("S-1",)),
    ]
    receive_opening_stock(ctx, rows, batch)
    ctx.uow.flush()
    return item


def _sell(ctx: CompanyContext, item: UUID) -> None:
    line = {"variant_id": item, "qty": Decimal(1), "discounts": []}
    body = {
        "client_uuid": uuid7(),
        "lines": [line],
        "discounts": [],
        "tenders": [{"type": "cash", "tendered": Decimal(20)}],
        "complete": True,
    }
    create_transaction(ctx, body)
