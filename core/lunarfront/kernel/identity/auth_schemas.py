"""Bodies and answers of ``/auth``."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.schemas import LfSchema
from lunarfront.kernel.identity.fields import Email, Password, pin, staff_number


class LoginIn(LfSchema):
    """E-mail address and password; ``company`` chooses one of several companies (USR-11)."""

    email = f.Text(max_length=254, required=True)
    password = Password(required=True)
    company = ma.fields.UUID()
    otp = f.Text(
        max_length=20, load_only=True, metadata={"description": "code of the second factor (SEC-29)"}
    )
    terminal_id = ma.fields.UUID(metadata={"description": "the till this sign-in is bound to"})

    @ma.post_load
    def _lower(self, data: dict[str, object], **_: object) -> dict[str, object]:
        return data | {"email": str(data["email"]).lower()}


class RefreshIn(LfSchema):
    """A refresh token; it is used up by this."""

    refresh_token = f.Text(max_length=200, required=True, load_only=True)


class LogoutIn(LfSchema):
    """Which sign-ins to end."""

    everywhere = f.Flag(load_default=False, metadata={"description": "also end all others of this user"})


class PinSwitchIn(LfSchema):
    """Staff number and PIN, or a badge, on a paired terminal (USR-10)."""

    device_key = f.Text(max_length=200, required=True, load_only=True)
    staff_number = staff_number()
    pin = pin()
    badge = f.Text(max_length=100, load_only=True)


class PasswordIn(LfSchema):
    """The current password, once more."""

    password = Password(required=True)


class PasswordChangeIn(LfSchema):
    """A new password for oneself (SEC-20)."""

    current_password = Password(required=True)
    new_password = Password(required=True)


class OwnPinIn(LfSchema):
    """A new PIN for oneself; null takes it away."""

    password = Password(required=True)
    pin = pin(required=True, allow_none=True)


class MfaConfirmIn(LfSchema):
    """The first code of a new authenticator proves that it works."""

    enrolment = f.Text(max_length=500, required=True, load_only=True)
    otp = f.Text(max_length=20, required=True, load_only=True)


class MfaDisableIn(PasswordIn):
    """Password and a code, to switch the second factor off."""

    otp = f.Text(max_length=20, required=True, load_only=True)


class MfaEnrolmentOut(LfSchema):
    """What an authenticator app needs; ``enrolment`` goes back with its first code within ten minutes."""

    secret = ma.fields.String()
    uri = ma.fields.String()
    enrolment = ma.fields.String()


class RecoveryCodesOut(LfSchema):
    """Codes that replace the authenticator once each; shown once."""

    recovery_codes = ma.fields.List(ma.fields.String())


class ResetRequestIn(LfSchema):
    """Whose password was forgotten."""

    email = Email(required=True)


class ResetIn(LfSchema):
    """The token of a reset link with the new password."""

    token = f.Text(max_length=200, required=True, load_only=True)
    new_password = Password(required=True)


class SettingsOfUserIn(LfSchema):
    """What everybody may change about himself."""

    locale = f.Text(max_length=20, allow_none=True)
    theme = f.Choice("system", "light", "dark", "contrast")


class UserBrief(LfSchema):
    """Who is signed in."""

    id = ma.fields.UUID()
    full_name = ma.fields.String()
    email = ma.fields.String(allow_none=True)
    locale = ma.fields.String(allow_none=True)
    theme = ma.fields.String()


class CompanyBrief(LfSchema):
    """Where somebody is signed in."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    currency = ma.fields.String()
    country = ma.fields.String()


class TokensOut(LfSchema):
    """A pair of tokens. The access token ends at ``expires_at``; the refresh token is used once."""

    access_token = ma.fields.String()
    token_type = ma.fields.Constant("Bearer")
    expires_at = f.Timestamp()
    refresh_token = ma.fields.String()
    session_id = ma.fields.UUID()
    user = ma.fields.Nested(UserBrief)
    company = ma.fields.Nested(CompanyBrief)


class MeCompany(CompanyBrief):
    """The company with what a screen needs to show money and dates."""

    timezone = ma.fields.String()
    unit = f.Money(metadata={"description": "the smallest amount of the currency"})
    is_demo = ma.fields.Boolean()


class MeLocation(LfSchema):
    """The location of the terminal."""

    id = ma.fields.UUID()
    code = ma.fields.String()
    name = ma.fields.String()
    timezone = ma.fields.String()
    price_mode = ma.fields.String()
    is_mobile = ma.fields.Boolean()
    is_training = ma.fields.Boolean()


class MeTerminal(LfSchema):
    """The terminal."""

    id = ma.fields.UUID()
    code = ma.fields.String()
    name = ma.fields.String()
    drawer_id = ma.fields.UUID(allow_none=True)


class Limits(LfSchema):
    """Limits of all roles together; null is no limit (USR-09)."""

    discount_percent_limit = f.Rate(allow_none=True)
    discount_amount_limit = f.Money(allow_none=True)
    refund_limit = f.Money(allow_none=True)
    trade_in_limit = f.Money(allow_none=True)


class MeSession(LfSchema):
    """The sign-in."""

    id = ma.fields.UUID()
    kind = ma.fields.String(metadata={"enum": ["web", "api", "pin", "token"]})
    authenticated_at = f.Timestamp()


class MeOut(LfSchema):
    """Who acts, where, and with which rights."""

    user = ma.fields.Nested(UserBrief)
    company = ma.fields.Nested(MeCompany)
    location = ma.fields.Nested(MeLocation, allow_none=True)
    terminal = ma.fields.Nested(MeTerminal, allow_none=True)
    session = ma.fields.Nested(MeSession, allow_none=True)
    rights = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(),
        metadata={"description": "right to allow or approval"},
    )
    limits = ma.fields.Nested(Limits)
    location_ids = ma.fields.List(ma.fields.UUID(), allow_none=True)


class SessionOut(LfSchema):
    """One sign-in of the user."""

    id = ma.fields.UUID()
    kind = ma.fields.String()
    terminal_id = ma.fields.UUID(allow_none=True)
    created_at = f.Timestamp()
    last_seen_at = f.Timestamp()
    expires_at = f.Timestamp()
    ip = ma.fields.String(allow_none=True)
    user_agent = ma.fields.String(allow_none=True)
    is_current = ma.fields.Boolean()


class ApiTokenIn(LfSchema):
    """A new API token of the user; without scopes it may do what he may."""

    name = f.Text(max_length=100, required=True)
    scopes = ma.fields.List(
        f.Text(max_length=80), allow_none=True, validate=ma.validate.Length(min=1, max=200)
    )
    expires_at = f.Timestamp(allow_none=True)
    terminal_id = ma.fields.UUID(allow_none=True)


class ApiTokenOut(LfSchema):
    """An API token without its secret."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    scopes = ma.fields.List(ma.fields.String(), allow_none=True)
    terminal_id = ma.fields.UUID(allow_none=True)
    created_at = f.Timestamp()
    expires_at = f.Timestamp(allow_none=True)
    last_used_at = f.Timestamp(allow_none=True)
    revoked_at = f.Timestamp(allow_none=True)


class NewApiTokenOut(ApiTokenOut):
    """A new API token; ``token`` is shown once."""

    token = ma.fields.String()
