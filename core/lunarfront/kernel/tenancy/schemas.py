"""Bodies and answers of companies, locations, terminals and reason codes."""

from typing import Any
from zoneinfo import available_timezones

import marshmallow as ma
from babel import Locale
from babel.numbers import list_currencies

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery, page_schema
from lunarfront.kernel.api.schemas import LegacyIn, LfSchema, VersionedRow
from lunarfront.kernel.money import UNSUPPORTED_CURRENCIES

CODE = ma.validate.Regexp(r"^[a-z][a-z0-9_]*$")


class Currency(f.Text):
    """A currency of ISO 4217 with no or two decimals (MON-01)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=3, metadata={"pattern": "^[A-Z]{3}$"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        code = super()._deserialize(value, attr, data, **kwargs)
        if code not in list_currencies() or code in UNSUPPORTED_CURRENCIES:
            raise f.refuse("validation_failed", "This is not a currency that can be used here.")
        return code


class Country(f.Text):
    """A country of ISO 3166, two letters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=2, metadata={"pattern": "^[A-Z]{2}$"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        code = super()._deserialize(value, attr, data, **kwargs)
        if len(code) != 2 or not code.isalpha() or code not in Locale("en").territories:
            raise f.refuse("validation_failed", "This is not the code of a country.")
        return code


class Timezone(f.Text):
    """The name of an IANA zone (GEN-07)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=60, metadata={"example": "America/Chicago"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        if name not in available_timezones():
            raise f.refuse("validation_failed", "This is not the name of a time zone.")
        return name


class DayCutoff(ma.fields.Time):
    """The time of day until which sales count to the day before; whole minutes (GEN-07)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%H:%M", **options)


# --- company --------------------------------------------------------------------------------------------------


class CompanyPatch(LfSchema):
    """Changes of the company; ``settings`` names only those that change."""

    name = f.Text(max_length=120)
    legal_name = f.Text(max_length=200, allow_none=True)
    currency = Currency()
    country = Country()
    default_timezone = Timezone()
    tax_id = f.Text(max_length=60, allow_none=True)
    settings = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Raw(allow_none=True), validate=ma.validate.Length(max=200)
    )


class CompanyOut(VersionedRow):
    """The company; ``settings`` has every setting with its value."""

    name = ma.fields.String()
    legal_name = ma.fields.String(allow_none=True)
    currency = ma.fields.String()
    country = ma.fields.String()
    default_timezone = ma.fields.String()
    tax_id = ma.fields.String(allow_none=True)
    is_demo = ma.fields.Boolean()
    settings = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Raw(allow_none=True))


# --- locations ------------------------------------------------------------------------------------------------


class _LocationFields(LfSchema):
    address_line1 = f.Text(max_length=120, allow_none=True)
    address_line2 = f.Text(max_length=120, allow_none=True)
    city = f.Text(max_length=80, allow_none=True)
    region = f.Text(max_length=80, allow_none=True)
    postal_code = f.Text(max_length=20, allow_none=True)
    country = Country(allow_none=True)
    phone = f.Text(max_length=40, allow_none=True)
    day_cutoff = DayCutoff()
    tax_rounding = f.Choice("document", "line")
    cash_rounding_increment = f.Money(low="0.01", high="1.00")
    cash_rounding_mode = f.Choice("nearest", "down")
    receipt_header = f.Text(max_length=1000, allow_none=True)
    receipt_footer = f.Text(max_length=1000, allow_none=True)
    is_mobile = f.Flag()
    trade_in_reduces_tax = f.Flag()


class LocationIn(LegacyIn, _LocationFields):
    """A new location; without a zone it takes the company's."""

    code = f.Text(max_length=8, required=True, validate=ma.validate.Regexp(r"^[A-Za-z0-9_-]+$"))
    name = f.Text(max_length=120, required=True)
    timezone = Timezone()
    price_mode = f.Choice("exclusive", "inclusive", required=True)
    is_training = f.Flag()


class LocationPatch(_LocationFields):
    """Changes of a location; they count from the next transaction (ORG-02)."""

    name = f.Text(max_length=120)
    timezone = Timezone()
    price_mode = f.Choice("exclusive", "inclusive")
    is_active = f.Flag()


