"""The menu: entries that areas register, shown to those who may use them (UX-21)."""

from dataclasses import dataclass

from flask import Flask, current_app

from lunarfront.kernel.context import CompanyContext

EXTENSION = "lunarfront_nav"


@dataclass(frozen=True)
class NavEntry:
    """One area of the menu. ``permission`` None shows it to everybody who is signed in."""

    key: str
    label: str
    href: str
    icon: str
    order: int
    permission: str | None = None


@dataclass(frozen=True)
class NavLink:
    """A menu entry as it is drawn."""

    label: str
    href: str
    icon: str
    current: bool
    locked: bool = False


def add_nav(app: Flask, *entries: NavEntry) -> None:
    """Put areas into the menu, kept in their order."""
    known: list[NavEntry] = app.extensions.setdefault(EXTENSION, [])
    known.extend(entries)
    known.sort(key=lambda entry: (entry.order, entry.key))


def nav_links(ctx: CompanyContext, path: str) -> list[NavLink]:
    """Return the entries that the user may use, the one of ``path`` marked."""
    from flask_babel import gettext

    entries: list[NavEntry] = current_app.extensions.get(EXTENSION, [])
    allowed = [entry for entry in entries if entry.permission is None or ctx.rights.effect(entry.permission)]
    return [
        NavLink(gettext(entry.label), entry.href, entry.icon, _inside(path, entry.href)) for entry in allowed
    ]


def _inside(path: str, href: str) -> bool:
    return path == href or path.startswith(href.rstrip("/") + "/")
