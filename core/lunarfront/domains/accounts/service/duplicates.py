"""Use case: stop before somebody is entered twice (ACT-03)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lunarfront.domains.accounts.queries.duplicates import Candidate, find_duplicates
from lunarfront.domains.accounts.service.columns import contact_columns
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import Problem


def check_duplicates(ctx: CompanyContext, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the accounts that look like one with these values; nothing is stored (ACT-03)."""
    return [candidate.as_dict() for candidate in find_duplicates(ctx, contact_columns(ctx, body))]


def refuse_unconfirmed(candidates: list[Candidate], confirmed: bool) -> None:
    """Insist that a possible duplicate is meant (ACT-03).

    Raises:
        Problem: ``possible_duplicate`` with ``candidates``, the most alike first, and ``proposal``.
    """
    if not candidates or confirmed:
        return
    first = candidates[0]
    detail = f"{first.account.display_name} ({first.account.account_number}) looks the same."
    if first.match.proposal == "add_member":
        detail = f"{first.account.display_name} ({first.account.account_number}) has this contact: add as a member?"
    extra = {"candidates": [c.as_dict() for c in candidates], "proposal": first.match.proposal}
    raise Problem("possible_duplicate", detail, extra=extra)


def record_confirmed(ctx: CompanyContext, account_id: UUID, candidates: list[Candidate]) -> None:
    """Leave a trace that the account was wanted beside those that look like it (ACT-03)."""
    if candidates:
        alike = {str(c.account.id): str(c.match.score) for c in candidates}
        audit.record(ctx, "account.duplicate.confirmed", "account", account_id, new={"candidates": alike})
