"""What other domains keep for an account: why it is in use, how it is merged and erased (ACT-04, ACT-05, ACT-08).

Accounts lie below those domains, so they are named here and imported when they are first asked; each has a
``PART``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any
from uuid import UUID

from lunarfront.kernel.context import CompanyContext

PARTS: tuple[str, ...] = (
    "lunarfront.domains.receivables.account_part",
    "lunarfront.domains.stored_value.account_part",
    "lunarfront.domains.catalog.account_part",
    "lunarfront.domains.sales.account_part",
)


@dataclass(frozen=True)
class Use:
    """Something open with an account: a stable word and a sentence part with the amount or number."""

    reason: str
    detail: str


def _no_uses(_ctx: CompanyContext, _account_id: UUID) -> Sequence[Use]:
    return ()


def _nothing_merged(_ctx: CompanyContext, _kept: UUID, _removed: UUID) -> Mapping[str, int]:
    return {}


def _nothing_erased(_ctx: CompanyContext, _account_id: UUID) -> None:
    return None


def _nothing_kept(_ctx: CompanyContext, _account_id: UUID) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class AccountPart:
    """What a domain has to say about an account.

    ``uses(ctx, account_id)`` lists what is open. ``merge(ctx, kept, removed)`` moves what cannot simply get
    another account id, and returns table name to number of rows; ``tables`` are those it cares for.
    ``erase(ctx, account_id)`` removes personal values from rows that stay. ``export(ctx, account_id)`` returns what
    belongs into the customer's own data, by name (SEC-62).
    """

    uses: Callable[[CompanyContext, UUID], Sequence[Use]] = _no_uses
    merge: Callable[[CompanyContext, UUID, UUID], Mapping[str, int]] = _nothing_merged
    erase: Callable[[CompanyContext, UUID], None] = _nothing_erased
    export: Callable[[CompanyContext, UUID], Mapping[str, Any]] = _nothing_kept
    tables: frozenset[str] = frozenset()


@cache
def parts() -> tuple[AccountPart, ...]:
    """Return the parts of all domains."""
    return tuple(import_module(name).PART for name in PARTS)
