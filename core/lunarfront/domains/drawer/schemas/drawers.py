"""The drawers of a location."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery
from lunarfront.kernel.api.schemas import LfSchema, VersionedRow


class DrawerIn(LfSchema):
    """A new drawer. Without ``default_float`` everything counted at a close is meant to go to the safe."""

    location_id = ma.fields.UUID(required=True)
    name = f.Text(max_length=60, required=True)
    default_float = f.Money(low="0")


class DrawerChange(LfSchema):
    """A change of a drawer; fields left out stay."""

    name = f.Text(max_length=60)
    default_float = f.Money(low="0")
    is_active = f.Flag()


class DrawerOut(VersionedRow):
    """A drawer. ``last_left`` is what the last close left in it."""

    location_id = ma.fields.UUID()
    name = f.Text()
    default_float = f.Money()
    last_left = f.Money()
    z_counter = f.Integer()
    is_active = f.Flag()


class DrawerQuery(ListQuery):
    """Filters of the list of drawers."""

    location_id = ma.fields.UUID(data_key="filter[location_id]")
    is_active = f.Flag(data_key="filter[is_active]")
