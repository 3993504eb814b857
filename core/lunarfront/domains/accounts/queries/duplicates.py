"""Who may be meant already: accounts that look like a new one (ACT-03)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.accounts.models import Account, Member
from lunarfront.domains.accounts.rules import Known, Match, compare, known
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.text import folded

#: Alike names are looked for among so many, the most similar first.
SIMILAR = 50
MAX_CANDIDATES = 10

_SAME_CONTACT = """
SELECT id FROM account WHERE company_id = %(company)s AND email = %(email)s
UNION SELECT id FROM account WHERE company_id = %(company)s AND phone_e164 = %(phone)s
UNION SELECT account_id FROM member WHERE company_id = %(company)s AND is_active AND email = %(email)s
UNION SELECT account_id FROM member WHERE company_id = %(company)s AND is_active AND phone_e164 = %(phone)s
"""
_SIMILAR_NAME = " UNION SELECT account_id FROM lf_alike_accounts(%(name)s, %(similar)s)"


@dataclass(frozen=True)
class Candidate:
    """An account that may be the same, with its score."""

    account: Account
    match: Match

    def as_dict(self) -> dict[str, Any]:
        """Return what the problem and the check answer tell."""
        return {
            "account_id": str(self.account.id),
            "account_number": self.account.account_number,
            "display_name": self.account.display_name,
            "score": str(self.match.score),
            "reasons": list(self.match.reasons),
            "proposal": self.match.proposal,
        }


def find_duplicates(
    ctx: CompanyContext, values: Mapping[str, Any], *, without: UUID | None = None, by_name: bool = True
) -> list[Candidate]:
    """Return accounts that look like one with these values, the most alike first (ACT-03).

    Args:
        ctx: the context.
        values: columns of an account: display_name, kind, email, phone_e164, postal_code.
        without: an account that is not compared, as it is the one that changes.
        by_name: False compares email and phone only.
    """
    wanted = _known_account(values, ())
    if not by_name:
        wanted = known((), wanted.emails, wanted.phones, None)
    accounts = _accounts(ctx, values, by_name)
    members = _members(ctx, [account.id for account in accounts])
    found = [
        Candidate(account, match)
        for account in accounts
        if account.id != without
        and (match := compare(wanted, _known_account(_columns(account), members[account.id]))) is not None
    ]
    return sorted(found, key=lambda c: (-c.match.score, c.account.name_sort, c.account.id))[:MAX_CANDIDATES]


def _accounts(ctx: CompanyContext, values: Mapping[str, Any], by_name: bool) -> Sequence[Account]:
    params = {
        "company": ctx.company.id,
        "email": values.get("email"),
        "phone": values.get("phone_e164"),
        "name": folded(values["display_name"]),
        "similar": SIMILAR,
    }
    rows = ctx.uow.query(_SAME_CONTACT + (_SIMILAR_NAME if by_name else ""), params)
    if not rows:
        return ()
    found = select(Account).where(Account.id.in_([row.id for row in rows]), Account.is_active)
    return ctx.uow.session.execute(found).scalars().all()


def _members(ctx: CompanyContext, account_ids: Sequence[UUID]) -> Mapping[UUID, list[Member]]:
    grouped: dict[UUID, list[Member]] = defaultdict(list)
    if account_ids:
        found = select(Member).where(Member.account_id.in_(account_ids), Member.is_active)
        for member in ctx.uow.session.execute(found).scalars():
            grouped[member.account_id].append(member)
    return grouped


def _columns(account: Account) -> dict[str, Any]:
    names = ("display_name", "kind", "email", "phone_e164", "postal_code")
    return {name: getattr(account, name) for name in names}


def _known_account(values: Mapping[str, Any], members: Iterable[Member]) -> Known:
    people = list(members)
    return known(
        [(values["display_name"], values["kind"]), *((full_name(member), "person") for member in people)],
        [values.get("email"), *(member.email for member in people)],
        [values.get("phone_e164"), *(member.phone_e164 for member in people)],
        values.get("postal_code"),
    )


def full_name(member: Member) -> str:
    """Return first and last name of a member."""
    return " ".join(filter(None, (member.first_name, member.last_name)))
