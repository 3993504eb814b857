"""Amounts, quantities and times for people (UX-11, UX-12): Jinja filters over canonical values."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal
from markupsafe import Markup

from lunarfront.kernel.clock import utc_now, zone
from lunarfront.web.page import page
from lunarfront.web.words import tender_word

Amount = Decimal | str | int | None
UNKNOWN = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
_RELATIVE_UNDER = timedelta(hours=24)


def money(amount: Amount) -> str:
    """Return an amount in the company's currency: a true minus, a dash when unknown, zero as "0.00"."""
    if amount is None or amount == "":
        return UNKNOWN
    shown = format_currency(Decimal(amount), page().currency, locale=page().babel_locale)
    return shown.replace("-", MINUS)


def quantity(qty: Amount) -> str:
    """Return a quantity without trailing zeros."""
    if qty is None or qty == "":
        return UNKNOWN
    return format_decimal(Decimal(qty).normalize(), "#,##0.###", locale=page().babel_locale).replace(
        "-", MINUS
    )


def number(value: Amount) -> str:
    """Return a count with the locale's grouping."""
    return UNKNOWN if value is None else format_decimal(Decimal(value), locale=page().babel_locale)


def percent(rate: Amount) -> str:
    """Return a fraction as a percentage: 0.0825 is "8.25%"."""
    if rate is None or rate == "":
        return UNKNOWN
    return f"{format_decimal(Decimal(rate) * 100, '#,##0.####', locale=page().babel_locale)}%"


def negated(amount: Amount) -> Decimal:
    """Return the amount with the other sign, for discounts shown as deductions."""
    return -Decimal(amount or 0)


def line_discount(line: dict[str, Any]) -> Decimal:
    """Return everything that was taken off a line: price override, own discounts, share of the cart's."""
    parts = ("override_amount", "line_discount", "cart_discount")
    return sum((Decimal(line.get(part) or 0) for part in parts), Decimal(0))


def day(value: date | str | None) -> str:
    """Return a calendar day; business dates have no zone."""
    if not value:
        return UNKNOWN
    given = date.fromisoformat(value) if isinstance(value, str) else value
    return format_date(given, "medium", locale=page().babel_locale)


def when(value: datetime | str | None, short: bool = False) -> Markup | str:
    """Return a ``<time>`` in the location's zone; under 24 hours relative, with the exact time beside it."""
    if not value:
        return UNKNOWN
    moment = _moment(value)
    local = moment.astimezone(zone(page().timezone))
    exact = format_datetime(local, "medium", locale=page().babel_locale)
    text = _relative(moment, local) if short else _clock(local)
    return Markup('<time datetime="{}" title="{} ({})">{}</time>').format(
        moment.astimezone(UTC).isoformat(), exact, page().timezone, text
    )


def exact(value: datetime | str | None) -> str:
    """Return date and time in the location's zone, for papers and records."""
    if not value:
        return UNKNOWN
    local = _moment(value).astimezone(zone(page().timezone))
    locale = page().babel_locale
    return f"{format_date(local, 'medium', locale=locale)}, {format_time(local, 'short', locale=locale)}"


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value.replace("Z", "+00:00")) if isinstance(value, str) else value


def _clock(local: datetime) -> str:
    locale = page().babel_locale
    if local.date() == utc_now().astimezone(local.tzinfo).date():
        return format_time(local, "short", locale=locale)
    return exact(local)


def _relative(moment: datetime, local: datetime) -> str:
    age = utc_now() - moment
    if timedelta(0) <= age < _RELATIVE_UNDER:
        return format_timedelta(-age, add_direction=True, locale=page().babel_locale)
    return _clock(local)


def initials(name: str) -> str:
    """Return up to two initials of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def pair(row: Any, value: str, text: str) -> tuple[Any, Any]:
    """Return (value, text) of a row, for the choices of a select."""
    if isinstance(row, dict):
        return row[value], row[text]
    return getattr(row, value), getattr(row, text)


FILTERS = {
    "money": money,
    "quantity": quantity,
    "number": number,
    "percent": percent,
    "negated": negated,
    "line_discount": line_discount,
    "date": day,
    "when": when,
    "exact": exact,
    "initials": initials,
    "pair": pair,
    "tender_word": tender_word,
}
