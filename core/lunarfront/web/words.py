"""One word, tone and icon for each status and kind: the same in list, detail, board, portal and API (UX-13, UX-23)."""

from dataclasses import dataclass

from flask_babel import gettext as _


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


def _readable(name: str) -> str:
    return name.replace("_", " ").capitalize()


GLOBALS = {
    "status_word": status_word,
    "kind_word": kind_word,
    "tender_word": tender_word,
    "movement_word": movement_word,
}