class LocationOut(VersionedRow):
    """A location."""

    code = ma.fields.String()
    name = ma.fields.String()
    address_line1 = ma.fields.String(allow_none=True)
    address_line2 = ma.fields.String(allow_none=True)
    city = ma.fields.String(allow_none=True)
    region = ma.fields.String(allow_none=True)
    postal_code = ma.fields.String(allow_none=True)
    country = ma.fields.String(allow_none=True)
    phone = ma.fields.String(allow_none=True)
    timezone = ma.fields.String()
    day_cutoff = DayCutoff()
    price_mode = ma.fields.String()
    tax_rounding = ma.fields.String()
    cash_rounding_increment = f.Money()
    cash_rounding_mode = ma.fields.String()
    receipt_header = ma.fields.String(allow_none=True)
    receipt_footer = ma.fields.String(allow_none=True)
    is_mobile = ma.fields.Boolean()
    is_training = ma.fields.Boolean()
    trade_in_reduces_tax = ma.fields.Boolean()
    is_active = ma.fields.Boolean()
    archived_at = f.Timestamp(allow_none=True)
    legacy_id = ma.fields.String(allow_none=True)
    legacy_source = ma.fields.String(allow_none=True)


class ActiveQuery(ListQuery):
    """Filter of lists whose rows can be archived."""

    is_active = f.Flag(data_key="filter[is_active]")


# --- terminals ------------------------------------------------------------------------------------------------

KINDS = ("desktop", "tablet", "mobile", "kiosk")


class TerminalIn(LegacyIn):
    """A new terminal of one location (ORG-01)."""

    location_id = ma.fields.UUID(required=True)
    code = f.Text(max_length=8, required=True, validate=ma.validate.Regexp(r"^[A-Za-z0-9_-]+$"))
    name = f.Text(max_length=80, required=True)
    kind = f.Choice(*KINDS)
    drawer_id = ma.fields.UUID(allow_none=True)


class TerminalPatch(LfSchema):
    """Changes of a terminal. Its location and code stay: they stand in its receipt numbers (POS-03)."""

    name = f.Text(max_length=80)
    kind = f.Choice(*KINDS)
    drawer_id = ma.fields.UUID(allow_none=True)
    is_active = f.Flag()


class TerminalOut(VersionedRow):
    """A terminal."""

    location_id = ma.fields.UUID()
    code = ma.fields.String()
    name = ma.fields.String()
    kind = ma.fields.String()
    drawer_id = ma.fields.UUID(allow_none=True)
    is_paired = ma.fields.Boolean()
    last_seen_at = f.Timestamp(allow_none=True)
    is_active = ma.fields.Boolean()
    archived_at = f.Timestamp(allow_none=True)
    legacy_id = ma.fields.String(allow_none=True)
    legacy_source = ma.fields.String(allow_none=True)


class TerminalQuery(ActiveQuery):
    """Filters of the list."""

    location_id = ma.fields.UUID(data_key="filter[location_id]")


class PairedOut(LfSchema):
    """The key of a paired terminal; shown once."""

    terminal_id = ma.fields.UUID()
    device_key = ma.fields.String()


# --- reason codes ---------------------------------------------------------------------------------------------


class ReasonCodeIn(LfSchema):
    """A new reason of a kind that exists."""

    kind = f.Text(max_length=40, required=True, validate=CODE)
    code = f.Text(max_length=40, required=True, validate=CODE)
    label = f.Text(max_length=120, required=True)
    requires_note = f.Flag(load_default=False)


class ReasonCodePatch(LfSchema):
    """Changes of a reason; its code stays, it stands in records."""

    label = f.Text(max_length=120)
    requires_note = f.Flag()
    is_active = f.Flag()


class ReasonCodeOut(VersionedRow):
    """A reason (GEN-05)."""

    kind = ma.fields.String()
    code = ma.fields.String()
    label = ma.fields.String()
    requires_note = ma.fields.Boolean()
    is_active = ma.fields.Boolean()


class ReasonCodeQuery(ActiveQuery):
    """Filters of the list."""

    kind = f.Text(max_length=40, data_key="filter[kind]")


LocationPage = page_schema(LocationOut)
TerminalPage = page_schema(TerminalOut)
ReasonCodePage = page_schema(ReasonCodeOut)
