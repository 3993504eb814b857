"""What the job pages of the API take and give."""

import marshmallow as ma

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.paging import ListQuery
from lunarfront.kernel.api.schemas import Row
from lunarfront.kernel.jobs.registry import QUEUES

STATUSES = ("waiting", "queued", "running", "done", "cancelled", "failed", "parked")


class JobQuery(ListQuery):
    """Which jobs."""

    status = f.Choice(*STATUSES, data_key="filter[status]")
    kind = f.Text(data_key="filter[kind]", max_length=100)
    queue = f.Choice(*QUEUES, data_key="filter[queue]")
    module = f.Text(data_key="filter[module]", max_length=60)


class JobOut(Row):
    """One piece of work. ``waiting`` for its time or a free place, ``failed`` after eight tries."""

    kind = ma.fields.String()
    module = ma.fields.String()
    queue = ma.fields.String()
    status = ma.fields.String(metadata={"enum": list(STATUSES)})
    payload = ma.fields.Dict()
    attempts = ma.fields.Integer()
    run_at = f.Timestamp()
    done_at = f.Timestamp(allow_none=True)
    failed_at = f.Timestamp(allow_none=True)
    error = ma.fields.String(allow_none=True)
    request_id = ma.fields.String(allow_none=True)
