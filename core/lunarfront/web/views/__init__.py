"""Pages of core. Each module has a blueprint ``pages``; most also have menu entries ``NAV``."""

from importlib import import_module

from flask import Flask

from lunarfront.web.navigation import add_nav

MODULES = ("auth", "sell", "orders", "inventory", "customers", "journal", "drawer")


def install_views(app: Flask) -> None:
    """Register the pages and their menu entries."""
    for name in MODULES:
        module = import_module(f"lunarfront.web.views.{name}")
        app.register_blueprint(module.pages)
        add_nav(app, *getattr(module, "NAV", ()))
