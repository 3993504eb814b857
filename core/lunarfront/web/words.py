"""One word, tone and icon for each status and kind: the same in list, detail, board, portal and API (UX-13, UX-23)."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

#: From here on downwards an item without a reorder point is called low.
LOW_STOCK = 3


@dataclass(frozen=True)
class Word:
    """How a status is shown."""

    text: str
    tone: str = "mute"
    icon: str | None = None


def status_word(status: str) -> Word:
    """Return the word of a status; one that is not listed is shown as it is, without tone."""
    words = {
        "completed": Word(_("Completed"), "ok", "check"),
        "pending": Word(_("Pending"), "info", "clock"),
        "held": Word(_("Held"), "warn", "pause"),
        "voided": Word(_("Voided"), "bad", "x"),
        "refunded": Word(_("Refunded"), "mute", "undo-2"),
        "open": Word(_("Open"), "ok", "check"),
        "counting": Word(_("Counting"), "warn", "coins"),
        "closed": Word(_("Closed"), "mute", "lock"),
        "active": Word(_("Active"), "ok", "check"),
        "archived": Word(_("Archived"), "mute", "inbox"),
        "inactive": Word(_("Inactive"), "mute", "x"),
        "draft": Word(_("Draft"), "mute", "pencil"),
        "posted": Word(_("Posted"), "ok", "check"),
        "reversed": Word(_("Reversed"), "mute", "undo-2"),
        "in_stock": Word(_("In stock"), "ok", "check"),
        "low": Word(_("Low"), "warn", "triangle-alert"),
        "out": Word(_("Out"), "bad", "x"),
        "available": Word(_("Available"), "ok", "check"),
        "sold": Word(_("Sold"), "mute", "tag"),
        "approved": Word(_("Approved"), "ok", "check"),
        "revoked": Word(_("Revoked"), "bad", "x"),
        "expired": Word(_("Expired"), "warn", "clock"),
        "failed": Word(_("Failed"), "bad", "x"),
        "captured": Word(_("Captured"), "ok", "check"),
    }
    return words.get(status) or Word(_readable(status))


def kind_word(kind: str) -> str:
    """Return the word for a kind of transaction."""
    return {"sale": _("Sale"), "refund": _("Refund"), "exchange": _("Exchange")}.get(kind) or _readable(kind)


def tender_word(kind: str) -> str:
    """Return the word for a way to pay."""
    words = {
        "cash": _("Cash"),
        "card": _("Card"),
        "check": _("Check"),
        "gift_card": _("Gift card"),
        "store_credit": _("Store credit"),
        "trade_in": _("Trade-in"),
        "account": _("On account"),
        "deposit": _("Deposit"),
        "layaway": _("Layaway"),
    }
    return words.get(kind) or _readable(kind)


def movement_word(kind: str) -> str:
    """Return the word for a cash movement of a drawer."""
    words = {
        "sale": _("Sale"),
        "refund": _("Refund"),
        "paid_in": _("Paid in"),
        "paid_out": _("Paid out"),
        "drop": _("Drop"),
        "float": _("Opening float"),
        "tip_payout": _("Tip payout"),
        "no_sale": _("No sale"),
        "close_drop": _("Drop at close"),
    }
    return words.get(kind) or _readable(kind)


def warning_word(code: str) -> str:
    """Return the sentence for a warning about a drawer (DRW-12)."""
    words = {
        "open_over_24_hours": _("This drawer has been open for more than 24 hours. Count and close it."),
        "business_date_changed": _("This drawer was opened on an earlier business date. Count and close it."),
    }
    return words.get(code) or _readable(code)


def account_kind_word(kind: str) -> str:
    """Return the word for a kind of customer."""
    words = {"person": _("Person"), "family": _("Family"), "business": _("Business"), "school": _("School")}
    return words.get(kind) or _readable(kind)


def product_kind_word(kind: str) -> str:
    """Return the word for a kind of item."""
    words = {
        "stocked": _("Stocked"),
        "service": _("Service"),
        "non_stocked": _("Not stocked"),
        "gift_card": _("Gift card"),
        "bundle": _("Bundle"),
        "fee": _("Fee"),
    }
    return words.get(kind) or _readable(kind)


def stock_movement_word(kind: str) -> str:
    """Return the word for a movement of stock."""
    words = {
        "receive": _("Received"),
        "sale": _("Sale"),
        "return": _("Return"),
        "transfer_out": _("Sent to another location"),
        "transfer_in": _("Came from another location"),
        "count": _("Count"),
        "damage": _("Damaged"),
        "own_use": _("Own use"),
        "supplier_return": _("Back to the supplier"),
        "adjust": _("Adjusted"),
        "fleet": _("Rental fleet"),
        "repair_use": _("Used in a repair"),
    }
    return words.get(kind) or _readable(kind)


def stock_status(item: dict[str, Any]) -> str:
    """Return the status of an item's stock: in_stock, low or out; empty for kinds without stock."""
    if item["on_hand"] is None:
        return ""
    if item["on_hand"] <= 0:
        return "out"
    return "low" if item["on_hand"] <= LOW_STOCK else "in_stock"


def _readable(name: str) -> str:
    return name.replace("_", " ").capitalize()


GLOBALS = {
    "warning_word": warning_word,
    "account_kind_word": account_kind_word,
    "product_kind_word": product_kind_word,
    "stock_movement_word": stock_movement_word,
    "stock_status": stock_status,
    "status_word": status_word,
    "kind_word": kind_word,
    "tender_word": tender_word,
    "movement_word": movement_word,
}
