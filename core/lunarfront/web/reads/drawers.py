"""The drawer of a terminal for its pages: its session, movements, reports, and what stands in it before opening."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lunarfront.domains.drawer.models import Drawer, DrawerMovement, DrawerSession
from lunarfront.domains.drawer.queries.sessions import may_see_expected, session_answer
from lunarfront.domains.drawer.rules import denominations as money_pieces
from lunarfront.kernel.context import CompanyContext, TerminalInfo
from lunarfront.web.reads.names import reason_labels, user_names
from lunarfront.web.words import movement_word, tender_word

Row = dict[str, Any]
OUTGOING = frozenset({"refund", "paid_out", "drop", "tip_payout", "close_drop"})
#: Movements from which a blind count could be worked out (DRW-08).
TELLING = ("sale", "refund")
#: Two-dollar bills and half dollars exist, but nobody is offered them.
RARE = {"USD": {Decimal(2), Decimal("0.50")}}


def pieces(currency: str) -> list[str]:
    """Return the notes and coins of a currency as canonical amounts, largest first (DRW-04)."""
    return [f"{piece:.2f}" for piece in money_pieces.denominations(currency)]


def notes(currency: str) -> list[str]:
    """Return the pieces of at least one unit that customers usually hand over, smallest first."""
    rare = RARE.get(currency, set())
    return [
        piece for piece in reversed(pieces(currency)) if Decimal(piece) >= 1 and Decimal(piece) not in rare
    ]


def drawers_of(ctx: CompanyContext, terminal: TerminalInfo) -> list[Row]:
    """Return the terminal's own drawer, or all active ones of its location when it has none."""
    statement = select(Drawer).where(Drawer.is_active)
    if terminal.drawer_id is not None:
        statement = statement.where(Drawer.id == terminal.drawer_id)
    elif ctx.location is not None:
        statement = statement.where(Drawer.location_id == ctx.location.id)
    rows = ctx.uow.session.execute(statement.order_by(Drawer.name)).scalars()
    return [{"id": row.id, "name": row.name, "left_in_drawer": row.last_left} for row in rows]


def current_session(ctx: CompanyContext, terminal: TerminalInfo) -> Row | None:
    """Return the session of a terminal that is not closed yet, as the API shows it."""
    wanted = select(DrawerSession).where(
        DrawerSession.terminal_id == terminal.id, DrawerSession.status != "closed"
    )
    session = ctx.uow.session.execute(wanted).scalar_one_or_none()
    if session is None:
        return None
    return session_answer(ctx, session) | {"blind": not may_see_expected(ctx, session)}


def movements(ctx: CompanyContext, session: Row) -> list[Row]:
    """Return the cash movements of a session, newest first, with the sign of DRW-05; blind ones without sales."""
    statement = select(DrawerMovement).where(DrawerMovement.drawer_session_id == session["id"])
    if session["blind"]:
        statement = statement.where(DrawerMovement.kind.not_in(TELLING))
    rows = ctx.uow.session.execute(statement.order_by(DrawerMovement.id.desc()).limit(200)).scalars().all()
    return _movements(rows, user_names(ctx, [row.user_id for row in rows]), reason_labels(ctx))


def _movements(rows: Sequence[DrawerMovement], people: dict[UUID, str], labels: dict[str, str]) -> list[Row]:
    return [
        {
            "at": row.occurred_at,
            "kind": row.kind,
            "note": row.note,
            "reason_name": labels.get(row.reason_code or "", row.reason_code),
            "user_name": people.get(row.user_id, ""),
            "signed_amount": -row.amount if row.kind in OUTGOING else row.amount,
        }
        for row in rows
    ]


def report_sections(report: Mapping[str, Any]) -> list[Row]:
    """Return an X or Z report as titled lists of (label, value) rows, empty ones left out (DRW-11)."""
    totals = report["totals"]
    sections = [
        _section(_("Cash"), _cash_rows(report["cash"])),
        _section(_("Counted"), _piece_rows(report["cash"].get("closing_denominations"))),
        _section(_("Sales"), _sales_rows(totals)),
        _section(_("Tax"), [_row(f"{tax['name']}", tax["amount"]) for tax in totals["taxes"]]),
        _section(_("Payments"), [_row(tender_word(one["type"]), one["amount"]) for one in totals["tenders"]]),
        _section(_("Movements"), [_row(_times(one), one["amount"]) for one in totals["movements"]]),
        _section(_("People"), [_row(one["name"], one["total"]) for one in totals["users"]]),
        *(_section(part["business_date"], _sales_rows(part)) for part in _dates(report)),
    ]
    return [section for section in sections if section["rows"]]


def _dates(report: Mapping[str, Any]) -> list[Row]:
    """Totals by business date, where a shift had more than one (DRW-12)."""
    dates: list[Row] = report.get("dates") or []
    return dates if len(dates) > 1 else []


def _section(title: str, rows: list[Row]) -> Row:
    return {"title": title, "rows": rows}


def _row(label: str, value: Any, *, plain: bool = False, grand: bool = False) -> Row:
    return {"label": label, "value": value, "plain": plain, "grand": grand}


def _times(one: Mapping[str, Any]) -> str:
    return f"{movement_word(one['kind'])} × {one['count']}"


def _cash_rows(cash: Mapping[str, Any]) -> list[Row]:
    labels = {
        "opening_float": _("Opening float"),
        "sales": _("Cash sales"),
        "refunds": _("Cash refunds"),
        "paid_in": _("Paid in"),
        "paid_out": _("Paid out"),
        "tip_payouts": _("Tip payouts"),
        "drops": _("Drops"),
        "expected": _("Expected"),
        "counted": _("Counted"),
        "over_short": _("Over or short"),
        "left_in_drawer": _("Left in the drawer"),
        "close_drop": _("Drop at close"),
    }
    grand = ("expected", "over_short")
    return [
        _row(text, cash[name], grand=name in grand)
        for name, text in labels.items()
        if cash.get(name) is not None
    ]


def _piece_rows(counted: Mapping[str, int] | None) -> list[Row]:
    return [_row(piece, f"× {count}", plain=True) for piece, count in (counted or {}).items()]


def _sales_rows(part: Mapping[str, Any]) -> list[Row]:
    rows = []
    for name, text in (("sales", _("Sales")), ("refunds", _("Refunds")), ("exchanges", _("Exchanges"))):
        if part[name]["count"]:
            rows.append(_row(f"{text} × {part[name]['count']}", part[name]["total"]))
    if part["voids"]["count"]:
        rows.append(_row(f"{_('Voids')} × {part['voids']['count']}", part["voids"]["total"]))
    figures = ("discounts", _("Discounts")), ("net", _("Net")), ("tax", _("Tax"))
    rows += [_row(text, part["sales"][name]) for name, text in figures if part["sales"]["count"]]
    if Decimal(part["rounding"] or 0):
        rows.append(_row(_("Cash rounding"), part["rounding"]))
    return rows
