"""The part of a request that carries an approval."""

from lunarfront.kernel.api import fields as f
from lunarfront.kernel.api.schemas import LfSchema


class ApprovalIn(LfSchema):
    """The PIN of somebody who may (USR-04)."""

    user = f.Text(max_length=200, required=True)
    pin = f.Text(max_length=12, required=True)
    reason_code = f.Text(max_length=40, required=True)
    note = f.Text(max_length=500)
