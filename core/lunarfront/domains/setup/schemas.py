"""Body and answer of ``POST /companies`` (ORG-04)."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.schemas import LfSchema
from lunarfront.kernel.tenancy.schemas import Country, Currency, Timezone


class CompanyIn(LfSchema):
    """A new company. The same ``client_uuid`` of the same user means the same company."""

    client_uuid = ma.fields.UUID(required=True)
    name = f.Text(max_length=120, required=True)
    currency = Currency(required=True)
    country = Country(required=True)
    default_timezone = Timezone(required=True)


class OpenedCompanyOut(LfSchema):
    """The ids that were made, and an API token of the new company's administrator, shown once.

    Send ``terminal_id`` as ``X-Terminal-Id`` with the token to work at the first till.
    """

    company_id = ma.fields.UUID()
    location_id = ma.fields.UUID()
    terminal_id = ma.fields.UUID()
    drawer_id = ma.fields.UUID()
    user_id = ma.fields.UUID()
    role_ids = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.UUID())
    api_token = ma.fields.String()
