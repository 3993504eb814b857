"""Accounts: requests and answers (domain-core.md §3.3, §9)."""

import marshmallow as ma

from lunarfront.domains.accounts.rules import ACCOUNT_KINDS
from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery, page_schema
from lunarfront.kernel.api.schemas import LegacyIn, LfSchema, VersionedRow


class AccountFields(LfSchema):
    """What people may set on an account. ``phone`` is taken as written and answered in E.164 (ACT-02)."""

    kind = f.Choice(*ACCOUNT_KINDS)
    display_name = f.Text(max_length=200)
    email = f.Text(max_length=254, allow_none=True)
    phone = f.Text(max_length=40, allow_none=True)
    address_line1 = f.Text(max_length=200, allow_none=True)
    address_line2 = f.Text(max_length=200, allow_none=True)
    city = f.Text(max_length=120, allow_none=True)
    region = f.Text(max_length=120, allow_none=True)
    postal_code = f.Text(max_length=20, allow_none=True)
    country = f.Text(max_length=2, allow_none=True)
    billing_mode = f.Choice("consolidated", "split")
    credit_limit = f.Money(low="0", allow_none=True)
    terms_days = f.Integer(low=0, high=365)
    name_checked = f.Flag()
    notes = f.Text(max_length=4000, allow_none=True)


class AccountIn(AccountFields, LegacyIn):
    """A new account: a name, and phone or email or ``no_contact`` (ACT-01)."""

    kind = f.Choice(*ACCOUNT_KINDS, load_default="person")
    display_name = f.Text(max_length=200, required=True)
    no_contact = f.Flag()
    confirm_duplicate = f.Flag(
        metadata={"description": "make it beside accounts that look the same (ACT-03)"}
    )


class AccountChange(AccountFields):
    """A change of an account; fields left out stay."""

    confirm_duplicate = f.Flag()


class AccountOut(VersionedRow):
    """An account. ``tax_exempt``: an approved certificate is valid today; ``credit_limit`` null means none."""

    account_number = ma.fields.String()
    kind = ma.fields.String()
    display_name = ma.fields.String()
    email = ma.fields.String(allow_none=True)
    phone = ma.fields.String(allow_none=True)
    phone_e164 = ma.fields.String(allow_none=True)
    phone_digits = ma.fields.String(allow_none=True)
    address_line1 = ma.fields.String(allow_none=True)
    address_line2 = ma.fields.String(allow_none=True)
    city = ma.fields.String(allow_none=True)
    region = ma.fields.String(allow_none=True)
    postal_code = ma.fields.String(allow_none=True)
    country = ma.fields.String(allow_none=True)
    billing_mode = ma.fields.String()
    credit_limit = f.Money(allow_none=True)
    terms_days = ma.fields.Integer()
    name_checked = ma.fields.Boolean()
    tax_exempt = ma.fields.Boolean()
    notes = ma.fields.String(allow_none=True)
    merged_into_id = ma.fields.UUID(allow_none=True)
    is_active = ma.fields.Boolean()
    archived_at = f.Timestamp(allow_none=True)
    erased_at = f.Timestamp(allow_none=True)
    legacy_id = ma.fields.String(allow_none=True)
    legacy_source = ma.fields.String(allow_none=True)


class AccountQuery(ListQuery):
    """Filters of accounts; archived ones are shown only by ``filter[is_active]=false``."""

    kind = f.Choice(*ACCOUNT_KINDS, data_key="filter[kind]")
    email = f.Text(max_length=254, data_key="filter[email]")
    postal_code = f.Text(max_length=20, data_key="filter[postal_code]")
    is_active = f.Flag(data_key="filter[is_active]")
    legacy_id = f.Text(max_length=120, data_key="filter[legacy_id]")
    legacy_source = f.Text(max_length=60, data_key="filter[legacy_source]")


class DuplicateIn(LfSchema):
    """Whom to look for before an account is made (ACT-03)."""

    display_name = f.Text(max_length=200, required=True)
    kind = f.Choice(*ACCOUNT_KINDS, load_default="person")
    email = f.Text(max_length=254, allow_none=True)
    phone = f.Text(max_length=40, allow_none=True)
    postal_code = f.Text(max_length=20, allow_none=True)


class CandidateOut(LfSchema):
    """An account that may be the same; ``score`` from 0.00 to 1.00, ``proposal`` use_existing or add_member."""

    account_id = ma.fields.UUID()
    account_number = ma.fields.String()
    display_name = ma.fields.String()
    score = ma.fields.String()
    reasons = ma.fields.List(ma.fields.String())
    proposal = ma.fields.String()


class CandidatesOut(LfSchema):
    """The accounts that look the same, the most alike first."""

    candidates = ma.fields.List(ma.fields.Nested(CandidateOut))


class MergeIn(LfSchema):
    """The account that goes; the one in the address stays (ACT-04)."""

    account_id = ma.fields.UUID(required=True)


class MergeOut(LfSchema):
    """The account that stays, and how many rows of each table were moved to it."""

    account = ma.fields.Nested(AccountOut)
    moved = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())


class EraseIn(LfSchema):
    """Why a customer is forgotten (ACT-08); ``confirm`` must be true, as it cannot be undone."""

    confirm = f.Flag(required=True, validate=ma.validate.Equal(True))
    note = f.Text(max_length=500, allow_none=True)


class ExportOut(ma.Schema):
    """A customer's own data (SEC-62)."""

    account = ma.fields.Dict()
    members = ma.fields.List(ma.fields.Dict())
    exemptions = ma.fields.List(ma.fields.Dict())
    invoices = ma.fields.List(ma.fields.Dict())
    purchases = ma.fields.List(ma.fields.Dict())
    store_credit = f.Money()


AccountPage = page_schema(AccountOut)
