"""Members and their identity papers (ACT-09 to ACT-11)."""

import marshmallow as ma

from lunarfront.domains.accounts.rules import IDENTIFIER_KINDS, RELATIONS
from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery, page_schema
from lunarfront.kernel.api.schemas import LegacyIn, LfSchema, Row, VersionedRow


class MemberFields(LfSchema):
    """What people may set on a member."""

    first_name = f.Text(max_length=120)
    last_name = f.Text(max_length=120, allow_none=True)
    relation = f.Choice(*RELATIONS)
    email = f.Text(max_length=254, allow_none=True)
    phone = f.Text(max_length=40, allow_none=True)
    birth_date = ma.fields.Date(allow_none=True)
    is_minor_override = f.Flag(allow_none=True)
    is_primary = f.Flag()
    notes = f.Text(max_length=4000, allow_none=True)


class MemberIn(MemberFields, LegacyIn):
    """A new member; the first one of an account is primary by itself (ACT-09)."""

    first_name = f.Text(max_length=120, required=True)


class MemberChange(MemberFields):
    """A change of a member; ``account_id`` moves it (ACT-06), ``new_primary_id`` names who is primary then."""

    account_id = ma.fields.UUID()
    new_primary_id = ma.fields.UUID()


class MemberOut(VersionedRow):
    """A member. ``is_minor`` is derived (ACT-10); a minor's birth date is null without the right to see it."""

    account_id = ma.fields.UUID()
    member_number = ma.fields.String()
    first_name = ma.fields.String()
    last_name = ma.fields.String(allow_none=True)
    relation = ma.fields.String()
    email = ma.fields.String(allow_none=True)
    phone = ma.fields.String(allow_none=True)
    phone_e164 = ma.fields.String(allow_none=True)
    birth_date = ma.fields.Date(allow_none=True)
    is_minor_override = ma.fields.Boolean(allow_none=True)
    is_minor = ma.fields.Boolean()
    is_primary = ma.fields.Boolean()
    notes = ma.fields.String(allow_none=True)
    is_active = ma.fields.Boolean()
    legacy_id = ma.fields.String(allow_none=True)
    legacy_source = ma.fields.String(allow_none=True)


class MemberQuery(ListQuery):
    """Filters of members; removed ones are shown only by ``filter[is_active]=false``."""

    is_active = f.Flag(data_key="filter[is_active]")


class RemoveQuery(LfSchema):
    """Who is primary when the primary member goes."""

    new_primary_id = ma.fields.UUID()


class IdentifierFields(LfSchema):
    """What a paper says."""

    kind = f.Choice(*IDENTIFIER_KINDS)
    number = f.Text(max_length=60, validate=ma.validate.Length(min=4))
    issuer = f.Text(max_length=120, allow_none=True)
    expires_on = ma.fields.Date(allow_none=True)


class IdentifierIn(IdentifierFields):
    """A new paper; its number is stored sealed (SEC-44)."""

    kind = f.Choice(*IDENTIFIER_KINDS, required=True)
    number = f.Text(max_length=60, required=True, validate=ma.validate.Length(min=4))


class IdentifierOut(VersionedRow):
    """A paper without its number (ACT-11)."""

    member_id = ma.fields.UUID()
    kind = ma.fields.String()
    last4 = ma.fields.String()
    issuer = ma.fields.String(allow_none=True)
    expires_on = ma.fields.Date(allow_none=True)
    delete_after = ma.fields.Date(allow_none=True)


class IdentifierSeen(IdentifierOut):
    """A paper with its number; every look is recorded."""

    number = ma.fields.String()


class IdentifierListed(Row):
    """A paper in a list: kind and last four only (ACT-11)."""

    version = ma.fields.Integer(dump_only=True)
    kind = ma.fields.String()
    last4 = ma.fields.String()


MemberPage = page_schema(MemberOut)
IdentifierPage = page_schema(IdentifierListed)
