"""What every page needs besides its own content; built once a request, read by the templates and formats."""

from dataclasses import dataclass, field
from typing import Any

from babel import Locale
from flask import Request, current_app, g, has_request_context, request

from lunarfront.kernel.context import CompanyContext
from lunarfront.web.navigation import NavLink, nav_links

THEMES = ("system", "light", "dark", "contrast")
DENSITIES = ("comfortable", "compact")
DEFAULT_LOCALE = "en_US"
KEPT = "lunarfront.page"


@dataclass(frozen=True)
class Page:
    """The frame of a page: who, where, in which language and look."""

    locale: str = DEFAULT_LOCALE
    currency: str = "USD"
    timezone: str = "UTC"
    theme: str = "system"
    density: str = "comfortable"
    demo: bool = False
    user_name: str = ""
    location_name: str = ""
    terminal_name: str = ""
    terminal_id: str = ""
    nav: list[NavLink] = field(default_factory=list)

    @property
    def babel_locale(self) -> Locale:
        """The locale for dates and numbers."""
        return Locale.parse(self.locale)

    @property
    def lang(self) -> str:
        """The language tag of ``<html lang>``."""
        return self.locale.replace("_", "-")


def page() -> Page:
    """Return the frame of the current request; before anybody is known, the plain one."""
    if not has_request_context():
        return Page()
    ctx = g.get("ctx")
    built: tuple[CompanyContext | None, Page] | None = request.environ.get(KEPT)
    if built is None or built[0] is not ctx:
        built = request.environ[KEPT] = (ctx, build_page(ctx, request))
    return built[1]


def current_locale() -> str:
    """Return the locale of the user of this request; it must not need the frame, whose words it translates."""
    ctx: CompanyContext | None = g.get("ctx")
    return (ctx.user.locale if ctx and ctx.user else None) or DEFAULT_LOCALE


def build_page(ctx: CompanyContext | None, asked: Request) -> Page:
    """Return the frame for a context, or for nobody."""
    theme = _look(asked, "theme", THEMES, ctx.user.theme if ctx and ctx.user else "system")
    density = _look(asked, "density", DENSITIES, DENSITIES[0])
    demo = current_app.extensions["lunarfront"].demo
    if ctx is None:
        return Page(demo=demo, theme=theme, density=density)
    return Page(
        locale=current_locale(),
        currency=ctx.company.currency,
        timezone=ctx.location.timezone if ctx.location else ctx.company.timezone,
        demo=demo or ctx.company.is_demo,
        user_name=ctx.user.full_name if ctx.user else "",
        location_name=ctx.location.name if ctx.location else ctx.company.name,
        terminal_name=ctx.terminal.name if ctx.terminal else "",
        terminal_id=str(ctx.terminal.id) if ctx.terminal else "",
        nav=nav_links(ctx, asked.path),
        theme=theme,
        density=density,
    )


def _look(asked: Request, name: str, allowed: tuple[str, ...], fallback: str) -> str:
    """The cookie mirrors the stored choice, so that the first paint is right (UX-17)."""
    chosen = asked.cookies.get(f"lf_{name}", fallback)
    return chosen if chosen in allowed else allowed[0]


def page_context() -> dict[str, Any]:
    """Return the names that every template may use."""
    frame = page()
    names = ("lang", "currency", "theme", "density", "demo", "nav")
    people = ("user_name", "location_name", "terminal_name", "terminal_id")
    return {name: getattr(frame, name) for name in (*names, *people)}


def may(permission: str) -> bool:
    """Tell templates whether the user may do something, outright or with approval."""
    ctx: CompanyContext | None = g.get("ctx")
    return ctx is not None and ctx.rights.effect(permission) is not None
