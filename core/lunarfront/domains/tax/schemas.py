"""What the routes of tax take and answer (domain-core.md §3.8)."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery
from lunarfront.kernel.api.schemas import LfSchema, Row, VersionedRow

LEVELS = ("state", "county", "city", "district", "national")
CODE = ma.validate.Regexp(r"^[A-Za-z0-9][A-Za-z0-9_.-]*\Z")
SLUG = ma.validate.Regexp(r"^[a-z][a-z0-9_]*\Z")


class JurisdictionIn(LfSchema):
    """Who levies a tax."""

    code = f.Text(max_length=20, required=True, validate=CODE)
    name = f.Text(max_length=120, required=True)
    level = f.Choice(*LEVELS, required=True)
    filing_frequency = f.Text(max_length=40, allow_none=True)
    registration_number = f.Text(max_length=60, allow_none=True)


class JurisdictionChange(LfSchema):
    """A change of a jurisdiction; its code stays, since certificates name it."""

    name = f.Text(max_length=120)
    level = f.Choice(*LEVELS)
    filing_frequency = f.Text(max_length=40, allow_none=True)
    registration_number = f.Text(max_length=60, allow_none=True)


class JurisdictionOut(VersionedRow):
    """Who levies a tax."""

    code = f.Text()
    name = f.Text()
    level = f.Text()
    filing_frequency = f.Text(allow_none=True)
    registration_number = f.Text(allow_none=True)


class JurisdictionQuery(ListQuery):
    """Filters of the list of jurisdictions."""

    level = f.Choice(*LEVELS, data_key="filter[level]")


class ComponentIn(LfSchema):
    """A rate with its validity: from ``valid_from`` up to, not including, ``valid_to``; the rate is a fraction."""

    jurisdiction_id = ma.fields.UUID(required=True)
    code = f.Text(max_length=20, required=True, validate=CODE)
    name = f.Text(max_length=120, required=True)
    rate = f.Rate(required=True)
    valid_from = ma.fields.Date(required=True)
    valid_to = ma.fields.Date(allow_none=True)
    rank = f.Integer(low=0, high=1000, load_default=0)


class ComponentChange(LfSchema):
    """A change of a rate or its validity; what was sold keeps the tax it was sold with (TAX-08)."""

    name = f.Text(max_length=120)
    rate = f.Rate()
    valid_from = ma.fields.Date()
    valid_to = ma.fields.Date(allow_none=True)
    rank = f.Integer(low=0, high=1000)


class SuccessorIn(LfSchema):
    """A new rate from a date on; the old one ends there."""

    rate = f.Rate(required=True)
    valid_from = ma.fields.Date(required=True)


class ComponentOut(VersionedRow):
    """A rate with its validity."""

    jurisdiction_id = ma.fields.UUID()
    code = f.Text()
    name = f.Text()
    rate = f.Rate()
    valid_from = ma.fields.Date()
    valid_to = ma.fields.Date(allow_none=True)
    rank = f.Integer()


class ComponentQuery(ListQuery):
    """Filters of the list of components; ``filter[on]`` is a date on which they are valid."""

    jurisdiction_id = ma.fields.UUID(data_key="filter[jurisdiction_id]")
    code = f.Text(data_key="filter[code]", max_length=20)
    on = ma.fields.Date(data_key="filter[on]")


class RuleChange(LfSchema):
    """Which components fall due, in order; an empty list says that no tax is due (TAX-01)."""

    component_codes = ma.fields.List(
        f.Text(max_length=20), required=True, validate=ma.validate.Length(max=20)
    )


class RuleIn(RuleChange):
    """The components that fall due for a category at a location."""

    location_id = ma.fields.UUID(required=True)
    tax_category = f.Text(max_length=40, required=True)


class RuleOut(VersionedRow):
    """The components that fall due for a category at a location."""

    location_id = ma.fields.UUID()
    tax_category = f.Text()
    component_codes = ma.fields.List(f.Text())


class RuleQuery(ListQuery):
    """Filters of the list of rules."""

    location_id = ma.fields.UUID(data_key="filter[location_id]")
    tax_category = f.Text(data_key="filter[tax_category]", max_length=40)


class TaxCategoryIn(LfSchema):
    """A tax category of the company's own."""

    code = f.Text(max_length=40, required=True, validate=SLUG)
    name = f.Text(max_length=80, required=True)


class TaxCategoryOut(Row):
    """A category of goods for tax."""

    code = f.Text()
    name = f.Text()
    is_system = f.Flag()
