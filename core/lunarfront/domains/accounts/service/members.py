"""Use cases: add, change, move and remove members (ACT-06, ACT-09)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.accounts.models import Account, Member
from lunarfront.domains.accounts.service.columns import (
    audited,
    contact_columns,
    legacy_columns,
    member_search,
)
from lunarfront.domains.accounts.service.numbers import new_member_number
from lunarfront.domains.accounts.service.update import refuse_ended
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import apply, load_for_edit
from lunarfront.kernel.problems import Problem, invalid, not_found

_SEARCHED = ("first_name", "last_name", "member_number", "email", "phone_e164")


def add_member(ctx: CompanyContext, account_id: UUID, body: Mapping[str, Any]) -> UUID:
    """Add a member to an account and return its id; the first one is primary by itself (ACT-09).

    Raises:
        Problem: ``not_found``, ``invalid_transition``, ``validation_failed``.
    """
    refuse_ended(lock_account(ctx, account_id))
    values = contact_columns(ctx, body)
    check_birth_date(ctx, values)
    primary = _wants_primary(values) or not active_members(ctx, account_id)
    if primary:
        _step_down(ctx, account_id)
    values |= legacy_columns(ctx, values) | _place(primary, values.get("relation"))
    values |= {"account_id": account_id, "member_number": new_member_number(ctx)}
    member = Member(**values, **member_search(values))
    ctx.uow.session.add(member)
    ctx.uow.session.flush()
    audit.record(ctx, "account.member.created", "member", member.id, new=audited(values))
    return member.id


def change_member(
    ctx: CompanyContext, account_id: UUID, member_id: UUID, body: Mapping[str, Any], expected_version: int
) -> None:
    """Change what was sent. ``account_id`` moves the member, whose history stays where it was paid (ACT-06).

    A primary that moves or steps down names another in ``new_primary_id`` (ACT-09).

    Raises:
        Problem: ``not_found``, ``version_conflict``, ``primary_required``, ``invalid_transition``,
            ``validation_failed``.
    """
    member = _of_account(ctx, account_id, member_id, expected_version)
    steps = ("account_id", "new_primary_id", "is_primary", "relation")
    values = contact_columns(ctx, {name: value for name, value in body.items() if name not in steps})
    check_birth_date(ctx, values)
    after = {name: getattr(member, name) for name in _SEARCHED} | values
    member.search_text = member_search(after)["search_text"]
    old, new = apply(ctx, member, values)
    if new:
        audit.record(ctx, "account.member.updated", "member", member.id, old=audited(old), new=audited(new))
    _take_place(ctx, member, body)
    if body.get("account_id", account_id) != account_id:
        _move(ctx, member, body["account_id"])


def remove_member(
    ctx: CompanyContext, account_id: UUID, member_id: UUID, expected_version: int, new_primary_id: UUID | None
) -> None:
    """Take a member off an account's list; the row stays, as purchases name it (GEN-04).

    Raises:
        Problem: ``not_found``, ``version_conflict``, ``primary_required``.
    """
    member = _of_account(ctx, account_id, member_id, expected_version)
    _leave(ctx, member, new_primary_id)
    apply(ctx, member, _place(False, member.relation) | {"is_active": False})
    audit.record(ctx, "account.member.removed", "member", member.id, old={"account_id": account_id})


def check_birth_date(ctx: CompanyContext, values: Mapping[str, Any]) -> None:
    """Insist that nobody is born tomorrow."""
    born = values.get("birth_date")
    if born is not None and born > ctx.business_date():
        raise invalid("birth_date", "future_date", "This day has not come yet.")


def lock_account(ctx: CompanyContext, account_id: UUID) -> Account:
    """Return an account whose members and balances nobody else changes until the end of the transaction.

    Raises:
        Problem: ``not_found``.
    """
    found = select(Account).where(Account.id == account_id).with_for_update()
    account: Account | None = ctx.uow.session.execute(
        found, execution_options={"populate_existing": True}
    ).scalar_one_or_none()
    if account is None:
        raise not_found()
    return account


def active_members(ctx: CompanyContext, account_id: UUID) -> Sequence[Member]:
    """Return the members of an account, the primary first."""
    found = select(Member).where(Member.account_id == account_id, Member.is_active)
    return ctx.uow.session.execute(found.order_by(Member.is_primary.desc(), Member.id)).scalars().all()


def _of_account(ctx: CompanyContext, account_id: UUID, member_id: UUID, expected_version: int) -> Member:
    refuse_ended(lock_account(ctx, account_id))
    member = load_for_edit(ctx, Member, member_id, expected_version)
    if member.account_id != account_id:
        raise not_found()
    if not member.is_active:
        raise Problem("invalid_transition", f"{member.member_number} was removed from the account.")
    return member


def _wants_primary(values: Mapping[str, Any]) -> bool | None:
    """Return whether the member is to be primary, None when nothing is said; the relation says it too."""
    if "is_primary" in values:
        return bool(values["is_primary"])
    return values["relation"] == "primary" if "relation" in values else None


def _place(primary: bool, relation: str | None) -> dict[str, Any]:
    """Return the two columns that say whether somebody is primary."""
    if primary:
        return {"is_primary": True, "relation": "primary"}
    return {"is_primary": False, "relation": "other" if relation in (None, "primary") else relation}


def _take_place(ctx: CompanyContext, member: Member, body: Mapping[str, Any]) -> None:
    wanted = _wants_primary(body)
    leaves = body.get("account_id", member.account_id) != member.account_id
    if wanted and not member.is_primary and not leaves:
        _step_down(ctx, member.account_id)
        apply(ctx, member, _place(True, None))
        return
    if leaves or (wanted is False and member.is_primary) or body.get("new_primary_id"):
        _leave(ctx, member, body.get("new_primary_id"), must=not leaves)
    if "relation" in body and not member.is_primary:
        apply(ctx, member, _place(False, body["relation"]))


def _leave(ctx: CompanyContext, member: Member, new_primary_id: UUID | None, must: bool = False) -> None:
    """Give the primary place to another member, if there is one to give; ``must``: the member stays."""
    others = {other.id: other for other in active_members(ctx, member.account_id) if other.id != member.id}
    if new_primary_id is not None and new_primary_id not in others:
        raise invalid("new_primary_id", "validation_failed", "This is no other member of the account.")
    if new_primary_id is None:
        if member.is_primary and (others or must):
            raise Problem("primary_required", "Name another member as primary: new_primary_id.")
        return
    _step_down(ctx, member.account_id)
    apply(ctx, others[new_primary_id], _place(True, None))


def _step_down(ctx: CompanyContext, account_id: UUID) -> None:
    for member in active_members(ctx, account_id):
        if member.is_primary:
            apply(ctx, member, _place(False, member.relation))


def _move(ctx: CompanyContext, member: Member, account_id: UUID) -> None:
    account = lock_account(ctx, account_id)
    refuse_ended(account)
    before = member.account_id
    first = not active_members(ctx, account_id)
    apply(ctx, member, {"account_id": account_id} | _place(first, member.relation))
    audit.record(
        ctx, "account.member.moved", "member", member.id,
        old={"account_id": before}, new={"account_id": account_id},
    )  # fmt: skip
