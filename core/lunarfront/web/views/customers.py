"""Customers: list, one customer with orders, new customer. Saving goes through the API."""

from typing import Any
from uuid import UUID

from flask import render_template, request

from lunarfront.domains.accounts.queries.lists import get_account, list_accounts
from lunarfront.domains.accounts.rules import ACCOUNT_KINDS
from lunarfront.domains.accounts.schemas.accounts import AccountChange, AccountIn
from lunarfront.kernel.context import CompanyContext
from lunarfront.web.forms import FieldView, form_fields
from lunarfront.web.lists import list_query, next_url
from lunarfront.web.navigation import NavEntry
from lunarfront.web.pages import PageBlueprint, wants_fragment
from lunarfront.web.reads.orders import list_orders
from lunarfront.web.words import account_kind_word

pages = PageBlueprint("customer_pages", __name__)
NAV = (NavEntry("customers", "Customers", "/customers", "users", 40, "account.view"),)
CONTACT = ("display_name", "kind", "phone", "email")
ADDRESS = ("address_line1", "address_line2", "city", "region", "postal_code")
RECENT_ORDERS = 10


@pages.page("/customers", permission="account.view")
def customers(ctx: CompanyContext) -> str:
    """All customers by name, or those that a search finds, best first (SRC-01)."""
    words, kind = request.args.get("q", "").strip()[:200], request.args.get("kind", "")
    chosen: dict[str, Any] = {"q": words} if words else {}
    if kind in ACCOUNT_KINDS:
        chosen["kind"] = kind
    found = list_accounts(ctx, list_query() | chosen)
    return render_template(
        "customers/_table.html" if wants_fragment() else "customers/list.html",
        customers=found["items"],
        total=found.get("total"),
        total_capped=found.get("total_capped"),
        next_url=next_url(found["next_cursor"]),
        filter={"q": words, "kind": chosen.get("kind", "")},
        kinds=_kinds(),
        filtered=bool(chosen),
    )


@pages.page("/customers/new", permission="account.edit")
def new_customer(_ctx: CompanyContext) -> str:
    """The form of a new customer (ACT-01)."""
    name = request.args.get("name", "")[:200]
    fields = _fields(AccountIn, {"display_name": name, "kind": "person"})
    return render_template("customers/new.html", fields=fields)


@pages.page("/customers/<uuid:account_id>", permission="account.view")
def customer(ctx: CompanyContext, account_id: UUID) -> str:
    """One customer: facts, details to edit, the latest orders."""
    account = get_account(ctx, account_id)
    may_see_orders = ctx.rights.effect("pos.view") is not None
    return render_template(
        "customers/detail.html",
        customer=account,
        contact=_fields(AccountChange, account),
        address=form_fields(AccountChange, ADDRESS, account, labels=_labels()),
        more=form_fields(AccountChange, ("terms_days", "credit_limit", "notes"), account, labels=_labels()),
        orders=_orders(ctx, account_id) if may_see_orders else [],
    )


def _orders(ctx: CompanyContext, account_id: UUID) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = list_orders(ctx, list_query(RECENT_ORDERS) | {"account_id": account_id})[
        "items"
    ]
    return found


def _fields(schema: Any, data: dict[str, Any]) -> list[FieldView]:
    return form_fields(schema, CONTACT, data, labels=_labels(), choices={"kind": _kinds()})


def _kinds() -> list[tuple[str, str]]:
    return [(kind, account_kind_word(kind)) for kind in ACCOUNT_KINDS]


def _labels() -> dict[str, str]:
    from flask_babel import gettext as _

    return {
        "display_name": _("Name"),
        "kind": _("Kind"),
        "address_line1": _("Address"),
        "address_line2": _("Address, second line"),
        "region": _("State"),
        "postal_code": _("ZIP code"),
        "terms_days": _("Payment terms in days"),
    }
