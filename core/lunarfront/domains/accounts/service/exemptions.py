"""Use cases: certificates that free an account from tax (TAX-09, TAX-13)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.accounts.models import Account, TaxExemption
from lunarfront.domains.accounts.service.update import refuse_ended
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.editing import apply, load, load_for_edit
from lunarfront.kernel.faults import Faults
from lunarfront.kernel.problems import Problem, invalid, not_found
from lunarfront.kernel.reasons import check_reason

#: status -> where it may go (domain-core.md §4).
MOVES: Mapping[str, tuple[str, ...]] = {
    "pending": ("approved", "revoked"),
    "approved": ("revoked", "expired"),
    "expired": ("pending",),
    "revoked": (),
}
_FIELDS = ("certificate_number", "jurisdictions", "reason_code", "valid_from", "valid_to")


def create_exemption(ctx: CompanyContext, account_id: UUID, body: Mapping[str, Any]) -> UUID:
    """Note a certificate; it frees from nothing before it is approved. Return its id.

    Raises:
        Problem: ``not_found``, ``invalid_transition``, ``reason_required``, ``validation_failed``.
    """
    refuse_ended(load(ctx, Account, account_id))
    values = {"valid_from": ctx.business_date()} | dict(body)
    _check(ctx, values)
    exemption = TaxExemption(account_id=account_id, status="pending", **values)
    ctx.uow.session.add(exemption)
    ctx.uow.session.flush()
    _record(ctx, "created", exemption, new=values | {"status": "pending"})
    return exemption.id


def change_exemption(
    ctx: CompanyContext, account_id: UUID, exemption_id: UUID, body: Mapping[str, Any], expected_version: int
) -> None:
    """Change a pending certificate; a new certificate for an expired one waits for approval again (TAX-13).

    Raises:
        Problem: ``not_found``, ``version_conflict``, ``invalid_transition``, ``validation_failed``.
    """
    exemption = load_for_edit(ctx, TaxExemption, exemption_id, expected_version)
    if exemption.account_id != account_id:
        raise not_found()
    values = dict(body)
    if exemption.status != "pending":
        _check_move(exemption, "pending")
        if body.get("certificate_number", exemption.certificate_number) == exemption.certificate_number:
            raise invalid(
                "certificate_number", "validation_failed", "It has expired: enter the new certificate."
            )
        values |= {"status": "pending", "decided_by": None, "decided_at": None}
    _check(ctx, {name: getattr(exemption, name) for name in _FIELDS} | values)
    old, new = apply(ctx, exemption, values)
    _record(ctx, "changed", exemption, old=old, new=new)


def approve_exemption(ctx: CompanyContext, exemption_id: UUID, body: Mapping[str, Any]) -> UUID:
    """Let a certificate count from ``valid_from`` through ``valid_to``; return its id (TAX-13).

    Raises:
        Problem: ``not_found``, ``invalid_transition``, or ``validation_failed`` naming what is missing.
    """
    exemption = _lock(ctx, exemption_id)
    _check_move(exemption, "approved")
    after = {name: getattr(exemption, name) for name in _FIELDS} | dict(body)
    _check(ctx, after)
    _check_complete(ctx, after)
    _decide(ctx, "approved", exemption, dict(body))
    return exemption.id


def revoke_exemption(ctx: CompanyContext, exemption_id: UUID, note: str | None) -> UUID:
    """End a certificate for good; return its id.

    Raises:
        Problem: ``not_found``, ``invalid_transition``.
    """
    exemption = _lock(ctx, exemption_id)
    _check_move(exemption, "revoked")
    _decide(ctx, "revoked", exemption, {}, note)
    return exemption.id


def expire_exemptions(ctx: CompanyContext) -> int:
    """Set what has run out to expired and return how many; a job calls it every night (TAX-13)."""
    found = select(TaxExemption).where(
        TaxExemption.status == "approved", TaxExemption.valid_to < ctx.business_date()
    )
    exemptions = ctx.uow.session.execute(found.with_for_update(skip_locked=True)).scalars().all()
    for exemption in exemptions:
        old, new = apply(ctx, exemption, {"status": "expired"})
        _record(ctx, "expired", exemption, old=old, new=new)
    return len(exemptions)


def _lock(ctx: CompanyContext, exemption_id: UUID) -> TaxExemption:
    found = select(TaxExemption).where(TaxExemption.id == exemption_id).with_for_update()
    exemption: TaxExemption | None = ctx.uow.session.execute(found).scalar_one_or_none()
    if exemption is None:
        raise not_found()
    return exemption


def _decide(
    ctx: CompanyContext, status: str, exemption: TaxExemption, values: dict[str, Any], note: str | None = None
) -> None:
    decision = {"status": status, "decided_by": ctx.require_user().id, "decided_at": ctx.now}
    old, new = apply(ctx, exemption, values | decision)
    _record(ctx, status, exemption, old=old, new=new, note=note)


def _record(ctx: CompanyContext, verb: str, exemption: TaxExemption, **more: Any) -> None:
    audit.record(ctx, f"account.exemption.{verb}", "tax_exemption", exemption.id, **more)


def _check_move(exemption: TaxExemption, to: str) -> None:
    allowed = MOVES[exemption.status]
    if to not in allowed:
        raise Problem(
            "invalid_transition",
            f"The certificate is {exemption.status}; it can become: {', '.join(allowed) or 'nothing'}.",
            extra={"state": exemption.status, "allowed": list(allowed)},
        )


def _check(ctx: CompanyContext, values: Mapping[str, Any]) -> None:
    faults = Faults()
    valid_to = values.get("valid_to")
    if valid_to is not None and valid_to < values["valid_from"]:
        faults.add("valid_to", "validation_failed", "It ends before it begins.")
    known = {row.code for row in ctx.uow.query(_JURISDICTIONS, {"company": ctx.company.id})}
    for number, code in enumerate(values.get("jurisdictions", ())):
        if code not in known:
            faults.add(f"jurisdictions[{number}]", "validation_failed", f"There is no jurisdiction {code}.")
    faults.raise_any()
    if values.get("reason_code") is not None:
        check_reason(ctx, "tax_exempt", values["reason_code"], None)


#: Tax lies above accounts, so its codes are read by SQL.
_JURISDICTIONS = "SELECT code FROM tax_jurisdiction WHERE company_id = %(company)s"


def _check_complete(ctx: CompanyContext, values: Mapping[str, Any]) -> None:
    faults = Faults()
    valid_to = values.get("valid_to")
    if not values.get("certificate_number"):
        faults.add("certificate_number", "validation_failed", "Enter the number of the certificate.")
    if valid_to is None and ctx.setting("exemption_valid_to") == "required":
        faults.add("valid_to", "validation_failed", "Enter the last day of the certificate.")
    if valid_to is not None and valid_to < ctx.business_date():
        faults.add("valid_to", "validation_failed", "The certificate has run out.")
    faults.raise_any()
