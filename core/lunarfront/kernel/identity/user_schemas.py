"""Bodies and answers of ``/users``."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery, page_schema
from lunarfront.kernel.api.schemas import LegacyIn, LfSchema, VersionedRow
from lunarfront.kernel.identity.fields import Email, Password, pin, staff_number

MOST = ma.validate.Length(max=50)
THEMES = ("system", "light", "dark", "contrast")


def _ids() -> ma.fields.List:
    return ma.fields.List(ma.fields.UUID(), validate=MOST)


class UserQuery(ListQuery):
    """Filters of the list."""

    is_active = f.Flag(data_key="filter[is_active]")
    role = f.Text(max_length=60, data_key="filter[role]", metadata={"description": "code of a role"})


class UserIn(LegacyIn):
    """A new user. Who signs in by himself needs an e-mail address and a password."""

    full_name = f.Text(max_length=120, required=True)
    email = Email(allow_none=True, load_default=None)
    can_sign_in = f.Flag(load_default=True)
    password = Password()
    staff_number = staff_number(allow_none=True)
    pin = pin()
    locale = f.Text(max_length=20, allow_none=True)
    theme = f.Choice(*THEMES)
    role_ids = ma.fields.List(ma.fields.UUID(), validate=MOST, load_default=list)
    location_ids = ma.fields.List(
        ma.fields.UUID(), validate=MOST, load_default=list, metadata={"description": "none means all"}
    )


class UserPatch(LfSchema):
    """Changes of a user; lists replace what was there."""

    full_name = f.Text(max_length=120)
    email = Email(allow_none=True)
    can_sign_in = f.Flag()
    staff_number = staff_number(allow_none=True)
    locale = f.Text(max_length=20, allow_none=True)
    theme = f.Choice(*THEMES)
    is_active = f.Flag()
    role_ids = _ids()
    location_ids = _ids()


class PasswordSetIn(LfSchema):
    """A password for another user; without one a reset link is mailed to him."""

    password = Password()


class PinSetIn(LfSchema):
    """A PIN for another user; null takes it away."""

    pin = pin(required=True, allow_none=True)


class UserOut(VersionedRow):
    """A user without secrets."""

    full_name = ma.fields.String()
    email = ma.fields.String(allow_none=True)
    can_sign_in = ma.fields.Boolean()
    staff_number = ma.fields.String(allow_none=True)
    has_pin = ma.fields.Boolean()
    has_badge = ma.fields.Boolean()
    has_mfa = ma.fields.Boolean()
    locale = ma.fields.String(allow_none=True)
    theme = ma.fields.String()
    is_active = ma.fields.Boolean()
    archived_at = f.Timestamp(allow_none=True)
    last_login_at = f.Timestamp(allow_none=True)
    locked_until = f.Timestamp(allow_none=True)
    role_ids = ma.fields.List(ma.fields.UUID())
    location_ids = ma.fields.List(ma.fields.UUID())
    legacy_id = ma.fields.String(allow_none=True)
    legacy_source = ma.fields.String(allow_none=True)


class BadgeOut(LfSchema):
    """A new badge: its code is printed once, as a barcode, and stored hashed."""

    badge = ma.fields.String()


UserPage = page_schema(UserOut)
