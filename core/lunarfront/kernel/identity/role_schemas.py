"""Bodies and answers of ``/roles`` and ``/permission-grants``."""

from typing import Any

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery, page_schema
from lunarfront.kernel.api.schemas import LfSchema, VersionedRow
from lunarfront.kernel.permissions import CATALOGUE


class Permission(f.Text):
    """The name of a right; one that is not in the catalogue does not exist."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=80, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        if name not in CATALOGUE:
            raise f.refuse("validation_failed", f"There is no right {name}.")
        return name


def _permissions(**options: Any) -> ma.fields.Dict:
    return ma.fields.Dict(
        keys=Permission(),
        values=f.Choice("allow", "approval"),
        validate=ma.validate.Length(max=500),
        metadata={"description": "right to allow or approval"},
        **options,
    )


class LimitsIn(LfSchema):
    """Limits of a role; null is no limit (USR-09)."""

    discount_percent_limit = f.Rate(allow_none=True)
    discount_amount_limit = f.Money(allow_none=True, low="0")
    refund_limit = f.Money(allow_none=True, low="0")
    trade_in_limit = f.Money(allow_none=True, low="0")


class RoleIn(LimitsIn):
    """A new role of the company's own. A limit left out is none."""

    code = f.Text(max_length=40, required=True, validate=ma.validate.Regexp(r"^[a-z][a-z0-9_]*$"))
    name = f.Text(max_length=80, required=True)
    permissions = _permissions(load_default=dict)


class RolePatch(LimitsIn):
    """Changes of a role; ``permissions`` replaces what was there."""

    name = f.Text(max_length=80)
    is_active = f.Flag()
    permissions = _permissions()


class RoleOut(VersionedRow):
    """A role."""

    code = ma.fields.String()
    name = ma.fields.String()
    is_system = ma.fields.Boolean()
    is_active = ma.fields.Boolean()
    discount_percent_limit = f.Rate(allow_none=True)
    discount_amount_limit = f.Money(allow_none=True)
    refund_limit = f.Money(allow_none=True)
    trade_in_limit = f.Money(allow_none=True)
    permissions = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String())


class RoleQuery(ListQuery):
    """Filters of the list."""

    is_active = f.Flag(data_key="filter[is_active]")


class GrantQuery(ListQuery):
    """Filters of the list."""

    user_id = ma.fields.UUID(data_key="filter[user_id]")


class GrantIn(LfSchema):
    """A refinement for one user; deny wins over every role (USR-03)."""

    user_id = ma.fields.UUID(required=True)
    permission = Permission(required=True)
    effect = f.Choice("allow", "deny", "approval", required=True)


class GrantPatch(LfSchema):
    """Another effect."""

    effect = f.Choice("allow", "deny", "approval", required=True)


class GrantOut(VersionedRow):
    """A refinement for one user."""

    user_id = ma.fields.UUID()
    permission = ma.fields.String()
    effect = ma.fields.String()


RolePage = page_schema(RoleOut)
GrantPage = page_schema(GrantOut)
