"""CompanyContext: who acts, where and with which rights. Built in one place, passed to every service as ``ctx``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lunarfront.kernel.clock import business_date, utc_now
from lunarfront.kernel.money import minor_unit
from lunarfront.kernel.problems import Problem

if TYPE_CHECKING:
    from lunarfront.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class CompanyInfo:
    """The company of a request, as read by its first statement."""

    id: UUID
    name: str
    currency: str
    country: str
    timezone: str
    settings: Mapping[str, Any]
    catalog_version: int
    rights_version: int
    is_demo: bool = False

    @property
    def unit(self) -> Decimal:
        """The rounding unit of its currency (MON-01)."""
        return minor_unit(self.currency)


@dataclass(frozen=True)
class LocationInfo:
    """The location of a request's terminal."""

    id: UUID
    code: str
    name: str
    timezone: str
    day_cutoff: time
    price_mode: str
    tax_rounding: str
    cash_rounding_increment: Decimal
    cash_rounding_mode: str
    is_mobile: bool
    is_training: bool


@dataclass(frozen=True)
class TerminalInfo:
    """The till that a request comes from."""

    id: UUID
    code: str
    name: str
    drawer_id: UUID | None


@dataclass(frozen=True)
class UserInfo:
    """The user who acts."""

    id: UUID
    full_name: str
    email: str | None
    locale: str | None = None
    theme: str = "system"


@dataclass(frozen=True)
class SessionInfo:
    """The sign-in behind a request: ``kind`` is web, api, pin or token."""

    id: UUID
    kind: str
    authenticated_at: datetime
    scopes: frozenset[str] | None = None


@dataclass(frozen=True)
class Rights:
    """Effective permissions of a user: name to ``allow`` or ``approval``; limits null mean none (USR-03, USR-09)."""

    effects: Mapping[str, str] = field(default_factory=dict)
    discount_percent_limit: Decimal | None = None
    discount_amount_limit: Decimal | None = None
    refund_limit: Decimal | None = None
    trade_in_limit: Decimal | None = None
    location_ids: frozenset[UUID] | None = None
    is_single_factor_admin: bool = False

    def effect(self, permission: str) -> str | None:
        """Return ``allow``, ``approval`` or None."""
        return self.effects.get(permission)

    def allows(self, permission: str) -> bool:
        """Tell whether the permission is held outright."""
        return self.effects.get(permission) == "allow"


@dataclass
class CompanyContext:
    """Everything that a use case may know about its caller. Jobs and tests build the same object."""

    company: CompanyInfo
    uow: "UnitOfWork"
    user: UserInfo | None = None
    rights: Rights = field(default_factory=Rights)
    location: LocationInfo | None = None
    terminal: TerminalInfo | None = None
    session: SessionInfo | None = None
    request_id: str = ""
    ip: str | None = None
    actor: str = "system"
    now: datetime = field(default_factory=utc_now)

    @property
    def unit(self) -> Decimal:
        """The rounding unit of the company's currency."""
        return self.company.unit

    def setting(self, name: str) -> Any:
        """Return a company setting, or its shipped default."""
        from lunarfront.kernel.settings import DEFAULTS

        return self.company.settings.get(name, DEFAULTS[name])

    def require_user(self) -> UserInfo:
        """Return the user who acts.

        Raises:
            Problem: ``unauthenticated`` when nobody is signed in.
        """
        if self.user is None:
            raise Problem("unauthenticated")
        return self.user

    def require(self, permission: str) -> None:
        """Insist on a permission that no approval can replace here.

        Raises:
            Problem: ``forbidden``.
        """
        if not self.rights.allows(permission):
            raise Problem(
                "forbidden", f"This needs the right {permission}.", extra={"permission": permission}
            )

    def require_terminal(self) -> tuple[TerminalInfo, LocationInfo]:
        """Return till and location (ORG-01).

        Raises:
            Problem: ``validation_failed`` when the request names no terminal.
        """
        if self.terminal is None or self.location is None:
            raise Problem("validation_failed", "Choose the terminal you work on (header X-Terminal-Id).")
        return self.terminal, self.location

    def business_date(self) -> date:
        """Return today's business date at the location, else in the company's zone (GEN-07)."""
        if self.location is None:
            return business_date(self.now, self.company.timezone, time(0))
        return business_date(self.now, self.location.timezone, self.location.day_cutoff)
