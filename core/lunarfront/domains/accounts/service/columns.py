"""From what a client sends to the columns of account and member (ACT-02, SRC-02)."""

from collections.abc import Mapping
from typing import Any

from lunarfront.domains.accounts.rules import normal_country, normal_email, normal_phone
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.problems import invalid
from lunarfront.kernel.text import digits, name_sort, search_text

#: What says who somebody is: never in the audit trail, which cannot be erased (ACT-08, AUD-02).
PERSONAL = frozenset(
    (
        "display_name name_sort search_text first_name last_name email phone_e164 phone_digits address_line1 "
        "address_line2 city region postal_code notes birth_date issuer"
    ).split()
)

_DERIVED = frozenset({"name_sort", "search_text", "phone_digits"})


def contact_columns(ctx: CompanyContext, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``body`` with email, phone and country in their normal forms; only what was sent (ACT-02).

    Raises:
        Problem: ``validation_failed`` naming the field.
    """
    values = {name: value for name, value in body.items() if name != "phone"}
    if "email" in body:
        values["email"] = normal_email(body["email"])
    if "phone" in body:
        values["phone_e164"] = normal_phone(body["phone"], ctx.company.country)
    if "country" in body:
        values["country"] = normal_country(body["country"])
    return values


def account_search(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns by which an account is found and sorted (SRC-01)."""
    number = digits(values.get("phone_e164") or "") or None
    return {
        "name_sort": name_sort(values["display_name"]),
        "search_text": search_text(
            values["display_name"], values["account_number"], values.get("email"), number
        ),
        "phone_digits": number,
    }


def member_search(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the column by which a member's account is found (SRC-01)."""
    return {
        "search_text": search_text(
            values["first_name"],
            values.get("last_name"),
            values["member_number"],
            values.get("email"),
            digits(values.get("phone_e164") or ""),
        )
    }


def legacy_columns(ctx: CompanyContext, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return when a row from elsewhere came in; its source and id go together (GEN-01).

    Raises:
        Problem: ``validation_failed``.
    """
    source, row_id = values.get("legacy_source"), values.get("legacy_id")
    if (source is None) != (row_id is None):
        raise invalid("legacy_id", "validation_failed", "Give legacy_id and legacy_source together.")
    return {"migrated_at": ctx.now} if row_id is not None else {}


def audited(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values for the audit trail: of personal ones only that they changed."""
    hidden = {name: "(changed)" for name in sorted(PERSONAL & values.keys()) if name not in _DERIVED}
    return {name: value for name, value in values.items() if name not in PERSONAL} | hidden
