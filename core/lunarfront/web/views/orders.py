"""Orders: list, detail with refund, receipt."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import render_template, request

from lunarfront.domains.ledger.queries import entries_of
from lunarfront.kernel.context import CompanyContext
from lunarfront.kernel.tenancy.models import Location
from lunarfront.web.barcodes import code128
from lunarfront.web.lists import list_query, next_url
from lunarfront.web.navigation import NavEntry
from lunarfront.web.pages import PageBlueprint, wants_fragment
from lunarfront.web.reads.names import reasons
from lunarfront.web.reads.orders import list_orders, order_detail, was_printed

pages = PageBlueprint("order_pages", __name__)
NAV = (NavEntry("orders", "Orders", "/orders", "receipt-text", 20, "pos.view"),)
KINDS = ("sale", "refund", "exchange")
STATUSES = ("pending", "held", "completed", "voided")


@pages.page("/orders", permission="pos.view")
def orders(ctx: CompanyContext) -> str:
    """All orders, newest first; the filter lives in the URL (UX-02)."""
    chosen = _filter()
    found = list_orders(ctx, list_query() | chosen)
    return render_template(
        "orders/_table.html" if wants_fragment() else "orders/list.html",
        orders=found["items"],
        total=found.get("total"),
        total_capped=found.get("total_capped"),
        next_url=next_url(found["next_cursor"]),
        filter=chosen | {"date": request.args.get("date", "")},
        filtered=any(chosen.values()),
    )


def _filter() -> dict[str, Any]:
    kind, status = request.args.get("kind", ""), request.args.get("status", "")
    return {
        "q": request.args.get("q", "").strip()[:200],
        "kind": kind if kind in KINDS else "",
        "status": status if status in STATUSES else "",
        "business_date": _day(request.args.get("date", "")),
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@pages.page("/orders/<uuid:order_id>", permission="pos.view")
def order(ctx: CompanyContext, order_id: UUID) -> str:
    """One order with its lines, tax, tenders and journal entries."""
    found = order_detail(ctx, order_id)
    entries = entries_of(ctx, order_id) if ctx.rights.effect("accounting.view") else []
    return render_template(
        "orders/detail.html", order=found, entries=entries, refund_config=_refund_config(ctx, found)
    )


def _refund_config(ctx: CompanyContext, found: dict[str, Any]) -> dict[str, Any] | None:
    if found["kind"] != "sale" or found["status"] != "completed" or not ctx.rights.effect("pos.refund"):
        return None
    return {
        "transaction_id": str(found["id"]),
        "number": found["number"],
        "reasons": reasons(ctx, "return"),
        "approval_reasons": reasons(ctx, "approval"),
        "lines": [_refund_line(line) for line in found["lines"]],
    }


def _refund_line(line: dict[str, Any]) -> dict[str, Any]:
    return {
        "line_id": str(line["id"]),
        "name": line["item_description"],
        "sku": line["sku"] or "",
        "left": str(line["qty"] - line["returned_qty"]),
        "stocked": line["kind"] in ("stocked", "serialized"),
    }


@pages.page("/orders/<uuid:order_id>/receipt", permission="pos.receipt.reprint")
def receipt(ctx: CompanyContext, order_id: UUID) -> str:
    """The receipt as a print page of 80 or 58 mm (POS-21, UX-19)."""
    found = order_detail(ctx, order_id)
    return render_template(
        "orders/receipt.html",
        order=found,
        printed=was_printed(ctx, order_id),
        store=_store(ctx, found["location_id"]),
        paper="58" if request.args.get("paper") == "58" else "80",
        barcode_modules=code128(found["number"]) if found["number"] else "",
    )


def _store(ctx: CompanyContext, location_id: UUID) -> dict[str, Any]:
    place = ctx.uow.session.get_one(Location, (ctx.company.id, location_id))
    town = " ".join(part for part in (place.city, place.region, place.postal_code) if part)
    return {
        "name": place.receipt_header or ctx.company.name,
        "address_lines": [place.address_line1, place.address_line2, town],
        "phone": place.phone,
        "return_policy": place.receipt_footer or ctx.setting("return_policy"),
    }
