"""Effective rights of a user, cached until the company's rights change (USR-03, USR-09, hot-path.md §4)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from lunarfront.kernel.cache import CompanyCache
from lunarfront.kernel.context import CompanyContext, Rights
from lunarfront.kernel.permissions import ALLOW, CATALOGUE, implied, pin_may_hold
from lunarfront.kernel.uow import UnitOfWork

LIMITS = ("discount_percent_limit", "discount_amount_limit", "refund_limit", "trade_in_limit")
_cache: CompanyCache[dict[UUID, Rights]] = CompanyCache(max_companies=2000)

_SQL = """
SELECT 'role' AS source, r.code, rp.permission, rp.effect, r.discount_percent_limit, r.discount_amount_limit,
       r.refund_limit, r.trade_in_limit, NULL::uuid AS location_id
FROM user_role ur
JOIN role r ON r.company_id = ur.company_id AND r.id = ur.role_id AND r.is_active
LEFT JOIN role_permission rp ON rp.company_id = r.company_id AND rp.role_id = r.id
WHERE ur.company_id = %(company)s AND ur.user_id = %(user)s
UNION ALL
SELECT 'grant', NULL, permission, effect, NULL, NULL, NULL, NULL, NULL FROM permission_grant
WHERE company_id = %(company)s AND user_id = %(user)s
UNION ALL
SELECT 'location', NULL, NULL, NULL, NULL, NULL, NULL, NULL, location_id FROM user_location
WHERE company_id = %(company)s AND user_id = %(user)s
UNION ALL
SELECT 'single_factor', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM app_user
WHERE company_id = %(company)s AND id = %(user)s AND mfa_secret IS NULL
"""


def rights_of(uow: UnitOfWork, user_id: UUID, version: int) -> Rights:
    """Return the effective rights of a user, read anew when ``version`` is not the cached one."""
    known = _cache.get(uow.company_id, version, dict)
    if user_id not in known:
        known[user_id] = load_rights(uow, user_id)
    return known[user_id]


def load_rights(uow: UnitOfWork, user_id: UUID) -> Rights:
    """Read roles, grants and locations of a user and combine them."""
    rows = uow.query(_SQL, {"company": uow.company_id, "user": user_id})
    roles = [row for row in rows if row.source == "role"]
    grants = {row.permission: row.effect for row in rows if row.source == "grant"}
    locations = frozenset(row.location_id for row in rows if row.source == "location")
    limits = {name: _highest(roles, name) for name in LIMITS}
    effects = combine(((r.code, r.permission, r.effect) for r in roles), grants)
    single = any(row.source == "single_factor" for row in rows) and any(row.code == "admin" for row in roles)
    return Rights(effects, location_ids=locations or None, is_single_factor_admin=single, **limits)


def combine(
    role_rows: Iterable[tuple[str, str | None, str | None]], grants: Mapping[str, str]
) -> dict[str, str]:
    """Combine role permissions and a user's grants: the best of all roles, then the grant; deny wins (USR-03)."""
    effects: dict[str, str] = {}
    for code, permission, effect in role_rows:
        if code == "admin":
            effects |= dict.fromkeys(CATALOGUE, ALLOW)
        elif permission and effect:
            _raise(effects, permission, effect)
    for permission, effect in grants.items():
        if effect != "deny":
            effects[permission] = effect
    for permission, effect in list(effects.items()):
        for name in implied(permission):
            _raise(effects, name, effect)
    return {name: effect for name, effect in effects.items() if grants.get(name) != "deny"}


def _raise(effects: dict[str, str], permission: str, effect: str) -> None:
    if effects.get(permission) != ALLOW:
        effects[permission] = effect


def _highest(roles: list[Any], name: str) -> Decimal | None:
    """The highest limit of several roles; null means none and is above all (USR-09). Without a role it is zero."""
    values = [getattr(role, name) for role in {role.code: role for role in roles}.values()]
    return None if any(value is None for value in values) else max(values, default=Decimal(0))


def pin_rights(rights: Rights) -> Rights:
    """Return what a PIN session may carry of a user's rights (USR-10)."""
    return replace(rights, effects={name: e for name, e in rights.effects.items() if pin_may_hold(name)})


def without_second_factor(rights: Rights) -> Rights:
    """Return what an administrator without a second factor may do where one is required: set it up (SEC-29)."""
    return replace(rights, effects={}) if rights.is_single_factor_admin else rights


def token_rights(rights: Rights, scopes: frozenset[str]) -> Rights:
    """Return what a token with scopes may carry: permissions named, or whole areas (``pos.*``)."""
    areas = tuple(scope[:-1] for scope in scopes if scope.endswith(".*"))
    kept = {n: e for n, e in rights.effects.items() if n in scopes or (areas and n.startswith(areas))}
    return replace(rights, effects=kept)


def may_work_at(ctx: CompanyContext, location_id: UUID) -> bool:
    """Tell whether the user may act at a location; no rows of user_location mean all."""
    return ctx.rights.location_ids is None or location_id in ctx.rights.location_ids
