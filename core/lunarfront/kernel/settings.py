"""Company settings: shipped defaults and their checks (values in [brackets] in the specification).

A setting that is not here does not exist. Values are stored in ``company.settings``; only changed ones are kept.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from lunarfront.kernel.problems import Problem

#: name -> (default, check, meaning)
CATALOGUE: Mapping[str, tuple[Any, Callable[[Any], bool], str]] = {}


def _choice(*values: str) -> Callable[[Any], bool]:
    return lambda value: value in values


def _integer(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _boolean(value: Any) -> bool:
    return isinstance(value, bool)


def _pattern(expression: str) -> Callable[[Any], bool]:
    compiled = re.compile(expression)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


#: An amount that is not negative, as it is written in the API (MON-04).
_money = _pattern(r"\d{1,10}(\.\d{1,2})?")


def _text(longest: int) -> Callable[[Any], bool]:
    """One line or more of printable text."""
    return lambda value: (
        isinstance(value, str) and len(value) <= longest and value.replace("\n", "").isprintable()
    )


def _optional_money(value: Any) -> bool:
    return value is None or _money(value)


CATALOGUE = {
    "account_number_style": (
        "counter",
        _choice("counter", "random6"),
        "numbers of accounts and members (ACT-12)",
    ),
    "account_number_prefix": (
        "A-",
        _text(6),
        "prefix of account numbers",
    ),
    "allow_exact_cash": (True, _boolean, "a cashier may switch cash rounding off (POS-31)"),
    "drawer_paid_out_limit": ("100.00", _money, "paid out above it needs approval (DRW-03)"),
    "drawer_blind_close": (
        True,
        _boolean,
        "the count is entered before the expected amount is shown (DRW-08)",
    ),
    "variance_limit": ("5.00", _money, "over/short above it needs a note and approval (DRW-07)"),
    "held_days": (7, _integer(1, 90), "days after which a held cart is voided (POS-08)"),
    "negative_stock": ("approve", _choice("allow", "approve", "block"), "selling below zero (INV-09)"),
    "max_lines": (2000, _integer(1, 5000), "lines of one transaction (domain-core §10)"),
    "pos_lock_minutes": (2, _integer(1, 240), "minutes without input until a register locks (USR-10)"),
    "require_account_above": (None, _optional_money, "a sale above it needs an account (POS-10)"),
    "require_account_serialized": (False, _boolean, "a sale of a serialized unit needs an account (POS-10)"),
    "return_days": (30, _integer(0, 3650), "return window where a category names none (RET-02)"),
    "no_receipt_price_rule": (
        "lowest",
        _choice("lowest", "entered"),
        "price of a return without receipt (RET-11)",
    ),
    "no_receipt_tender": ("store_credit", _choice("store_credit", "any"), "tender of such a return (RET-11)"),
    "no_receipt_account": ("required", _choice("required", "optional"), "account of such a return (RET-11)"),
    "no_receipt_count": (3, lambda v: v is None or _integer(0, 1000)(v), "such returns per account (RET-11)"),
    "no_receipt_days": (30, _integer(1, 365), "days in which they are counted (RET-11)"),
    "no_receipt_approval": ("always", _choice("always", "limit"), "approval of such a return (RET-11)"),
    "exemption_valid_to": ("required", _choice("required", "optional"), "end date of certificates (TAX-13)"),
    "identity_paper_days": (90, _integer(1, 3650), "days until identity papers are deleted (ACT-11)"),
    "tax_included_on_receipt": (True, _boolean, "receipts list tax by component"),
    "return_policy": (
        "",
        _text(500),
        "sentence printed on receipts (POS-21)",
    ),
    "accent_color": (
        None,
        lambda v: v is None or _pattern("#[0-9a-fA-F]{6}")(v),
        "accent colour of the company (THM-01)",
    ),
    "mfa_required_for_admins": (False, _boolean, "second factor for administrators (SEC-29)"),
}

DEFAULTS: Mapping[str, Any] = {name: entry[0] for name, entry in CATALOGUE.items()}


def checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes if every name and value is known and valid.

    Raises:
        Problem: ``unknown_field`` or ``setting_invalid``, naming the setting.
    """
    for name, value in changes.items():
        if name not in CATALOGUE:
            raise Problem("unknown_field", f"There is no setting {name}.")
        if not CATALOGUE[name][1](value):
            raise Problem("setting_invalid", f"{name}: {CATALOGUE[name][2]} cannot be {value!r}.")
    return dict(changes)
