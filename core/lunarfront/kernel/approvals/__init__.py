"""Approvals: somebody who may agrees to exactly one payload by PIN (USR-04 to USR-06)."""

from lunarfront.kernel.approvals.service import Given, Need, approve, given_of

__all__ = ["Given", "Need", "approve", "given_of"]
