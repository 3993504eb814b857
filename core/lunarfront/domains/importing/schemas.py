"""What the routes of imports take and answer (INV-24)."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery
from lunarfront.kernel.api.schemas import LfSchema, Row

KINDS = ("products", "suppliers", "opening_stock")


class ImportQuery(LfSchema):
    """``dry_run=1`` tells what would happen and changes nothing."""

    dry_run = f.Flag(load_default=False)
    file_name = f.Text(max_length=200)


class ImportErrorOut(LfSchema):
    """A wrong cell: ``field`` names line and column, such as ``line 7: price``."""

    field = f.Text()
    code = f.Text()
    message = f.Text()


class ImportOut(LfSchema):
    """What an import did, or would do. ``repeated``: this very file was imported before, nothing was done."""

    batch_id = ma.fields.UUID(allow_none=True)
    kind = f.Text()
    dry_run = f.Flag()
    repeated = f.Flag()
    valid = f.Flag()
    row_count = f.Integer()
    created = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())
    error_count = f.Integer()
    errors = ma.fields.List(ma.fields.Nested(ImportErrorOut))


class BatchOut(Row):
    """A file that was imported."""

    kind = f.Text()
    file_name = f.Text(allow_none=True)
    sha256 = f.Text()
    row_count = f.Integer()
    result = ma.fields.Dict()
    user_id = ma.fields.UUID()


class BatchQuery(ListQuery):
    """Filters of the list of imports."""

    kind = f.Choice(*KINDS, data_key="filter[kind]")
