"""Use cases: jurisdictions, rates, rules and categories of tax; every change is audited (TAX-01, TAX-02, AUD-01)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lunarfront.domains.tax import queries
from lunarfront.domains.tax.models import TaxCategory, TaxComponent, TaxJurisdiction, TaxRule
from lunarfront.kernel import audit
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.db import TenantModel, VersionedModel
from lunarfront.kernel.editing import apply, load, load_for_edit
from lunarfront.kernel.problems import Problem, invalid
from lunarfront.kernel.tenancy.models import Location

SNAPSHOT: Mapping[type[TenantModel], tuple[str, ...]] = {
    TaxJurisdiction: ("code", "name", "level"),
    TaxComponent: ("code", "name", "rate", "valid_from", "valid_to"),
    TaxRule: ("location_id", "tax_category", "component_codes"),
    TaxCategory: ("code", "name"),
}


def _create(ctx: CompanyContext, row: TenantModel) -> None:
    ctx.uow.session.add(row)
    ctx.uow.session.flush()
    audit.record(ctx, f"tax.{_word(row)}.created", row.__tablename__, row.id, new=_snapshot(row))


def _change(ctx: CompanyContext, row: VersionedModel, values: Mapping[str, Any]) -> None:
    old, new = apply(ctx, row, values)
    if new:
        audit.record(ctx, f"tax.{_word(row)}.changed", row.__tablename__, row.id, old=old, new=new)


def _delete(ctx: CompanyContext, row: TenantModel) -> None:
    ctx.uow.session.delete(row)
    ctx.uow.session.flush()
    audit.record(ctx, f"tax.{_word(row)}.removed", row.__tablename__, row.id, old=_snapshot(row))


def _word(row: TenantModel) -> str:
    return str(row.__tablename__).removeprefix("tax_")


def _snapshot(row: TenantModel) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SNAPSHOT[type(row)]}


def create_jurisdiction(ctx: CompanyContext, values: Mapping[str, Any]) -> TaxJurisdiction:
    """Make a jurisdiction and return it.

    Raises:
        Problem: ``conflict`` for a code in use.
    """
    row = TaxJurisdiction(**values)
    _create(ctx, row)
    return row


def change_jurisdiction(
    ctx: CompanyContext, row_id: UUID, values: Mapping[str, Any], expected_version: int
) -> TaxJurisdiction:
    """Change a jurisdiction and return it; stored tax keeps the names it was sold with (TAX-08).

    Raises:
        Problem: ``not_found`` or ``version_conflict``.
    """
    row = load_for_edit(ctx, TaxJurisdiction, row_id, expected_version)
    _change(ctx, row, values)
    return row


def delete_jurisdiction(ctx: CompanyContext, row_id: UUID, expected_version: int) -> None:
    """Remove a jurisdiction that has no rates.

    Raises:
        Problem: ``not_found``, ``version_conflict``, or ``conflict`` while it has some.
    """
    row = load_for_edit(ctx, TaxJurisdiction, row_id, expected_version)
    rates = select(TaxComponent.id).where(TaxComponent.jurisdiction_id == row_id).limit(1)
    if ctx.uow.session.execute(rates).first():
        raise Problem("conflict", "It has rates; remove or end them first.")
    _delete(ctx, row)


def create_component(ctx: CompanyContext, values: Mapping[str, Any]) -> TaxComponent:
    """Make a rate with its validity and return it.

    Raises:
        Problem: ``not_found`` for an unknown jurisdiction, ``conflict`` where two rates of a code would overlap,
            ``validation_failed`` for an end that is not after the start.
    """
    load(ctx, TaxJurisdiction, values["jurisdiction_id"])
    _check_validity(values["valid_from"], values.get("valid_to"))
    row = TaxComponent(**values)
    _create(ctx, row)
    return row


def change_component(
    ctx: CompanyContext, row_id: UUID, values: Mapping[str, Any], expected_version: int
) -> TaxComponent:
    """Change a rate or its validity and return it; nothing that was sold changes (TAX-08).

    Raises:
        Problem: as for a new one, ``not_found`` or ``version_conflict``.
    """
    row = load_for_edit(ctx, TaxComponent, row_id, expected_version)
    _check_validity(values.get("valid_from", row.valid_from), values.get("valid_to", row.valid_to))
    _change(ctx, row, values)
    return row


def succeed_component(
    ctx: CompanyContext, row_id: UUID, values: Mapping[str, Any], expected_version: int
) -> TaxComponent:
    """End a rate on a date and return the one that follows it from that date on (TAX-02).

    Raises:
        Problem: ``not_found``, ``version_conflict``, or ``validation_failed`` for a date outside its validity.
    """
    row = load_for_edit(ctx, TaxComponent, row_id, expected_version)
    begins: date = values["valid_from"]
    if begins <= row.valid_from or (row.valid_to is not None and begins >= row.valid_to):
        raise invalid(
            "valid_from", "validation_failed", "It must lie within the validity of the rate it follows."
        )
    ends = row.valid_to
    _change(ctx, row, {"valid_to": begins})
    kept = {name: getattr(row, name) for name in ("jurisdiction_id", "code", "name", "rank")}
    following = TaxComponent(**kept, rate=values["rate"], valid_from=begins, valid_to=ends)
    _create(ctx, following)
    return following


def _check_validity(valid_from: date, valid_to: date | None) -> None:
    if valid_to is not None and valid_to <= valid_from:
        raise invalid("valid_to", "validation_failed", "It must end after it begins.")


def delete_component(ctx: CompanyContext, row_id: UUID, expected_version: int) -> None:
    """Remove a rate that no sale was taxed with.

    Raises:
        Problem: ``not_found``, ``version_conflict``, or ``conflict`` when it was used or is the last that a rule names.
    """
    row = load_for_edit(ctx, TaxComponent, row_id, expected_version)
    if queries.was_collected(ctx, row):
        raise Problem("conflict", "Sales were taxed with it: end it instead.")
    others = select(TaxComponent.id).where(TaxComponent.code == row.code, TaxComponent.id != row_id).limit(1)
    if queries.rules_naming(ctx, row.code) and not ctx.uow.session.execute(others).first():
        raise Problem("conflict", f"Rules name {row.code}; change them first.")
    _delete(ctx, row)


def create_rule(ctx: CompanyContext, values: Mapping[str, Any]) -> TaxRule:
    """Say which components fall due for a category at a location, and return the rule (TAX-01).

    Raises:
        Problem: ``not_found`` for an unknown location, ``validation_failed`` for unknown category or codes,
            ``conflict`` if there is a rule.
    """
    load(ctx, Location, values["location_id"])
    if not queries.known_category(ctx, values["tax_category"]):
        raise invalid("tax_category", "validation_failed", "There is no such tax category.")
    _check_codes(ctx, values["component_codes"])
    row = TaxRule(**values)
    _create(ctx, row)
    return row


def change_rule(
    ctx: CompanyContext, row_id: UUID, values: Mapping[str, Any], expected_version: int
) -> TaxRule:
    """Change the components of a rule and return it; an empty list says that no tax is due (TAX-01).

    Raises:
        Problem: ``not_found``, ``version_conflict`` or ``validation_failed``.
    """
    row = load_for_edit(ctx, TaxRule, row_id, expected_version)
    _check_codes(ctx, values["component_codes"])
    _change(ctx, row, values)
    return row


def _check_codes(ctx: CompanyContext, codes: list[str]) -> None:
    if len(set(codes)) < len(codes):
        raise invalid("component_codes", "validation_failed", "Name a component once.")
    unknown = set(codes) - queries.known_codes(ctx)
    if unknown:
        raise invalid("component_codes", "validation_failed", f"There is no component {min(unknown)}.")


def delete_rule(ctx: CompanyContext, row_id: UUID, expected_version: int) -> None:
    """Remove a rule: what it covered cannot be sold until there is another (TAX-01).

    Raises:
        Problem: ``not_found`` or ``version_conflict``.
    """
    _delete(ctx, load_for_edit(ctx, TaxRule, row_id, expected_version))


def create_category(ctx: CompanyContext, values: Mapping[str, Any]) -> TaxCategory:
    """Make a tax category of the company's own and return it.

    Raises:
        Problem: ``conflict`` for a code in use.
    """
    row = TaxCategory(**values, is_system=False)
    _create(ctx, row)
    return row


def delete_category(ctx: CompanyContext, row_id: UUID) -> None:
    """Remove a tax category of the company's own that nothing names.

    Raises:
        Problem: ``not_found``, or ``conflict`` for a system row or one in use.
    """
    row = load(ctx, TaxCategory, row_id)
    if row.is_system or queries.category_in_use(ctx, row.code):
        raise Problem("conflict", "A system row, or one that is in use, cannot be removed.")
    _delete(ctx, row)
