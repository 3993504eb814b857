"""Puts the web shell into the application."""

from flask import Flask
from flask_babel import Babel

from lunarfront.web import assets, formats, words
from lunarfront.web.page import current_locale, may, page_context
from lunarfront.web.pages import error_page, secure_page
from lunarfront.web.static_files import static_files
from lunarfront.web.views import install_views


def install_web(app: Flask) -> None:
    """Install templates' helpers, the static policy, the asset route and the error page."""
    if "babel" not in app.extensions:
        Babel(app, locale_selector=current_locale)
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.globals.update(words.GLOBALS, asset=assets.asset, import_map=assets.import_map, may=may)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(page_context)
    app.after_request(secure_page)
    app.extensions["lunarfront_error_page"] = error_page
    app.register_blueprint(static_files)
    install_views(app)
